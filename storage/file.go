package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// tempPrefix begins the name of every half-written file. Programs that copy
// folders leave names with ".~" alone, and so must every reader of ours.
const tempPrefix = ".~pushdesk-"

// IsTemporary tells whether a name in a folder belongs to a file that WriteFile
// is writing, or was writing when the computer stopped.
func IsTemporary(name string) bool { return strings.HasPrefix(filepath.Base(name), tempPrefix) }

// sweepAge is how old a half-written file must be before it is taken away: nothing
// takes that long to write.
const sweepAge = time.Hour

// SweepTemporary deletes what programs that were killed while they wrote have left in
// some folders. What cannot be deleted does no harm.
func SweepTemporary(folders ...string) {
	for _, folder := range folders {
		list, err := os.ReadDir(folder)
		if err != nil {
			continue // there is none yet
		}
		for _, f := range list {
			info, err := f.Info()
			if err == nil && info.Mode().IsRegular() && IsTemporary(f.Name()) && time.Since(info.ModTime()) > sweepAge {
				_ = os.Remove(filepath.Join(folder, f.Name()))
			}
		}
	}
}

// WriteFile writes a file in one step: a reader, or the next start after a power
// cut, finds all of the old content or all of the new, never a mix. The file is
// for this user alone (0600). A link is followed, so that a file that somebody
// keeps elsewhere stays there. After an error the old file is as it was; errors
// are *FileError.
func WriteFile(path string, data []byte) error {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		target, err = path, nil
	}
	if err == nil {
		err = writeAndReplace(target, data)
	}
	if err != nil {
		return &FileError{Path: path, Full: isFull(err), Err: err}
	}
	return nil
}

func writeAndReplace(path string, data []byte) error {
	folder := filepath.Dir(path)
	temp, err := os.CreateTemp(folder, tempPrefix+"*") // 0600
	if err != nil {
		return fmt.Errorf("make a new file: %w", err)
	}
	err = fill(temp, data)
	if err == nil {
		err = replace(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	syncFolder(folder)
	return nil
}

// fill writes a file and waits until the disk has it.
func fill(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write the new file: %w", err)
	}
	return nil
}

// FileError says that a file could not be written. The old one is untouched.
type FileError struct {
	Path string
	Full bool // the disk, or this user's share of it, is full
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("write %s: %v", e.Path, e.Err) }
func (e *FileError) Unwrap() error { return e.Err }

// Sentence says what happened.
func (e *FileError) Sentence() string {
	if e.Full {
		return fmt.Sprintf("The disk is full, so %s was not written.", e.Path)
	}
	if errors.Is(e.Err, fs.ErrPermission) {
		return fmt.Sprintf("This user may not write %s.", e.Path)
	}
	return fmt.Sprintf("The file %s could not be written.", e.Path)
}

// Remedy says what to do next.
func (e *FileError) Remedy() string {
	const kept = " What the file held before is still there."
	if e.Full {
		return "Free some space on the disk and try again." + kept
	}
	if errors.Is(e.Err, fs.ErrPermission) {
		return "Give this user the right to write in the folder, or move Pushdesk's files with " + HomeVariable + "." + kept
	}
	return "Look whether the disk is there and no other program holds the file, and try again." + kept
}

// Who says who can fix it.
func (e *FileError) Who() string { return "you" }

// Details are for support.
func (e *FileError) Details() string { return "Path: " + e.Path + "\nCause: " + e.Err.Error() }
