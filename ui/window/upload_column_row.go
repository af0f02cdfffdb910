package window

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
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
	note   *part.Paragraph
	asks   *part.Select // in place of the note: how to read values that allow two readings
	more   *part.Button // the same for values that allow one
	box    *fyne.Container
}

func newColumnRow(s *columnsStep) *columnRow {
	r := &columnRow{step: s}
	r.use = widget.NewCheck("", func(on bool) { r.edit(func(f *mapping.Field) { f.Use = on }) })
	r.from = part.NewCut("", part.StyleBody)
	r.source = part.NewSelect(nil, "", func(i int) { r.fill(i - 1) })
	r.name = part.NewEntry("Name")
	r.name.OnChanged = func(text string) { r.edit(func(f *mapping.Field) { f.Target.Name = text }) }
	r.fixed = part.NewCut("", part.StyleStrong)
	var words []string
	for _, t := range powerbi.DataTypes {
		words = append(words, t.Label())
	}
	r.kind = part.NewSelect(words, "", func(i int) { r.edit(func(f *mapping.Field) { f.Target.DataType = powerbi.DataTypes[i] }) })
	r.sample = part.NewCut("", part.StyleMono)
	r.note = part.NewParagraph("", part.StyleCaption)
	r.note.MostLines = 2
	r.asks = part.NewSelect(nil, "", func(i int) {
		if !r.binding {
			r.ways()[i].set()
		}
	})
	r.more = part.NewIconButton(look.IconMore, "How the values are read", r.menu)
	r.box = container.New(columnLayout{},
		r.use, container.NewStack(r.from, r.source), container.NewStack(part.Bare(r.name), r.fixed), r.kind,
		container.New(sampleLayout{}, r.sample, r.note, r.asks), r.more)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *columnRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(part.Margins(4, columnEdge, 4, columnEdge, r.box))
}

// edit changes the field of the row, when a person did it.
func (r *columnRow) edit(change func(f *mapping.Field)) {
	if r.binding || r.index >= len(r.step.page.upload.Mapping.Fields) {
		return
	}
	i := r.index
	r.step.change(func(m *mapping.Mapping) { change(&m.Fields[i]) })
}

// fill takes the values of a column of the table from a column of the file; -1 is
// from nowhere.
func (r *columnRow) fill(from int) {
	reading := r.step.page.upload.Reading
	r.edit(func(f *mapping.Field) {
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
	r.describe(f)
	r.ask(f)
	r.box.Refresh()
}

// describe shows a value as it will be sent, and what is wrong or worth knowing.
func (r *columnRow) describe(f mapping.Field) {
	if !f.Use {
		r.say(part.StyleMono, "", part.StyleCaption, "Left out")
		return
	}
	mono, caption := part.StyleMono, part.StyleCaption
	sent, problem := r.step.sample(f)
	note := ""
	switch p, bad := r.step.wrong[f.Target.Name]; {
	case bad && p.Warning:
		caption.Color, note = look.ColorWarningText, p.Sentence+" "+p.Remedy
	case bad:
		caption.Color, note = look.ColorErrorText, p.Sentence+" "+p.Remedy
	case problem != nil:
		mono.Color, caption.Color = look.ColorErrorText, look.ColorErrorText
		note = problem.Address + ": " + problem.Rule + ". " + problem.Advice
		if sent == "" {
			sent = problem.Value
		}
	case f.From < 0:
		caption.Color, note = look.ColorWarningText, "Nothing of the file goes here."
	default:
		caption.Color, note = remark(r.step.page.upload.Reading.Profile.Columns[f.From], f.Target.DataType)
	}
	r.say(mono, sent, caption, note)
}

// remark is what is worth knowing of a column of the file, and in which colour.
func remark(p workbook.ColumnProfile, sentAs powerbi.DataType) (fyne.ThemeColorName, string) {
	if offer := desk.DataType(p.OfferType); p.OfferType != "" && offer != sentAs {
		if len(p.Misfits) == 0 {
			return look.ColorInfoText, "All values fit the type " + offer.Label() + ", too."
		}
		return look.ColorInfoText, "Nearly all values fit the type " + offer.Label() +
			". The first that does not is in " + cell.Address(p.Misfits[0].Row, p.Header.Column) + "."
	}
	if len(p.Notes) > 0 {
		return look.ColorInfoText, p.Notes[0].Sentence
	}
	return look.ColorMuted, p.Why
}

func (r *columnRow) say(mono part.Style, sent string, caption part.Style, note string) {
	r.sample.SetStyle(mono)
	r.sample.SetText(sent)
	r.note.SetStyle(caption)
	r.note.SetText(note)
}

// sampleLayout puts the value above what is said about it, or above the question
// how it is read, and both in the middle. Two lines always have room, so that all
// rows are equally high.
type sampleLayout struct{}

func (sampleLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, o[0].MinSize().Height+1+o[2].MinSize().Height)
}

func (sampleLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, x := range o { // wrapped text knows its height only once it has its width
		x.Resize(fyne.NewSize(s.Width, x.MinSize().Height))
	}
	below := o[1]
	if o[2].Visible() {
		below = o[2]
	}
	first, second := o[0].MinSize().Height, below.MinSize().Height
	y := max((s.Height-first-1-second)/2, 0)
	o[0].Resize(fyne.NewSize(s.Width, first))
	o[0].Move(fyne.NewPos(0, y))
	below.Resize(fyne.NewSize(s.Width, second))
	below.Move(fyne.NewPos(0, y+first+1))
}

// columnLayout gives the six parts of a row their widths: the same for every row,
// and for the headings above them.
type columnLayout struct{}

const (
	columnCheck = 30
	columnKind  = 150
	columnMore  = 36
	columnGap   = 10
	columnEdge  = 3 // room at both ends for the mark of the keyboard
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
