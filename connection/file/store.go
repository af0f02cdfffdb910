package file

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pushdesk/connection"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

const (
	lockWait    = 10 * time.Second // for another program that writes the file
	largestFile = 32 << 20         // tens of thousands of connections
)

// Store is the file of connections. Its methods may be used by any number of
// goroutines, and several programs may have the same file open: each change is made
// on what the file holds at that moment, under a lock.
//
// List, Find and Notices answer from memory and never wait for the disk or a lock,
// so that they may be used by a window. They look in the background whether another
// program has changed the file: see OnChange and Refresh.
type Store struct {
	path     string
	now      func() time.Time
	lockWait time.Duration

	current atomic.Pointer[snapshot]
	earlier []*document // what the file held before, the newest last: see merge
	looking atomic.Bool // a goroutine looks whether the file was changed

	mu      sync.Mutex // held while the file is read or written
	changed func()     // see OnChange
}

// snapshot is the file as it was last read or written. It is never changed.
type snapshot struct {
	doc     *document
	list    []connection.Connection // by name
	state   storage.FileState
	problem *failure.Error // why the file could not be read since, or nil
}

// Open opens a file of connections, such as connections.json in storage.Home. A
// missing one is empty and is created by the first change. The file is left as it is
// when it cannot be read (ErrUnreadable) or holds an error (ErrDamaged, which names
// the line), or when a newer program wrote something into it that is not understood
// (ErrNewer).
func Open(path string) (*Store, error) {
	s := &Store{path: path, now: time.Now, lockWait: lockWait}
	s.current.Store(&snapshot{doc: &document{version: fileVersion}})
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.read(); err != nil {
		return nil, err
	}
	return s, nil
}

// List returns all connections by name.
func (s *Store) List() []connection.Connection {
	s.look()
	return slices.Clone(s.current.Load().list)
}

// Find returns the connection of an ID or of a name, in which capitals and spaces
// make no difference. The error is ErrNotFound, with names that look alike.
func (s *Store) Find(nameOrID string) (connection.Connection, error) {
	s.look()
	doc := s.current.Load().doc
	e := doc.byID(text.Clean(nameOrID))
	if e == nil {
		e = doc.named(nameOrID, "")
	}
	if e == nil {
		return connection.Connection{}, doc.notFound(nameOrID)
	}
	return e.Connection, nil
}

// Notices are sentences about what is wrong with the file.
func (s *Store) Notices() (sentences []string) {
	now := s.current.Load()
	if now.doc.version > fileVersion {
		sentences = append(sentences, "The connection file was written by a newer Pushdesk. Its connections can be used here but not changed.")
	}
	if now.problem != nil {
		sentences = append(sentences, now.problem.Sentence+" "+now.problem.Remedy)
	}
	return sentences
}

// OnChange sets what is called, by any goroutine, when another program was found to
// have changed the file.
func (s *Store) OnChange(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = f
}

// look reads the file in the background if another program has changed it. When that
// fails the connections known so far stay; Notices and the next change say why.
func (s *Store) look() {
	if !s.looking.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer s.looking.Store(false)
		_ = s.Refresh()
	}()
}

// Refresh reads the file if another program has changed it. It waits for the disk
// and for a change that is being made.
func (s *Store) Refresh() error {
	s.mu.Lock()
	before := s.current.Load()
	var err error
	if now, failed := storage.StateOf(s.path); failed != nil || !now.Same(before.state) {
		err = s.read()
	}
	after, tell := s.current.Load(), s.changed
	s.mu.Unlock()
	if after != before && tell != nil {
		tell()
	}
	return err
}

// read makes what the file holds the snapshot. A missing file is an empty one.
func (s *Store) read() error {
	state, doc, err := load(s.path)
	if err != nil {
		was := *s.current.Load()
		if was.problem, _ = failure.From(err); was.problem != nil {
			s.current.Store(&was)
		}
		return err
	}
	s.see(doc, state)
	return nil
}

func load(path string) (storage.FileState, *document, error) {
	state, err := storage.StateOf(path)
	switch {
	case err != nil:
	case !state.Exists():
		return state, &document{version: fileVersion}, nil
	case !state.Info().Mode().IsRegular():
		err = errors.New("it is not a file")
	case state.Info().Size() > largestFile:
		err = errors.New("it is far too large for connections")
	}
	var content []byte
	if err == nil {
		content, err = storage.ReadFile(path, largestFile)
	}
	if errors.Is(err, os.ErrNotExist) { // it was deleted in between
		return storage.FileState{}, &document{version: fileVersion}, nil
	}
	if err != nil {
		return state, nil, unreadable(path, err)
	}
	doc, err := decode(content)
	switch {
	case err != nil && doc.version > fileVersion:
		return state, nil, newer(path, doc.version, fileVersion).Because(err)
	case err != nil:
		return state, nil, damaged(path, err)
	}
	return state, doc, nil
}

// see makes a document the snapshot.
func (s *Store) see(doc *document, state storage.FileState) {
	entries := slices.Clone(doc.entries)
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	list := make([]connection.Connection, len(entries))
	for i, e := range entries {
		list[i] = e.Connection
	}
	s.current.Store(&snapshot{doc: doc, list: list, state: state})
	if s.earlier = append(s.earlier, doc); len(s.earlier) > mostEarlier {
		s.earlier = slices.Delete(s.earlier, 0, 1)
	}
}

// change makes a change to the file: it reads it, changes what it read, and writes
// that, all under the lock. An error of f leaves everything as it was.
func (s *Store) change(f func(*Batch) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return &storage.FileError{Path: s.path, Err: err}
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.lockWait)
	defer cancel()
	lock, err := storage.WaitLock(ctx, s.path+".lock")
	if err != nil {
		return locked(err)
	}
	defer lock.Unlock()
	if err := s.read(); err != nil {
		return err
	}
	doc := s.current.Load().doc
	if doc.version > fileVersion {
		return newer(s.path, doc.version, fileVersion)
	}
	b := &Batch{doc: doc.clone(), now: s.moment(), earlier: s.earlier}
	if err := f(b); err != nil {
		return err
	}
	content, err := b.doc.encode()
	if err == nil && len(content) > largestFile {
		return ErrFull
	}
	written := b.doc
	if err == nil {
		written, err = decode(content) // what would be refused on reading is never written
	}
	if err != nil {
		return fmt.Errorf("write the connection file: %w", err)
	}
	if err := storage.WriteFile(s.path, content); err != nil {
		return err
	}
	state, err := storage.StateOf(s.path)
	if err != nil {
		state = storage.FileState{} // read again next time
	}
	s.see(written, state)
	return nil
}

// moment is the time as the file keeps it.
func (s *Store) moment() time.Time { return s.now().UTC().Round(0).Truncate(time.Millisecond) }
