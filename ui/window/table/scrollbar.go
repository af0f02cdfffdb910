package table

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/widget"
)

// scrollbar is a thumb in a corner of the grid.
type scrollbar struct {
	fynewidget.BaseWidget
	g       *view
	scroll  func(x, y float64)
	across  bool
	hovered bool
	thumb   *widget.Rect
	grip    float32 // where on the thumb the drag began
	dragged bool
}

func newScrollbar(g *view, across bool, scroll func(x, y float64)) *scrollbar {
	s := &scrollbar{g: g, scroll: scroll, across: across, thumb: widget.NewRect(fynetheme.ColorNameScrollBar, "", 3)}
	s.ExtendBaseWidget(s)
	return s
}

func (s *scrollbar) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(layer(s.thumb))
}

// measure is the bar's length, the thumb's length, the scroll position and its most.
func (s *scrollbar) measure() (length, thumb, at, most float64) {
	maxX, maxY := s.g.room()
	view := s.g.inner()
	if s.across {
		length, at, most = float64(s.Size().Width), s.g.x, maxX
		thumb = length * float64(view.Width) / (float64(view.Width) + maxX)
	} else {
		length, at, most = float64(s.Size().Height), s.g.y, maxY
		thumb = length * float64(view.Height) / (float64(view.Height) + maxY)
	}
	return length, max(thumb, 32), at, most
}

func (s *scrollbar) place() {
	length, thumb, at, most := s.measure()
	if most <= 0 || length <= thumb {
		s.Hide()
		return
	}
	s.Show()
	along, thick, inset := float32((length-thumb)*at/most), float32(5), float32(3)
	if s.hovered || s.dragged {
		thick, inset = 8, 1
	}
	s.thumb.Radius = thick / 2
	if s.across {
		s.thumb.Move(fyne.NewPos(along, inset))
		s.thumb.Resize(fyne.NewSize(float32(thumb), thick))
	} else {
		s.thumb.Move(fyne.NewPos(inset, along))
		s.thumb.Resize(fyne.NewSize(thick, float32(thumb)))
	}
	s.thumb.Refresh()
}

func (s *scrollbar) along(p fyne.Position) float64 {
	if s.across {
		return float64(p.X)
	}
	return float64(p.Y)
}

func (s *scrollbar) to(at float64) {
	if s.across {
		s.scroll(at, s.g.y)
	} else {
		s.scroll(s.g.x, at)
	}
}

// Tapped beside the thumb goes there.
func (s *scrollbar) Tapped(e *fyne.PointEvent) {
	length, thumb, _, most := s.measure()
	s.to((s.along(e.Position) - thumb/2) / (length - thumb) * most)
}

// Dragged moves the thumb with the pointer.
func (s *scrollbar) Dragged(e *fyne.DragEvent) {
	length, thumb, at, most := s.measure()
	if most <= 0 || length <= thumb {
		return
	}
	start := (length - thumb) * at / most
	if !s.dragged {
		before := s.along(e.Position.Subtract(fyne.NewPos(e.Dragged.DX, e.Dragged.DY)))
		s.dragged, s.grip = true, float32(min(max(before-start, 0), thumb))
	}
	s.to((s.along(e.Position) - float64(s.grip)) / (length - thumb) * most)
}

// DragEnd implements fyne.Draggable.
func (s *scrollbar) DragEnd() { s.dragged = false; s.place() }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (s *scrollbar) MouseIn(*desktop.MouseEvent)    { s.hovered = true; s.place() }
func (s *scrollbar) MouseMoved(*desktop.MouseEvent) {}
func (s *scrollbar) MouseOut()                      { s.hovered = false; s.place() }
