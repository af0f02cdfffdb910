package file

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"pushdesk/connection"
)

// Add saves a new connection and returns it with its ID, cleaned. Only what must
// hold is checked, so that a draft can be saved: the name is neither empty
// (*connection.InvalidError) nor taken (ErrNameTaken), and the cloud is known. An ID
// is kept if it is a UUID that no other connection has.
func (s *Store) Add(c connection.Connection) (connection.Connection, error) {
	err := s.change(func(b *Batch) (err error) { c, err = b.Add(c); return err })
	return c, err
}

// Update saves a changed connection. Beside the errors of Add there are ErrNotFound
// and, when somebody else changed it since it was read, ErrChanged. That it was used
// meanwhile is no change, and is kept.
func (s *Store) Update(c connection.Connection) (connection.Connection, error) {
	err := s.change(func(b *Batch) (err error) { c, err = b.Update(c); return err })
	return c, err
}

// Duplicate saves a copy of a connection under a name of its own. The secret is the
// caller's to copy.
func (s *Store) Duplicate(id string) (c connection.Connection, err error) {
	err = s.change(func(b *Batch) error {
		e := b.doc.byID(id)
		if e == nil {
			return b.doc.notFound(id)
		}
		c = e.Connection
		c.ID, c.Created, c.Used, c.Team = uuid.NewString(), b.now, time.Time{}, ""
		c.Name = b.doc.freeName(c.Name+" copy", "")
		extra := e.extra // what a newer program added belongs to the copy too
		if err := b.doc.put(&c, b.now); err != nil {
			return err
		}
		b.doc.byID(c.ID).extra = extra
		return nil
	})
	return c, err
}

// Touch notes that a connection was used now. It is no change: a form that is open
// can still be saved.
func (s *Store) Touch(id string) error {
	return s.change(func(b *Batch) error {
		e := b.doc.byID(id)
		if e == nil {
			return b.doc.notFound(id)
		}
		e.Used = b.now
		return nil
	})
}

// LearnExpiry notes when the client secret of a connection expires, as Microsoft
// Graph told it. A day from elsewhere stays. Like Touch it is no change.
func (s *Store) LearnExpiry(id string, day connection.Day) error {
	return s.change(func(b *Batch) error {
		e := b.doc.byID(id)
		if e == nil {
			return b.doc.notFound(id)
		}
		if e.Expires == "" || e.ExpiresFrom == connection.ExpiryGraph {
			e.Expires, e.ExpiresFrom = day, connection.ExpiryGraph
			connection.CleanFields(&e.Connection)
		}
		return nil
	})
}

// Label changes the labels of several connections in one step: of all, or, when one
// of them is not there (ErrNotFound), of none.
func (s *Store) Label(ids []string, l connection.Labels) ([]connection.Connection, error) {
	var labelled []connection.Connection
	err := s.change(func(b *Batch) error {
		for _, id := range ids {
			c, err := b.Find(id)
			if err != nil {
				return err
			}
			before := c
			if l.Apply(&c); !c.Equal(before) {
				if c, err = b.Update(c); err != nil {
					return err
				}
			}
			labelled = append(labelled, c)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return labelled, nil
}

// Removed is a connection that was removed, with everything the file held of it.
type Removed struct {
	Connection connection.Connection
	extra      map[string]json.RawMessage
	at         int
}

// Remove removes connections in one step, all or none, and returns them, so that
// they can be restored. Their secrets are the caller's to delete. The error is
// ErrNotFound when one is not there.
func (s *Store) Remove(ids ...string) ([]Removed, error) {
	var removed []Removed
	err := s.change(func(b *Batch) error {
		d := b.doc
		for _, id := range ids {
			e := d.byID(id)
			if e == nil {
				return d.notFound(id)
			}
			r := Removed{Connection: e.Connection, extra: maps.Clone(e.extra)}
			r.at = slices.IndexFunc(d.entries, func(x entry) bool { return x.ID == e.ID })
			d.entries = slices.Delete(d.entries, r.at, r.at+1)
			removed = append(removed, r)
		}
		return nil
	})
	return removed, err
}

// Restore brings what one Remove returned back to its place, under its ID, with what
// a newer program kept in it. A name gets a number if another connection has taken it
// meanwhile.
func (s *Store) Restore(removed []Removed) ([]connection.Connection, error) {
	back := make([]connection.Connection, len(removed))
	err := s.change(func(b *Batch) error {
		d := b.doc
		for i, r := range slices.Backward(removed) { // the last that was removed knows its place best
			c := r.Connection
			if uuid.Validate(c.ID) != nil || d.byID(c.ID) != nil {
				c.ID = uuid.NewString()
			}
			c.Name = d.freeName(c.Name, c.ID)
			e := entry{Connection: c, key: connection.NameKey(c.Name), extra: maps.Clone(r.extra)}
			d.entries = slices.Insert(d.entries, min(max(r.at, 0), len(d.entries)), e)
			back[i] = c
		}
		return nil
	})
	return back, err
}

// Batch makes what f makes of the file in one step. An error of f leaves everything
// as it was. f must not use the store itself, which waits for it.
func (s *Store) Batch(f func(*Batch) error) error { return s.change(f) }
