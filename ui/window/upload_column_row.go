package window

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push"
	"pushdesk/storage/cell"
	"pushdesk/ui/desk"
	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
)

// columnRow is one column of the mapping. Rows are used again for other columns
// as the list scrolls.
type columnRow struct {
	widget.BaseWidget
	step    *columnsStep
	index   int
	binding bool // what is set now is not a person's doing

	use    *widget.Check
	from   *part.Text   // of a new table: the header
	source *part.Select // of an existing table
	name   *part.Entry  // of a new table
	fixed  *part.Text   // of an existing table
	kind   *part.Select
	sample *part.Text
	note   *part.Text
	more   *part.Button
	box    *fyne.Container
}

func newColumnRow(s *columnsStep) *columnRow {
	r := &columnRow{step: s}
	r.use = widget.NewCheck("", func(on bool) { r.edit(func(f *push.Field) { f.Use = on }) })
	r.from = part.NewCut("", part.StyleBody)
	r.source = part.NewSelect(nil, "", func(i int) { r.fill(i - 1) })
	r.name = part.NewEntry("Name")
	r.name.OnChanged = func(text string) { r.edit(func(f *push.Field) { f.Target.Name = text }) }
	r.fixed = part.NewCut("", part.StyleStrong)
	var words []string
	for _, t := range powerbi.DataTypes {
		words = append(words, t.Label())
	}
	r.kind = part.NewSelect(words, "", func(i int) { r.edit(func(f *push.Field) { f.Target.DataType = powerbi.DataTypes[i] }) })
	r.sample = part.NewCut("", part.StyleMono)
	r.note = part.NewCut("", part.StyleCaption)
	r.more = part.NewIconButton(look.IconMore, "How the values are read", r.menu)
	r.box = container.New(columnLayout{},
		r.use, container.NewStack(r.from, r.source), container.NewStack(part.Bare(r.name), r.fixed), r.kind,
		part.Column(1, r.sample, r.note), r.more)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *columnRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(part.Margins(5, 0, 5, 0, r.box))
}

// edit changes the field of the row, when a person did it.
func (r *columnRow) edit(change func(f *push.Field)) {
	if r.binding || r.index >= len(r.step.page.upload.Mapping.Fields) {
		return
	}
	i := r.index
	r.step.change(func(m *push.Mapping) { change(&m.Fields[i]) })
}

// fill takes the values of a column of the table from a column of the file; -1 is
// from nowhere.
func (r *columnRow) fill(from int) {
	reading := r.step.page.upload.Reading
	r.edit(func(f *push.Field) {
		f.From, f.Header, f.Letter = from, "", ""
		if from >= 0 {
			*f = desk.From(*f, reading, from)
		}
	})
}

// bind shows a field.
func (r *columnRow) bind(i int) {
	s := r.step
	f := s.page.upload.Mapping.Fields[i]
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
	part.ShowIf(r.use, !fixed) // a row fills every column of a table that exists
	part.ShowIf(r.from, !fixed)
	part.ShowIf(r.source, fixed)
	part.ShowIf(r.name, !fixed)
	part.ShowIf(r.fixed, fixed)
	r.kind.SetSelected(slices.Index(powerbi.DataTypes, f.Target.DataType))
	r.kind.SetEnabled(f.Use && (!fixed || s.page.upload.Place.Learned.Source == push.SchemaFromRows))
	part.ShowIf(r.more, len(r.ways()) > 0)
	r.describe(f)
	r.box.Refresh()
}

// describe shows a value as it will be sent, and what is wrong or worth knowing.
func (r *columnRow) describe(f push.Field) {
	if !f.Use {
		r.sample.SetText("")
		r.note.SetStyle(part.StyleCaption)
		r.note.SetText("Left out")
		return
	}
	sent, problem := r.step.sample(f)
	style, note := part.StyleCaption, ""
	if f.From >= 0 {
		p := r.step.page.upload.Reading.Profile.Columns[f.From]
		note = p.Why
		if offer := desk.DataType(p.OfferType); p.OfferType != "" && offer != f.Target.DataType {
			style.Color = look.ColorInfoText
			note = "Nearly all values fit the type " + offer.Label() + "."
			if len(p.Misfits) > 0 {
				note += " The first that does not is in " + cell.Address(p.Misfits[0].Row, p.Header.Column) + "."
			} else {
				note = "All values fit the type " + offer.Label() + ", too."
			}
		}
	}
	if problem != nil {
		style.Color = look.ColorErrorText
		note = problem.Address + ": " + problem.Rule + ". " + problem.Advice
		if sent == "" {
			sent = problem.Value
		}
	}
	if p, bad := r.step.wrong[f.Target.Name]; bad {
		style.Color = look.ColorErrorText
		if p.Warning {
			style.Color = look.ColorWarningText
		}
		note = p.Sentence + " " + p.Remedy
	}
	r.sample.SetText(sent)
	r.note.SetStyle(style)
	r.note.SetText(note)
}

// way is one of the ways in which the values of a column can be read.
type way struct {
	word string
	on   bool
	set  func(f *push.Field)
}

// ways are those that make a difference for the type of the column.
func (r *columnRow) ways() []way {
	f := r.step.page.upload.Mapping.Fields[r.index]
	if f.From < 0 || !f.Use {
		return nil
	}
	mark := func(word, mark string) way {
		return way{word, f.DecimalMark == mark, func(f *push.Field) { f.DecimalMark = mark }}
	}
	order := func(word string, order push.DateOrder) way {
		return way{word, f.DateOrder == order, func(f *push.Field) { f.DateOrder = order }}
	}
	switch f.Target.DataType {
	case powerbi.String:
		return []way{
			{"Report texts above 4,000 characters", f.OnTooLong == push.TooLongIsProblem, func(f *push.Field) { f.OnTooLong = push.TooLongIsProblem }},
			{"Cut texts at 4,000 characters", f.OnTooLong == push.TooLongTruncate, func(f *push.Field) { f.OnTooLong = push.TooLongTruncate }},
		}
	case powerbi.Int64, powerbi.Double, powerbi.Decimal:
		return []way{mark("Numbers in text: only where it is clear", ""), mark("Numbers in text: 1,234.5", "."), mark("Numbers in text: 1.234,5", ",")}
	case powerbi.DateTime:
		return []way{
			order("Dates in text: only where it is clear", push.DateOrderUnknown),
			order("Dates in text: day first, 31/12/2026", push.DayFirst), order("Dates in text: month first, 12/31/2026", push.MonthFirst),
		}
	}
	return nil
}

func (r *columnRow) menu() {
	var items []*fyne.MenuItem
	for _, w := range r.ways() {
		item := fyne.NewMenuItem(w.word, func() { r.edit(w.set) })
		item.Checked = w.on
		items = append(items, item)
	}
	part.Menu(r.step.page.host.Window(), r.more, items...)
}

// columnLayout gives the six parts of a row their widths: the same for every row,
// and for the headings above them.
type columnLayout struct{}

const (
	columnCheck = 30
	columnKind  = 150
	columnMore  = 36
	columnGap   = 10
)

func (columnLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, x := range o {
		if x.Visible() {
			h = max(h, x.MinSize().Height)
		}
	}
	return fyne.NewSize(columnCheck+columnKind+columnMore+5*columnGap+360, h)
}

func (columnLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := s.Width - columnCheck - columnKind - columnMore - 5*columnGap
	widths := []float32{columnCheck, left * 0.28, left * 0.30, columnKind, left * 0.42, columnMore}
	x := float32(0)
	for i, w := range widths {
		h := min(o[i].MinSize().Height, s.Height)
		o[i].Resize(fyne.NewSize(w, h))
		o[i].Move(fyne.NewPos(x, (s.Height-h)/2))
		x += w + columnGap
	}
}
