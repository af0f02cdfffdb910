package powerbi

import (
	"fmt"
	"slices"
	"strings"
)

// Retype is a column that gets another type.
type Retype struct {
	Column string   `json:"column"`
	From   DataType `json:"from"`
	To     DataType `json:"to"`
}

// SchemaDiff is what changes when the definition of a table is replaced. The service
// compares names without case, so that a column spelled otherwise is the same one.
type SchemaDiff struct {
	Added    []Column  `json:"added,omitempty"`
	Dropped  []Column  `json:"dropped,omitempty"`
	Retyped  []Retype  `json:"retyped,omitempty"`
	Renamed  []string  `json:"renamed,omitempty"`  // "old → new", which differ in case only
	Restyled []string  `json:"restyled,omitempty"` // columns with another format or summary
	Measures []Measure `json:"measures,omitempty"` // of the table, that use a column which is dropped or retyped
}

// DiffTables compares two definitions of a table.
func DiffTables(before, after Table) SchemaDiff {
	var d SchemaDiff
	find := func(list []Column, name string) (Column, bool) {
		i := slices.IndexFunc(list, func(c Column) bool { return strings.EqualFold(c.Name, name) })
		if i < 0 {
			return Column{}, false
		}
		return list[i], true
	}
	for _, c := range after.Columns {
		was, ok := find(before.Columns, c.Name)
		switch {
		case !ok:
			d.Added = append(d.Added, c)
			continue
		case !strings.EqualFold(string(was.DataType), string(c.DataType)):
			d.Retyped = append(d.Retyped, Retype{c.Name, was.DataType, c.DataType})
		case was.FormatString != c.FormatString || was.SummarizeBy != c.SummarizeBy || was.DataCategory != c.DataCategory || was.IsHidden != c.IsHidden:
			d.Restyled = append(d.Restyled, c.Name)
		}
		if was.Name != c.Name {
			d.Renamed = append(d.Renamed, was.Name+" → "+c.Name)
		}
	}
	for _, c := range before.Columns {
		if _, ok := find(after.Columns, c.Name); !ok {
			d.Dropped = append(d.Dropped, c)
		}
	}
	for _, m := range before.Measures {
		if slices.ContainsFunc(d.touched(), func(name string) bool { return uses(m.Expression, name) }) {
			d.Measures = append(d.Measures, m)
		}
	}
	return d
}

// touched are the columns that lose their values.
func (d SchemaDiff) touched() (names []string) {
	for _, c := range d.Dropped {
		names = append(names, c.Name)
	}
	for _, r := range d.Retyped {
		names = append(names, r.Column)
	}
	return names
}

// uses tells whether a DAX expression names a column, with its table or alone.
func uses(expression, column string) bool {
	reference := "[" + strings.ToLower(strings.ReplaceAll(column, "]", "]]")) + "]"
	return strings.Contains(strings.ToLower(expression), reference)
}

// Empty tells whether nothing changes.
func (d SchemaDiff) Empty() bool {
	return len(d.Added)+len(d.Dropped)+len(d.Retyped)+len(d.Renamed)+len(d.Restyled) == 0
}

// Destructive tells whether values, or what hangs on them, may be lost.
func (d SchemaDiff) Destructive() bool { return len(d.Dropped)+len(d.Retyped)+len(d.Renamed) > 0 }

// Sentences say the change in words.
func (d SchemaDiff) Sentences() (list []string) {
	add := func(format string, names []string) {
		if len(names) > 0 {
			list = append(list, fmt.Sprintf(format, strings.Join(names, ", ")))
		}
	}
	var added, dropped, retyped, measures []string
	for _, c := range d.Added {
		added = append(added, fmt.Sprintf("%s (%s)", c.Name, c.DataType))
	}
	for _, c := range d.Dropped {
		dropped = append(dropped, fmt.Sprintf("%s (%s)", c.Name, c.DataType))
	}
	for _, r := range d.Retyped {
		retyped = append(retyped, fmt.Sprintf("%s (%s → %s)", r.Column, r.From, r.To))
	}
	for _, m := range d.Measures {
		measures = append(measures, m.Name)
	}
	add("Added: %s.", added)
	add("Dropped: %s.", dropped)
	add("Another type: %s.", retyped)
	add("Spelled otherwise: %s.", d.Renamed)
	add("Another format or summary: %s.", d.Restyled)
	add("These measures use columns that are dropped or get another type, and will fail: %s.", measures)
	return list
}
