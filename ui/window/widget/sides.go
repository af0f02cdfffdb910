package widget

import "fyne.io/fyne/v2"

// Sides is a layout of two objects: the left one gets a width of its own, the right
// one the rest.
type Sides struct{ Left, Gap float32 }

// leftShare is how much of the width the left one has at most.
const leftShare = 0.34

// MinSize implements fyne.Layout.
func (s *Sides) MinSize(o []fyne.CanvasObject) fyne.Size {
	right := o[1].MinSize().Width + s.Gap
	return fyne.NewSize(min(s.Left+right, right/(1-leftShare)), max(o[0].MinSize().Height, o[1].MinSize().Height))
}

// Layout implements fyne.Layout.
func (s *Sides) Layout(o []fyne.CanvasObject, size fyne.Size) {
	left := min(s.Left, size.Width*leftShare)
	o[0].Resize(fyne.NewSize(left, size.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(size.Width-left-s.Gap, size.Height))
	o[1].Move(fyne.NewPos(left+s.Gap, 0))
}
