//go:build linux || darwin

package storage_test

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pushdesk/storage"
)

// A write that the system breaks off half-way leaves the old file and nothing
// else. The limit on the size of files holds for a whole process, so the write
// happens in one of its own.
func TestWriteFileDiskFull(t *testing.T) {
	const inside = "PUSHDESK_TEST_FULL"
	if path := os.Getenv(inside); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 4096, Max: 4096}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		err := storage.WriteFile(path, make([]byte, 1<<20))
		var e *storage.FileError
		if !errors.As(err, &e) || !e.Full || !strings.HasPrefix(e.Failure().Sentence, "The disk is full") {
			t.Fatalf("%v", err)
		}
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	if err := storage.WriteFile(path, []byte("precious")); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0], "-test.run=^TestWriteFileDiskFull$", "-test.v")
	c.Env = append(os.Environ(), inside+"="+path)
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS") {
		t.Fatalf("%v\n%s", err, out)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "precious" {
		t.Errorf("the file holds %q, %v", got, err)
	}
	if got := names(t, dir); got != "a.json" {
		t.Errorf("the folder holds %q", got)
	}
}
