package alter

import (
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// Kind is what an edit does.
type Kind string

// The edits, in the order in which they are carried out.
const (
	Rename    Kind = "rename"    // a column or measure; Value is the new name
	Remove    Kind = "remove"    // a column or measure
	Add       Kind = "add"       // a column; Value is its type
	Type      Kind = "type"      // of a column
	Measure   Kind = "measure"   // adds or replaces a measure; Value is its DAX
	Format    Kind = "format"    // of a column or measure; "" = none
	Category  Kind = "category"  // of a column; "" = none
	Summarize Kind = "summarize" // of a column; "" = as the service does
	SortBy    Kind = "sort-by"   // of a column: another one; "" = by itself
	Describe  Kind = "describe"  // a measure; "" = nothing
	Hide      Kind = "hide"      // a column or measure
	Show      Kind = "show"      // the same
)

var order = []Kind{Rename, Remove, Add, Type, Measure, Format, Category, Summarize, SortBy, Describe, Hide, Show}

// Edit is one thing that a person wants of a table.
type Edit struct {
	Kind  Kind
	Name  string
	Value string
}

// Categories are what a column may be said to hold.
// Source: learn.microsoft.com, "Push dataset properties".
var Categories = []string{"Address", "City", "Continent", "Country", "Image", "ImageUrl", "Latitude", "Longitude", "Organization", "Place", "PostalCode", "StateOrProvince", "WebUrl"}

// Summaries are how a column may be summarized.
// Source: learn.microsoft.com, "Push dataset properties".
var Summaries = []string{"default", "none", "sum", "min", "max", "count", "average", "distinctCount"}

// Change is a definition that is wanted, and how it came about.
type Change struct {
	After   powerbi.Table
	Renamed map[string]string // old names of columns and measures, as they were: new names
}

// Apply carries edits out. Each must change something. Measures of the table that name
// what is renamed name it by its new name.
func Apply(d Definition, edits []Edit) (Change, error) {
	c := Change{After: clone(d.Table), Renamed: map[string]string{}}
	list := slices.Clone(edits)
	slices.SortStableFunc(list, func(a, b Edit) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	n := 0
	for n < len(list) && list[n].Kind == Rename {
		n++
	}
	if err := c.rename(d.Table, list[:n]); err != nil {
		return c, err
	}
	for _, e := range list[n:] {
		if err := c.apply(e); err != nil {
			return c, err
		}
	}
	c.unsort()
	for _, p := range powerbi.CheckTable(c.After) {
		if !p.Warning {
			return c, refused(p.Sentence, p.Remedy)
		}
	}
	for _, m := range c.After.Measures {
		if column(c.After, m.Name) >= 0 {
			return c, refused(fmt.Sprintf("A column and a measure are both named “%s”.", m.Name), "Give one of them another name.")
		}
	}
	return c, nil
}

func refused(sentence, remedy string) error {
	return failure.New(failure.Usage, "alter-refused", sentence+" Nothing was changed.", remedy)
}

// noChange is an edit that changes nothing.
func noChange(format string, args ...any) error {
	return failure.New(failure.Usage, "alter-no-effect", fmt.Sprintf(format, args...), "Leave this change out.")
}

// rename gives new names. To the service a column of another name is another column, so
// that a name which something else had cannot be taken: its values would be under it.
func (c *Change) rename(was powerbi.Table, list []Edit) error {
	if len(list) == 0 {
		return nil
	}
	key := map[string]string{}
	for _, e := range list {
		i, m := column(was, e.Name), measure(was, e.Name)
		to := strings.TrimSpace(e.Value)
		var old string
		switch {
		case i >= 0:
			old = was.Columns[i].Name
			c.After.Columns[i].Name = to
		case m >= 0:
			old = was.Measures[m].Name
			c.After.Measures[m].Name = to
		default:
			return c.unknown(e.Name)
		}
		if old == to {
			return noChange("“%s” is called that already.", to)
		}
		if _, twice := c.Renamed[old]; twice {
			return refused(fmt.Sprintf("“%s” is renamed twice.", old), "Say its new name once.")
		}
		if to == "" {
			return refused(fmt.Sprintf("“%s” has no new name.", old), "Say its new name.")
		}
		if (column(was, to) >= 0 || measure(was, to) >= 0) && !strings.EqualFold(old, to) {
			return refused(fmt.Sprintf("“%s” cannot be called “%s”: the table has that already.", old, to), "Choose another name.")
		}
		c.Renamed[old], key[strings.ToLower(old)] = to, to
	}
	for i, x := range c.After.Columns {
		if to, ok := key[strings.ToLower(x.SortByColumn)]; ok {
			c.After.Columns[i].SortByColumn = to
		}
	}
	for i, m := range c.After.Measures {
		c.After.Measures[i].Expression = rewritten(m.Expression, was.Name, key)
	}
	return nil
}

// find returns the places of a name, which may be the one before it was renamed.
func (c *Change) find(name string) (col, meas int, err error) {
	for _, n := range []string{name, c.now(name)} {
		if col, meas = column(c.After, n), measure(c.After, n); col >= 0 || meas >= 0 {
			return col, meas, nil
		}
	}
	return -1, -1, c.unknown(name)
}

// now is what something is called now.
func (c *Change) now(name string) string {
	for old, to := range c.Renamed {
		if strings.EqualFold(old, name) {
			return to
		}
	}
	return name
}

func (c *Change) unknown(name string) error {
	var names []string
	for _, x := range c.After.Columns {
		names = append(names, x.Name)
	}
	for _, m := range c.After.Measures {
		names = append(names, m.Name)
	}
	remedy := "It has: " + humanize.ListSome(names, 10) + "."
	if near := text.Nearest(name, names); len(near) > 0 {
		remedy = "Did you mean “" + strings.Join(near, "”, “") + "”?"
	}
	return failure.New(failure.Usage, "alter-unknown", fmt.Sprintf("The table “%s” has no column or measure “%s”. Nothing was changed.", c.After.Name, name), remedy)
}

// apply carries out an edit that is no new name.
func (c *Change) apply(e Edit) error {
	e.Name, e.Value = strings.TrimSpace(e.Name), strings.TrimSpace(e.Value)
	switch e.Kind {
	case Add:
		return c.add(e)
	case Measure:
		return c.measure(e)
	}
	col, meas, err := c.find(e.Name)
	if err != nil {
		return err
	}
	if col < 0 && slices.Contains([]Kind{Type, Category, Summarize, SortBy}, e.Kind) {
		return refused(fmt.Sprintf("“%s” is a measure, which has no type, category, summary or order of its own.", e.Name), "Name a column.")
	}
	if meas < 0 && e.Kind == Describe {
		return refused(fmt.Sprintf("“%s” is a column. Only measures have a description in a push table.", e.Name), "Name a measure.")
	}
	switch e.Kind {
	case Remove:
		if col >= 0 {
			c.After.Columns = slices.Delete(c.After.Columns, col, col+1)
		} else {
			c.After.Measures = slices.Delete(c.After.Measures, meas, meas+1)
		}
		return nil
	case Type:
		given, ok := powerbi.ParseDataType(e.Value)
		if !ok {
			return refused(fmt.Sprintf("“%s” is not a type.", e.Value), "The types are "+powerbi.TypeNames()+".")
		}
		if c.After.Columns[col].DataType == given {
			return noChange("The column “%s” has the type %s already.", c.After.Columns[col].Name, given.Both())
		}
		c.After.Columns[col].DataType = given
		return nil
	}
	return c.style(e, col, meas)
}

func (c *Change) add(e Edit) error {
	given, ok := powerbi.ParseDataType(e.Value)
	if !ok {
		return refused(fmt.Sprintf("“%s” is not a type.", e.Value), "The types are "+powerbi.TypeNames()+".")
	}
	if column(c.After, e.Name) >= 0 || measure(c.After, e.Name) >= 0 {
		return refused(fmt.Sprintf("The table has “%s” already.", e.Name), "Choose another name, or change its type.")
	}
	c.After.Columns = append(c.After.Columns, powerbi.Column{Name: e.Name, DataType: given})
	return nil
}

func (c *Change) measure(e Edit) error {
	if e.Value == "" || e.Name == "" {
		return refused("A measure needs a name and an expression.", "Write its DAX, such as SUM(Sales[Amount]).")
	}
	m := measure(c.After, e.Name)
	if m < 0 {
		m = measure(c.After, c.now(e.Name))
	}
	switch {
	case m < 0:
		c.After.Measures = append(c.After.Measures, powerbi.Measure{Name: e.Name, Expression: e.Value})
	case c.After.Measures[m].Expression == e.Value:
		return noChange("The measure “%s” has this expression already.", c.After.Measures[m].Name)
	default:
		c.After.Measures[m].Expression = e.Value
	}
	return nil
}

// style changes how a column or measure looks.
func (c *Change) style(e Edit, col, meas int) error {
	value, what, name := new(string), "", ""
	if col >= 0 {
		x := &c.After.Columns[col]
		name = x.Name
		switch e.Kind {
		case Format:
			value, what = &x.FormatString, "format"
		case Category:
			value, what = &x.DataCategory, "category"
		case Summarize:
			value, what = &x.SummarizeBy, "summary"
		case SortBy:
			value, what = &x.SortByColumn, "order"
		case Hide, Show:
			return setHidden(&x.IsHidden, e.Kind == Hide, name)
		}
	} else {
		m := &c.After.Measures[meas]
		name = m.Name
		switch e.Kind {
		case Format:
			value, what = &m.FormatString, "format"
		case Describe:
			value, what = &m.Description, "description"
		case Hide, Show:
			return setHidden(&m.IsHidden, e.Kind == Hide, name)
		}
	}
	wanted, err := c.wanted(e, name)
	switch {
	case err != nil:
		return err
	case *value == wanted && wanted == "":
		return noChange("“%s” has no %s.", name, what)
	case *value == wanted:
		return noChange("“%s” has this %s already.", name, what)
	}
	*value = wanted
	return nil
}

func setHidden(is *bool, hide bool, name string) error {
	if *is == hide {
		state := "shown"
		if hide {
			state = "hidden"
		}
		return noChange("“%s” is %s already.", name, state)
	}
	*is = hide
	return nil
}

// wanted returns the value of an edit as the service writes it.
func (c *Change) wanted(e Edit, name string) (string, error) {
	oneOf := func(what string, list []string) (string, error) {
		i := slices.IndexFunc(list, func(s string) bool { return strings.EqualFold(s, e.Value) })
		if i < 0 {
			return "", refused(fmt.Sprintf("“%s” is no %s.", e.Value, what), "Choose one of: "+strings.Join(list, ", ")+".")
		}
		return list[i], nil
	}
	switch {
	case e.Value == "":
		return "", nil
	case e.Kind == Category:
		return oneOf("data category", Categories)
	case e.Kind == Summarize:
		return oneOf("summary", Summaries)
	case e.Kind == SortBy:
		col, _, err := c.find(e.Value)
		if err != nil {
			return "", err
		}
		if col < 0 {
			return "", refused(fmt.Sprintf("“%s” is a measure. A column is sorted by another column.", e.Value), "Name a column.")
		}
		if strings.EqualFold(c.After.Columns[col].Name, name) {
			return "", refused(fmt.Sprintf("The column “%s” cannot be sorted by itself.", name), "Name another column, or none.")
		}
		return c.After.Columns[col].Name, nil
	}
	return e.Value, nil
}

// unsort takes the order from columns whose order was given by a column that is gone.
func (c *Change) unsort() {
	for i, x := range c.After.Columns {
		if x.SortByColumn != "" && column(c.After, x.SortByColumn) < 0 {
			c.After.Columns[i].SortByColumn = ""
		}
	}
}

// Reshape returns the change that gives a table other columns: those of the same name
// keep everything but their spelling and their type, and measures stay. With keep, the
// columns that are not named stay too.
func Reshape(d Definition, columns []powerbi.Column, keep bool) Change {
	c := Change{After: clone(d.Table), Renamed: map[string]string{}}
	if !keep {
		c.After.Columns = nil
	}
	for _, x := range columns {
		switch at := column(d.Table, x.Name); {
		case at < 0:
			c.After.Columns = append(c.After.Columns, x)
		case !keep:
			kept := d.Table.Columns[at]
			kept.Name, kept.DataType = x.Name, x.DataType
			c.After.Columns = append(c.After.Columns, kept)
		}
	}
	for i, x := range c.After.Columns { // by the spelling of now
		if at := column(c.After, x.SortByColumn); at >= 0 {
			c.After.Columns[i].SortByColumn = c.After.Columns[at].Name
		}
	}
	c.unsort()
	return c
}
