//go:build !windows

package team

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// A file that cannot be read, or is none, is said and keeps nobody from the rest; nobody
// waits for a pipe, and nothing is written over what was not read.
func TestWhatCannotBeRead(t *testing.T) {
	ann := newPerson(t, "Ann")
	folder := ann.founds()
	ann.shares(sealed(first, "Sales", marker))
	home := filepath.Join(folder, connectionsFolder, "depots--"+second[:8]+".json")
	var all []string
	for _, sub := range []string{"", connectionsFolder, stampsFolder, requestsFolder} {
		dir := filepath.Join(folder, sub)
		link, pipe, inner := filepath.Join(dir, "team (link).json"), filepath.Join(dir, "team (pipe).json"), filepath.Join(dir, "team (folder).json")
		all = append(all, link, pipe, inner)
		for _, err := range []error{os.MkdirAll(inner, 0o700), os.Symlink(filepath.Join(folder, "nowhere"), link), syscall.Mkfifo(pipe, 0o600)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := syscall.Mkfifo(home, 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan View, 1)
	go func() { done <- ann.sync() }()
	select {
	case v := <-done:
		c, err := v.Find(first)
		if err != nil || v.Problem != nil || v.Offline || c.Problem != nil {
			t.Errorf("%v, %v, %v", err, v.Problem, c.Problem)
		}
		for _, p := range append(all, home) {
			if !slices.ContainsFunc(v.Broken, func(b BrokenFile) bool { return b.Path == p }) {
				t.Errorf("%s is not said", p)
			}
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it hangs")
	}
	for range 2 {
		ann.shares(sealed(second, "Depots", marker))
		if info, err := os.Lstat(home); err != nil || info.Mode().IsRegular() {
			t.Fatalf("it was written over: %v", err)
		}
		if got, err := ann.opens(second); got != marker || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
}
