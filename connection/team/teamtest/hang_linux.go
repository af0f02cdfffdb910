// Package teamtest helps the tests of other packages with folders of teams.
package teamtest

import (
	"fmt"
	"syscall"
	"testing"
)

// Hang makes everything in a folder hang, as on a network drive whose server is gone,
// until the returned function is called: a file system is put over it that answers
// nothing. Where that is not allowed the test is skipped.
func Hang(t testing.TB, folder string) (resume func()) {
	t.Helper()
	fd, err := syscall.Open("/dev/fuse", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no folder can be made to hang here: open /dev/fuse: %v", err)
	}
	if err := syscall.Mount("hangs", folder, "fuse", 0, fmt.Sprintf("fd=%d,rootmode=40000,user_id=%d,group_id=%d", fd, syscall.Getuid(), syscall.Getgid())); err != nil {
		_ = syscall.Close(fd)
		t.Skipf("no folder can be made to hang here: mount: %v", err)
	}
	hangs := true
	resume = func() {
		if !hangs {
			return
		}
		hangs = false
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Errorf("%s hangs for good: %v", folder, err)
		}
		_ = syscall.Close(fd) // who waits gets an error
	}
	t.Cleanup(resume)
	return resume
}
