package alter

import (
	"slices"
	"strings"

	"pushdesk/powerbi"
)

// Wish is a column or measure as a person wants it.
type Wish struct {
	Was     string // its name now; "" = it is new
	Column  powerbi.Column
	Measure powerbi.Measure // of a measure
	Removed bool
}

// IsMeasure reports whether a wish is about a measure.
func (w Wish) IsMeasure() bool { return w.Column.DataType == "" }

// Name is what it is called then.
func (w Wish) Name() string {
	if w.IsMeasure() {
		return w.Measure.Name
	}
	return w.Column.Name
}

// Wishes returns a table as it is: its columns, then its measures.
func Wishes(t powerbi.Table) (list []Wish) {
	for _, c := range t.Columns {
		list = append(list, Wish{Was: c.Name, Column: c})
	}
	for _, m := range t.Measures {
		list = append(list, Wish{Was: m.Name, Measure: m})
	}
	return list
}

// Edits returns what makes a table as it is wanted.
func Edits(t powerbi.Table, list []Wish) (edits []Edit) {
	now := named(list)
	for _, w := range list {
		edits = append(edits, w.edits(t, now)...)
	}
	return edits
}

// Changed reports whether one of a list is wanted otherwise than it is.
func Changed(t powerbi.Table, list []Wish, i int) bool {
	return len(list[i].edits(t, named(list))) > 0
}

// named returns the names of columns that are wanted, by those of now.
func named(list []Wish) map[string]string {
	now := map[string]string{}
	for _, w := range list {
		if w.Was != "" && !w.IsMeasure() {
			now[w.Was] = strings.TrimSpace(w.Column.Name)
		}
	}
	return now
}

func (w Wish) edits(t powerbi.Table, now map[string]string) []Edit {
	switch {
	case w.Removed && w.Was == "":
		return nil
	case w.Removed:
		return []Edit{{Remove, w.Was, ""}}
	case w.IsMeasure():
		return w.measure(t)
	}
	return w.column(t, now)
}

func (w Wish) column(t powerbi.Table, now map[string]string) (edits []Edit) {
	var is powerbi.Column
	c, name := w.Column, strings.TrimSpace(w.Column.Name)
	if w.Was == "" {
		edits = append(edits, Edit{Add, name, string(c.DataType)})
	} else {
		is = t.Columns[column(t, w.Was)]
		if name != is.Name {
			edits = append(edits, Edit{Rename, is.Name, name})
		}
		if c.DataType != is.DataType {
			edits = append(edits, Edit{Type, name, string(c.DataType)})
		}
	}
	for _, s := range []struct {
		kind     Kind
		is, want string
	}{{Format, is.FormatString, c.FormatString}, {Category, is.DataCategory, c.DataCategory}, {Summarize, is.SummarizeBy, c.SummarizeBy}, {SortBy, is.SortByColumn, c.SortByColumn}} {
		if s.is != s.want && (s.kind != SortBy || s.is == "" || now[s.is] != s.want) { // a new name is followed
			edits = append(edits, Edit{s.kind, name, s.want})
		}
	}
	return append(edits, hidden(name, is.IsHidden, c.IsHidden)...)
}

func (w Wish) measure(t powerbi.Table) (edits []Edit) {
	var is powerbi.Measure
	m, name := w.Measure, strings.TrimSpace(w.Measure.Name)
	if w.Was != "" {
		is = t.Measures[measure(t, w.Was)]
		if name != is.Name {
			edits = append(edits, Edit{Rename, is.Name, name})
		}
	}
	if w.Was == "" || m.Expression != is.Expression {
		edits = append(edits, Edit{Measure, name, m.Expression})
	}
	if m.FormatString != is.FormatString {
		edits = append(edits, Edit{Format, name, m.FormatString})
	}
	if m.Description != is.Description {
		edits = append(edits, Edit{Describe, name, m.Description})
	}
	return append(edits, hidden(name, is.IsHidden, m.IsHidden)...)
}

func hidden(name string, is, want bool) []Edit {
	switch {
	case is == want:
		return nil
	case want:
		return []Edit{{Hide, name, ""}}
	}
	return []Edit{{Show, name, ""}}
}

// SortChoices are the columns that a column may be sorted by.
func SortChoices(list []Wish, column string) (names []string) {
	for _, w := range list {
		if !w.IsMeasure() && !w.Removed && w.Column.Name != column && !slices.Contains(names, w.Column.Name) {
			names = append(names, w.Column.Name)
		}
	}
	return names
}
