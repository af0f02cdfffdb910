package widget

import (
	"testing"

	"fyne.io/fyne/v2"
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
