package widget_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/widget"
)

// TestTheWheelTurnsTheFormOverItsEntries turns the wheel where a long form has an
// entry, which would swallow it, and over a part that scrolls by itself.
func TestTheWheelTurnsTheFormOverItsEntries(t *testing.T) {
	inner := container.NewVScroll(widget.AtLeast(50, 900, widget.Space()))
	own := &struct{ *container.Scroll }{inner}
	s := widget.NewScrolled(widget.Column(0, widget.NewEntry("an entry"), widget.AtLeast(100, 400, own), widget.AtLeast(100, 900, widget.Space())), own)
	w := on(t, 300, s)
	w.Resize(fyne.NewSize(300, 300))
	test.Scroll(w.Canvas(), fyne.NewPos(100, 10), 0, -40)
	if s.Offset() != 40 || inner.Offset.Y != 0 {
		t.Errorf("over the entry: %v and %v", s.Offset(), inner.Offset.Y)
	}
	test.Scroll(w.Canvas(), fyne.NewPos(100, 200), 0, -30)
	if s.Offset() != 40 || inner.Offset.Y != 30 {
		t.Errorf("over the part that scrolls by itself: %v and %v", s.Offset(), inner.Offset.Y)
	}
	s.ToTop()
	if s.Offset() != 0 {
		t.Errorf("at %v", s.Offset())
	}
}

// TestTheScrollBarHasItsOwnRoom: nothing that is scrolled lies under it.
func TestTheScrollBarHasItsOwnRoom(t *testing.T) {
	button := widget.NewButton(widget.Primary, "", "Open", nil)
	s := widget.NewScrolled(widget.Column(0, widget.Row(0, widget.Space(), button), widget.AtLeast(1, 3000, widget.NewText("", widget.StyleBody))))
	w := on(t, 300, s)
	right := fyne.CurrentApp().Driver().AbsolutePositionForObject(button).X + button.Size().Width
	bar := w.Canvas().Size().Width - fynetheme.Size(fynetheme.SizeNameScrollBar)
	if right > bar {
		t.Errorf("the button ends at %v and the scroll bar begins at %v", right, bar)
	}
}
