package widget

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// A message that comes while what is below changes, too, pushes that down, though Fyne
// forgets to lay the page out: all that it does before a frame is ask for least sizes.
func TestAMessageLiesOverNothing(t *testing.T) {
	notice, body := NewBanner(), NewText("rows", StyleBody)
	page := Under(Margins(0, 0, 12, 0, Column(8, NewText("Head", StyleSection), notice)), body)
	page.Resize(fyne.NewSize(600, 400))
	before := body.Position().Y
	notice.Say(Message{Sentence: "The vault is locked.", Remedy: "It holds the secrets of two connections."})
	page.MinSize()
	if down := body.Position().Y - before; down < notice.MinSize().Height {
		t.Errorf("what is below moved by %v, the message is %v high", down, notice.MinSize().Height)
	}
	notice.Hide()
	page.MinSize()
	if body.Position().Y != before {
		t.Errorf("the message is gone, and what was below it is at %v, not %v", body.Position().Y, before)
	}
}

// A list of rows that scrolls is never cut within a row, and shows more in a higher window.
func TestWholeRows(t *testing.T) {
	rows := Column(8)
	for range 12 {
		rows.Add(AtLeast(10, 28, NewText("row", StyleBody)))
	}
	list := WholeRows(0.22, 8, NewScrolled(rows), rows)
	win := test.NewTempWindow(t, Under(list, NewText("rest", StyleBody)))
	win.SetPadded(false)
	for _, c := range []struct{ height, rows float32 }{{700, 4}, {900, 5}, {100, 1}, {4000, 12}} {
		win.Resize(fyne.NewSize(1000, c.height))
		if want := c.rows*28 + (c.rows-1)*8; list.MinSize().Height != want || list.Size().Height != want {
			t.Errorf("%v high in a window of %v, want %v", list.Size().Height, c.height, want)
		}
	}
	rows.Objects = rows.Objects[:2]
	if h := list.MinSize().Height; h != 64 {
		t.Errorf("two rows are %v high", h)
	}
}
