package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Reason is one of the choices of a Choices: a title and what it means.
type Reason struct {
	Title string
	About string // one or two sentences; may be ""
	Off   bool   // cannot be chosen now; About should say why
}

// Choices is a decision between a few things that need explaining, one below the
// other, with the chosen one on a tint.
type Choices struct {
	fynewidget.BaseWidget
	OnChanged func(index int)

	items    []*choice
	selected int
	box      *fyne.Container
}

// NewChoices makes one; selected may be -1.
func NewChoices(reasons []Reason, selected int, changed func(index int)) *Choices {
	c := &Choices{OnChanged: changed, selected: selected, box: Column(8)}
	c.ExtendBaseWidget(c)
	c.SetReasons(reasons)
	return c
}

// SetReasons changes what can be chosen and keeps the index chosen.
func (c *Choices) SetReasons(reasons []Reason) {
	c.items = nil
	c.box.Objects = nil
	for i, r := range reasons {
		item := newChoice(r, func() { c.choose(i) }, func(by int) { c.choose(c.selected + by) })
		c.items = append(c.items, item)
		c.box.Add(item)
	}
	c.mark()
	c.Refresh()
}

// Selected is the index chosen, -1 for none.
func (c *Choices) Selected() int { return c.selected }

// SetSelected chooses without calling OnChanged.
func (c *Choices) SetSelected(index int) { c.selected = index; c.mark() }

func (c *Choices) choose(index int) {
	if index < 0 || index >= len(c.items) || c.items[index].off || index == c.selected {
		return
	}
	c.SetSelected(index)
	if c.OnChanged != nil {
		c.OnChanged(index)
	}
}

func (c *Choices) mark() {
	for i, item := range c.items {
		item.selected = i == c.selected
		item.dress()
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Choices) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(c.box) }

// choice is one of them.
type choice struct {
	fynewidget.BaseWidget
	tapped                     func()
	move                       func(by int)
	title                      string
	off                        bool
	selected, hovered, focused bool
	back                       *Rect
	ring                       *radio
	name                       *Text
	box                        fyne.CanvasObject
}

func newChoice(r Reason, tapped func(), move func(int)) *choice {
	c := &choice{tapped: tapped, move: move, title: r.Title, off: r.Off, back: NewRect("", theme.ColorHairline, 8), ring: newRadio(), name: NewCut(r.Title, StyleStrong)}
	words := Column(2, c.name)
	if r.About != "" {
		words.Add(NewParagraph(r.About, StyleMuted))
	}
	c.box = container.NewStack(c.back, Margins(10, 12, 10, 12, TopRow(10, Margins(1, 0, 0, 0, c.ring), Fill(words))))
	c.ExtendBaseWidget(c)
	c.dress()
	return c
}

func (c *choice) dress() {
	fill, stroke, width, style := fyne.ThemeColorName(""), theme.ColorHairline, float32(1), StyleStrong
	if c.hovered && !c.off {
		fill = fynetheme.ColorNameHover
	}
	if c.selected {
		fill, stroke = theme.ColorSelected, fynetheme.ColorNamePrimary
	}
	if c.focused {
		stroke, width = theme.ColorFocusRing, 2
	}
	if c.off {
		style.Color = fynetheme.ColorNameDisabled
	}
	c.back.Width = width
	c.back.SetColors(fill, stroke)
	c.back.Refresh()
	c.name.SetStyle(style)
	c.ring.set(c.selected)
}

func (c *choice) Tapped(*fyne.PointEvent)        { c.tapped() }
func (c *choice) FocusGained()                   { c.focused = true; c.dress() }
func (c *choice) FocusLost()                     { c.focused = false; c.dress() }
func (c *choice) TypedRune(rune)                 {}
func (c *choice) MouseIn(*desktop.MouseEvent)    { c.hovered = true; c.dress() }
func (c *choice) MouseMoved(*desktop.MouseEvent) {}
func (c *choice) MouseOut()                      { c.hovered = false; c.dress() }

// TypedKey chooses with Space, and moves the choice with the arrow keys.
func (c *choice) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace:
		c.tapped()
	case fyne.KeyUp:
		c.move(-1)
	case fyne.KeyDown:
		c.move(1)
	default:
		PassKey(c, e)
	}
}

// AccessibilityLabel says what is chosen.
func (c *choice) AccessibilityLabel() string { return c.title }

// AccessibilityRole says that it is pressed.
func (c *choice) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (c *choice) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(c.box) }

// radio is the small circle of a choice.
type radio struct {
	fynewidget.BaseWidget
	on          bool
	circle, dot *canvas.Circle
}

func newRadio() *radio {
	r := &radio{circle: canvas.NewCircle(nil), dot: canvas.NewCircle(nil)}
	r.ExtendBaseWidget(r)
	return r
}

func (r *radio) set(on bool) { r.on = on; r.Refresh() }

func (r *radio) MinSize() fyne.Size { return fyne.NewSquareSize(18) }

func (r *radio) CreateRenderer() fyne.WidgetRenderer {
	d := &radioRenderer{r}
	d.Refresh()
	return d
}

type radioRenderer struct{ r *radio }

func (d *radioRenderer) Destroy()           {}
func (d *radioRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(18) }
func (d *radioRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{d.r.circle, d.r.dot}
}

func (d *radioRenderer) Layout(fyne.Size) {
	d.r.circle.Resize(fyne.NewSquareSize(16))
	d.r.circle.Move(fyne.NewPos(1, 1))
	d.r.dot.Resize(fyne.NewSquareSize(8))
	d.r.dot.Move(fyne.NewPos(5, 5))
}

func (d *radioRenderer) Refresh() {
	d.r.circle.FillColor = theme.Color(fynetheme.ColorNameInputBackground)
	d.r.circle.StrokeWidth = 1.5
	d.r.circle.StrokeColor = theme.Color(fynetheme.ColorNameInputBorder)
	d.r.dot.Hidden = !d.r.on
	d.r.dot.FillColor = theme.Color(fynetheme.ColorNamePrimary)
	if d.r.on {
		d.r.circle.StrokeColor = theme.Color(fynetheme.ColorNamePrimary)
	}
	d.r.circle.Refresh()
	d.r.dot.Refresh()
}
