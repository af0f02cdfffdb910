package connection

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Touch notes that a connection was used now. It is no change: a form that is open
// can still be saved.
func (s *Store) Touch(id string) error {
	return s.change(func(d *document) error {
		e := d.byID(id)
		if e == nil {
			return d.notFound(id)
		}
		e.Used = s.moment()
		return nil
	})
}

// Removed is a connection that was removed, with everything the file held of it.
type Removed struct {
	Connection Connection
	extra      map[string]json.RawMessage
	at         int
}

// Take removes a connection and gives it back, so that it can be restored. Its
// secret is the caller's to delete. The error is *NotFoundError when it is not there.
func (s *Store) Take(id string) (Removed, error) {
	var r Removed
	err := s.change(func(d *document) error {
		e := d.byID(id)
		if e == nil {
			return d.notFound(id)
		}
		r = Removed{Connection: e.Connection, extra: maps.Clone(e.extra)}
		r.at = slices.IndexFunc(d.entries, func(x entry) bool { return x.raw == nil && x.ID == e.ID })
		d.entries = slices.Delete(d.entries, r.at, r.at+1)
		return nil
	})
	return r, err
}

// Restore brings a removed connection back to its place, under its ID, with what a
// newer program kept in it. Its name gets a number if another has taken it meanwhile.
func (s *Store) Restore(r Removed) (Connection, error) {
	c := r.Connection
	err := s.change(func(d *document) error {
		if uuid.Validate(c.ID) != nil || d.byID(c.ID) != nil {
			c.ID = uuid.NewString()
		}
		c.Name = d.freeName(c.Name, c.ID)
		back := entry{Connection: c, extra: maps.Clone(r.extra)}
		d.entries = slices.Insert(d.entries, min(max(r.at, 0), len(d.entries)), back)
		return nil
	})
	return c, err
}

// Recent sorts connections by their last use, the latest first, and those that were
// never used by name, as they come.
func Recent(list []Connection) []Connection {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b Connection) int { return b.Used.Compare(a.Used) })
	return sorted
}
