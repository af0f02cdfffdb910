package storage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// heldLimit is how long something that another program holds for a moment is tried
// again: a virus scanner, a program that copies folders, or another of ours.
const heldLimit = 3 * time.Second

// isHeld reports whether a file could not be opened, replaced or deleted because another
// program has it open.
func isHeld(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_DELETE_PENDING)
}

// patiently tries again while a file is held, evenly: with growing pauses one who waits
// meets the file held each time.
func patiently(try func() error, again func(error) bool) error {
	for end := time.Now().Add(heldLimit); ; time.Sleep(5 * time.Millisecond) {
		if err := try(); !again(err) || time.Now().After(end) {
			return err
		}
	}
}

// replace puts a finished file in the place of another. Windows answers that access is
// denied also when somebody has the old one open, which is told apart.
func replace(from, to string) error {
	err := patiently(func() error { return os.Rename(from, to) }, func(err error) bool {
		return isHeld(err) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
	})
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		if held := openAlone(to); isHeld(held) {
			return &os.LinkError{Op: "rename", Old: from, New: to, Err: held}
		}
	}
	return err
}

// openAlone opens a file for a moment as nobody else may have it open.
func openAlone(path string) error {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return err
	}
	return windows.CloseHandle(h)
}

// checkName returns why a file cannot have the name at the end of a path. Windows would
// write to a device, or to a file of another name, and say nothing.
func checkName(path string) error {
	name := filepath.Base(path)
	switch {
	case strings.EqualFold(name, os.DevNull), strings.EqualFold(path, `\\.\`+os.DevNull):
		return nil // nothing is meant to be left
	case isDevice(name), strings.HasPrefix(filepath.ToSlash(path), "//./"):
		return badName("Windows reserves the name for a device")
	case strings.ContainsAny(name, `<>:"|?*`):
		return badName(`its name has one of the characters < > : " | ? *`)
	case name != "." && name != ".." && strings.TrimRight(name, ". ") != name:
		return badName("its name ends with a dot or a space, which Windows removes")
	}
	return nil
}

// syncFolder does nothing: Windows keeps the names of a folder by itself.
func syncFolder(string) {}

// IsFull reports whether a write failed for lack of space.
func IsFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

// IsReadOnly reports whether a write failed because the disk may only be read.
func IsReadOnly(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }

// noWait is nothing: no file here is a pipe.
const noWait = 0

// openNow opens a file to read it, and lets others replace, rename and delete it
// meanwhile: Excel saves a workbook by replacing it.
func openNow(path string) (f *os.File, err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil || path == "" {
		return os.Open(path) // it says what is wrong
	}
	err = patiently(func() error {
		h, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
			nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0) // the last opens folders too, as os.Open does
		if err == nil {
			f = os.NewFile(uintptr(h), path)
		}
		return err
	}, isHeld)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return f, nil
}

// KeepMemoryPrivate does nothing: Windows writes no image of a process by itself.
func KeepMemoryPrivate() {}
