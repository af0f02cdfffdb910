package widget_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"pushdesk/ui/window/widget"
)

func TestFlowBreaksLines(t *testing.T) {
	box := func() *canvas.Rectangle {
		r := canvas.NewRectangle(nil)
		r.SetMinSize(fyne.NewSize(80, 20))
		return r
	}
	a, b, hidden, c := box(), box(), box(), box()
	hidden.Hide()
	f := widget.Flow(10, a, b, hidden, c)
	f.Resize(fyne.NewSize(180, 100))
	if b.Position() != fyne.NewPos(90, 0) || c.Position() != fyne.NewPos(0, 30) || f.MinSize().Height != 50 {
		t.Errorf("at 180: %v, %v, %v", b.Position(), c.Position(), f.MinSize())
	}
	f.Resize(fyne.NewSize(300, 100))
	if c.Position() != fyne.NewPos(180, 0) || f.MinSize().Height != 20 {
		t.Errorf("at 300: %v, %v", c.Position(), f.MinSize())
	}
	f.Resize(fyne.NewSize(50, 100)) // narrower than anything in it
	if a.Size().Width != 50 || f.MinSize() != fyne.NewSize(80, 80) {
		t.Errorf("at 50: %v, %v", a.Size(), f.MinSize())
	}
}
