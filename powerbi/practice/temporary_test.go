package practice

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestTemporaryFoldersAreSwept: what a killed program has left goes at the next start,
// and what another uses stays.
func TestTemporaryFoldersAreSwept(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	running, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	killed, old, young := filepath.Join(temp, "pushdesk-practice-1"), filepath.Join(temp, "pushdesk-practice-2"), filepath.Join(temp, "pushdesk-practice-3")
	other := filepath.Join(temp, "other")
	for _, dir := range []string{killed, old, young, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "ca.pem"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(killed, lockFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := time.Now().Add(-2 * time.Hour)
	for _, dir := range []string{killed, old, filepath.Dir(running.CAFile())} {
		if err := os.Chtimes(dir, before, before); err != nil {
			t.Fatal(err)
		}
	}
	next, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	for dir, stays := range map[string]bool{killed: false, old: false, young: true, other: true, filepath.Dir(running.CAFile()): true, filepath.Dir(next.CAFile()): true} {
		if _, err := os.Stat(dir); (err == nil) != stays {
			t.Errorf("%s stays: %v", filepath.Base(dir), err == nil)
		}
	}
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(next.CAFile())); err == nil {
		t.Error("a service that is closed leaves its folder")
	}
}
