package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/pause"
)

// Lock is held on a lock file by one program, or one part of it, at a time. The
// system releases it when the program ends, however it ends.
type Lock struct {
	path string
	lock *flock.Flock
}

// lockPause is about how often a lock that is held by somebody else is tried again.
const lockPause = 10 * time.Millisecond

// TryLock takes a lock, and makes the lock file if it is missing. If somebody else
// holds the lock the error is a *LockedError.
func TryLock(path string) (*Lock, error) {
	// Locked looks at a lock by taking it for a moment, so that a few tries are made.
	ctx, cancel := context.WithTimeout(context.Background(), 5*lockPause)
	defer cancel()
	return WaitLock(ctx, path)
}

// WaitLock takes a lock, and waits for it as long as ctx lasts. After a deadline the
// error is a *LockedError; after a cancellation it is that of ctx.
func WaitLock(ctx context.Context, path string) (*Lock, error) {
	for {
		l, err := take(path)
		if l != nil {
			return l, nil
		}
		if err != nil {
			return nil, &FileError{Path: path, Full: IsFull(err), Err: fmt.Errorf("lock it: %w", err)}
		}
		// Never in step with a holder that takes the lock again and again.
		switch err := pause.For(ctx, lockPause/5+rand.N(lockPause)); {
		case errors.Is(err, context.DeadlineExceeded):
			return nil, &LockedError{Path: path, Holder: holder(path)}
		case err != nil:
			return nil, fmt.Errorf("wait for the lock on %s: %w", filepath.Base(path), err)
		}
	}
}

// take tries once; nil without an error means that somebody else holds the lock.
func take(path string) (*Lock, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() { // a pipe would be waited for without end
		return nil, errNotRegular
	}
	lock := flock.New(path, flock.SetPermissions(private), flock.SetFlag(os.O_CREATE|os.O_RDONLY|noWait))
	ok, err := lock.TryLock()
	if err != nil || !ok {
		_ = lock.Close()
		if isHeld(err) { // it is just being removed
			err = nil
		}
		return nil, err
	}
	// UnlockAndRemove deletes the file under the lock. Somebody who had opened it before
	// that then locks a file without a name, and has to begin again.
	mine, err := lock.Stat()
	if err == nil {
		var now fs.FileInfo
		if now, err = os.Stat(path); err == nil && os.SameFile(mine, now) {
			sign(path)
			return &Lock{path, lock}, nil
		}
	}
	_ = lock.Close()
	if errors.Is(err, fs.ErrNotExist) || isHeld(err) {
		err = nil
	}
	return nil, err
}

// Path returns the path of the lock file.
func (l *Lock) Path() string { return l.path }

// Unlock releases the lock. The lock file stays, because somebody may be waiting
// for it.
func (l *Lock) Unlock() error {
	if err := l.lock.Close(); err != nil {
		return &FileError{Path: l.path, Err: fmt.Errorf("unlock it: %w", err)}
	}
	return nil
}

// UnlockAndRemove releases a lock whose file nobody needs again, such as that of a
// finished run. It is safe against others who want the lock at the same time.
func (l *Lock) UnlockAndRemove() error {
	// Elsewhere the file goes first, as long as the lock says that it is ours: take
	// notices. Windows does not delete a file that somebody has open, so there the
	// lock goes first, and the file stays if somebody else has opened it.
	if runtime.GOOS != "windows" {
		_ = os.Remove(l.path)
	}
	err := l.Unlock()
	if runtime.GOOS == "windows" {
		_ = os.Remove(l.path)
	}
	return err
}

// Locked reports whether somebody holds a lock.
func Locked(path string) bool {
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY|noWait))
	free, err := lock.TryRLock()
	_ = lock.Close()
	return !free && err == nil
}

// Windows keeps everybody else from reading the byte that is locked, the first.
const holderAt = 1

// sign notes in the lock file who holds it, for those who wait. The note is only for
// people, so an error does no harm.
func sign(path string) {
	f, err := os.OpenFile(path, os.O_WRONLY|noWait, private)
	if err != nil {
		return
	}
	defer f.Close()
	host, _ := os.Hostname()
	note := fmt.Sprintf("%d\n%s\n%s\n", os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
	if _, err := f.WriteAt([]byte(note), holderAt); err == nil {
		_ = f.Truncate(int64(holderAt + len(note)))
	}
}

// holder reads who holds a lock: "process 4711 since 14:05", with the computer if it
// is another one.
func holder(path string) string {
	f, err := OpenRegular(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, _ := io.ReadAll(io.NewSectionReader(f, holderAt, 1000))
	lines := strings.Split(string(text), "\n")
	if len(lines) < 3 {
		return ""
	}
	who := "process " + lines[0]
	if host, _ := os.Hostname(); lines[1] != host {
		who += " on " + lines[1]
	}
	if since, err := time.Parse(time.RFC3339, lines[2]); err == nil {
		who += " since " + humanize.Time(since, time.Now())
	}
	return who
}

// LockedError says that somebody else holds a lock.
type LockedError struct {
	Path   string // of the lock file
	Holder string // who holds it, as far as is known
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("%s is locked by %s", e.Path, e.by())
}

func (e *LockedError) by() string {
	if e.Holder == "" {
		return "another program"
	}
	return e.Holder
}

// Failure is the error in words. Where more is known than the name of a file the
// caller puts a better sentence around it.
func (e *LockedError) Failure() *failure.Error {
	name := strings.TrimSuffix(filepath.Base(e.Path), ".lock")
	return failure.New(failure.Unexpected, "locked", fmt.Sprintf("Another Pushdesk is using %s (%s).", name, e.by()),
		"Wait until it has finished, or close it, and try again.").WithDetails("Lock file: %s", e.Path)
}
