package connections

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

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
	p.rotate(p.detail.c)
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

// TestASecondTestBeginsAtTheTop: where its verdict is, also after a person has scrolled.
func TestASecondTestBeginsAtTheTop(t *testing.T) {
	s, d, p := openConnections(t, sales())
	d.do(func() {
		for i := range 12 {
			check := refused()[0]
			check.ID = string(rune('a' + i))
			d.checks = append(d.checks, check)
		}
	})
	c := s.Win.Canvas()
	s.Win.Resize(fyne.NewSize(814, 400))
	again := func(what string, scrolled *widget.Scrolled) {
		t.Helper()
		windowtest.Press(t, c, "Test")
		s.Sees("Copy report")
		s.Win.Resize(s.Win.Canvas().Size().AddWidthHeight(1, 0)) // lays out what has grown, as a frame does
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(scrolled).AddXY(20, 20)
		test.Scroll(c, at, 0, -300)
		if scrolled.Offset() == 0 {
			t.Fatalf("%s does not scroll", what)
		}
		windowtest.Press(t, c, "Test")
		if scrolled.Offset() != 0 {
			t.Errorf("%s stays scrolled by %v", what, scrolled.Offset())
		}
		s.Sees("Copy report")
	}
	again("the detail", p.detail.below)
	windowtest.Press(t, c, "Edit")
	again("the form", p.inner.(*form).beside)
}

// TestChoosingCustomBlamesNothing: fields that nobody has touched are not red.
func TestChoosingCustomBlamesNothing(t *testing.T) {
	s, _, p := openConnections(t, sales())
	c := s.Win.Canvas()
	for _, open := range []string{"New connection", "Edit"} {
		windowtest.Press(t, c, open)
		if open == "New connection" {
			windowtest.Press(t, c, "Save") // marks what is missing so far
		}
		windowtest.Choose(t, c, "Cloud", connection.CloudCustom.Label())
		for _, f := range windowtest.All[*widget.Field](c) {
			if strings.HasSuffix(f.Label(), "URL") && f.Wrong() {
				t.Errorf("%s: %s is red: %s", open, f.Label(), f.Note())
			}
		}
		p.load()
	}
}
