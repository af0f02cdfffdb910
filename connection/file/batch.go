package file

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"pushdesk/connection"
	"pushdesk/storage/text"
)

// Batch makes many changes to the connection file as one: all are written, or none.
type Batch struct {
	doc *document
	now time.Time
	// earlier is what the file held before, the newest last.
	earlier []*document
}

// Add is Store.Add. After an error the batch may go on without the connection.
func (b *Batch) Add(c connection.Connection) (connection.Connection, error) {
	if uuid.Validate(c.ID) != nil || b.doc.byID(c.ID) != nil {
		c.ID = uuid.NewString()
	}
	c.ID, c.Created = strings.ToLower(c.ID), b.now
	err := b.doc.put(&c, b.now)
	return c, err
}

// Update is Store.Update. After an error the batch may go on, and the connection is
// as it was.
func (b *Batch) Update(c connection.Connection) (connection.Connection, error) {
	old := b.doc.byID(c.ID)
	if old == nil {
		return c, b.doc.notFound(c.Name)
	}
	if !c.Updated.IsZero() && !c.Updated.Equal(old.Updated) {
		merged, ok := b.merge(c, old.Connection)
		if !ok {
			return c, Changed(old.Name)
		}
		c = merged
	}
	c.ID, c.Created = old.ID, old.Created
	if old.Used.After(c.Used) {
		c.Used = old.Used
	}
	err := b.doc.put(&c, b.now)
	return c, err
}

// Find is Store.Find for what the file holds at this moment, by ID.
func (b *Batch) Find(id string) (connection.Connection, error) {
	e := b.doc.byID(text.Clean(id))
	if e == nil {
		return connection.Connection{}, b.doc.notFound(id)
	}
	return e.Connection, nil
}

// FreeName returns a name that no connection has but the one of an ID: the one given, or
// that with a number.
func (b *Batch) FreeName(name, id string) string { return b.doc.freeName(text.Name(name), id) }
