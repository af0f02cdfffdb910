package connections

import (
	"testing"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// least is what the least window leaves for a page.
var least = fyne.NewSize(650, 530)

// TestChipsStayInTheHeader: however many there are, and at every width.
func TestChipsStayInTheHeader(t *testing.T) {
	c := sales()
	c.Environment, c.Tags = connection.EnvironmentProduction, []string{"finance", "month end", "controlling", "sales and marketing"}
	s, _, p := openConnections(t, c)
	for _, width := range []float32{814, 650, 750, 972, 1230} {
		s.Win.Resize(fyne.NewSize(width, 640))
		card := p.detail.content.Objects[0]
		if got, needs := card.Size().Height, card.MinSize().Height; got < needs {
			t.Errorf("at %v the header is %v high and its chips need %v", width, got, needs)
		}
		if top, bottom := p.detail.below.Position().Y, card.Position().Y+card.Size().Height; top < bottom {
			t.Errorf("at %v the test begins at %v, in the header that ends at %v", width, top, bottom)
		}
	}
}

// TestThePagesFitTheLeastWindow: the list with one connection, the form, testing many,
// replacing a secret and importing.
func TestThePagesFitTheLeastWindow(t *testing.T) {
	s, _, p := openConnections(t, three()...)
	fits := func(what string) {
		t.Helper()
		s.Win.Resize(least)
		if m := p.content.MinSize(); m.Width > least.Width || m.Height > least.Height {
			t.Errorf("%s needs %v", what, m)
		}
	}
	fits("the list")
	p.edit(sales())
	fits("the form")
	p.testMany()
	fits("testing many")
	p.detail.rotate()
	fits("replacing a secret")
	p.imports()
	fits("importing")
}

// TestEscapeLeavesTheFormFromAList: also while a list or a choice has the keyboard.
func TestEscapeLeavesTheFormFromAList(t *testing.T) {
	s, _, p := openConnections(t, sales())
	c := s.Win.Canvas()
	for _, label := range []string{"Cloud", "Environment", "Name"} {
		windowtest.Press(t, c, "Edit")
		switch input := windowtest.Field(t, c, label).Input.(type) {
		case *widget.Select:
			c.Focus(input.Inner)
		case fyne.Focusable:
			c.Focus(input)
		default:
			t.Fatalf("%s takes no keys", label)
		}
		c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if p.inner != nil {
			t.Errorf("Escape does nothing on %s", label)
			p.inner.leave()
		}
	}
}
