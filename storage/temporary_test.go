package storage_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"pushdesk/storage"
)

// TestTemporaryFolders: a folder goes with Remove, and one that a killed program has left
// goes with the next of its kind; one that is in use stays.
func TestTemporaryFolders(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	used, err := storage.NewFolder("export")
	if err != nil {
		t.Fatal(err)
	}
	killed, young, other := filepath.Join(temp, "pushdesk-export-1"), filepath.Join(temp, "pushdesk-export-2"), filepath.Join(temp, "pushdesk-else-1")
	before := time.Now().Add(-2 * time.Hour)
	for _, dir := range []string{killed, young, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "excelize-1"), []byte("rows"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{killed, other, used.Path} {
		if err := os.Chtimes(dir, before, before); err != nil {
			t.Fatal(err)
		}
	}
	next, err := storage.NewFolder("export")
	if err != nil {
		t.Fatal(err)
	}
	for dir, stays := range map[string]bool{killed: false, young: true, other: true, used.Path: true, next.Path: true} {
		if _, err := os.Stat(dir); (err == nil) != stays {
			t.Errorf("%s stays: %v", filepath.Base(dir), err == nil)
		}
	}
	used.Remove()
	next.Remove()
	if left := names(t, temp); left != "pushdesk-else-1 pushdesk-export-2" {
		t.Errorf("left: %s", left)
	}
}
