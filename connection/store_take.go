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

// LearnExpiry notes when the client secret of a connection ends, as Microsoft Graph
// told it. A day from elsewhere stays. Like Touch it is no change: a form that is
// open can still be saved.
func (s *Store) LearnExpiry(id string, day Day) error {
	return s.change(func(d *document) error {
		e := d.byID(id)
		if e == nil {
			return d.notFound(id)
		}
		if e.Expires == "" || e.ExpiresFrom == ExpiryGraph {
			e.Expires, e.ExpiresFrom = day, ExpiryGraph
		}
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
	taken, err := s.TakeAll([]string{id})
	if err != nil {
		return Removed{}, err
	}
	return taken[0], nil
}

// TakeAll is Take for several connections in one step: all are removed, or none.
func (s *Store) TakeAll(ids []string) ([]Removed, error) {
	var taken []Removed
	err := s.change(func(d *document) error {
		taken = nil
		for _, id := range ids {
			e := d.byID(id)
			if e == nil {
				return d.notFound(id)
			}
			r := Removed{Connection: e.Connection, extra: maps.Clone(e.extra)}
			r.at = slices.IndexFunc(d.entries, func(x entry) bool { return x.raw == nil && x.ID == e.ID })
			d.entries = slices.Delete(d.entries, r.at, r.at+1)
			taken = append(taken, r)
		}
		return nil
	})
	return taken, err
}

// Restore brings a removed connection back to its place, under its ID, with what a
// newer program kept in it. Its name gets a number if another has taken it meanwhile.
func (s *Store) Restore(r Removed) (Connection, error) {
	back, err := s.RestoreAll([]Removed{r})
	if err != nil {
		return Connection{}, err
	}
	return back[0], nil
}

// RestoreAll is Restore for what one TakeAll gave, in one step and in its order.
func (s *Store) RestoreAll(removed []Removed) ([]Connection, error) {
	back := make([]Connection, len(removed))
	err := s.change(func(d *document) error {
		for i, r := range slices.Backward(removed) { // the last that was removed knows its place best
			c := r.Connection
			if uuid.Validate(c.ID) != nil || d.byID(c.ID) != nil {
				c.ID = uuid.NewString()
			}
			c.Name = d.freeName(c.Name, c.ID)
			e := entry{Connection: c, key: nameKey(c.Name), extra: maps.Clone(r.extra)}
			d.entries = slices.Insert(d.entries, min(max(r.at, 0), len(d.entries)), e)
			back[i] = c
		}
		return nil
	})
	return back, err
}

// Recent sorts connections by their last use, the latest first, and those that were
// never used by name, as they come.
func Recent(list []Connection) []Connection {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b Connection) int { return b.Used.Compare(a.Used) })
	return sorted
}
