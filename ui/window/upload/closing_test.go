//go:build !windows

package upload

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestClosingDoesNotWaitForAFileThatOpens: a file on a drive that does not answer opens
// for ever, and a large .ods for many seconds.
func TestClosingDoesNotWaitForAFileThatOpens(t *testing.T) {
	h, p := uploading(t)
	path := filepath.Join(t.TempDir(), "silent.ods")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // lets whoever waits go on
		if f, err := os.OpenFile(path, os.O_RDWR, 0); err == nil {
			f.Close()
		}
	})
	p.Dropped([]string{path})
	time.Sleep(50 * time.Millisecond)
	start := time.Now()
	h.Tasks.Close()
	if d := time.Since(start); d > time.Second {
		t.Errorf("closing waited for %v", d)
	}
}
