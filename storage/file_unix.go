//go:build !windows

package storage

import (
	"errors"
	"os"
	"syscall"
)

// replace puts a finished file in the place of another.
func replace(from, to string) error { return os.Rename(from, to) }

// syncFolder asks the disk to keep the names of a folder, so that a power cut does
// not bring the old file back. The new one is in place already, and a file system
// that cannot do this for folders has nothing better, so no error is of use.
func syncFolder(path string) {
	if d, err := os.Open(path); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// isFull tells whether a write failed for lack of space: on the disk, in a
// quota, or under a limit on the size of files.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
