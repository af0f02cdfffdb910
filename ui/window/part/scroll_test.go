package part_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"pushdesk/ui/window/part"
)

// TestTheWheelTurnsTheFormOverItsEntries turns the wheel where a long form has an
// entry, which would swallow it, and over a part that scrolls by itself.
func TestTheWheelTurnsTheFormOverItsEntries(t *testing.T) {
	inner := container.NewVScroll(part.AtLeast(50, 900, part.Space()))
	own := &struct{ *container.Scroll }{inner}
	s := part.NewScrolled(part.Column(0, part.NewEntry("an entry"), part.AtLeast(100, 400, own), part.AtLeast(100, 900, part.Space())), own)
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
