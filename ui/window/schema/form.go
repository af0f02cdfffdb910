package schema

import (
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job/tables"
	"pushdesk/storage/text"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// form shows one column, measure or relationship.
//
// Large: a field for each control.
type form struct {
	edited                       func(i int, w alter.Wish)
	removed                      func(i int)
	filling                      bool // by code: nothing is edited
	at                           int
	unnamed                      bool // what is shown has no name now, and keeps the last one until it has
	list                         []alter.Wish
	sorts, categories, summaries []string                    // that are offered
	types                        map[string]powerbi.DataType // that columns have now, by the names they have now

	title *widget.Text
	gone  *widget.Paragraph

	name, format, describe, dax      *widget.Entry
	kind, category, summary, sort    *widget.Select
	visible                          *widget.Segmented
	remove                           *widget.Button
	nameRow, kindRow, formatRow      *widget.Field
	categoryRow, summaryRow, sortRow *widget.Field
	daxRow, describeRow, visibleRow  *widget.Field
	facts                            *widget.KeyValues
	help                             *widget.Paragraph
	content                          *fyne.Container
}

const none = "None"

func newForm(edited func(int, alter.Wish), removed func(int)) *form {
	f := &form{edited: edited, removed: removed, title: widget.NewCut("", widget.StyleSection), gone: widget.NewParagraph("", widget.StyleMuted),
		facts: widget.NewKeyValues(), help: widget.NewParagraph("", widget.StyleMuted)}
	entry := func(placeholder string) *widget.Entry {
		e := widget.NewEntry(placeholder)
		e.Clean = text.Clean
		e.OnChanged = func(string) { f.change() }
		return e
	}
	choose := func(options []string) *widget.Select {
		return widget.NewSelect(options, none, func(int) { f.change() })
	}
	var types []string
	for _, t := range powerbi.DataTypes {
		types = append(types, t.Both())
	}
	f.name, f.format, f.describe = entry(""), entry("For example #,0.00"), entry("")
	f.dax = widget.NewNotes("For example SUM(Orders[Amount])", 4)
	f.dax.OnChanged = func(string) { f.change() }
	f.kind, f.category, f.summary, f.sort = choose(types), choose(append([]string{none}, alter.Categories...)), choose(append([]string{none}, alter.Summaries...)), choose(nil)
	f.visible = widget.NewSegmented([]widget.Option{{Icon: theme.IconEye, Word: "Shown"}, {Icon: theme.IconEyeOff, Word: "Hidden"}}, 0, func(int) { f.change() })
	f.remove = widget.NewButton(widget.Quiet, theme.IconDelete, "Remove", func() { f.removed(f.at) })
	f.nameRow, f.kindRow, f.formatRow = widget.NewField("Name", f.name, ""), widget.NewField("Type", f.kind, ""), widget.NewField("Format", f.format, "")
	f.categoryRow, f.summaryRow, f.sortRow = widget.NewField("Data category", f.category, ""), widget.NewField("Summarize by", f.summary, ""), widget.NewField("Sort by", f.sort, "")
	f.daxRow, f.describeRow, f.visibleRow = widget.NewField("DAX", f.dax, ""), widget.NewField("Description", f.describe, ""), widget.NewField("In reports", f.visible, "")
	f.content = widget.Card(widget.Row(8, widget.Fill(f.title), f.remove), f.gone, f.help, f.facts,
		widget.Even(theme.Gap, f.nameRow, f.kindRow), f.daxRow, widget.Even(theme.Gap, f.formatRow, f.categoryRow), widget.Even(theme.Gap, f.summaryRow, f.sortRow), f.describeRow, f.visibleRow)
	return f
}

// only shows some of the fields.
func (f *form) only(fields ...*widget.Field) {
	for _, row := range []*widget.Field{f.nameRow, f.kindRow, f.formatRow, f.categoryRow, f.summaryRow, f.sortRow, f.daxRow, f.describeRow, f.visibleRow} {
		widget.ShowIf(row, slices.Contains(fields, row))
	}
	widget.ShowIf(f.remove, len(fields) > 0)
	widget.ShowIf(f.help, len(fields) == 0)
	f.facts.Hide()
	f.gone.Hide()
}

// none says that there is nothing to show.
func (f *form) none(measures bool) {
	f.only()
	f.title.SetText("No columns are known")
	f.help.SetText("Power BI does not tell the columns of a table. Choose a file with its definition.")
	if measures {
		f.title.SetText("No measures")
		f.help.SetText("A measure is a DAX calculation that belongs to the table.")
	}
	f.content.Refresh()
}

// relationship shows one of the relationships, which cannot be changed.
func (f *form) relationship(d alter.Definition, i int) {
	f.only()
	f.help.SetText("Relationships are set when a dataset is created. Power BI cannot add, change or remove them later.")
	if i < 0 || i >= len(d.Relationships) {
		f.title.SetText("No relationships")
		if !d.RelationshipsKnown {
			f.title.SetText("No relationships are known")
		}
		f.content.Refresh()
		return
	}
	r := d.Relationships[i]
	f.title.SetText(r.Name)
	f.facts.Show()
	filters := r.CrossFilteringBehavior
	if filters == "" {
		filters = "OneDirection"
	}
	f.facts.Set(widget.Pair{Key: "From", Value: r.FromTable + "[" + r.FromColumn + "]"}, widget.Pair{Key: "To", Value: r.ToTable + "[" + r.ToColumn + "]"}, widget.Pair{Key: "Filters", Value: filters})
	f.content.Refresh()
}

// show shows a column or measure.
func (f *form) show(list []alter.Wish, i int) {
	f.filling, f.list, f.at, f.unnamed = true, list, i, false
	defer func() { f.filling = false }()
	w := list[i]
	f.title.SetText(w.Name())
	f.name.SetText(w.Name())
	f.remove.SetText("Remove")
	if w.IsMeasure() {
		f.only(f.nameRow, f.daxRow, f.formatRow, f.describeRow, f.visibleRow)
		f.dax.SetText(w.Measure.Expression)
		f.format.SetText(w.Measure.FormatString)
		f.describe.SetText(w.Measure.Description)
		f.visible.SetSelected(index(w.Measure.IsHidden))
	} else {
		c := w.Column
		f.only(f.nameRow, f.kindRow, f.formatRow, f.categoryRow, f.summaryRow, f.sortRow, f.visibleRow)
		f.kind.SetSelected(slices.Index(powerbi.DataTypes, c.DataType))
		f.format.SetText(c.FormatString)
		f.categories = offer(f.category, alter.Categories, c.DataCategory)
		f.summaries = offer(f.summary, alter.Summaries, c.SummarizeBy)
		f.sorts = offer(f.sort, alter.SortChoices(list, c.Name), c.SortByColumn)
		f.visible.SetSelected(index(c.IsHidden))
	}
	if w.Removed {
		f.only()
		f.help.Hide()
		f.remove.Show()
		f.remove.SetText("Keep")
		f.gone.SetText("It will be removed from the table. What uses it is listed before anything is changed.")
		f.gone.Show()
	}
	f.hints()
	f.content.Refresh()
}

// offer puts a list below "None" in a select, with the value that is there now.
func offer(s *widget.Select, list []string, is string) []string {
	if is != "" && !slices.Contains(list, is) {
		list = append(slices.Clone(list), is)
	}
	s.SetOptions(append([]string{none}, list...))
	s.SetSelected(1 + slices.Index(list, is))
	return list
}

func index(hidden bool) int {
	if hidden {
		return 1
	}
	return 0
}

// hints says what a change of a name or type means.
func (f *form) hints() {
	w := f.list[f.at]
	f.nameRow.Say(widget.Neutral, "", "")
	f.kindRow.Say(widget.Neutral, "", "")
	switch {
	case f.unnamed:
		f.nameRow.Say(widget.Error, "Enter a name.", "")
	case w.Was != "" && w.Was != w.Name() && !w.IsMeasure():
		f.nameRow.Say(widget.Warning, "To Power BI this is another column.", "The values under the old name are lost, unless your runs are sent again.")
	}
	if !w.IsMeasure() && w.Was != "" && f.wasType(w) != w.Column.DataType {
		f.kindRow.Say(widget.Warning, "The values of the column may be lost.", "Your runs can be sent again afterwards.")
	}
}

// wasType is the type that a column has in Power BI now.
func (f *form) wasType(w alter.Wish) powerbi.DataType { return f.types[w.Was] }

// change takes what the form says.
func (f *form) change() {
	if f.filling {
		return
	}
	w := f.list[f.at]
	hidden, name := f.visible.Selected() == 1, f.name.Text
	if f.unnamed = strings.TrimSpace(name) == ""; f.unnamed {
		name = w.Name()
	}
	if w.IsMeasure() {
		w.Measure = powerbi.Measure{Name: name, Expression: f.dax.Text, FormatString: f.format.Text, Description: f.describe.Text, IsHidden: hidden}
	} else {
		c := &w.Column
		c.Name, c.FormatString, c.IsHidden = name, f.format.Text, hidden
		if i := f.kind.Selected(); i >= 0 {
			c.DataType = powerbi.DataTypes[i]
		}
		c.DataCategory, c.SummarizeBy, c.SortByColumn = pick(f.categories, f.category), pick(f.summaries, f.summary), pick(f.sorts, f.sort)
	}
	f.edited(f.at, w)
	f.hints()
	f.title.SetText(w.Name())
}

// pick returns what is chosen below the first option, which is none.
func pick(list []string, s *widget.Select) string {
	if i := s.Selected() - 1; i >= 0 && i < len(list) {
		return list[i]
	}
	return ""
}

// about says what is not known of a table, and which reports use it.
type about struct {
	notes   *fyne.Container
	facts   *widget.KeyValues
	content *fyne.Container
}

func newAbout() *about {
	a := &about{notes: widget.Column(6), facts: widget.NewKeyValues()}
	a.content = widget.Card(widget.NewText("About this table", widget.StyleSection), a.facts, a.notes)
	return a
}

func (a *about) show(t tables.Table, definition string) {
	var reports string
	for i, r := range t.Reports {
		if i > 0 {
			reports += ", "
		}
		reports += r.Name
	}
	if reports == "" {
		reports = "None of the workspace"
	}
	file := ""
	if definition != "" {
		file = filepath.Base(definition)
	}
	a.facts.Set(widget.Pair{Key: "Reports", Value: reports}, widget.Pair{Key: "Definition", Value: file})
	a.notes.Objects = nil
	for _, n := range t.Notes {
		a.notes.Add(widget.NewParagraph(n, widget.StyleMuted))
	}
	a.content.Refresh()
}
