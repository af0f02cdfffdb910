package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"
)

// Scrolled is content that scrolls as a whole. The wheel turns it wherever the
// pointer is: Fyne's entries would keep the wheel for themselves even where they
// have nothing to scroll, and a long form would stand still under it.
type Scrolled struct {
	fynewidget.BaseWidget
	inner *container.Scroll
	own   []Wheeled
}

// Wheeled is something in a Scrolled that scrolls by itself.
type Wheeled interface {
	fyne.CanvasObject
	fyne.Scrollable
}

// Gutter is the room at the right of a Scrolled that belongs to the scroll bar, so that
// it never lies on what is scrolled.
const Gutter = 14

// NewScrolled makes one; the wheel over one of own is that one's.
func NewScrolled(content fyne.CanvasObject, own ...Wheeled) *Scrolled {
	s := &Scrolled{inner: container.NewVScroll(Margins(0, Gutter, 0, 0, content)), own: own}
	s.ExtendBaseWidget(s)
	return s
}

// ToTop goes back to the beginning.
func (s *Scrolled) ToTop() { s.inner.ScrollToTop() }

// Offset is how far it is scrolled down.
func (s *Scrolled) Offset() float32 { return s.inner.Offset.Y }

// CreateRenderer implements fyne.Widget.
func (s *Scrolled) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(container.NewStack(container.NewThemeOverride(s.inner, softEdges{}), newWheel(s)))
}

// wheel lies over the content and takes nothing but the wheel.
type wheel struct {
	fynewidget.BaseWidget
	of *Scrolled
}

func newWheel(of *Scrolled) *wheel {
	w := &wheel{of: of}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled hands the wheel to what it belongs to.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	d := fyne.CurrentApp().Driver()
	for _, o := range w.of.own {
		place := d.AbsolutePositionForObject(o)
		if place.IsZero() {
			continue // it is hidden with what is around it, and keeps the size it had
		}
		at := e.AbsolutePosition.Subtract(place)
		if s := o.Size(); o.Visible() && at.X >= 0 && at.Y >= 0 && at.X < s.Width && at.Y < s.Height {
			own := *e
			own.Position = at
			o.Scrolled(&own)
			return
		}
	}
	w.of.inner.Scrolled(e)
}

func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(container.NewWithoutLayout())
}

// WheelOver lets the wheel turn a list wherever the pointer is on it: Fyne's entries
// in its rows would keep the wheel for themselves.
func WheelOver(l *fynewidget.List) fyne.CanvasObject {
	w := &listWheel{of: l}
	w.ExtendBaseWidget(w)
	return container.NewStack(l, w)
}

type listWheel struct {
	fynewidget.BaseWidget
	of *fynewidget.List
}

// Scrolled turns the list.
func (w *listWheel) Scrolled(e *fyne.ScrollEvent) {
	w.of.ScrollToOffset(w.of.GetScrollOffset() - e.Scrolled.DY)
}

func (w *listWheel) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(container.NewWithoutLayout())
}

// softEdges is the theme in use with hardly a shadow where content is cut off.
type softEdges struct{}

func (softEdges) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if n == fynetheme.ColorNameShadow {
		return color.NRGBA{A: 0x10}
	}
	return current().Color(n, v)
}
func (softEdges) Font(s fyne.TextStyle) fyne.Resource     { return current().Font(s) }
func (softEdges) Icon(n fyne.ThemeIconName) fyne.Resource { return current().Icon(n) }
func (softEdges) Size(n fyne.ThemeSizeName) float32       { return current().Size(n) }
