package store

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/internal/fixture"
	"pushdesk/powerbi/practice/rows"
)

var oneColumn = []powerbi.Column{{Name: "A", DataType: powerbi.Int64}}

// batch makes lines of the rows from..to-1.
func batch(from, to int) []byte {
	var b []byte
	for i := from; i < to; i++ {
		b = fmt.Appendf(b, "[%d]\n", i)
	}
	return b
}

// contents gives the rows of a store.
func contents(t *testing.T, s Store) string {
	t.Helper()
	var rows []string
	if err := s.Each(func(_ []powerbi.Column, line []byte) bool {
		rows = append(rows, string(line))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if int64(len(rows)) != s.Count() {
		t.Errorf("%d rows, counted as %d", len(rows), s.Count())
	}
	if len(rows) == 0 {
		return ""
	}
	return fmt.Sprintf("%s..%s %d", rows[0], rows[len(rows)-1], len(rows))
}

// Both stores behave alike, and a folder store is the same after it was reopened.
func TestStores(t *testing.T) {
	path := filepath.Join(t.TempDir(), "0.rows")
	open := func() Store {
		s, err := Open(path, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	memory := NewMemory()
	folder := open()
	step := func(name, want string, do func(Store) error) {
		t.Helper()
		for kind, s := range map[string]Store{"memory": memory, "folder": folder} {
			if err := do(s); err != nil {
				t.Fatalf("%s, %s: %v", name, kind, err)
			}
			if got := contents(t, s); got != want {
				t.Errorf("%s, %s: %s, want %s", name, kind, got, want)
			}
		}
		folder = open()
		if got := contents(t, folder); got != want {
			t.Errorf("%s, reopened: %s, want %s", name, got, want)
		}
	}
	add := func(from, to int) func(Store) error {
		return func(s Store) error { return s.Append(oneColumn, batch(from, to), to-from, time.Now()) }
	}
	trim := func(keep int64) func(Store) error { return func(s Store) error { return s.Trim(keep) } }
	step("first", "[0]..[9] 10", add(0, 10))
	step("second", "[0]..[29] 30", add(10, 30))
	step("keep more", "[0]..[29] 30", trim(40))
	step("trim in the second", "[12]..[29] 18", trim(18))
	step("add to a trimmed one", "[12]..[39] 28", add(30, 40))
	step("trim more", "[13]..[39] 27", trim(27))
	step("trim most, which writes anew", "[35]..[39] 5", trim(5))
	step("add after that", "[35]..[41] 7", add(40, 42))
	step("trim all", "", trim(0))
	step("add to none", "[50]..[51] 2", add(50, 52))
	step("clear", "", Store.Clear)
	step("clear nothing", "", Store.Clear)
	step("add after clear", "[1]..[1] 1", add(1, 2))
	step("remove", "", Store.Remove)
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestEachStopsEarly(t *testing.T) {
	folder, err := Open(filepath.Join(t.TempDir(), "0.rows"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Store{NewMemory(), folder} {
		for i := range 3 {
			if err := s.Append(oneColumn, batch(10*i, 10*i+10), 10, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		if err := s.Each(func([]powerbi.Column, []byte) bool { n++; return n < 12 }); err != nil || n != 12 {
			t.Errorf("%T: %d rows, %v", s, n, err)
		}
	}
}

// Wherever a process is killed while it writes, the batches before are found
// again and the one that was cut is gone as a whole.
func TestCutAnywhere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "0.rows")
	s, err := Open(path, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	sizes := []int64{0}
	for i := range 3 {
		if err := s.Append(oneColumn, batch(10*i, 10*i+10), 10, time.Now()); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, s.size)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range whole {
		complete := 0
		for complete < 3 && sizes[complete+1] <= int64(cut) {
			complete++
		}
		cutPath := filepath.Join(dir, "cut.rows")
		if err := os.WriteFile(cutPath, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(cutPath, time.Now())
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if s.Count() != int64(10*complete) {
			t.Fatalf("cut at %d: %d rows, want %d", cut, s.Count(), 10*complete)
		}
		if err := s.Append(oneColumn, batch(100, 102), 2, time.Now()); err != nil {
			t.Fatal(err)
		}
		if got := contents(t, s); !strings.HasSuffix(got, fmt.Sprintf("[101] %d", 10*complete+2)) {
			t.Fatalf("cut at %d, then added: %s", cut, got)
		}
	}
	// Power failures leave zeros or old bytes where data should be.
	for name, damage := range map[string]func([]byte) []byte{
		"zeros at the end": func(b []byte) []byte { return append(b, make([]byte, 4096)...) },
		"zeros in the last batch": func(b []byte) []byte {
			copy(b[len(b)-20:], make([]byte, 20))
			return b
		},
		"a head that claims too much":     func(b []byte) []byte { return append(b, `{"rows":5,"bytes":9223372036854775807}`+"\n"...) },
		"a head that claims the contrary": func(b []byte) []byte { return append(b, `{"rows":-5,"bytes":-1}`+"\n"...) },
	} {
		path := filepath.Join(dir, "damaged.rows")
		if err := os.WriteFile(path, damage(bytes.Clone(whole)), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, time.Now())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := contents(t, s); got != "[0]..[29] 30" && got != "[0]..[19] 20" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"columns":[{"name":"A","dataType":"Int64"}],"rows":1,"bytes":4,"crc":0,"at":0}` + "\n[1]\n"))
	f.Add([]byte(`{"rows":1,"bytes":0}` + "\n" + `{"rows":0,"bytes":0,"dropped":9}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "0.rows")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, time.Now())
		if err != nil {
			return
		}
		if s.Count() < 0 {
			t.Fatalf("%d rows", s.Count())
		}
		s.Each(func([]powerbi.Column, []byte) bool { return true })
		before := s.Count()
		if err := s.Append(oneColumn, batch(0, 2), 2, time.Now()); err != nil || s.Count() != before+2 {
			t.Fatalf("%d rows after %d, %v", s.Count(), before, err)
		}
	})
}

// A disk that refuses to write costs the batch, not the table.
func TestFileFailure(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sub", "0.rows")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Append(oneColumn, batch(0, 5), 5, time.Now()); err != nil {
		t.Fatal(err)
	}
	aside := filepath.Join(dir, "aside")
	if err := os.Rename(path, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil { // a folder cannot be opened for writing
		t.Fatal(err)
	}
	if err := s.Append(oneColumn, batch(5, 9), 4, time.Now()); err == nil || s.Count() != 5 {
		t.Errorf("%v, %d rows", err, s.Count())
	}
	if err := s.Trim(1); err == nil {
		t.Error("trimming worked")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(aside, path); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(oneColumn, batch(5, 9), 4, time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, s); got != "[0]..[8] 9" {
		t.Errorf("afterwards: %s", got)
	}
}

// Rows in a folder do not stay in memory: a quarter of a million rows leave the
// heap about as large as it was.
func TestMemoryStaysFlat(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "0.rows"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	columns, body := fixture.WideBody(10_000)
	lines, n, bad := rows.NewChecker(columns).Check(body, 10_000, true, nil)
	if bad != nil {
		t.Fatal(bad)
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for range 25 {
		if err := s.Append(columns, lines, n, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Trim(200_000); err != nil {
		t.Fatal(err)
	}
	var last []byte
	if err := s.Each(func(_ []powerbi.Column, line []byte) bool { last = line; return true }); err != nil || len(last) == 0 {
		t.Fatal(err)
	}
	if after := heap(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if s.Count() != 200_000 {
		t.Errorf("%d rows", s.Count())
	}
	runtime.KeepAlive(s)
}
