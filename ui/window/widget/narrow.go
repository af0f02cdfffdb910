package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// HeadRow puts objects at the right of a first one that gets the room that is left. Where
// that is less than least, they go into a line of their own below it.
func HeadRow(gap, least float32, first fyne.CanvasObject, others ...fyne.CanvasObject) *fyne.Container {
	return container.New(&headRow{gap: gap, least: least}, first, Row(gap, others...))
}

// headRow remembers the width it was given: how high it is depends on it.
type headRow struct{ gap, least, width float32 }

// left is the room for the first object beside the others, and whether it is enough.
func (h *headRow) left(o []fyne.CanvasObject, width float32) (left float32, enough bool) {
	left = width - o[1].MinSize().Width - h.gap
	return left, left >= h.least
}

func (h *headRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	width := max(a.Width, b.Width)
	if _, enough := h.left(o, h.width); h.width == 0 || enough {
		return fyne.NewSize(width, max(a.Height, b.Height))
	}
	return fyne.NewSize(width, a.Height+h.gap+b.Height)
}

func (h *headRow) Layout(o []fyne.CanvasObject, size fyne.Size) {
	h.width = size.Width
	left, enough := h.left(o, size.Width)
	others := o[1].MinSize()
	if !enough {
		settle(o[0], size.Width)
		o[0].Move(fyne.Position{})
		o[1].Resize(fyne.NewSize(min(others.Width, size.Width), others.Height))
		o[1].Move(fyne.NewPos(0, o[0].Size().Height+h.gap))
		return
	}
	settle(o[0], left)
	o[0].Move(fyne.NewPos(0, max((size.Height-o[0].Size().Height)/2, 0)))
	o[1].Resize(others)
	o[1].Move(fyne.NewPos(size.Width-others.Width, max((size.Height-others.Height)/2, 0)))
}

// EvenOrStacked is Even where the objects have room side by side, and a Column where
// they have not.
func EvenOrStacked(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&evenOrStacked{even: even{gap}, column: column{gap}}, objects...)
}

type evenOrStacked struct {
	even   even
	column column
	width  float32 // that it was given
}

func (e *evenOrStacked) fits(o []fyne.CanvasObject) bool { return e.width >= e.even.MinSize(o).Width }

func (e *evenOrStacked) MinSize(o []fyne.CanvasObject) fyne.Size {
	stacked := e.column.MinSize(o)
	if e.width == 0 || e.fits(o) {
		return fyne.NewSize(stacked.Width, e.even.MinSize(o).Height)
	}
	return stacked
}

func (e *evenOrStacked) Layout(o []fyne.CanvasObject, size fyne.Size) {
	e.width = size.Width
	if e.fits(o) {
		e.even.Layout(o, size)
		return
	}
	e.column.Layout(o, size)
}
