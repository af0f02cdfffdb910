package widget_test

import (
	"strings"
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

// TestWhatWrapsGetsItsHeight: chips and wrapped text above something else get the height
// that they need at the width that they have, at once and when the width changes.
func TestWhatWrapsGetsItsHeight(t *testing.T) {
	chips := widget.Flow(6)
	for range 6 {
		chips.Add(widget.NewChip(widget.Neutral, "", "Production chip"))
	}
	text := widget.NewParagraph(strings.Repeat("what is wrong and what to do ", 12), widget.StyleBody)
	card := widget.Card(widget.NewText("Sales", widget.StyleSection), chips, text)
	below := widget.NewScrolled(widget.NewText("below", widget.StyleBody))
	w := on(t, 900, widget.Under(card, below))
	for _, width := range []float32{900, 420, 300, 700} {
		w.Resize(fyne.NewSize(width, 900))
		if got, needs := card.Size().Height, card.MinSize().Height; got < needs {
			t.Errorf("at %v the card is %v high and needs %v", width, got, needs)
		}
		if bottom := card.Position().Y + card.Size().Height; below.Position().Y < bottom {
			t.Errorf("at %v what is below begins at %v, inside the card that ends at %v", width, below.Position().Y, bottom)
		}
	}
}
