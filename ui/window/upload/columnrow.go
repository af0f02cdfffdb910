package upload

import (
	"slices"

	"pushdesk/storage/workbook/infer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/upload/grid"
	"pushdesk/ui/window/upload/values"
	"pushdesk/ui/window/widget"
)

// columnRow is one column of the mapping. Rows are used again for other columns
// as the list scrolls.
type columnRow struct {
	fynewidget.BaseWidget
	step    *mappedColumns
	index   int
	binding bool // what is set now is not a person's doing

	use    *fynewidget.Check
	from   *widget.Text   // of a new table: the header
	source *widget.Select // of an existing table
	name   *widget.Entry  // of a new table
	fixed  *widget.Text   // of an existing table
	kind   *widget.Select
	sample *widget.Text
	note   *widget.Paragraph
	asks   *widget.Select // in place of the note: how to read values that allow two readings
	more   *widget.Button // the same for values that allow one
	box    *fyne.Container
}

func newColumnRow(s *mappedColumns) *columnRow {
	r := &columnRow{step: s}
	r.use = fynewidget.NewCheck("", func(on bool) { r.edit(func(f *mapping.Field) { f.Use = on }) })
	r.from = widget.NewCut("", widget.StyleBody)
	r.source = widget.NewSelect(nil, "", func(i int) { r.fill(i - 1) })
	r.name = widget.NewEntry("Name")
	r.name.OnChanged = func(text string) { r.edit(func(f *mapping.Field) { f.Target.Name = text }) }
	r.fixed = widget.NewCut("", widget.StyleStrong)
	var words []string
	for _, t := range powerbi.DataTypes {
		words = append(words, t.Label())
	}
	r.kind = widget.NewSelect(words, "", func(i int) { r.edit(func(f *mapping.Field) { f.Target.DataType = powerbi.DataTypes[i] }) })
	r.sample = widget.NewCut("", widget.StyleMono)
	r.note = widget.NewParagraph("", widget.StyleCaption)
	r.note.MostLines = 2
	r.asks = widget.NewSelect(nil, "", func(i int) {
		if !r.binding {
			r.ways()[i].set()
		}
	})
	r.more = widget.NewIconButton(theme.IconMore, "How the values are read and changed", r.menu)
	r.box = container.New(grid.Columns{},
		r.use, container.NewStack(r.from, r.source), container.NewStack(widget.Bare(r.name), r.fixed), r.kind,
		container.New(grid.Sample{}, r.sample, r.note, r.asks), r.more)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *columnRow) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(widget.Margins(4, grid.Edge, 4, grid.Edge, r.box))
}

// edit changes the field of the row, when a person did it.
func (r *columnRow) edit(change func(f *mapping.Field)) {
	if r.binding || r.index >= len(r.step.now.draft.Mapping.Fields) {
		return
	}
	i := r.index
	r.step.change(func(m *mapping.Mapping) { change(&m.Fields[i]) })
}

// fill takes the values of a column of the table from a column of the file; -1 is
// from nowhere.
func (r *columnRow) fill(from int) {
	reading := r.step.now.draft.Reading
	r.edit(func(f *mapping.Field) {
		f.From, f.Header, f.Letter, f.By = from, "", "", mapping.Chosen
		if f.IsConstant() {
			f.Rules = nil
		}
		if from >= 0 {
			*f = job.From(*f, reading, from)
		}
	})
}

// bind shows a field.
func (r *columnRow) bind(i int) {
	s := r.step
	f := s.now.draft.Mapping.Fields[i]
	fixed := s.fixed()
	r.binding = true
	defer func() { r.binding = false }()
	r.index = i
	r.use.SetChecked(f.Use)
	if fixed {
		if !slices.Equal(r.source.Inner.Options, s.sources) {
			r.source.SetOptions(s.sources)
		}
		r.source.SetSelected(f.From + 1)
		r.fixed.SetText(f.Target.Name)
	} else {
		r.from.SetText(f.Letter + "  " + f.Header)
		if r.name.Text != f.Target.Name {
			r.name.SetText(f.Target.Name)
		}
	}
	widget.ShowIf(r.use, !fixed) // a row fills every column of a table that exists
	widget.ShowIf(r.from, !fixed)
	widget.ShowIf(r.source, fixed)
	widget.ShowIf(r.name, !fixed)
	widget.ShowIf(r.fixed, fixed)
	r.kind.SetSelected(slices.Index(powerbi.DataTypes, f.Target.DataType))
	r.kind.SetEnabled(f.Use && (!fixed || s.now.draft.Place.Learned.Source == schema.FromRows))
	r.describe(f)
	r.ask(f)
	r.box.Refresh()
}

// describe shows a value as it will be sent, and what is wrong or worth knowing.
func (r *columnRow) describe(f mapping.Field) {
	if !f.Use {
		r.say(widget.StyleMono, "", widget.StyleCaption, "Left out")
		return
	}
	mono, caption := widget.StyleMono, widget.StyleCaption
	sent, problem := r.step.sample(f)
	note := ""
	switch p, bad := r.step.wrong[f.Target.Name]; {
	case bad && p.Warning:
		caption.Color, note = theme.ColorWarningText, p.Sentence+" "+p.Remedy
	case bad:
		caption.Color, note = theme.ColorErrorText, p.Sentence+" "+p.Remedy
	case problem != nil:
		mono.Color, caption.Color = theme.ColorErrorText, theme.ColorErrorText
		note = problem.Address + ": " + problem.Rule + ". " + problem.Advice
		if sent == "" {
			sent = problem.Value
		}
	case f.From < 0 && !f.IsConstant():
		caption.Color, note = theme.ColorWarningText, "Nothing in the file goes here."
	case f.IsConstant():
		note = "The same value in every row."
	case !f.Rules.Empty():
		note = "The values are changed as chosen."
	default:
		caption.Color, note = worthKnowing(r.step.now.draft.Reading.Profile.Columns[f.From], f.Target.DataType)
	}
	r.say(mono, sent, caption, note)
}

// worthKnowing is what is worth knowing of a column of the file, and in which colour.
func worthKnowing(p infer.ColumnProfile, sentAs powerbi.DataType) (fyne.ThemeColorName, string) {
	if offer := job.DataType(p.OfferType); p.OfferType != "" && offer != sentAs {
		if len(p.Misfits) == 0 {
			return theme.ColorInfoText, "All values fit the type " + offer.Label() + ", too."
		}
		return theme.ColorInfoText, "Nearly all values fit the type " + offer.Label() +
			". The first that does not is in " + cell.Address(p.Misfits[0].Row, p.Header.Column) + "."
	}
	if len(p.Remarks) > 0 {
		return theme.ColorInfoText, p.Remarks[0].Sentence
	}
	return theme.ColorMuted, p.Reason()
}

func (r *columnRow) say(mono widget.Style, sent string, caption widget.Style, note string) {
	r.sample.SetStyle(mono)
	r.sample.SetText(sent)
	r.note.SetStyle(caption)
	r.note.SetText(note)
}

// way is one of the ways in which the values of a column can be read.
type way struct {
	word string
	on   bool
	set  func()
}

// ways are those that make a difference for the column. Texts that become numbers
// or dates while the file is read are read in another way; all others are told by
// the field.
func (r *columnRow) ways() []way {
	f := r.step.now.draft.Mapping.Fields[r.index]
	if f.From < 0 || !f.Use {
		return nil
	}
	p := r.step.now.draft.Reading.Profile.Columns[f.From]
	switch read := p.Text.Type; {
	case read == infer.TypeDateTime && p.Text.Order != infer.DayFirst && p.Text.Order != infer.MonthFirst:
		return nil
	case read == infer.TypeDateTime:
		order := func(word string, order infer.DateOrder) way {
			text := p.Text
			text.Order = order
			return way{word, p.Text.Order == order, func() { r.step.readTexts(f.From, text) }}
		}
		return []way{order(wordDayFirst, infer.DayFirst), order(wordMonthFirst, infer.MonthFirst)}
	case read == infer.TypeWhole, read == infer.TypeDecimal:
		mark := func(word string, mark byte) way {
			text := p.Text
			text.Decimal = mark
			return way{word, p.Text.Decimal == mark, func() { r.step.readTexts(f.From, text) }}
		}
		return []way{mark(wordDot, '.'), mark(wordComma, ',')}
	case p.Counts[cell.Text] == 0:
		return nil // nothing is written as text
	case remark.Has(p.Remarks, infer.NoteZones):
		return r.zoneWays(f, p)
	}
	return r.fieldWays(f, p)
}

// The ways as a person reads them.
const (
	wordDayFirst   = "Day first: 31/12"
	wordMonthFirst = "Month first: 12/31"
	wordDot        = "Numbers as 1,234.5"
	wordComma      = "Numbers as 1.234,5"
)

// zoneWays are those of times of several zones, of which one must be chosen.
func (r *columnRow) zoneWays(f mapping.Field, p infer.ColumnProfile) (list []way) {
	text := f.Target.DataType == powerbi.String
	set := func(kind powerbi.DataType, z mapping.Zone) func() {
		return func() { r.edit(func(f *mapping.Field) { f.Target.DataType, f.Zone = kind, z }) }
	}
	fixed := r.step.fixed() && r.step.now.draft.Place.Learned.Source != schema.FromRows
	if job.DataType(p.OfferType) == powerbi.DateTime && (!fixed || !text) {
		list = append(list, way{"Convert the times to UTC", !text, set(powerbi.DateTime, mapping.ZoneUTC)})
	}
	if !fixed || text {
		list = append(list, way{"Send the times as text", text && f.Zone == mapping.ZoneWritten, set(powerbi.String, mapping.ZoneWritten)})
	}
	return list
}

// fieldWays are those of a column whose texts stay texts until they are sent.
func (r *columnRow) fieldWays(f mapping.Field, p infer.ColumnProfile) []way {
	set := func(word string, on bool, change func(f *mapping.Field)) way {
		return way{word, on, func() { r.edit(change) }}
	}
	mark := func(word, mark string) way {
		return set(word, f.DecimalMark == mark, func(f *mapping.Field) { f.DecimalMark = mark })
	}
	order := func(word string, order mapping.DateOrder) way {
		return set(word, f.DateOrder == order, func(f *mapping.Field) { f.DateOrder = order })
	}
	switch f.Target.DataType {
	case powerbi.String:
		if p.Longest <= powerbi.MaxStringLength {
			return nil
		}
		return []way{
			set("Report long texts", f.OnTooLong == mapping.TooLongIsProblem, func(f *mapping.Field) { f.OnTooLong = mapping.TooLongIsProblem }),
			set("Cut at 4,000 letters", f.OnTooLong == mapping.TooLongTruncate, func(f *mapping.Field) { f.OnTooLong = mapping.TooLongTruncate }),
		}
	case powerbi.Int64, powerbi.Double, powerbi.Decimal:
		return []way{mark("Only clear numbers", ""), mark(wordDot, "."), mark(wordComma, ",")}
	case powerbi.DateTime:
		return []way{order("Only clear dates", mapping.DateOrderUnknown), order(wordDayFirst, mapping.DayFirst), order(wordMonthFirst, mapping.MonthFirst)}
	}
	return nil
}

// doubtful tells whether a person has to say how a field's values are read,
// because they allow two readings or are too long.
func doubtful(f mapping.Field, r job.Reading) bool {
	if f.From < 0 || !f.Use {
		return false
	}
	p := r.Profile.Columns[f.From]
	if remark.Has(p.Remarks, infer.NoteZones) {
		return true
	}
	if f.Target.DataType == powerbi.String && p.Text.Type == "" {
		return p.Longest > powerbi.MaxStringLength
	}
	offered := p.OfferText.Ambiguous && job.DataType(p.OfferType) == f.Target.DataType
	return p.Text.Ambiguous || offered
}

// ask shows the ways of the row: in sight where a person has to choose.
func (r *columnRow) ask(f mapping.Field) {
	ways := r.ways()
	asks := len(ways) > 0 && doubtful(f, r.step.now.draft.Reading)
	if asks {
		words, chosen := make([]string, len(ways)), -1
		for i, w := range ways {
			if words[i] = w.word; w.on {
				chosen = i
			}
		}
		r.asks.SetOptions(words)
		r.asks.SetSelected(chosen)
		r.asks.SetEnabled(!r.step.reads.Busy())
	}
	widget.ShowIf(r.asks, asks)
	widget.ShowIf(r.note, !asks)
	widget.ShowIf(r.more, f.Use)
}

// values changes what becomes of the column's values on their way.
func (r *columnRow) values() {
	i := r.index
	values.Show(r.step.host.Window(), r.step.now.draft.Mapping.Fields[i], r.step.sample, func(f mapping.Field) {
		r.step.change(func(m *mapping.Mapping) { m.Fields[i] = f })
		r.step.checked()
	})
}

func (r *columnRow) menu() {
	var items []*fyne.MenuItem
	for _, w := range r.ways() {
		item := fyne.NewMenuItem(w.word, w.set)
		item.Checked = w.on
		items = append(items, item)
	}
	items = append(items, fyne.NewMenuItem("Change values", r.values))
	widget.Menu(r.step.host.Window(), r.more, items...)
}
