package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Option is one choice of a Segmented.
type Option struct {
	Icon theme.Icon // may be ""
	Word string
}

// Segmented is a choice between a few things that are all in sight.
type Segmented struct {
	fynewidget.BaseWidget
	OnChanged func(index int)

	options  []Option
	selected int
	hovered  int
	focused  bool
}

var (
	_ fyne.Focusable    = (*Segmented)(nil)
	_ fyne.Tappable     = (*Segmented)(nil)
	_ desktop.Hoverable = (*Segmented)(nil)
)

// NewSegmented makes one.
func NewSegmented(options []Option, selected int, changed func(index int)) *Segmented {
	s := &Segmented{options: options, selected: selected, hovered: -1, OnChanged: changed}
	s.ExtendBaseWidget(s)
	return s
}

// Selected is the index chosen.
func (s *Segmented) Selected() int { return s.selected }

// SetSelected chooses without calling OnChanged.
func (s *Segmented) SetSelected(index int) {
	if index >= 0 && index < len(s.options) && index != s.selected {
		s.selected = index
		s.Refresh()
	}
}

func (s *Segmented) choose(index int) {
	if index < 0 || index >= len(s.options) || index == s.selected {
		return
	}
	s.SetSelected(index)
	if s.OnChanged != nil {
		s.OnChanged(index)
	}
}

func (s *Segmented) width(i int) float32 {
	w := fyne.MeasureText(s.options[i].Word, theme.TextBody, fyne.TextStyle{Bold: true}).Width + 2*buttonPad
	if s.options[i].Icon != "" {
		w += 16 + theme.GapSmall
	}
	return w
}

func (s *Segmented) at(x float32) int {
	for i := range s.options {
		if x -= s.width(i); x < 0 {
			return i
		}
	}
	return -1
}

// Tapped chooses what was clicked.
func (s *Segmented) Tapped(e *fyne.PointEvent) { s.choose(s.at(e.Position.X)) }

// FocusGained and FocusLost implement fyne.Focusable.
func (s *Segmented) FocusGained() { s.focused = true; s.Refresh() }
func (s *Segmented) FocusLost()   { s.focused = false; s.Refresh() }

// TypedRune implements fyne.Focusable.
func (s *Segmented) TypedRune(rune) {}

// TypedKey moves the choice with the arrow keys.
func (s *Segmented) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		s.choose(s.selected - 1)
	case fyne.KeyRight, fyne.KeyDown:
		s.choose(s.selected + 1)
	default:
		PassKey(s, e)
	}
}

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (s *Segmented) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }
func (s *Segmented) MouseMoved(e *desktop.MouseEvent) {
	if i := s.at(e.Position.X); i != s.hovered {
		s.hovered = i
		s.Refresh()
	}
}
func (s *Segmented) MouseOut() { s.hovered = -1; s.Refresh() }

// CreateRenderer implements fyne.Widget.
func (s *Segmented) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentedRenderer{s: s, back: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	r.objects = append(r.objects, r.back)
	for range s.options {
		c := segment{canvas.NewRectangle(nil), NewGlyph(theme.IconInfo, theme.ColorMuted, 16), canvas.NewText("", nil)}
		r.segments = append(r.segments, c)
		r.objects = append(r.objects, c.back, c.glyph, c.text)
	}
	r.objects = append(r.objects, r.ring)
	r.Refresh()
	return r
}

type segment struct {
	back  *canvas.Rectangle
	glyph *Glyph
	text  *canvas.Text
}

type segmentedRenderer struct {
	s          *Segmented
	back, ring *canvas.Rectangle
	segments   []segment
	objects    []fyne.CanvasObject
}

func (r *segmentedRenderer) Destroy()                     {}
func (r *segmentedRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *segmentedRenderer) MinSize() fyne.Size {
	var w float32
	for i := range r.s.options {
		w += r.s.width(i)
	}
	return fyne.NewSize(w, buttonHeight)
}

func (r *segmentedRenderer) Layout(size fyne.Size) {
	width := r.MinSize().Width
	r.back.Resize(fyne.NewSize(width, size.Height))
	r.ring.Resize(fyne.NewSize(width+4, size.Height+4))
	r.ring.Move(fyne.NewPos(-2, -2))
	var x float32
	for i, c := range r.segments {
		w := r.s.width(i)
		c.back.Resize(fyne.NewSize(w-6, size.Height-6))
		c.back.Move(fyne.NewPos(x+3, 3))
		tx := x + buttonPad
		if r.s.options[i].Icon != "" {
			c.glyph.Resize(fyne.NewSquareSize(16))
			c.glyph.Move(fyne.NewPos(tx, (size.Height-16)/2))
			tx += 16 + theme.GapSmall
		}
		h := c.text.MinSize().Height
		c.text.Resize(fyne.NewSize(w, h))
		c.text.Move(fyne.NewPos(tx, (size.Height-h)/2))
		x += w
	}
}

func (r *segmentedRenderer) Refresh() {
	paint(r.back, theme.ColorSurface, fynetheme.ColorNameInputBorder)
	ring := fyne.ThemeColorName("")
	if r.s.focused {
		ring = theme.ColorFocusRing
	}
	paint(r.ring, "", ring)
	r.ring.StrokeWidth, r.ring.CornerRadius = 2, theme.RadiusInput+2
	for i, c := range r.segments {
		fill, ink := fyne.ThemeColorName(""), theme.ColorMuted
		if i == r.s.hovered {
			fill = fynetheme.ColorNameHover
		}
		if i == r.s.selected {
			fill, ink = theme.ColorSelected, fynetheme.ColorNamePrimary
		}
		paint(c.back, fill, "")
		c.back.CornerRadius = theme.RadiusInput - 2
		c.text.Text, c.text.TextSize = r.s.options[i].Word, theme.TextBody
		c.text.TextStyle = fyne.TextStyle{Bold: i == r.s.selected}
		c.text.Color = theme.Color(ink)
		c.glyph.Hidden = r.s.options[i].Icon == ""
		if !c.glyph.Hidden {
			c.glyph.Set(r.s.options[i].Icon, ink)
		}
	}
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
