package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Even puts objects side by side in columns of the same width, from the top.
// Hidden ones take no room.
func Even(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(even{gap}, objects...)
}

type even struct{ gap float32 }

func shown(objects []fyne.CanvasObject) (list []fyne.CanvasObject) {
	for _, o := range objects {
		if o.Visible() {
			list = append(list, o)
		}
	}
	return list
}

func (e even) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var widest, height float32
	list := shown(objects)
	for _, o := range list {
		m := o.MinSize()
		widest, height = max(widest, m.Width), max(height, m.Height)
	}
	n := float32(len(list))
	return fyne.NewSize(n*widest+max(n-1, 0)*e.gap, height)
}

func (e even) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list := shown(objects)
	if len(list) == 0 {
		return
	}
	width := (size.Width - float32(len(list)-1)*e.gap) / float32(len(list))
	for i, o := range list {
		o.Resize(fyne.NewSize(width, o.MinSize().Height)) // text wraps at its width,
		o.Resize(fyne.NewSize(width, o.MinSize().Height)) // which gives it another height
		o.Move(fyne.NewPos(float32(i)*(width+e.gap), 0))
	}
}
