//go:build !windows

package history

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestAPipeInPlaceOfTheHistory: neither who writes the history nor who reads it waits for a
// pipe in the place of the database or of what lies beside it.
func TestAPipeInPlaceOfTheHistory(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"", "-wal", "-shm"} {
		dir := t.TempDir()
		h, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, databaseFile+end)
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Skip("no pipes with names here:", err)
		}
		done := make(chan [2]error, 1)
		go func() {
			var both [2]error
			_, both[0] = Open(dir)
			_, both[1] = OpenToRead(dir)
			done <- both
		}()
		select {
		case both := <-done:
			if both[0] == nil || both[1] == nil {
				t.Errorf("%q: %v", end, both)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%q: still waiting", end)
		}
	}
}
