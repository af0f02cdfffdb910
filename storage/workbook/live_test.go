package workbook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// many returns a sheet of many rows.
func many(rows int) string {
	var b strings.Builder
	b.WriteString(`<row r="1"><c t="inlineStr"><is><t>Name</t></is></c><c t="inlineStr"><is><t>Units</t></is></c></row>`)
	for i := 2; i <= rows; i++ {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d"><v>%d</v></c></row>`, i, i, i%3, i, i*31%10007)
	}
	return b.String()
}

func open(t *testing.T, path string) (*Book, Layout) {
	t.Helper()
	b, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	src, err := b.Find(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.Layout(t.Context(), src, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b, l
}

// TestFileChanges: whatever happens to the file after it was opened, reading ends
// with an error that says so.
func TestFileChanges(t *testing.T) {
	data := book(many(5000)).zip(t)
	text := []byte("a,b\n" + strings.Repeat("1,x\n", 50_000))
	for name, change := range map[string]func(path string) error{
		"grown": func(path string) error {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteString("more")
			return err
		},
		"cut":      func(path string) error { return os.Truncate(path, 1000) },
		"touched":  func(path string) error { return os.Chtimes(path, time.Time{}, time.Now().Add(time.Minute)) },
		"replaced": func(path string) error { return replace(path, data) },
		"deleted":  os.Remove,
	} {
		for kind, content := range map[string][]byte{"book.xlsx": data, "rows.csv": text} {
			t.Run(name+" "+kind, func(t *testing.T) {
				path := put(t, kind, content)
				b, l := open(t, path)
				r, err := b.Rows(t.Context(), l)
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				for range 10 {
					if !r.Next() {
						t.Fatal("no rows")
					}
				}
				if err := change(path); err != nil {
					t.Fatal(err)
				}
				for r.Next() {
				}
				wantKind(t, r.Err(), ErrorChanged)
				_, err = b.Preview(t.Context(), l, 5)
				wantKind(t, err, ErrorChanged)
				_, err = b.Hash(t.Context())
				wantKind(t, err, ErrorChanged)
			})
		}
	}
}

// replace puts another file in the place of one, as programs do when they save.
func replace(path string, data []byte) error {
	other := path + ".new"
	if err := os.WriteFile(other, data, 0o600); err != nil {
		return err
	}
	return os.Rename(other, path)
}

// failing is a disk with a bad block in the middle of a file.
type failing struct {
	*os.File
	from, to int64
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off < f.to && off+int64(len(p)) > f.from {
		return 0, errors.New("input/output error")
	}
	return f.File.ReadAt(p, off)
}

func TestDiskFails(t *testing.T) {
	for name, data := range map[string][]byte{"book.xlsx": book(many(60_000)).zip(t), "rows.csv": []byte("a,b\n" + strings.Repeat("1,x\n", 500_000))} {
		path := put(t, name, data)
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		middle := int64(len(data) / 2)
		b := &Book{path: path, file: &watchedFile{file: failing{file, middle, middle + 10}}}
		defer b.Close()
		if b.opened, err = file.Stat(); err == nil {
			err = b.read(t.Context(), Options{})
		}
		if err != nil {
			t.Fatal(err)
		}
		src, err := b.Find(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		l, err := b.Layout(t.Context(), src, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Profile(t.Context(), l, nil)
		wantKind(t, err, ErrorUnreadable)
	}
}

// goroutinesEnd waits for the readers' goroutines to end.
func goroutinesEnd(t *testing.T, before int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, there were %d", runtime.NumGoroutine(), before)
		}
	}
}

func TestStopping(t *testing.T) {
	path := book(many(100_000)).file(t)
	before := runtime.NumGoroutine()
	t.Run("close", func(t *testing.T) {
		b, l := open(t, path)
		r, err := b.Rows(t.Context(), l)
		if err != nil || !r.Next() {
			t.Fatal(err)
		}
		if f := r.Fraction(); f <= 0 || f >= 1 {
			t.Errorf("fraction %v after one row", f)
		}
		r.Close()
		r.Close()
		if r.Next() || r.Err() != nil {
			t.Errorf("a closed reader goes on: %v", r.Err())
		}
		b.Close()
		goroutinesEnd(t, before+1) // the subtest's own
		if _, err := b.Preview(t.Context(), l, 5); err == nil {
			t.Error("a closed book can be read")
		}
	})
	t.Run("cancel", func(t *testing.T) {
		b, l := open(t, path)
		ctx, cancel := context.WithCancel(t.Context())
		r, err := b.Rows(ctx, l)
		if err != nil || !r.Next() {
			t.Fatal(err)
		}
		cancel()
		n := 0
		for r.Next() {
			n++
		}
		if !errors.Is(r.Err(), context.Canceled) || n > 100 {
			t.Errorf("%d rows after the cancel, then %v", n, r.Err())
		}
		b.Close()
		goroutinesEnd(t, before+1)
		if _, err := b.Profile(ctx, l, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("profile under a cancelled context: %v", err)
		}
		if _, err := Open(ctx, path, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("open under a cancelled context: %v", err)
		}
	})
}

// TestConcurrentReaders: a preview may run while the whole file is read.
func TestConcurrentReaders(t *testing.T) {
	b, l := open(t, book(many(20_000)).file(t))
	done := make(chan error)
	for i := range 6 {
		go func() {
			if i%2 == 0 {
				p, err := b.Profile(t.Context(), l, nil)
				if err == nil && p.Rows != 19_999 {
					err = fmt.Errorf("%d rows", p.Rows)
				}
				done <- err
				return
			}
			rows, err := b.Preview(t.Context(), l, 300)
			if err == nil && (len(rows) != 300 || rows[299].Cells[0].Text != []string{"zero", "one", "two"}[301%3]) {
				err = fmt.Errorf("%d rows", len(rows))
			}
			done <- err
		}()
	}
	for range 6 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestHash(t *testing.T) {
	path := book(many(10)).file(t)
	b, _ := open(t, path)
	sum := sha256.Sum256(readFile(t, path))
	if got, err := b.Hash(t.Context()); err != nil || got != hex.EncodeToString(sum[:]) {
		t.Errorf("got %s, %v", got, err)
	}
	if b.Path() != path || b.Format() != "xlsx" || b.Size() == 0 || filepath.Base(path) != "book.xlsx" {
		t.Errorf("%s %s %d", b.Path(), b.Format(), b.Size())
	}
}

// TestMemoryIsFlat: ten times the rows need no more memory.
func TestMemoryIsFlat(t *testing.T) {
	for _, rows := range []int{10_000, 100_000} {
		b, l := open(t, book(many(rows)).file(t))
		runtime.GC()
		var start, now runtime.MemStats
		runtime.ReadMemStats(&start)
		r, err := b.Rows(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; r.Next(); n++ {
			if n%5000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				if kept := int64(now.HeapAlloc) - int64(start.HeapAlloc); kept > 4<<20 {
					t.Fatalf("%d KB are kept after %d rows", kept>>10, n)
				}
			}
		}
		if r.Err() != nil || n != rows-1 {
			t.Fatalf("%d rows, %v", n, r.Err())
		}
		r.Close()
		b.Close()
	}
}
