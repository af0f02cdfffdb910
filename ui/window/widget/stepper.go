package widget

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Stepper shows where one is in a fixed row of steps. Finished steps carry a
// tick and can be clicked to go back to.
type Stepper struct {
	fynewidget.BaseWidget
	OnTapped func(step int) // only for steps that may be gone to

	steps   []*step
	current int
	reached int // steps up to here are finished or open
}

// NewStepper makes one; the first step is open.
func NewStepper(tapped func(step int), names ...string) *Stepper {
	s := &Stepper{OnTapped: tapped}
	for i, name := range names {
		p := &step{owner: s, index: i, name: name}
		p.ExtendBaseWidget(p)
		s.steps = append(s.steps, p)
	}
	s.ExtendBaseWidget(s)
	return s
}

// Set makes current the open step; steps up to reached can be gone to.
func (s *Stepper) Set(current, reached int) {
	s.current, s.reached = current, max(current, reached)
	s.Refresh()
}

// Current is the open step.
func (s *Stepper) Current() int { return s.current }

func (s *Stepper) open(i int) bool { return i <= s.reached && i != s.current }

// CreateRenderer implements fyne.Widget.
func (s *Stepper) CreateRenderer() fyne.WidgetRenderer {
	var objects []fyne.CanvasObject
	for i, p := range s.steps {
		if i > 0 {
			line := NewRect(theme.ColorHairline, "", 0)
			line.SetMinSize(fyne.NewSize(4, 2))
			objects = append(objects, Fill(line))
		}
		objects = append(objects, p)
	}
	return fynewidget.NewSimpleRenderer(Row(theme.Gap, objects...))
}

// step is one circle with its name.
type step struct {
	fynewidget.BaseWidget
	owner            *Stepper
	index            int
	name             string
	hovered, focused bool
}

func (p *step) Tapped(*fyne.PointEvent) {
	if p.owner.open(p.index) && p.owner.OnTapped != nil {
		p.owner.OnTapped(p.index)
	}
}

func (p *step) FocusGained()   { p.focused = true; p.Refresh() }
func (p *step) FocusLost()     { p.focused = false; p.Refresh() }
func (p *step) TypedRune(rune) {}
func (p *step) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn {
		p.Tapped(nil)
		return
	}
	PassKey(p, e)
}

func (p *step) MouseIn(*desktop.MouseEvent)    { p.hovered = true; p.Refresh() }
func (p *step) MouseMoved(*desktop.MouseEvent) {}
func (p *step) MouseOut()                      { p.hovered = false; p.Refresh() }

// Cursor is a hand where a click does something.
func (p *step) Cursor() desktop.Cursor {
	if p.owner.open(p.index) {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

func (p *step) CreateRenderer() fyne.WidgetRenderer {
	r := &stepRenderer{
		p: p, circle: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil),
		number: canvas.NewText("", nil), name: canvas.NewText("", nil),
		tick: NewGlyph(theme.IconTick, fynetheme.ColorNameForegroundOnPrimary, 16),
	}
	r.Refresh()
	return r
}

type stepRenderer struct {
	p            *step
	circle, ring *canvas.Rectangle
	number, name *canvas.Text
	tick         *Glyph
}

const circleSize = 26

func (r *stepRenderer) Destroy() {}
func (r *stepRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.circle, r.number, r.tick, r.name}
}

func (r *stepRenderer) MinSize() fyne.Size {
	w := fyne.MeasureText(r.p.name, theme.TextBody, fyne.TextStyle{Bold: true}).Width
	return fyne.NewSize(circleSize+8+w+4, 32)
}

func (r *stepRenderer) Layout(s fyne.Size) {
	y := (s.Height - circleSize) / 2
	r.ring.Resize(s.Add(fyne.NewSize(8, 2)))
	r.ring.Move(fyne.NewPos(-4, -1))
	r.circle.Resize(fyne.NewSquareSize(circleSize))
	r.circle.Move(fyne.NewPos(0, y))
	h := r.number.MinSize().Height
	r.number.Resize(fyne.NewSize(circleSize, h))
	r.number.Move(fyne.NewPos(0, (s.Height-h)/2))
	r.tick.Resize(fyne.NewSquareSize(16))
	r.tick.Move(fyne.NewPos((circleSize-16)/2, (s.Height-16)/2))
	h = r.name.MinSize().Height
	r.name.Resize(fyne.NewSize(s.Width-circleSize-8, h))
	r.name.Move(fyne.NewPos(circleSize+8, (s.Height-h)/2))
}

func (r *stepRenderer) Refresh() {
	p := r.p
	current, done := p.index == p.owner.current, p.index < p.owner.current || p.owner.open(p.index) && p.index < p.owner.reached
	fill, stroke, ink, name := fyne.ThemeColorName(""), fynetheme.ColorNameInputBorder, theme.ColorMuted, theme.ColorMuted
	switch {
	case current:
		fill, stroke, ink, name = fynetheme.ColorNamePrimary, "", fynetheme.ColorNameForegroundOnPrimary, fynetheme.ColorNameForeground
	case done:
		fill, stroke, name = theme.ColorSuccessTint, "", fynetheme.ColorNameForeground
	case p.owner.open(p.index):
		name = fynetheme.ColorNameForeground
	}
	paint(r.circle, fill, stroke)
	r.circle.CornerRadius = circleSize / 2
	ring := fyne.ThemeColorName("")
	if p.focused {
		ring = theme.ColorFocusRing
	}
	under := fyne.ThemeColorName("")
	if p.hovered && p.owner.open(p.index) {
		under = fynetheme.ColorNameHover
	}
	paint(r.ring, under, ring)
	r.number.Text, r.number.TextSize, r.number.Alignment = strconv.Itoa(p.index+1), 13, fyne.TextAlignCenter
	r.number.TextStyle.Bold, r.number.Color = true, theme.Color(ink)
	r.number.Hidden = done && !current
	r.tick.Hidden = !r.number.Hidden
	r.tick.Set(theme.IconTick, theme.ColorSuccessText)
	r.name.Text, r.name.TextSize, r.name.Color = p.name, theme.TextBody, theme.Color(name)
	r.name.TextStyle.Bold = current
	r.Layout(p.Size())
	canvas.Refresh(p)
}
