package connection

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"pushdesk/storage"
)

const (
	lockPause   = 10 * time.Millisecond
	largestFile = 32 << 20 // tens of thousands of connections
)

// stamp tells whether a file is still the one that was read.
type stamp struct {
	info fs.FileInfo // nil when there was no file
}

func (a stamp) same(b stamp) bool {
	if a.info == nil || b.info == nil {
		return a.info == b.info
	}
	return os.SameFile(a.info, b.info) && a.info.ModTime().Equal(b.info.ModTime()) && a.info.Size() == b.info.Size()
}

// look reads the file again if another program has changed it. When that fails
// the connections known so far stay; a change will say what is wrong.
func (s *Store) look() {
	now, err := stampOf(s.path)
	if err == nil && !now.same(s.seen) {
		_ = s.refresh()
	}
}

func stampOf(path string) (stamp, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return stamp{}, nil
	}
	if err != nil {
		return stamp{}, err
	}
	return stamp{info}, nil
}

// refresh reads the file. A broken one is set aside under the lock, after another
// look: whoever was writing it may have finished.
func (s *Store) refresh() error {
	err := s.read()
	var broken *brokenError
	if !errors.As(err, &broken) {
		return err
	}
	return s.locked(s.readOrSetAside)
}

// change makes a change to the file: it reads it, changes what it read, and
// writes that, all under the lock.
func (s *Store) change(f func(*document) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locked(func() error {
		if err := s.readOrSetAside(); err != nil {
			return err
		}
		if s.doc.version > fileVersion {
			return &NewerFileError{Path: s.path, Version: s.doc.version}
		}
		next := &document{version: s.doc.version, entries: slices.Clone(s.doc.entries), extra: s.doc.extra}
		if err := f(next); err != nil {
			return err
		}
		return s.write(next)
	})
}

// write makes a document the content of the file.
func (s *Store) write(d *document) error {
	text, err := d.encode()
	if err != nil {
		return fmt.Errorf("write the connections as JSON: %w", err)
	}
	if err := storage.WriteFile(s.path, text); err != nil {
		return fmt.Errorf("save the connections: %w", err)
	}
	s.doc = d
	if s.seen, err = stampOf(s.path); err != nil {
		s.seen = stamp{} // read again next time
	}
	return nil
}

// locked runs a function while no other program changes the file.
func (s *Store) locked(f func() error) error {
	path := s.path + ".lock"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &storage.FileError{Path: path, Err: err}
	}
	lock := flock.New(path, flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), s.lockWait)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, lockPause); errors.Is(err, context.DeadlineExceeded) {
		return &BusyError{Path: path, Err: err}
	} else if err != nil {
		return &storage.FileError{Path: path, Err: err}
	}
	defer lock.Close()
	return f()
}

// read reads the file into the store. A missing file is an empty one.
func (s *Store) read() error {
	now, err := stampOf(s.path)
	if err == nil && now.info != nil && !now.info.Mode().IsRegular() {
		err = errors.New("it is not a file")
	}
	if err == nil && now.info != nil && now.info.Size() > largestFile {
		err = errors.New("it is far too large for connections")
	}
	var text []byte
	if err == nil && now.info != nil {
		text, err = os.ReadFile(s.path)
	}
	if now.info == nil && err == nil || errors.Is(err, fs.ErrNotExist) {
		s.doc, s.seen = &document{version: fileVersion}, stamp{}
		return nil
	}
	if err != nil {
		return &FileError{Path: s.path, Err: err}
	}
	doc, remarks, err := parseDocument(text)
	if err != nil {
		var broken *brokenError
		if errors.As(err, &broken) {
			broken.text = text
		}
		return err
	}
	s.doc, s.seen = doc, now
	if doc.version > fileVersion {
		remarks = append(remarks, "The connection file was written by a newer Pushdesk. Its connections can be used here but not changed.")
	}
	s.notice(remarks...)
	return nil
}

// readOrSetAside reads the file, and sets it aside if it is broken. What can be read
// out of it is written again, and so are connections that are known from before.
func (s *Store) readOrSetAside() error {
	err := s.read()
	var broken *brokenError
	if !errors.As(err, &broken) {
		return err
	}
	aside, err := setAside(s.path, s.now())
	if err != nil {
		return &FileError{Path: s.path, Err: fmt.Errorf("%s, and setting it aside failed: %w", broken.reason, err)}
	}
	damaged := fmt.Sprintf("The connection file was damaged (%s). It was set aside as %s. ", broken.reason, aside)
	s.seen = stamp{}
	found, whole, remarks := rescue(broken.text)
	switch {
	case whole:
		s.notice(fmt.Sprintf("The connection file held a slip (%s), which was put right. The file as it was is kept as %s.", broken.reason, aside))
		s.notice(remarks...)
		return s.write(found)
	case len(s.doc.entries) > 0:
		s.notice(damaged + "The connections that were known before were written again.")
		return s.write(s.doc)
	case found != nil:
		s.notice(fmt.Sprintf("%s%s could be read out of it. Look in that file for what is missing.", damaged, piecesRead(len(found.entries))))
		s.notice(remarks...)
		return s.write(found)
	}
	s.notice(damaged + "The list starts empty. To get the connections back, put that file right and give it its old name.")
	return nil
}

func piecesRead(n int) string {
	if n == 1 {
		return "1 connection"
	}
	return fmt.Sprintf("%d connections", n)
}

// setAside renames a file to a name that nobody has.
func setAside(path string, now time.Time) (string, error) {
	base := path + ".broken-" + now.Format("20060102-150405")
	for n, to := 2, base; ; n++ {
		_, err := os.Lstat(to)
		if errors.Is(err, fs.ErrNotExist) {
			return to, os.Rename(path, to)
		}
		if err != nil {
			return "", err
		}
		to = fmt.Sprintf("%s-%d", base, n)
	}
}

// notice remembers sentences, each once.
func (s *Store) notice(sentences ...string) {
	for _, n := range sentences {
		if !slices.Contains(s.notices, n) {
			s.notices = append(s.notices, n)
		}
	}
}
