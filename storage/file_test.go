package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
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
			got, err := os.ReadFile(path)
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
			if e.Full || !strings.Contains(e.Sentence(), path) || !strings.Contains(e.Remedy(), "still there") || e.Who() != "you" || !strings.Contains(e.Details(), path) {
				t.Errorf("%q %q %q", e.Sentence(), e.Remedy(), e.Details())
			}
		})
	}
	if got := names(t, dir); got != "folder" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestFileErrorWords(t *testing.T) {
	for want, e := range map[string]*storage.FileError{
		"The disk is full":  {Path: "p", Full: true, Err: errors.New("x")},
		"This user may not": {Path: "p", Err: fmt.Errorf("make: %w", os.ErrPermission)},
		"could not be":      {Path: "p", Err: errors.New("x")},
	} {
		if !strings.Contains(e.Sentence(), want) || !strings.Contains(e.Remedy(), "still there.") {
			t.Errorf("%q: %q %q", want, e.Sentence(), e.Remedy())
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
