package tenant

import (
	"slices"
	"sync"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/rows"
	"pushdesk/powerbi/practice/store"
	"pushdesk/powerbi/practice/traffic"
)

// Dataset is a push dataset, or an ordinary one that refuses rows.
type Dataset struct {
	ID            string            `json:"id"`
	Name          string            `json:"name"`
	Push          bool              `json:"push"`
	Mode          string            `json:"mode,omitempty"`
	Retention     powerbi.Retention `json:"retention,omitempty"`
	Relationships Relationships     `json:"relationships,omitempty"`
	ConfiguredBy  string            `json:"configuredBy,omitempty"`
	Created       time.Time         `json:"created"`
	Tables        []*Table          `json:"tables"`

	Gone    bool            `json:"-"` // deleted
	Traffic traffic.Traffic `json:"-"`
	Storing sync.Mutex      `json:"-"` // one batch at a time checks the row limits and is stored; taken before the tenant's lock
}

// Largest returns the row count of the largest table.
func (d *Dataset) Largest() int64 {
	var n int64
	for _, t := range d.Tables {
		n = max(n, t.Rows.Count())
	}
	return n
}

// Table returns a table by its exact name, or nil: the real service answers a name
// in another case with 404, as reported.
func (d *Dataset) Table(name string) *Table {
	return find(d.Tables, func(t *Table) bool { return t.Definition.Name == name })
}

// Table is a table with its rows.
type Table struct {
	Definition powerbi.Table `json:"definition"` // its Columns are never changed in place

	Checker *rows.Checker  `json:"-"` // for the columns of Definition; replaced with it
	Rows    store.Store    `json:"-"` // with a lock of its own, and so has Lately
	Lately  traffic.Lately `json:"-"`
}

// Define gives a table columns.
func (t *Table) Define(definition powerbi.Table) {
	t.Definition, t.Checker = definition, rows.NewChecker(definition.Columns)
}

// Shown returns how many rows of the table queries see under a delay.
func (t *Table) Shown(now time.Time, delay time.Duration) int64 {
	return t.Lately.Shown(t.Rows.Count(), now, delay)
}

// Relationships are those of a dataset. They are set when it is created.
type Relationships []powerbi.Relationship

// Without returns the relationships that are left when a table is defined anew: none that
// uses a column which is gone or has another type.
func (list Relationships) Without(before, after powerbi.Table) Relationships {
	typeIn := func(t powerbi.Table, name string) powerbi.DataType {
		for _, c := range t.Columns {
			if c.Name == name {
				return c.DataType
			}
		}
		return ""
	}
	broken := func(table, column string) bool {
		return table == before.Name && typeIn(before, column) != typeIn(after, column)
	}
	return slices.DeleteFunc(slices.Clone(list), func(r powerbi.Relationship) bool {
		return broken(r.FromTable, r.FromColumn) || broken(r.ToTable, r.ToColumn)
	})
}
