package connections

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"pushdesk/connection/team"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// inTeam gives the fake a team whose member the person is.
func inTeam(d *fakeService) {
	d.do(func() {
		d.teams = []team.View{{ID: "t", Name: "Finance", Standing: team.StandingMember, Role: team.RoleOwner}}
	})
}

func TestAConnectionIsShared(t *testing.T) {
	s, d, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Share with a team")
	s.Sees("You are in no team", "Open the page Team")
	windowtest.Press(t, c, "Cancel")
	inTeam(d)
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Share with a team")
	s.Sees("Share Sales EU", "Finance", "Each member enters the secret once")
	windowtest.Field(t, c, "The right to push is proven").Input.(*widget.Segmented).TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	windowtest.Press(t, c, "Test and share")
	s.Sees("Only a connection that is proven is shared", "Reason (everybody in the team sees it)")
	windowtest.Fill(t, c, "Reason (everybody in the team sees it)", "The role comes on Monday")
	windowtest.Press(t, c, "Test and share")
	s.Until(func() bool { return slices.Contains(s.Toasts, "Sales EU is shared with Finance.") })
	d.do(func() {
		if n := len(d.shared); n != 2 || d.shared[1].Anyway != "The role comes on Monday" || d.shared[1].Team != "t" || d.shared[1].Trial {
			t.Errorf("%+v", d.shared)
		}
	})
}

// The parameters are copied one by one; the secret only when it is asked for, and the
// clipboard is cleared.
func TestParametersAreCopied(t *testing.T) {
	s, d, p := openConnections(t, sales())
	c := s.Win.Canvas()
	d.do(func() { d.secrets["id-1"] = "AbC8Q~of-the-clipboard" })
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Copy the parameters")
	s.Sees("Connection name", "Tenant ID", "Client ID", "Authority", "Scope", "https://analysis.windows.net/powerbi/api/.default")
	windowtest.SeesNot(t, c, "AbC8Q~")
	windowtest.Press(t, c, "Copy the client secret")
	clipboard := fyne.CurrentApp().Clipboard()
	s.Until(func() bool { return clipboard.Content() == "AbC8Q~of-the-clipboard" })
	clipboard.SetContent("something else") // which a person copied meanwhile
	p.detail.forgetCopied("AbC8Q~of-the-clipboard")
	if clipboard.Content() != "something else" {
		t.Error("what a person copied is gone")
	}
	clipboard.SetContent("AbC8Q~of-the-clipboard")
	p.detail.forgetCopied("AbC8Q~of-the-clipboard")
	if clipboard.Content() != "" {
		t.Error("the secret stays in the clipboard")
	}
}

// What an administrator does first is reached from the form and from a test.
func TestRegisterAppIsReached(t *testing.T) {
	s, d, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	d.do(func() { d.checks = refused() })
	windowtest.Press(t, c, "Test")
	s.Sees("Does not work", "What an administrator does")
	windowtest.Press(t, c, "What an administrator does")
	s.Sees("What an administrator does first", "Letter", "Copy")
	windowtest.Press(t, c, "Copy")
	if text := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(text, "Register the app") || !strings.Contains(text, sales().ClientID) {
		t.Errorf("%.300s", text)
	}
	windowtest.Press(t, c, "Close")
	windowtest.Press(t, c, "Edit")
	windowtest.Press(t, c, "How an administrator registers the app")
	s.Sees("What an administrator does first")
}

// The connections of a team are a group of the list, after one's own.
func TestTheListIsGrouped(t *testing.T) {
	mine, theirs := sales(), sales()
	mine.Name = "Zebra"
	theirs.ID, theirs.Name, theirs.Team = "id-9", "Alpha", "t"
	s, d, p := openConnections(t, mine, theirs)
	c := s.Win.Canvas()
	windowtest.SeesNot(t, c, "All connections")
	inTeam(d)
	p.load()
	s.Sees("All connections", "Finance")
	if p.found[0].Name != "Zebra" || p.found[1].Name != "Alpha" {
		t.Errorf("%+v", p.found)
	}
	p.groups.Inner.SetSelected("Team Finance")
	if len(p.found) != 1 || p.found[0].Name != "Alpha" {
		t.Errorf("%+v", p.found)
	}
	p.groups.Inner.SetSelected("My own")
	if len(p.found) != 1 || p.found[0].Name != "Zebra" {
		t.Errorf("%+v", p.found)
	}
}
