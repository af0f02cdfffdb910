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

// IsFull reports whether a write failed for lack of space: on the disk, in a
// quota, or under a limit on the size of files.
func IsFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// IsReadOnly reports whether a write failed because the disk may only be read.
func IsReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// noWait opens a pipe that nobody reads or writes without waiting for somebody.
const noWait = syscall.O_NONBLOCK

// openNow opens a file to read it. A pipe that nobody writes to is not waited for.
func openNow(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|noWait, 0)
}

// checkName returns why a file cannot have the name at the end of a path: here each can.
func checkName(string) error { return nil }

// isHeld reports whether a file could not be opened because another program has it open:
// here that keeps nobody out.
func isHeld(error) bool { return false }

// makePrivate makes a folder, and those above it that are missing, for this user alone.
func makePrivate(folder string) error { return os.MkdirAll(folder, 0o700) }

// OpenToOthers reports whether other users of this computer may write to a folder or a
// file, other than its owner and the system's administrator.
func OpenToOthers(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	foreign := ok && owner.Uid != 0 && int(owner.Uid) != os.Geteuid()
	return foreign || info.Mode().Perm()&0o002 != 0 || info.Mode().Perm()&0o020 != 0 && ok && owner.Gid != owner.Uid
}

// KeepMemoryPrivate lets the system write no image of this process to disk when it
// crashes: secrets may be in it.
func KeepMemoryPrivate() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}
