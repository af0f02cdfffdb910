package spill

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func newFile(t *testing.T) *File {
	t.Helper()
	f, err := New(filepath.Join(t.TempDir(), "missing", "folder"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestPagesAreReadInAnyOrder(t *testing.T) {
	f := newFile(t)
	pages := [][]byte{[]byte("first"), bytes.Repeat([]byte("second "), 100_000), {}, []byte("last")}
	for _, p := range pages {
		if err := f.Append(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Flush(); err != nil || f.Pages() != len(pages) {
		t.Fatal(f.Pages(), err)
	}
	for _, i := range []int{3, 0, 1, 2, 1} {
		if got, err := f.Read(i); err != nil || !bytes.Equal(got, pages[i]) {
			t.Errorf("page %d: %.20q, %v", i, got, err)
		}
	}
}

// TestNothingIsInClear: the words of a page are not on the disk, two equal pages look
// different, and a byte that was changed is noticed.
func TestNothingIsInClear(t *testing.T) {
	f := newFile(t)
	page := []byte("Secretary Smith earns 4711")
	for range 2 {
		if err := f.Append(page); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Flush(); err != nil {
		t.Fatal(err)
	}
	stored, err := io.ReadAll(io.NewSectionReader(f.file, 0, 1<<20))
	if err != nil || len(stored) < 2*len(page) {
		t.Fatal(len(stored), err)
	}
	if bytes.Contains(stored, page[:9]) || bytes.Contains(stored, []byte("4711")) {
		t.Error("the page is stored in clear")
	}
	if half := len(stored) / 2; bytes.Equal(stored[:half], stored[half:]) {
		t.Error("equal pages are stored alike")
	}
	if _, err := f.file.WriteAt([]byte{stored[3] ^ 1}, 3); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Read(0); err == nil {
		t.Error("a changed page was read")
	}
}

// TestSweep removes what killed programs left, and nothing else.
func TestSweep(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{prefix + "123", "connections.json", ".~pushdesk-5"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	Sweep(folder)
	Sweep(filepath.Join(folder, "missing"))
	list, err := os.ReadDir(folder)
	if err != nil || len(list) != 2 {
		t.Errorf("%v %v", list, err)
	}
}
