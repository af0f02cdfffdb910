// Package alter changes the definition of a push table as a value: what is known of the
// table, what a person wants of it, and what that does to its columns, to its measures and
// to what hangs on them. It asks nobody and changes nothing.
//
// Of a push dataset the service can replace the definition of one table at a time: its
// columns and its measures, all of them. Relationships are set when the dataset is created
// and never again; no table can be added, removed or renamed.
package alter

import (
	"slices"
	"strings"

	"pushdesk/powerbi"
)

// Source says where a definition is known from.
type Source string

const (
	Told    Source = "service"  // Power BI tells the columns and measures
	Kept    Source = "computer" // as this computer created or last changed the table
	Given   Source = "file"     // a file says it
	Guessed Source = "rows"     // the columns are guessed from rows
	Unknown Source = ""
)

// Definition is what is known of a table, and of what hangs on it.
type Definition struct {
	Table         powerbi.Table          `json:"table"`
	Relationships []powerbi.Relationship `json:"relationships"` // of the dataset, that use the table
	Source        Source                 `json:"source"`
	// What is listed of each is all there is, as far as anybody here can know.
	MeasuresKnown      bool `json:"measuresKnown"`
	RelationshipsKnown bool `json:"relationshipsKnown"`

	Others []powerbi.Table `json:"-"` // the other tables of the dataset, with the measures that are known
}

// column returns the place of a column, or -1; the service compares names without case.
func column(t powerbi.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c powerbi.Column) bool { return strings.EqualFold(c.Name, name) })
}

// measure returns the place of a measure, or -1.
func measure(t powerbi.Table, name string) int {
	return slices.IndexFunc(t.Measures, func(m powerbi.Measure) bool { return strings.EqualFold(m.Name, name) })
}

// Of returns the relationships of a dataset that use a table.
func Of(all []powerbi.Relationship, table string) []powerbi.Relationship {
	list := []powerbi.Relationship{}
	for _, r := range all {
		if r.FromTable == table || r.ToTable == table {
			list = append(list, r)
		}
	}
	return list
}

// clone copies a table, so that its lists can be changed.
func clone(t powerbi.Table) powerbi.Table {
	t.Columns, t.Measures = slices.Clone(t.Columns), slices.Clone(t.Measures)
	return t
}
