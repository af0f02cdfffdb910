package connection

import (
	"slices"
	"strings"

	"pushdesk/storage/text"
)

// Labels are changes to what connections are found and grouped by.
type Labels struct {
	Environment *Environment // nil leaves it as it is; "" takes it away
	Add, Drop   []string     // tags; capitals make no difference
}

// Empty reports whether nothing would change.
func (l Labels) Empty() bool { return l.Environment == nil && len(l.Add) == 0 && len(l.Drop) == 0 }

// Apply changes the labels of one connection.
func (l Labels) Apply(c *Connection) {
	if l.Environment != nil {
		c.Environment = *l.Environment
	}
	c.Tags = slices.DeleteFunc(slices.Clone(c.Tags), func(tag string) bool {
		return slices.ContainsFunc(l.Drop, func(drop string) bool { return strings.EqualFold(text.Name(drop), tag) })
	})
	c.Tags = append(c.Tags, l.Add...)
	CleanFields(c)
}
