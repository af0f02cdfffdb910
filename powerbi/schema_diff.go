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
	find := func(list []Column, name string) int {
		return slices.IndexFunc(list, func(c Column) bool { return strings.EqualFold(c.Name, name) })
	}
	for _, c := range after.Columns {
		i := find(before.Columns, c.Name)
		if i < 0 {
			d.Added = append(d.Added, c)
			continue
		}
		was := before.Columns[i]
		switch {
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
		if find(after.Columns, c.Name) < 0 {
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
func (d SchemaDiff) touched() []string {
	return append(each(d.Dropped, func(c Column) string { return c.Name }), each(d.Retyped, func(r Retype) string { return r.Column })...)
}

// uses reports whether a DAX expression names a column, with its table or alone.
func uses(expression, column string) bool {
	reference := "[" + strings.ToLower(strings.ReplaceAll(column, "]", "]]")) + "]"
	return strings.Contains(strings.ToLower(expression), reference)
}

// Empty reports whether nothing changes.
func (d SchemaDiff) Empty() bool {
	return len(d.Added)+len(d.Dropped)+len(d.Retyped)+len(d.Renamed)+len(d.Restyled) == 0
}

// Destructive reports whether values, or what hangs on them, may be lost.
func (d SchemaDiff) Destructive() bool { return len(d.Dropped)+len(d.Retyped)+len(d.Renamed) > 0 }

// Sentences says the change in words.
func (d SchemaDiff) Sentences() (list []string) {
	add := func(format string, names []string) {
		if len(names) > 0 {
			list = append(list, fmt.Sprintf(format, strings.Join(names, ", ")))
		}
	}
	column := func(c Column) string { return c.Name + " (" + string(c.DataType) + ")" }
	add("Added: %s.", each(d.Added, column))
	add("Dropped: %s.", each(d.Dropped, column))
	add("Another type: %s.", each(d.Retyped, func(r Retype) string { return fmt.Sprintf("%s (%s → %s)", r.Column, r.From, r.To) }))
	add("Spelled otherwise: %s.", d.Renamed)
	add("Another format or summary: %s.", d.Restyled)
	add("These measures use columns that are dropped or get another type, and will fail: %s.", each(d.Measures, func(m Measure) string { return m.Name }))
	return list
}

func each[T any](list []T, word func(T) string) []string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = word(x)
	}
	return words
}
