package widget

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// RowChip is a chip of a row.
type RowChip struct {
	Tone Tone
	Icon theme.Icon
	Word string
}

// RowData is one row of a Rows: a title with a state at its right, a second line,
// and chips, of which those are shown that fit.
type RowData struct {
	Title   string
	State   RowChip // shown as icon and word without a tint; no Word shows none
	Caption string
	Chips   []RowChip
	Tick    Tick
}

func (d RowData) equal(o RowData) bool {
	return d.Title == o.Title && d.State == o.State && d.Caption == o.Caption && d.Tick == o.Tick && slices.Equal(d.Chips, o.Chips)
}

// Tick is the box at the left of a row.
type Tick int

const (
	NoTick Tick = iota // there is none
	Unticked
	Ticked
)

// rowChips is how many chips a row has at most.
const rowChips = 5

// Rows is a list of any length of which one row can be chosen. Choosing it by
// code does not call back.
type Rows struct {
	fynewidget.BaseWidget
	list     *rowList
	template *rowItem // as high as every row
	count    func() int
	at       func(int) RowData
	chosen   func(int)
	ticks    bool // rows are ticked, not chosen
	selected int
	marked   int // the row that Fyne's list takes for the chosen one, -1 for none
	focused  bool
	quiet    bool
	drawn    map[*rowItem]int // which row each item shows
	headings map[int]string   // above the rows that begin a group
	tall     map[int]bool     // the rows that have room for a heading
}

// SetHeadings puts a heading above each row that begins a group, before the rows are
// asked for again. The keyboard and clicks know rows only.
func (r *Rows) SetHeadings(headings map[int]string) {
	r.headings = headings
	row := r.template.MinSize().Height
	for i := range r.tall {
		if headings[i] == "" {
			delete(r.tall, i)
			r.list.SetItemHeight(i, row)
		}
	}
	for i := range headings {
		if !r.tall[i] {
			r.tall[i] = true
			r.list.SetItemHeight(i, row+r.template.headingHeight())
		}
	}
}

// NewRows makes a list; chosen is called when a person chooses a row. Lines says
// what every row has room for: a caption, chips, or both.
func NewRows(count func() int, at func(int) RowData, caption, chips bool, chosen func(int)) *Rows {
	r := &Rows{count: count, at: at, chosen: chosen, selected: -1, marked: -1, template: newRowItem(caption, chips), drawn: map[*rowItem]int{}, tall: map[int]bool{}}
	r.list = newRowList(r, func() fyne.CanvasObject { return newRowItem(caption, chips) })
	r.list.OnUnselected = func(fynewidget.ListItemID) { r.marked = -1 }
	r.list.OnSelected = func(i fynewidget.ListItemID) {
		before := r.selected
		r.selected, r.marked = i, i
		if r.quiet {
			return
		}
		r.ReloadRow(before)
		r.ReloadRow(i)
		r.chosen(i)
		if r.ticks {
			r.list.UnselectAll() // so that the next click on it counts
			r.ReloadRow(i)
		}
	}
	r.ExtendBaseWidget(r)
	return r
}

// NewTicks makes a list whose rows are ticked: toggled is called for a click on a
// row, and for Space on the row that the arrow keys lead to.
func NewTicks(count func() int, at func(int) RowData, caption, chips bool, toggled func(int)) *Rows {
	r := NewRows(count, at, caption, chips, toggled)
	r.ticks = true
	return r
}

// Selected is the chosen row, -1 for none.
func (r *Rows) Selected() int { return r.selected }

// Select asks for all rows again, chooses one and brings it into sight; -1 chooses
// none. It does so in one go: Fyne's list makes a new row to measure, and draws all
// rows, each time that it is asked for anything.
func (r *Rows) Select(i int) {
	r.quiet = true
	defer func() { r.quiet = false }()
	if i < 0 || i >= r.count() {
		i = -1
	}
	r.selected = i
	switch {
	case i < 0 || r.Size().Height == 0: // a list without a size would scroll past the row
		if r.marked >= 0 {
			r.list.UnselectAll()
		} else {
			r.list.Refresh()
		}
	case r.ticks || i == r.marked:
		r.list.ScrollTo(i)
	default:
		r.list.Select(i)
	}
}

// Keys is what the keyboard is on when it is on the list.
func (r *Rows) Keys() fyne.Focusable { return r.list }

// Resize brings a row into sight that was chosen before the list had a size.
func (r *Rows) Resize(s fyne.Size) {
	first := r.Size().Height == 0 && s.Height > 0
	r.BaseWidget.Resize(s)
	if first && r.selected >= 0 {
		r.Select(r.selected)
	}
}

// Choose does what a click on a row does.
func (r *Rows) Choose(i int) { r.list.UnselectAll(); r.list.Select(i) }

// Reload asks for all rows again.
func (r *Rows) Reload() { r.list.Refresh() }

// ReloadRow asks for one row again.
func (r *Rows) ReloadRow(i int) {
	for item, at := range r.drawn {
		if at == i && i < r.count() {
			r.draw(i, item)
		}
	}
}

func (r *Rows) draw(i int, item *rowItem) {
	r.drawn[item] = i
	chosen := i == r.selected
	item.head(r.headings[i])
	item.set(r.at(i), chosen && !r.ticks, chosen && r.focused)
}

// HeightOf is how high n rows are, for a list that is shown whole.
func (r *Rows) HeightOf(n int) float32 {
	return float32(n)*(r.template.MinSize().Height+fynetheme.Padding()) - fynetheme.Padding()
}

// CreateRenderer implements fyne.Widget.
func (r *Rows) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(container.NewThemeOverride(r.list, listTheme{}))
}

// listTheme leaves it to each row to show that it is chosen: Fyne's mark would lie under
// the heading of a group, too.
type listTheme struct{ softEdges }

func (l listTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if n == fynetheme.ColorNameSelection {
		return color.Transparent
	}
	return l.softEdges.Color(n, v)
}

type rowItem struct {
	fynewidget.BaseWidget
	back    *Rect
	tick    *Glyph
	title   *Text
	glyph   *Glyph
	word    *Text
	caption *Text
	chips   [rowChips]*Chip
	line    *fyne.Container
	box     *fyne.Container
	heading *Text
	above   *fyne.Container // holds the heading
	whole   *fyne.Container

	now               RowData // what it shows
	selected, focused bool
	told              bool // it was told what to show
}

func newRowItem(caption, chips bool) *rowItem {
	r := &rowItem{
		back: NewRect("", "", theme.RadiusInput), title: NewCut("Title", StyleStrong),
		tick:  NewGlyph(theme.IconUnticked, theme.ColorMuted, 20),
		glyph: NewGlyph(theme.IconPass, theme.ColorMuted, 16), word: NewText("", Style{Size: theme.TextCaption, Bold: true}),
		caption: NewCut("Caption", StyleCaption),
	}
	r.back.Width = 2
	r.line = Row(6)
	for i := range r.chips {
		r.chips[i] = NewChip(Neutral, theme.IconInfo, "Chip")
		r.line.Add(r.chips[i])
	}
	lines := []fyne.CanvasObject{Row(6, Fill(r.title), r.glyph, r.word)}
	if caption {
		lines = append(lines, r.caption)
	}
	if chips {
		lines = append(lines, Margins(4, 0, 0, 0, container.New(clipped{}, r.line)))
	}
	r.box = container.NewStack(r.back, Margins(10, 12, 10, 12, TopRow(10, r.tick, Fill(Column(3, lines...)))))
	r.heading = NewCut("", StyleLabel)
	r.above = Margins(10, 12, 4, 12, r.heading)
	r.above.Hide()
	r.whole = Under(r.above, r.box)
	r.ExtendBaseWidget(r)
	return r
}

// clipped lets a line of chips be narrower than the chips ask for: the last ones
// are hidden then.
type clipped struct{}

// MinSize is as high as a chip, also while all of them are hidden: the list asks
// once, of a row that may have been laid out without any room.
func (clipped) MinSize(o []fyne.CanvasObject) fyne.Size {
	var height float32
	for _, chip := range o[0].(*fyne.Container).Objects {
		height = max(height, chip.MinSize().Height)
	}
	return fyne.NewSize(40, height)
}

func (clipped) Layout(o []fyne.CanvasObject, size fyne.Size) {
	line := o[0].(*fyne.Container)
	var x float32
	for _, c := range line.Objects {
		chip := c.(*Chip)
		w := chip.MinSize().Width
		if chip.Text() != "" && x+w <= size.Width {
			chip.Show()
			x += w + 6
		} else {
			chip.Hide()
		}
	}
	line.Resize(size)
	line.Layout.Layout(line.Objects, size)
}

// headingHeight is the room that a heading takes.
func (r *rowItem) headingHeight() float32 { return r.above.MinSize().Height }

// head shows a heading above the row, or none.
func (r *rowItem) head(text string) {
	if text == r.heading.Text() && r.above.Visible() == (text != "") {
		return
	}
	r.heading.SetText(text)
	ShowIf(r.above, text != "")
	r.whole.Refresh()
}

func (r *rowItem) set(d RowData, selected, focused bool) {
	if r.told && r.selected == selected && r.focused == focused && r.now.equal(d) {
		return
	}
	r.now, r.selected, r.focused, r.told = d, selected, focused, true
	var fill, stroke fyne.ThemeColorName
	if selected {
		fill = theme.ColorSelected
	}
	if focused {
		stroke = theme.ColorFocusRing
	}
	r.back.SetColors(fill, stroke)
	ShowIf(r.tick, d.Tick != NoTick)
	if d.Tick == Ticked {
		r.tick.Set(theme.IconTicked, fynetheme.ColorNamePrimary)
	} else {
		r.tick.Set(theme.IconUnticked, theme.ColorMuted)
	}
	r.title.SetText(d.Title)
	ShowIf(r.glyph, d.State.Word != "")
	ShowIf(r.word, d.State.Word != "")
	if d.State.Word != "" {
		ink := d.State.Tone.ink()
		r.glyph.Set(d.State.Icon, ink)
		r.word.SetStyle(Style{Size: theme.TextCaption, Bold: true, Color: ink})
		r.word.SetText(d.State.Word)
	}
	r.caption.SetText(d.Caption)
	for i, c := range r.chips {
		if i < len(d.Chips) {
			c.Set(d.Chips[i].Tone, d.Chips[i].Icon, d.Chips[i].Word)
		} else {
			c.Set(Neutral, "", "")
		}
	}
	r.box.Refresh()
}

func (r *rowItem) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(r.whole)
}

// rowList is Fyne's list with the keys of every other list: the arrows choose,
// where Fyne's move a mark that Space makes the choice.
type rowList struct {
	fynewidget.List
	rows *Rows
}

func newRowList(rows *Rows, create func() fyne.CanvasObject) *rowList {
	l := &rowList{rows: rows}
	l.Length = rows.count
	l.CreateItem = create
	l.UpdateItem = func(i fynewidget.ListItemID, o fyne.CanvasObject) {
		rows.draw(i, o.(*rowItem))
	}
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

// FocusGained and FocusLost implement fyne.Focusable.
func (l *rowList) FocusGained() { l.focus(true) }
func (l *rowList) FocusLost()   { l.focus(false) }

func (l *rowList) focus(on bool) {
	l.rows.focused = on
	if l.rows.selected >= 0 {
		l.rows.ReloadRow(l.rows.selected)
	}
}

// TypedKey chooses another row.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	last, to := l.rows.count()-1, l.rows.selected
	switch e.Name {
	case fyne.KeyDown:
		to++
	case fyne.KeyUp:
		to--
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = last
	case fyne.KeyPageDown:
		to += l.page()
	case fyne.KeyPageUp:
		to -= l.page()
	case fyne.KeySpace:
		if l.rows.ticks && to >= 0 {
			l.rows.chosen(to)
			l.rows.ReloadRow(to)
		}
		return
	default:
		PassKey(l, e)
		return
	}
	if to = min(max(to, 0), last); to < 0 || to == l.rows.selected {
		return
	}
	if l.rows.ticks {
		l.rows.Select(to)
		return
	}
	l.rows.Choose(to)
}

// page is how many rows are in sight.
func (l *rowList) page() int {
	return max(int(l.Size().Height/l.rows.template.MinSize().Height)-1, 1)
}
