package app

import (
	"os"
	"path/filepath"
	"testing"
)

// TestPreviewsAreSweptAtStart: what a killed program kept of a preview is gone after
// the next start, however young it is.
func TestPreviewsAreSweptAtStart(t *testing.T) {
	home := t.TempDir()
	left := filepath.Join(home, ".~pushdesk-rows-1234")
	if err := os.WriteFile(left, []byte("sealed"), 0o600); err != nil {
		t.Fatal(err)
	}
	openApp(t, home)
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("the preview is still there: %v", err)
	}
}
