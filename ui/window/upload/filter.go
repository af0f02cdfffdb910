package upload

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job/apply"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/upload/grid"
	"pushdesk/ui/window/widget"
)

// mostConditions keeps the list of columns in sight below the conditions.
const mostConditions = 4

// filterRows are the conditions that a row must meet to be sent. They stand above the
// list of columns.
type filterRows struct {
	step    *mappedColumns
	every   *fyne.Container // while there are none
	rows    []*conditionRow
	lines   *fyne.Container
	wrong   *widget.Paragraph // the first condition that cannot be used
	content *fyne.Container
}

func newFilterRows(s *mappedColumns) *filterRows {
	f := &filterRows{step: s, lines: widget.Column(6), wrong: widget.NewParagraph("", widget.Style{Size: theme.TextCaption, Color: theme.ColorErrorText})}
	f.every = widget.Row(theme.Gap, widget.Fill(widget.NewText("Every row of the file is sent.", widget.StyleMuted)),
		widget.NewButton(widget.Quiet, "", "Only some rows", f.add))
	f.content = widget.Column(6, f.every, f.lines, f.wrong)
	return f
}

// show brings the rows in line with the mapping.
func (f *filterRows) show() {
	m := f.step.now.draft.Mapping
	for len(f.rows) < len(m.Filter) {
		f.rows = append(f.rows, newConditionRow(f, len(f.rows)))
		f.lines.Add(f.rows[len(f.rows)-1].content)
	}
	for i, r := range f.rows {
		widget.ShowIf(r.content, i < len(m.Filter))
		if i < len(m.Filter) {
			r.bind(m)
		} else {
			r.touched = false
		}
	}
	widget.ShowIf(f.every, len(m.Filter) == 0)
	widget.ShowIf(f.lines, len(m.Filter) > 0)
	f.judge(m)
}

// judge says what is wrong with the conditions; of one whose value nobody has typed
// yet, only what is wanted.
func (f *filterRows) judge(m mapping.Mapping) {
	untyped := false
	var typed []mapping.Condition
	for i, c := range m.Filter {
		if c.Op.Valued() && c.Value == "" && !f.rows[i].touched {
			untyped = true
			continue
		}
		typed = append(typed, c)
	}
	m.Filter = typed
	wrong, bad := failure.From(m.CheckFilter())
	switch {
	case bad:
		f.wrong.SetStyle(widget.Style{Size: theme.TextCaption, Color: theme.ColorErrorText})
		f.wrong.SetText(wrong.Sentence + " " + wrong.Remedy)
	case untyped:
		f.wrong.SetStyle(widget.StyleCaption)
		f.wrong.SetText("Type the value to compare with.")
	}
	widget.ShowIf(f.wrong, bad || untyped)
}

// change changes the conditions; those of a check under way stay as they are.
func (f *filterRows) change(do func(list []mapping.Condition) []mapping.Condition) {
	f.step.change(func(m *mapping.Mapping) {
		if m.Filter = do(slices.Clone(m.Filter)); len(m.Filter) == 0 {
			m.Filter = nil
		}
	})
}

// add adds a condition that can be used as it is.
func (f *filterRows) add() {
	reading := f.step.now.draft.Reading
	f.change(func(list []mapping.Condition) []mapping.Condition {
		return append(list, apply.On(reading, 0, mapping.OpNotBlank, ""))
	})
}

// conditionRow is one condition.
type conditionRow struct {
	filter  *filterRows
	index   int
	binding bool // what is set now is not a person's doing
	touched bool // a person has typed a value

	column  *widget.Select
	op      *widget.Select
	ops     []mapping.Op
	value   *widget.Entry
	typed   fyne.CanvasObject
	more    *widget.Button
	content *fyne.Container
}

func newConditionRow(f *filterRows, index int) *conditionRow {
	r := &conditionRow{filter: f, index: index}
	r.column = widget.NewSelect(nil, "Column", func(i int) { r.edit(func(c *mapping.Condition) { c.From = i }) })
	r.op = widget.NewSelect(nil, "", func(i int) { r.edit(func(c *mapping.Condition) { c.Op = r.ops[i] }) })
	r.value = widget.NewEntry("")
	r.value.OnChanged = func(text string) {
		r.touched = r.touched || !r.binding
		r.edit(func(c *mapping.Condition) { c.Value = text })
	}
	r.typed = widget.Bare(r.value)
	remove := widget.NewIconButton(theme.IconClose, "Remove this condition", func() {
		f.change(func(list []mapping.Condition) []mapping.Condition { return slices.Delete(list, r.index, r.index+1) })
	})
	r.more = widget.NewIconButton(theme.IconAdd, "Add a condition", f.add)
	word := "Only rows where"
	if index > 0 {
		word = "and"
	}
	r.content = container.New(conditionLayout{}, widget.NewText(word, widget.StyleBody), r.column, r.op, r.typed, r.more, remove)
	return r
}

// edit changes the condition of the row, when a person did it.
func (r *conditionRow) edit(change func(c *mapping.Condition)) {
	reading, m := r.filter.step.now.draft.Reading, r.filter.step.now.draft.Mapping
	if r.binding || r.index >= len(m.Filter) {
		return
	}
	r.filter.change(func(list []mapping.Condition) []mapping.Condition {
		c := list[r.index]
		change(&c)
		if ops := mapping.Ops(m.Compared(apply.On(reading, c.From, c.Op, c.Value)).Target.DataType); !slices.Contains(ops, c.Op) {
			c.Op = ops[0]
		}
		list[r.index] = apply.On(reading, c.From, c.Op, c.Value)
		return list
	})
}

// bind shows a condition.
func (r *conditionRow) bind(m mapping.Mapping) {
	c := m.Filter[r.index]
	kind := m.Compared(c).Target.DataType
	r.binding = true
	defer func() { r.binding = false }()
	if columns := r.filter.step.sources[1:]; !slices.Equal(r.column.Inner.Options, columns) {
		r.column.SetOptions(columns)
	}
	r.column.SetSelected(c.From)
	r.ops = mapping.Ops(kind)
	if !slices.Contains(r.ops, c.Op) { // the column has another type now, which is said
		r.ops = append(r.ops, c.Op)
	}
	var words []string
	for _, o := range r.ops {
		words = append(words, o.Words(kind))
	}
	if !slices.Equal(r.op.Inner.Options, words) {
		r.op.SetOptions(words)
	}
	r.op.SetSelected(slices.Index(r.ops, c.Op))
	r.value.SetPlaceHolder(valueHint(kind))
	if c.Op.Valued() && r.value.Text != c.Value {
		r.value.SetText(c.Value)
	}
	widget.ShowIf(r.typed, c.Op.Valued())
	widget.ShowIf(r.more, r.index == len(m.Filter)-1 && len(m.Filter) < mostConditions)
	r.content.Refresh()
}

// valueHint shows how the value of a type is written.
func valueHint(t powerbi.DataType) string {
	switch t {
	case powerbi.String:
		return "Text"
	case powerbi.Boolean:
		return "true or false"
	case powerbi.DateTime:
		return "2026-01-31"
	}
	return "1234.5"
}

// conditionLayout gives the six parts of a condition the same widths in every row.
type conditionLayout struct{}

const (
	conditionWord = 118
	conditionOp   = 150
)

func (conditionLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(conditionWord+conditionOp+2*grid.More+5*grid.Gap+180, max(o[1].MinSize().Height, o[3].MinSize().Height))
}

func (conditionLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := s.Width - conditionWord - conditionOp - 2*grid.More - 5*grid.Gap
	x := float32(0)
	for i, w := range []float32{conditionWord, left * 0.5, conditionOp, left * 0.5, grid.More, grid.More} {
		h := min(o[i].MinSize().Height, s.Height)
		o[i].Resize(fyne.NewSize(w, h))
		o[i].Move(fyne.NewPos(x, (s.Height-h)/2))
		x += w + grid.Gap
	}
}
