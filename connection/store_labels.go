package connection

import (
	"slices"
	"strings"
)

// Labels are changes to what connections are found and grouped by.
type Labels struct {
	Environment *Environment // nil leaves it as it is; "" takes it away
	Add, Drop   []string     // tags; capitals make no difference
}

// Empty tells whether nothing would change.
func (l Labels) Empty() bool { return l.Environment == nil && len(l.Add) == 0 && len(l.Drop) == 0 }

// Apply changes the labels of one connection.
func (l Labels) Apply(c *Connection) {
	if l.Environment != nil {
		c.Environment = *l.Environment
	}
	c.Tags = slices.DeleteFunc(slices.Clone(c.Tags), func(tag string) bool {
		return slices.ContainsFunc(l.Drop, func(drop string) bool { return strings.EqualFold(CleanName(drop), tag) })
	})
	c.Tags = append(c.Tags, l.Add...)
	CleanFields(c)
}

// Label changes the labels of several connections in one step: of all, or, when one
// of them is not there (*NotFoundError), of none.
func (s *Store) Label(ids []string, l Labels) ([]Connection, error) {
	var labelled []Connection
	err := s.Batch(func(b *Batch) error {
		labelled = nil
		for _, id := range ids {
			c, err := b.Find(id)
			if err != nil {
				return err
			}
			before := c
			if l.Apply(&c); c.Equal(before) {
				labelled = append(labelled, c)
				continue
			}
			if c, err = b.Update(c); err != nil {
				return err
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
