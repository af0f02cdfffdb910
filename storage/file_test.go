package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pushdesk/storage"
)

// names lists a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return strings.Join(list, " ")
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	for _, content := range []string{"first", "", "second, which is longer", strings.Repeat("x", 1<<20)} {
		if err := storage.WriteFile(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Fatalf("read %d bytes, %v; want %d", len(got), err, len(content))
		}
	}
	if got := names(t, dir); got != "a.json" {
		t.Errorf("the folder holds %q", got)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 600", info.Mode(), err)
	}
}

// The old file stays until the new one is whole, also when the writer gives up.
func TestCreate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "export.csv")
	if err := os.WriteFile(path, []byte("precious"), 0o640); err != nil {
		t.Fatal(err)
	}
	for _, commit := range []bool{false, true} {
		f, err := storage.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if _, err := io.WriteString(f, "new "); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != "precious" {
			t.Fatalf("while it is written the file holds %q, %v", got, err)
		}
		want := "precious"
		if commit {
			want = "new new new "
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
		}
		f.Abort()
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("commit %v: the file holds %q, %v", commit, got, err)
		}
	}
	if err := (func() error {
		f, err := storage.Create(path)
		if err != nil {
			return err
		}
		f.Abort()
		return f.Commit()
	})(); err == nil {
		t.Error("a file that was given up was committed")
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v; want that of the old file", info.Mode(), err)
	}
	if got := names(t, dir); got != "export.csv" {
		t.Errorf("the folder holds %q", got)
	}
}

// A link that leads nowhere yet gets its file where it leads; a device stays a device.
func TestCreateFollows(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and devices are different there")
	}
	dir := t.TempDir()
	target, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	for from, to := range map[string]string{link: "middle", filepath.Join(dir, "middle"): target, filepath.Join(dir, "null"): os.DevNull, filepath.Join(dir, "round"): "round"} {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	if err := storage.WriteFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "new" {
		t.Errorf("the file behind the links holds %q, %v", got, err)
	}
	if err := storage.WriteFile(filepath.Join(dir, "null"), []byte("gone")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%s was replaced: %v", os.DevNull, err)
	}
	if err := storage.WriteFile(filepath.Join(dir, "round"), nil); err == nil {
		t.Error("a link to itself was written")
	}
	if got := names(t, dir); got != "link middle null real round" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestSetAside(t *testing.T) {
	dir := t.TempDir()
	path, now := filepath.Join(dir, "a.db"), time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for _, want := range []string{"a.db.broken-20261130-120000", "a.db.broken-20261130-120000-2", "a.db.broken-20261130-120000-3"} {
		for _, end := range []string{"", "-wal"} {
			if err := os.WriteFile(path+end, []byte(want+end), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		aside, err := storage.SetAside(path, now, "-wal", "-shm")
		if err != nil || filepath.Base(aside) != want {
			t.Fatalf("%q, %v; want %q", aside, err, want)
		}
	}
	for _, f := range strings.Fields(names(t, dir)) { // nothing was overwritten
		if got, err := os.ReadFile(filepath.Join(dir, f)); err != nil || string(got) != f {
			t.Errorf("%s holds %q, %v", f, got, err)
		}
	}
	if _, err := storage.SetAside(path, now); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if n := len(strings.Fields(names(t, dir))); n != 6 {
		t.Errorf("%d files are left: %s", n, names(t, dir))
	}
}

func TestFileState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	look := func() storage.FileState {
		s, err := storage.StateOf(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	none := look()
	if none.Exists() || !none.Same(look()) {
		t.Error("a missing file is another one each time")
	}
	write("a")
	first := look()
	if !first.Exists() || first.Same(none) || none.Same(first) || !first.Same(look()) {
		t.Errorf("made: %q", none.Difference(first))
	}
	write("ab")
	if longer := look(); first.Same(longer) {
		t.Error("a longer file is the same")
	}
	write("b")
	if err := os.Chtimes(path, time.Now(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if later := look(); first.Same(later) {
		t.Error("a file that was written later is the same")
	}
	before := look()
	if err := storage.WriteFile(path, []byte("b")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Now(), before.Info().ModTime()); err != nil {
		t.Fatal(err)
	}
	if replaced := look(); before.Same(replaced) {
		t.Error("a file that took the place of another is the same")
	}
}

// A reader never sees a mix, whatever several writers do.
func TestWriteFileWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	content := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, 64<<10) }
	if err := storage.WriteFile(path, content(0)); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for i := range 4 {
		writers.Go(func() {
			for range 10 {
				if err := storage.WriteFile(path, content(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	stop, readers := make(chan struct{}), sync.WaitGroup{}
	readers.Go(func() {
		for {
			got, err := storage.ReadFile(path, 1<<20)
			if err != nil || len(got) != 64<<10 || bytes.Count(got, got[:1]) != len(got) {
				t.Errorf("a mix of %d bytes, %v", len(got), err)
				return
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	writers.Wait()
	close(stop)
	readers.Wait()
}

func TestWriteFileThroughLink(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	target, link := filepath.Join(elsewhere, "real.json"), filepath.Join(dir, "link.json")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip("this Windows user may not make links")
		}
		t.Fatal(err)
	}
	if err := storage.WriteFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(target); string(got) != "new" {
		t.Errorf("the file behind the link holds %q", got)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", info)
	}
}

func TestWriteFileFails(t *testing.T) {
	dir := t.TempDir()
	full := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(full, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"no folder":      filepath.Join(dir, "missing", "a"),
		"folder is file": filepath.Join(os.Args[0], "a"),
		"is a folder":    full,
	} {
		t.Run(name, func(t *testing.T) {
			err := storage.WriteFile(path, []byte("x"))
			var e *storage.FileError
			if !errors.As(err, &e) {
				t.Fatalf("%v", err)
			}
			if e.Full || !strings.Contains(e.Failure().Sentence, path) || !strings.Contains(e.Failure().Remedy, "still there") || e.Failure().Who != "you" || !strings.Contains(e.Failure().Details, path) {
				t.Errorf("%q %q %q", e.Failure().Sentence, e.Failure().Remedy, e.Failure().Details)
			}
		})
	}
	if got := names(t, dir); got != "folder" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestFileErrorWords(t *testing.T) {
	for want, e := range map[string]*storage.FileError{
		"The disk is full":                   {Path: "p", Full: true, Err: errors.New("x")},
		"You don't have permission":          {Path: "p", Err: fmt.Errorf("make: %w", os.ErrPermission)},
		"You don't have permission to write": {Path: "p", Err: &os.PathError{Op: "open", Path: "p", Err: syscall.EROFS}},
		"could not be":                       {Path: "p", Err: errors.New("x")},
	} {
		if !strings.Contains(e.Failure().Sentence, want) || !strings.Contains(e.Failure().Remedy, "still there") {
			t.Errorf("%q: %q %q", want, e.Failure().Sentence, e.Failure().Remedy)
		}
	}
}

func TestTemporaryNames(t *testing.T) {
	for name, want := range map[string]bool{
		".~pushdesk-123": true, filepath.Join("a", ".~pushdesk-123"): true, "connections.json": false, "": false, "a.~pushdesk-1": false,
	} {
		if got := storage.IsTemporary(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// What a program left that was killed while it wrote is swept away, and nothing else.
func TestSweepTemporary(t *testing.T) {
	folder := t.TempDir()
	old := time.Now().Add(-2 * time.Hour)
	for name, swept := range map[string]bool{".~pushdesk-1": true, ".~pushdesk-2": false, "connections.json": false, ".~other-1": false} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if name != ".~pushdesk-2" { // somebody may be writing it just now
			if err := os.Chtimes(path, old, old); err != nil {
				t.Fatal(err)
			}
		}
		storage.SweepTemporary(filepath.Join(folder, "none"), folder)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) != swept {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestExportHasTheUsualRights: what is saved for others to read has the rights that the user
// and the folder give to new files, and a file that is replaced keeps its own (situation W8).
func TestExportHasTheUsualRights(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have the rights of their folder there")
	}
	folder := t.TempDir()
	plain, path := filepath.Join(folder, "plain"), filepath.Join(folder, "report.md")
	if f, err := os.Create(plain); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	mode := func(path string) os.FileMode {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if err := storage.Export(path, []byte("one")); err != nil || mode(path) != mode(plain) {
		t.Errorf("%v, %o, want %o", err, mode(path), mode(plain))
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := storage.Export(path, []byte("two")); err != nil || mode(path) != 0o640 {
		t.Errorf("%v, %o", err, mode(path))
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "two" {
		t.Errorf("%q, %v", text, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 2 {
		t.Errorf("%v, %v", left, err)
	}
}
