package alter

import (
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
)

// Retype is a column that gets another type.
type Retype struct {
	Column string           `json:"column"`
	From   powerbi.DataType `json:"from"`
	To     powerbi.DataType `json:"to"`
}

// Setting is one property that changes of a column, a measure or the table.
type Setting struct {
	Name     string `json:"name"`
	Property string `json:"property"` // "formatString" and so on, as the service writes it
	From     string `json:"from"`
	To       string `json:"to"`
}

// Broken is a measure that fails after the change, or may fail.
type Broken struct {
	Table   string   `json:"table"`
	Measure string   `json:"measure"`
	Uses    []string `json:"uses"`          // what it names that is gone or changed
	May     bool     `json:"may,omitempty"` // only the type of a column changes, and it may still work
}

// Diff is what changes when the definition of a table is replaced.
type Diff struct {
	Added    []powerbi.Column  `json:"added,omitempty"`
	Dropped  []powerbi.Column  `json:"dropped,omitempty"`
	Retyped  []Retype          `json:"retyped,omitempty"`
	Renamed  []string          `json:"renamed,omitempty"`  // "old → new": to the service the old column is gone and the new one is empty
	Restyled []string          `json:"restyled,omitempty"` // columns of which a setting changes
	Measures []powerbi.Measure `json:"measures,omitempty"` // of the table, that use a column which is gone or gets another type

	Settings        []Setting              `json:"settings,omitempty"` // of columns and the table
	MeasuresAdded   []powerbi.Measure      `json:"measuresAdded,omitempty"`
	MeasuresDropped []powerbi.Measure      `json:"measuresDropped,omitempty"`
	MeasuresRenamed []string               `json:"measuresRenamed,omitempty"` // "old → new"
	MeasuresChanged []Setting              `json:"measuresChanged,omitempty"`
	Broken          []Broken               `json:"broken,omitempty"`        // measures of any table
	Relationships   []powerbi.Relationship `json:"relationships,omitempty"` // that use a column which is gone or gets another type

	// There may be more of these than anybody here knows.
	MeasuresUnknown      bool `json:"measuresUnknown,omitempty"`      // those that exist are lost
	RelationshipsUnknown bool `json:"relationshipsUnknown,omitempty"` // those that use a column which is gone or changed break
}

// Compare returns what a change does to a definition. The service compares names without
// case, so that a column spelled otherwise is the same one.
func Compare(d Definition, c Change) Diff {
	var x Diff
	before, after := d.Table, c.After
	was := func(name string) string { // what something was called before
		for old, to := range c.Renamed {
			if strings.EqualFold(to, name) {
				return old
			}
		}
		return name
	}
	gone := map[string]bool{}    // names, in lower case, that nothing has any more, or something else
	changed := map[string]bool{} // columns with another type
	for _, n := range after.Columns {
		old := was(n.Name)
		i := column(before, old)
		if i < 0 {
			x.Added = append(x.Added, n)
			continue
		}
		o := before.Columns[i]
		if o.Name != n.Name {
			x.Renamed = append(x.Renamed, o.Name+" → "+n.Name)
		}
		if !strings.EqualFold(o.Name, n.Name) {
			gone[strings.ToLower(o.Name)] = true
		}
		if !strings.EqualFold(string(o.DataType), string(n.DataType)) {
			x.Retyped = append(x.Retyped, Retype{n.Name, o.DataType, n.DataType})
			changed[strings.ToLower(n.Name)] = true
		}
		x.restyle(o, n)
	}
	for _, o := range before.Columns {
		if !slices.ContainsFunc(after.Columns, func(n powerbi.Column) bool { return strings.EqualFold(was(n.Name), o.Name) }) {
			x.Dropped = append(x.Dropped, o)
			gone[strings.ToLower(o.Name)] = true
		}
	}
	if before.Description != after.Description {
		x.Settings = append(x.Settings, Setting{after.Name, "description", before.Description, after.Description})
	}
	if before.IsHidden != after.IsHidden {
		x.Settings = append(x.Settings, Setting{after.Name, "isHidden", fmt.Sprint(before.IsHidden), fmt.Sprint(after.IsHidden)})
	}
	x.measures(before, after, was, gone)
	x.broken(d, after, gone, changed)
	for _, r := range d.Relationships {
		uses := func(table, name string) bool {
			low := strings.ToLower(name)
			return strings.EqualFold(table, before.Name) && (gone[low] || changed[low])
		}
		if uses(r.FromTable, r.FromColumn) || uses(r.ToTable, r.ToColumn) {
			x.Relationships = append(x.Relationships, r)
		}
	}
	if x.Empty() {
		return x
	}
	x.MeasuresUnknown = !d.MeasuresKnown
	x.RelationshipsUnknown = !d.RelationshipsKnown && len(gone)+len(changed) > 0
	return x
}

// Columns compares columns alone, where nothing else is known.
func Columns(before, after []powerbi.Column) Diff {
	d := Definition{Table: powerbi.Table{Columns: before}, MeasuresKnown: true, RelationshipsKnown: true}
	return Compare(d, Change{After: powerbi.Table{Columns: after}})
}

func (x *Diff) restyle(o, n powerbi.Column) {
	count := len(x.Settings)
	for _, s := range []Setting{
		{n.Name, "formatString", o.FormatString, n.FormatString},
		{n.Name, "dataCategory", o.DataCategory, n.DataCategory},
		{n.Name, "summarizeBy", o.SummarizeBy, n.SummarizeBy},
		{n.Name, "sortByColumn", o.SortByColumn, n.SortByColumn},
		{n.Name, "isHidden", fmt.Sprint(o.IsHidden), fmt.Sprint(n.IsHidden)},
	} {
		if s.From != s.To {
			x.Settings = append(x.Settings, s)
		}
	}
	if len(x.Settings) > count {
		x.Restyled = append(x.Restyled, n.Name)
	}
}

func (x *Diff) measures(before, after powerbi.Table, was func(string) string, gone map[string]bool) {
	for _, n := range after.Measures {
		i := measure(before, was(n.Name))
		if i < 0 {
			x.MeasuresAdded = append(x.MeasuresAdded, n)
			continue
		}
		o := before.Measures[i]
		if o.Name != n.Name {
			x.MeasuresRenamed = append(x.MeasuresRenamed, o.Name+" → "+n.Name)
		}
		if !strings.EqualFold(o.Name, n.Name) {
			gone[strings.ToLower(o.Name)] = true
		}
		for _, s := range []Setting{
			{n.Name, "expression", o.Expression, n.Expression},
			{n.Name, "formatString", o.FormatString, n.FormatString},
			{n.Name, "description", o.Description, n.Description},
			{n.Name, "isHidden", fmt.Sprint(o.IsHidden), fmt.Sprint(n.IsHidden)},
		} {
			if s.From != s.To {
				x.MeasuresChanged = append(x.MeasuresChanged, s)
			}
		}
	}
	for _, o := range before.Measures {
		if !slices.ContainsFunc(after.Measures, func(n powerbi.Measure) bool { return strings.EqualFold(was(n.Name), o.Name) }) {
			x.MeasuresDropped = append(x.MeasuresDropped, o)
			gone[strings.ToLower(o.Name)] = true
		}
	}
}

// broken finds the measures that name what is gone or changed, and those that name them.
func (x *Diff) broken(d Definition, after powerbi.Table, gone, changed map[string]bool) {
	tables := append([]powerbi.Table{after}, d.Others...)
	all := map[string]string{} // measures, in lower case: their tables
	for _, t := range tables {
		for _, m := range t.Measures {
			all[strings.ToLower(m.Name)] = t.Name
		}
	}
	state := map[string]*Broken{} // by the measure's name in lower case
	for again := true; again; {
		again = false
		for _, t := range tables {
			for _, m := range t.Measures {
				key := strings.ToLower(m.Name)
				b := uses(m, t, d.Table, gone, changed, all, state)
				if b == nil {
					continue
				}
				if old := state[key]; old == nil || len(old.Uses) != len(b.Uses) || old.May != b.May {
					state[key], again = b, true
				}
			}
		}
	}
	for _, t := range tables {
		for _, m := range t.Measures {
			b := state[strings.ToLower(m.Name)]
			if b == nil {
				continue
			}
			x.Broken = append(x.Broken, *b)
			if t.Name == d.Table.Name {
				x.Measures = append(x.Measures, m)
			}
		}
	}
}

// uses returns how a measure suffers; nil if it does not.
func uses(m powerbi.Measure, in, changing powerbi.Table, gone, changed map[string]bool, measures map[string]string, state map[string]*Broken) *Broken {
	b := &Broken{Table: in.Name, Measure: m.Name, May: true}
	add := func(name string, may bool) {
		b.May = b.May && may
		if !slices.Contains(b.Uses, name) {
			b.Uses = append(b.Uses, name)
		}
	}
	for _, r := range references(m.Expression, in.Name, changing.Name) {
		low := strings.ToLower(r.name)
		here := strings.EqualFold(r.table, changing.Name)
		if r.table == "" {
			_, other := measures[low]
			here = !other && (strings.EqualFold(in.Name, changing.Name) || column(in, r.name) < 0)
		}
		switch broken := state[low]; {
		case here && gone[low]:
			add(r.name, false)
		case here && changed[low]:
			add(r.name, true)
		case broken != nil && low != strings.ToLower(m.Name) && (r.table == "" || strings.EqualFold(r.table, measures[low])):
			add(r.name, broken.May)
		}
	}
	if len(b.Uses) == 0 {
		return nil
	}
	return b
}

// Empty reports whether nothing changes.
func (x Diff) Empty() bool {
	return len(x.Added)+len(x.Dropped)+len(x.Retyped)+len(x.Renamed)+len(x.Settings)+
		len(x.MeasuresAdded)+len(x.MeasuresDropped)+len(x.MeasuresRenamed)+len(x.MeasuresChanged) == 0
}

// Destructive reports whether something is lost, or breaks, or may: values of columns,
// measures, and what hangs on them.
func (x Diff) Destructive() bool {
	return len(x.Dropped)+len(x.Retyped)+len(x.Renamed)+len(x.MeasuresDropped)+len(x.MeasuresRenamed)+len(x.Broken)+len(x.Relationships) > 0 || x.MeasuresUnknown
}

// properties are the words for what changes.
var properties = map[string]string{"formatString": "format", "dataCategory": "category", "summarizeBy": "summary", "sortByColumn": "sorted by",
	"isHidden": "hidden", "description": "description", "expression": "expression"}

func (s Setting) String() string {
	value := func(v string) string {
		switch {
		case v == "":
			return "none"
		case s.Property == "isHidden":
			return map[string]string{"true": "yes", "false": "no"}[v]
		}
		return strings.Join(strings.Fields(v), " ")
	}
	return fmt.Sprintf("“%s”: %s %s becomes %s", s.Name, properties[s.Property], value(s.From), value(s.To))
}

// Sentences says the change in words.
func (x Diff) Sentences() (list []string) {
	add := func(format string, names []string) {
		if len(names) > 0 {
			list = append(list, fmt.Sprintf(format, strings.Join(names, ", ")))
		}
	}
	add("Added: %s.", each(x.Added, whole))
	add("Dropped: %s.", each(x.Dropped, whole))
	add("Another type: %s.", each(x.Retyped, func(r Retype) string { return fmt.Sprintf("%s (%s becomes %s)", r.Column, r.From, r.To) }))
	add("Another name: %s.", each(x.Renamed, becomes))
	for _, s := range x.Settings {
		list = append(list, "Setting of "+s.String()+".")
	}
	add("Measures added: %s.", each(x.MeasuresAdded, formula))
	add("Measures dropped: %s.", each(x.MeasuresDropped, formula))
	add("Measures with another name: %s.", each(x.MeasuresRenamed, becomes))
	for _, s := range x.MeasuresChanged {
		list = append(list, "Measure "+s.String()+".")
	}
	for _, b := range x.Broken {
		what, is := "will fail", "is gone or fails"
		if b.May {
			what, is = "may fail", "gets another type"
		}
		if len(b.Uses) > 1 {
			is = strings.Replace(strings.Replace(is, "is gone or fails", "are gone or fail", 1), "gets another", "get another", 1)
		}
		list = append(list, fmt.Sprintf("The measure %s[%s] %s: it uses %s, which %s.", b.Table, b.Measure, what, humanize.List(b.Uses), is))
	}
	for _, r := range x.Relationships {
		list = append(list, fmt.Sprintf("The relationship “%s” (%s[%s] to %s[%s]) breaks: its column is dropped, gets another name or another type. It cannot be created again in this dataset.", r.Name, r.FromTable, r.FromColumn, r.ToTable, r.ToColumn))
	}
	if x.MeasuresUnknown {
		list = append(list, "Power BI does not tell which measures, formats and other settings the table has. Those that are not listed here are lost.")
	}
	if x.RelationshipsUnknown {
		list = append(list, "Power BI does not tell which relationships the dataset has. Those that use a column which is dropped, renamed or gets another type break.")
	}
	return list
}

// becomes says a new name.
func becomes(renamed string) string { return strings.Replace(renamed, " → ", " becomes ", 1) }

// whole says a column with its settings.
func whole(c powerbi.Column) string {
	said := []string{string(c.DataType)}
	for _, s := range []struct{ word, value string }{{"format", c.FormatString}, {"category", c.DataCategory}, {"summary", c.SummarizeBy}, {"sorted by", c.SortByColumn}} {
		if s.value != "" {
			said = append(said, s.word+" "+s.value)
		}
	}
	if c.IsHidden {
		said = append(said, "hidden")
	}
	return c.Name + " (" + strings.Join(said, ", ") + ")"
}

// formula says a measure with its expression and settings.
func formula(m powerbi.Measure) string {
	dax := m.Name + " = " + strings.Join(strings.Fields(m.Expression), " ")
	var said []string
	for _, s := range []struct{ word, value string }{{"format", m.FormatString}, {"description", m.Description}} {
		if s.value != "" {
			said = append(said, s.word+" "+s.value)
		}
	}
	if m.IsHidden {
		said = append(said, "hidden")
	}
	if len(said) == 0 {
		return dax
	}
	return dax + " (" + strings.Join(said, ", ") + ")"
}

func each[T any](list []T, word func(T) string) []string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = word(x)
	}
	return words
}
