package storage

import (
	"errors"
	"os"
	"syscall"
	"time"
)

const (
	errorWriteProtect     = syscall.Errno(19)
	errorSharingViolation = syscall.Errno(32)
	errorHandleDiskFull   = syscall.Errno(39)
	errorDiskFull         = syscall.Errno(112)
)

// replace puts a finished file in the place of another. A virus scanner or a
// program that copies folders may hold the old one for a moment.
func replace(from, to string) error {
	for wait := 10 * time.Millisecond; ; wait *= 2 {
		err := os.Rename(from, to)
		held := errors.Is(err, syscall.ERROR_ACCESS_DENIED) || errors.Is(err, errorSharingViolation)
		if !held || wait > time.Second { // two seconds in all
			return err
		}
		time.Sleep(wait)
	}
}

// syncFolder does nothing: Windows keeps the names of a folder by itself.
func syncFolder(string) {}

// IsFull reports whether a write failed for lack of space.
func IsFull(err error) bool {
	return errors.Is(err, errorDiskFull) || errors.Is(err, errorHandleDiskFull)
}

// IsReadOnly reports whether a write failed because the disk may only be read.
func IsReadOnly(err error) bool { return errors.Is(err, errorWriteProtect) }

// openNow opens a file to read it.
func openNow(path string) (*os.File, error) { return os.Open(path) }

// OpenToOthers reports whether other users may write to a folder or a file. On Windows
// the access list of the profile's folder decides that, and it is closed to others.
func OpenToOthers(string) bool { return false }

// KeepMemoryPrivate does nothing: Windows writes no image of a process by itself.
func KeepMemoryPrivate() {}
