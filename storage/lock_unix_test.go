//go:build !windows

package storage

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAPipeInPlaceOfAFile: a file of the program that somebody made a pipe is not written to
// before somebody reads it.
func TestAPipeInPlaceOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no pipes with names here:", err)
	}
	done := make(chan error, 1)
	go func() { done <- WriteFile(path, []byte("{}")) }()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "nobody reads") {
			t.Errorf("%v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("still waiting")
	}
}

// TestAPipeInPlaceOfALock: in a folder that others may write to, such as that of temporary
// files, a lock may be a pipe. Neither who takes it nor who only looks waits for a writer.
func TestAPipeInPlaceOfALock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no pipes with names here:", err)
	}
	done := make(chan bool, 1)
	go func() {
		held := Locked(path)
		_, err := TryLock(path)
		done <- !held && err != nil
	}()
	select {
	case ok := <-done:
		if !ok {
			t.Error("the pipe was taken for a lock")
		}
	case <-time.After(30 * time.Second):
		t.Fatal("still waiting")
	}
}
