package connection

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Store is the file of connections. Its methods may be used by several
// goroutines, and several programs may have the same file open: each change is
// made on what the file holds at that moment, under a lock.
type Store struct {
	path     string
	now      func() time.Time
	lockWait time.Duration // for another program that writes the file

	mu      sync.Mutex // guards what follows
	doc     *document  // the file as it was last read or written
	seen    stamp      // of that file
	notices []string
}

// OpenStore opens a file of connections, such as connections.json in
// storage.Home. A missing one is an empty one and is made by the first change. A
// file that is not a connection file is never written over: it is renamed to
// *.broken-<time>, and Notices says so. A file that cannot be read at all is an
// error (*FileError).
func OpenStore(path string) (*Store, error) {
	s := &Store{path: path, now: time.Now, lockWait: 10 * time.Second, doc: &document{version: fileVersion}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(); err != nil {
		return nil, err
	}
	return s, nil
}

// Notices are sentences about what was wrong with the file and what was done.
func (s *Store) Notices() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.notices)
}

// List gives all connections by name, with the changes that other programs have
// made meanwhile.
func (s *Store) List() []Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look()
	entries := slices.DeleteFunc(slices.Clone(s.doc.entries), func(e entry) bool { return e.raw != nil })
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	list := []Connection{}
	for _, e := range entries {
		list = append(list, e.Connection)
	}
	return list
}

// Find gives the connection of an ID or of a name, in which capitals and blanks
// make no difference. The error is a *NotFoundError.
func (s *Store) Find(nameOrID string) (Connection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look()
	e := s.doc.byID(Clean(nameOrID))
	if e == nil {
		e = s.doc.named(nameOrID, "")
	}
	if e == nil {
		return Connection{}, s.doc.notFound(nameOrID)
	}
	return e.Connection, nil
}

func (d *document) notFound(asked string) error {
	var names []string
	for _, e := range d.entries {
		if e.raw == nil {
			names = append(names, e.Name)
		}
	}
	return &NotFoundError{Name: CleanName(asked), Near: nearNames(asked, names)}
}

// Add keeps a new connection and gives it back with its ID, cleaned. Only what
// must hold is checked, so that a draft can be kept: the name is neither empty
// (*InvalidError) nor taken (*NameTakenError), and the cloud is known. An ID is
// kept if it is a UUID that no other connection has.
func (s *Store) Add(c Connection) (Connection, error) {
	err := s.change(func(d *document) error { return d.add(&c, s.moment()) })
	return c, err
}

// Update keeps a changed connection. Beside the errors of Add there are
// *NotFoundError and, when somebody else changed it since it was read,
// *ChangedError. That it was used meanwhile is no change, and is kept.
func (s *Store) Update(c Connection) (Connection, error) {
	err := s.change(func(d *document) error { return d.update(&c, s.moment()) })
	return c, err
}

func (d *document) add(c *Connection, now time.Time) error {
	if uuid.Validate(c.ID) != nil || d.byID(c.ID) != nil {
		c.ID = uuid.NewString()
	}
	c.ID, c.Created = strings.ToLower(c.ID), now
	return d.put(c, now)
}

func (d *document) update(c *Connection, now time.Time) error {
	old := d.byID(c.ID)
	if old == nil {
		return d.notFound(c.Name)
	}
	if !c.Updated.IsZero() && !c.Updated.Equal(old.Updated) {
		return &ChangedError{Name: old.Name}
	}
	c.ID, c.Created = old.ID, old.Created
	if old.Used.After(c.Used) {
		c.Used = old.Used
	}
	return d.put(c, now)
}

// put checks, cleans and keeps a connection, in the place of the one with its ID.
func (d *document) put(c *Connection, now time.Time) error {
	CleanFields(c)
	if f := checkName(c.Name); f != nil {
		return invalid(FieldName, f)
	}
	if f := checkCloud(c.Cloud); f != nil {
		return invalid(FieldCloud, f)
	}
	if other := d.named(c.Name, c.ID); other != nil {
		return &NameTakenError{Name: other.Name}
	}
	c.Updated = now
	if old := d.byID(c.ID); old != nil {
		if !now.After(old.Updated) { // the time tells one state from the next, also within one tick of the clock
			c.Updated = old.Updated.Add(time.Millisecond)
		}
		old.Connection, old.key = *c, nameKey(c.Name)
	} else {
		d.entries = append(d.entries, entry{Connection: *c, key: nameKey(c.Name)})
	}
	return nil
}

// Remove forgets a connection. Its secret is the caller's to delete. The error is
// *NotFoundError when it is not there.
func (s *Store) Remove(id string) error {
	_, err := s.Take(id)
	return err
}

// Duplicate keeps a copy of a connection under a name of its own. The secret is
// the caller's to copy.
func (s *Store) Duplicate(id string) (Connection, error) {
	var c Connection
	err := s.change(func(d *document) error {
		e := d.byID(id)
		if e == nil {
			return d.notFound(id)
		}
		c = e.Connection
		c.ID, c.Created, c.Used = uuid.NewString(), s.moment(), time.Time{}
		c.Name = d.freeName(c.Name+" copy", "")
		extra := e.extra // what a newer program added belongs to the copy too
		if err := d.put(&c, s.moment()); err != nil {
			return err
		}
		d.byID(c.ID).extra = extra
		return nil
	})
	return c, err
}

// moment is the time as the file keeps it.
func (s *Store) moment() time.Time { return s.now().UTC().Round(0).Truncate(time.Millisecond) }
