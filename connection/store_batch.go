package connection

import "time"

// Batch makes many changes to the connection file as one: all are written, or none.
type Batch struct {
	doc *document
	now time.Time
}

// Batch makes what f makes of the file in one step. An error of f leaves everything
// as it was. f must not use the store itself, which waits for it.
func (s *Store) Batch(f func(*Batch) error) error {
	return s.change(func(d *document) error { return f(&Batch{doc: d, now: s.moment()}) })
}

// Add is Store.Add. After an error the batch may go on without the connection.
func (b *Batch) Add(c Connection) (Connection, error) {
	err := b.doc.add(&c, b.now)
	return c, err
}

// Update is Store.Update. After an error the batch may go on, and the connection is
// as it was.
func (b *Batch) Update(c Connection) (Connection, error) {
	err := b.doc.update(&c, b.now)
	return c, err
}

// Find is Store.Find for what the file holds at this moment.
func (b *Batch) Find(id string) (Connection, error) {
	e := b.doc.byID(Clean(id))
	if e == nil {
		return Connection{}, b.doc.notFound(id)
	}
	return e.Connection, nil
}

// FreeName gives a name that no connection has: the one given, or that with a number.
func (b *Batch) FreeName(name string) string { return b.doc.freeName(CleanName(name), "") }
