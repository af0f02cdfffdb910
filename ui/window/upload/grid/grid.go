// Package grid lays out the rows of the columns of an upload, all in the same way.
package grid

import "fyne.io/fyne/v2"

// Sample puts the value above what is said about it, or above the question
// how it is read, and both in the middle. Two lines always have room, so that all
// rows are equally high.
type Sample struct{}

// MinSize implements fyne.Layout.
func (Sample) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, o[0].MinSize().Height+1+o[2].MinSize().Height)
}

// Layout implements fyne.Layout.
func (Sample) Layout(o []fyne.CanvasObject, s fyne.Size) {
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

// Columns gives the six parts of a row their widths: the same for every row,
// and for the headings above them.
type Columns struct{}

const (
	check = 30
	kind  = 150
	More  = 36
	Gap   = 10
	Edge  = 3 // room at both ends for the mark of the keyboard
)

// MinSize implements fyne.Layout.
func (Columns) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, x := range o {
		if x.Visible() {
			h = max(h, x.MinSize().Height)
		}
	}
	return fyne.NewSize(check+kind+More+5*Gap+280, h)
}

// Layout implements fyne.Layout.
func (Columns) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := s.Width - check - kind - More - 5*Gap
	widths := []float32{check, left * 0.28, left * 0.30, kind, left * 0.42, More}
	x := float32(0)
	for i, w := range widths {
		h := min(o[i].MinSize().Height, s.Height)
		o[i].Resize(fyne.NewSize(w, h))
		o[i].Move(fyne.NewPos(x, (s.Height-h)/2))
		x += w + Gap
	}
}
