package storage

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"pushdesk/storage/failure"
)

// tempPrefix begins the name of every half-written file. Programs that copy
// folders leave names with ".~" alone, and so must every reader of ours.
const tempPrefix = ".~pushdesk-"

// IsTemporary reports whether a name in a folder belongs to a file that WriteFile
// is writing, or was writing when the computer stopped.
func IsTemporary(name string) bool { return strings.HasPrefix(filepath.Base(name), tempPrefix) }

// sweepAge is how old a half-written file must be before it is deleted: nothing takes
// that long between two writes.
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

// WriteFile replaces the content of a file in one step: a reader, or the next start
// after a power cut, finds all of the old content or all of the new, never a mix. The
// file is for this user alone (0600). A link is followed, so that a file that somebody
// keeps elsewhere stays there. After an error the old file is as it was; errors are
// *FileError.
func WriteFile(path string, data []byte) error {
	f, err := create(path, private)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}

// Export is WriteFile for what a person saves for others to read, such as a report: a new
// file has the usual rights of its folder.
func Export(path string, data []byte) error {
	f, err := CreateExport(path)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}

// CreateExport is Create for what Export writes.
func CreateExport(path string) (*File, error) { return create(path, usual) }

// usual is the mode of new files before the system takes from it what the user's settings
// and the folder take.
const usual fs.FileMode = 0o666

// WriteShared is WriteFile for a folder that several people use: a new file can be read
// by all of them, and changed by the folder's group.
func WriteShared(path string, data []byte) error {
	f, err := create(path, 0)
	if err != nil {
		return err
	}
	if f.mode == 0 {
		f.mode = common
	}
	if _, err := f.Write(data); err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}

// common is the mode of files that several people use.
const common fs.FileMode = 0o664

// private is the mode of files for this user alone.
const private fs.FileMode = 0o600

// File is a file that is being written beside the one it will replace. End it with
// Commit or Abort; Abort after Commit does nothing, so that it can be deferred.
type File struct {
	path   string // as it was asked for
	target string // behind links
	file   *os.File
	mode   fs.FileMode
	direct bool // a pipe or a device, which is written to as it is
	err    error
}

// Create begins to write a file as WriteFile does, for content that does not fit into
// memory. What is at path stays as it is until Commit. A new file is for this user
// alone (0600); one that is replaced keeps its mode. A pipe or a device is written to
// directly. Errors are *FileError.
func Create(path string) (*File, error) { return create(path, 0) }

// create is Create with a mode; 0 means that of the old file.
func create(path string, mode fs.FileMode) (*File, error) {
	f := &File{path: path, mode: mode}
	err := checkName(path)
	if err != nil {
		return nil, f.fail(err)
	}
	if f.target, err = behindLinks(path); err != nil {
		return nil, f.fail(err)
	}
	old, err := os.Stat(f.target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, f.fail(err)
	case old.IsDir():
		return nil, f.fail(errors.New("it is a folder"))
	case !old.Mode().IsRegular():
		f.direct = true
		f.file, err = os.OpenFile(f.target, os.O_WRONLY|noWait, 0)
		if errors.Is(err, syscall.ENXIO) { // it would be waited for without end
			err = errors.New("it is a pipe that nobody reads")
		}
		if err != nil {
			return nil, f.fail(err)
		}
		return f, nil
	case f.mode == 0, f.mode == usual:
		f.mode = old.Mode().Perm()
	}
	if f.mode == usual {
		f.mode = 0 // as it is created
		f.file, err = os.OpenFile(filepath.Join(filepath.Dir(f.target), tempPrefix+rand.Text()), os.O_RDWR|os.O_CREATE|os.O_EXCL, usual)
		if err != nil {
			return nil, f.fail(fmt.Errorf("make a new file: %w", err))
		}
		return f, nil
	}
	if f.file, err = os.CreateTemp(filepath.Dir(f.target), tempPrefix+"*"); err != nil { // 0600
		return nil, f.fail(fmt.Errorf("make a new file: %w", err))
	}
	return f, nil
}

// behindLinks follows links to where the content is, or will be: a link may lead to a
// file that does not exist yet.
func behindLinks(path string) (string, error) {
	for range 40 {
		target, err := filepath.EvalSymlinks(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return target, err
		}
		next, err := os.Readlink(path)
		if err != nil {
			return path, nil // nothing is there
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
	return "", errors.New("too many links")
}

// Write appends to the new content.
func (f *File) Write(data []byte) (int, error) {
	n, err := f.file.Write(data)
	if err != nil {
		f.err = f.fail(fmt.Errorf("write the new file: %w", err))
		return n, f.err
	}
	return n, nil
}

// Commit waits until the disk has the new content and puts it in the place of the
// old. After an error, also one of an earlier Write, the old content is still there.
func (f *File) Commit() error {
	if f.file == nil {
		return f.fail(os.ErrClosed)
	}
	err := f.err
	if err == nil && !f.direct {
		err = f.file.Sync()
	}
	if err == nil && !f.direct && f.mode != 0 && f.mode != private {
		if err = f.file.Chmod(f.mode); errors.Is(err, errors.ErrUnsupported) {
			err = nil
		}
	}
	if closed := f.file.Close(); err == nil {
		err = closed
	}
	temp := f.file.Name()
	f.file = nil
	if f.direct {
		return f.fail(err)
	}
	if err == nil {
		err = replace(temp, f.target)
	}
	if err != nil {
		_ = os.Remove(temp)
		return f.fail(err)
	}
	syncFolder(filepath.Dir(f.target))
	return nil
}

// Abort gives the new content up.
func (f *File) Abort() {
	if f.file == nil {
		return
	}
	_ = f.file.Close()
	if !f.direct {
		_ = os.Remove(f.file.Name())
	}
	f.file = nil
}

// fail makes a *FileError of an error.
func (f *File) fail(err error) error {
	var known *FileError
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &FileError{Path: f.path, Full: IsFull(err), Err: err}
}

// badName is why a file cannot have a name.
type badName string

func (e badName) Error() string { return "the name: " + string(e) }

// SetAside renames a damaged file, so that a new one can take its place, and returns
// its new name. That name holds the time and belonged to no file before. The files
// whose names are path with one of endings behind it, such as "-wal", go along.
func SetAside(path string, now time.Time, endings ...string) (string, error) {
	base := path + ".broken-" + now.UTC().Format("20060102-150405")
	for n, aside := 2, base; ; n++ {
		reserved, err := os.OpenFile(aside, os.O_CREATE|os.O_EXCL, private)
		if err == nil {
			_ = reserved.Close()
			return aside, moveAside(path, aside, endings)
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", &FileError{Path: aside, Full: IsFull(err), Err: err}
		}
		aside = fmt.Sprintf("%s-%d", base, n)
	}
}

func moveAside(path, aside string, endings []string) error {
	if err := replace(path, aside); err != nil {
		_ = os.Remove(aside)
		return &FileError{Path: path, Err: fmt.Errorf("set it aside: %w", err)}
	}
	for _, end := range endings {
		if err := replace(path+end, aside+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &FileError{Path: path + end, Err: fmt.Errorf("set it aside: %w", err)}
		}
	}
	return nil
}

// FileState tells whether a file is still the one that was looked at before.
type FileState struct{ info fs.FileInfo }

var errBelowFile = errors.New("a part of the path is a file, not a folder")

// StateOf looks at a file. A missing one has a state too.
func StateOf(path string) (FileState, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		// Windows says the same of a path below a file, where no file can ever be.
		if above, aboveErr := os.Stat(filepath.Dir(path)); aboveErr == nil && !above.IsDir() {
			return FileState{}, &fs.PathError{Op: "stat", Path: path, Err: errBelowFile}
		}
		return FileState{}, nil
	}
	if err == nil {
		os.SameFile(info, info) // on Windows only this asks which file it is: later another may be there
	}
	return FileState{info}, err
}

// Exists reports whether there was a file.
func (s FileState) Exists() bool { return s.info != nil }

// Info is what the system said of the file, nil if there was none.
func (s FileState) Info() fs.FileInfo { return s.info }

// Same reports whether nobody has written, replaced, made or removed the file between
// the two looks.
func (s FileState) Same(t FileState) bool { return s.Difference(t) == "" }

// Difference says what happened to the file between this look and a later one: "" for
// nothing.
func (s FileState) Difference(later FileState) string {
	a, b := s.info, later.info
	switch {
	case a == nil && b == nil:
		return ""
	case a == nil:
		return "there was no file and now there is one"
	case b == nil:
		return "the file is gone"
	case !os.SameFile(a, b):
		return "another file has taken its place"
	case a.Size() != b.Size():
		return fmt.Sprintf("its size was %d and is %d", a.Size(), b.Size())
	case !a.ModTime().Equal(b.ModTime()):
		return fmt.Sprintf("it was written at %v and again at %v", a.ModTime(), b.ModTime())
	}
	return ""
}

// FileError says that a file could not be written. The old one is untouched.
type FileError struct {
	Path string
	Full bool // the disk, or this user's share of it, is full
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("write %s: %v", e.Path, e.Err) }
func (e *FileError) Unwrap() error { return e.Err }

// Failure is the error in words.
func (e *FileError) Failure() *failure.Error {
	const kept = " What was there before is still there."
	f := failure.New(failure.Unexpected, "file-not-written", fmt.Sprintf("The file %s could not be written.", e.Path),
		"Check that the disk is connected and no other program has the file open, then try again."+kept)
	var name badName
	switch {
	case e.Full:
		f = failure.New(failure.Unexpected, "disk-full", fmt.Sprintf("The disk is full, so %s was not written.", e.Path),
			"Free some space on the disk and try again."+kept)
	case errors.As(e.Err, &name):
		f = failure.New(failure.Usage, "file-name", fmt.Sprintf("The file %s cannot be written: %s.", e.Path, string(name)), "Choose another name.")
	case isHeld(e.Err):
		f = failure.New(failure.Unexpected, "file-in-use", fmt.Sprintf("Another program has %s open, so it was not written.", e.Path),
			"Close the file in the other program, often Excel, and try again."+kept)
	case errors.Is(e.Err, fs.ErrPermission), errors.Is(e.Err, syscall.EROFS): // or the disk may only be read
		f = failure.New(failure.Unexpected, "file-not-permitted", fmt.Sprintf("You don't have permission to write %s.", e.Path),
			"Ask for permission to write in that folder, or choose another folder."+kept)
	}
	return f.Because(e.Err).WithDetails("Path: %s\nCause: %v", e.Path, e.Err)
}
