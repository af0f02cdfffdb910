package practice

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
)

// A service in a folder is the same after it was closed and started again.
func TestReopen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "practice")
	c := newClock()
	b := newHarness(t, Options{Dir: dir, Now: c.now})
	path, id := b.stock("basicFIFO")
	gone, _ := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", stockRows(300))
	b.want(200, "POST", gone+"/tables/Stock/rows", stockRows(3))
	b.want(200, "DELETE", gone, nil)
	b.want(200, "PUT", path+"/tables/Stock", `{"name":"Stock","columns":[{"name":"Depot","dataType":"String"},{"name":"New","dataType":"Boolean"}]}`)
	b.want(200, "POST", path+"/tables/Stock/rows", `{"rows":[{"Depot":"Luik","New":true}]}`)
	if err := b.s.SetRole(FinanceWorkspace, AppViewer, RoleMember); err != nil {
		t.Fatal(err)
	}
	before, err := b.s.Rows(b.group, id, "Stock")
	if err != nil {
		t.Fatal(err)
	}
	old := b.s
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}

	again := newHarness(t, Options{Dir: dir, Now: c.now})
	if fmt.Sprint(again.s.Credentials()) != fmt.Sprint(old.Credentials()) {
		t.Error("the credentials changed")
	}
	again.token = b.token // tokens of before are still good
	again.want(200, "GET", path, nil)
	again.want(404, "GET", gone, nil)
	after, err := again.s.Rows(b.group, id, "Stock")
	if err != nil || fmt.Sprintf("%s", after) != fmt.Sprintf("%s", before) {
		t.Errorf("%d rows, %v, want %d", len(after), err, len(before))
	}
	if string(after[300]) != `{"Depot":"Luik","New":true}` || string(after[0]) != `{"Depot":"Gent","New":null}` {
		t.Errorf("rows %s, %s", after[0], after[300])
	}
	state := again.s.State().Tenants[0].Workspaces[1]
	if state.Roles[AppViewer] != RoleMember {
		t.Errorf("roles: %v", state.Roles)
	}
	files, err := filepath.Glob(filepath.Join(dir, rowsFolder, "*", "*"))
	if err != nil || len(files) != 1 {
		t.Errorf("files of rows: %v, %v", files, err)
	}
}

// What the last hour held still counts after a restart.
func TestReopenKeepsTheHour(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	opts := Options{Dir: dir, Now: c.now, Behaviour: faults.Behaviour{Limits: traffic.Limits{RowsPerHour: 100}}}
	b := newHarness(t, opts)
	path, _ := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", stockRows(90))
	b.s.Close()
	c.add(20 * time.Minute)
	again := newHarness(t, opts)
	if wait := refusedFor(t, again.do("POST", path+"/tables/Stock/rows", stockRows(11))); wait != 40*time.Minute {
		t.Errorf("wait %v", wait)
	}
	again.want(200, "POST", path+"/tables/Stock/rows", stockRows(10))
}

// A killed process may leave rows that the state does not know, and a state file
// that was never put in place.
func TestOrphans(t *testing.T) {
	dir := t.TempDir()
	b := newHarness(t, Options{Dir: dir})
	path, id := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", stockRows(3))
	b.s.Close()
	orphan := filepath.Join(dir, rowsFolder, newGUID())
	mine := filepath.Join(dir, rowsFolder, "notes of mine")
	for _, d := range []string{orphan, mine} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	again := newHarness(t, Options{Dir: dir})
	if n, err := again.s.CountRows(again.group, id, "Stock"); n != 3 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	if _, err := os.Stat(orphan); !os.IsNotExist(err) {
		t.Errorf("the orphan: %v", err)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Errorf("somebody's folder: %v", err)
	}
}

func TestBrokenState(t *testing.T) {
	for name, text := range map[string]string{"no JSON": "{", "empty": "", "newer": `{"version":99}`, "no tenants": `{"version":1,"tenants":[]}`,
		"no key": `{"version":1,"signingKey":"x","tenants":[{"users":[{}]}]}`, "a gap": `{"version":1,"tenants":[{"users":[{}],"apps":[null]}]}`,
		"a dataset outside": `{"version":1,"tenants":[{"users":[{}],"workspaces":[{"datasets":[{"id":"../.."}]}]}]}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, stateFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := Start(Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "practice state") {
			t.Errorf("%s: %v, %v", name, s, err)
		}
		var p *Problem
		if _, err := Start(Options{Dir: dir}); !errors.As(err, &p) || p.Sentence() == "" || p.Remedy() == "" || !strings.Contains(p.Details(), stateFile) {
			t.Errorf("%s: not explained: %v", name, err)
		}
		// What could not be read is still there, and the folder is free again.
		if data, err := os.ReadFile(filepath.Join(dir, stateFile)); err != nil || string(data) != text {
			t.Errorf("%s: the file is %q, %v", name, data, err)
		}
		os.Remove(filepath.Join(dir, stateFile))
		s, err := Start(Options{Dir: dir})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s.Close()
	}
}

func TestFolderIsLockedAndPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, err := Start(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if other, err := Start(Options{Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second service: %v, %v", other, err)
	}
	if _, err := os.Stat(filepath.Join(dir, endpointFile)); err != nil {
		t.Errorf("the first one's endpoint: %v", err)
	}
	if runtime.GOOS == "windows" {
		return // permissions are another matter there
	}
	for name, want := range map[string]os.FileMode{"": 0o700, stateFile: 0o600, endpointFile: 0o600, lockFile: 0o600, "ca.pem": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v, want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

func TestDiskRefusesRows(t *testing.T) {
	dir := t.TempDir()
	b := newHarness(t, Options{Dir: dir})
	path, id := b.stock("None")
	file := filepath.Join(dir, rowsFolder, id, "0.rows")
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	if r := b.want(500, "POST", path+"/tables/Stock/rows", stockRows(3)); r.code() != "GeneralException" {
		t.Errorf("answer %s", r.body)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	b.want(200, "POST", path+"/tables/Stock/rows", stockRows(3))
	if n, _ := b.s.CountRows(b.group, id, "Stock"); n != 3 {
		t.Errorf("%d rows", n)
	}
}

// Rows in a folder do not stay in memory: a quarter of a million rows leave the
// heap about as large as it was.
func TestMemoryStaysFlat(t *testing.T) {
	s, err := openFolderStore(filepath.Join(t.TempDir(), "0.rows"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	columns, body := wideBody(10_000)
	lines, n, bad := newRowChecker(columns).check(body, 10_000, true, nil)
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
		if err := s.append(columns, lines, n, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.trim(200_000); err != nil {
		t.Fatal(err)
	}
	var last []byte
	if err := s.each(func(_ []powerbi.Column, line []byte) bool { last = line; return true }); err != nil || len(last) == 0 {
		t.Fatal(err)
	}
	if after := heap(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if s.count() != 200_000 {
		t.Errorf("%d rows", s.count())
	}
	runtime.KeepAlive(s)
}
