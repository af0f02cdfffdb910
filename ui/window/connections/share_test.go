package connections

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	shareddef "pushdesk/connection/shared"
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

// The groups have headings, also while something is searched: the group of the best hit
// is first, and the arrow keys go through all. What a proof is worth stands in the row.
func TestHeadingsAndProofsInTheList(t *testing.T) {
	own, works, old, fails := sales(), sales(), sales(), sales()
	own.Name = "Zebra depot"
	works.ID, works.Name, works.Team = "id-7", "Depot works", "t"
	old.ID, old.Name, old.Team = "id-8", "Depot old", "t"
	fails.ID, fails.Name, fails.Team = "id-9", "Fails", "t"
	s, d, p := openConnections(t, own, works, old, fails)
	c := s.Win.Canvas()
	windowtest.SeesNot(t, c, "My own (")
	proof := func(state team.StampState, age int) team.StampView {
		return team.StampView{Stamp: team.Stamp{Passed: true}, Name: "Dana", State: state, Age: age}
	}
	failing := team.StampView{Stamp: team.Stamp{By: "b", FailsSince: time.Now().Add(-48 * time.Hour), Summary: "Signs in, but cannot push."}, Name: "Bob", State: team.StampFailed}
	shared := func(c connection.Connection, proof team.StampView, stamps ...team.StampView) team.ConnectionView {
		return team.ConnectionView{Document: team.Document{Definition: shareddef.Of(c, nil)}, Proof: proof, Stamps: stamps}
	}
	d.do(func() {
		d.teams = []team.View{{ID: "t", Name: "Finance", Standing: team.StandingMember, Connections: []team.ConnectionView{
			shared(works, proof(team.StampProven, 0)), shared(old, proof(team.StampOld, 41)), shared(fails, proof(team.StampProven, 0), failing)}}}
	})
	p.load()
	s.Sees("My own (1)", "Team Finance (3)", "Proven 41 days ago", "Fails for Bob")
	for i := range p.found {
		if r := p.row(i); r.Title == "Depot old" && r.Chips[0].Tone != widget.Neutral || r.Title == "Depot works" && r.Chips[0].Tone != widget.Success {
			t.Errorf("%+v", r)
		}
	}
	p.search.SetText("fails")
	s.Sees("Team Finance (1)", "Fails for Bob since", "Signs in, but cannot push.")
	windowtest.SeesNot(t, c, "My own (")
	p.search.SetText("depot")
	s.Sees("My own (1)", "Team Finance (2)")
	c.Focus(p.list.Keys())
	for range 5 {
		p.list.Keys().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	if p.list.Selected() != 2 || p.current != p.found[2].ID {
		t.Errorf("%d %s", p.list.Selected(), p.current)
	}
}

// Where the secret is in a secret manager, the person says so in Share and allows it here.
func TestSharedWithAReference(t *testing.T) {
	s, d, p := openConnections(t, sales())
	inTeam(d)
	p.load()
	c := s.Win.Canvas()
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Share with a team")
	ways := windowtest.Field(t, c, "The secret").Input.(*widget.Segmented)
	ways.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	ways.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	s.Sees("Secret manager and name of the secret")
	windowtest.Press(t, c, "Test and share")
	s.Sees("Nothing is named.")
	windowtest.Fill(t, c, "Secret manager and name of the secret", "op:-rf")
	windowtest.Press(t, c, "Test and share")
	s.Sees("begins with a hyphen")
	windowtest.Fill(t, c, "Secret manager and name of the secret", "op:op://Finance/sales")
	windowtest.Press(t, c, "Test and share")
	s.Until(func() bool { return slices.Contains(s.Toasts, "Sales EU is shared with Finance.") })
	d.do(func() {
		if len(d.shared) != 1 || d.shared[0].How != team.SecretReference || d.sharedAs[0].Reference.String() != "op:op://Finance/sales" {
			t.Errorf("%+v %+v", d.shared, d.sharedAs)
		}
	})
	// On a colleague's computer: it asks before anything is asked.
	d.do(func() {
		d.all[0].Reference = connection.Reference{Manager: "op", Item: "op://Finance/sales"}
		d.unasked = true
	})
	p.load()
	s.Sees("which may not be asked on this computer", "Allow it")
	windowtest.Press(t, c, "Allow it")
	s.Sees("Allow the secret manager op", "op://Finance/sales", "op read --no-newline {item}")
	windowtest.Press(t, c, "Allow on this computer")
	s.Until(func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.managers) == 1 })
	d.do(func() {
		if d.managers[0] != "op op read --no-newline {item}" {
			t.Errorf("%q", d.managers)
		}
	})
}

// A copied secret leaves the clipboard with the window, at the latest.
func TestClosingClearsTheClipboard(t *testing.T) {
	s, _, p := openConnections(t, sales())
	clipboard := fyne.CurrentApp().Clipboard()
	p.detail.copySecret("AbC8Q~of-the-clipboard", "The client secret")
	p.Closing()
	if clipboard.Content() != "" {
		t.Error("the secret stays in the clipboard")
	}
	clipboard.SetContent("something else")
	p.Closing()
	if clipboard.Content() != "something else" {
		t.Error("what a person copied is gone")
	}
	if len(s.Toasts) == 0 {
		t.Error("nothing was said")
	}
}

// Somebody could read two secrets: the assistant leads through one after the other.
func TestSecretsThatSomebodyCouldRead(t *testing.T) {
	one, two := sales(), sales()
	two.ID, two.Name, two.ClientID = "id-2", "Depots", "99999999-7777-4888-9999-aaaaaaaaaaaa"
	s, d, p := openConnections(t, one, two)
	c := s.Win.Canvas()
	p.ReplaceSecrets([]string{"gone", one.ID, two.ID}, "Bob")
	s.Sees("Replace the client secret", "Bob could read the client secret of Sales EU.", "Only that shuts Bob out.", "App registrations", one.ClientID, "Open Entra")
	windowtest.Fill(t, c, "New client secret", "AbC8Q~a-new-secret-0123456789")
	windowtest.Press(t, c, "Test and replace")
	s.Sees("The new secret is in use", "Next connection")
	windowtest.Press(t, c, "Next connection")
	s.Sees("Bob could read the client secret of Depots.", two.ClientID)
	windowtest.Fill(t, c, "New client secret", "AbC8Q~another-secret-0123456789")
	windowtest.Press(t, c, "Test and replace")
	s.Sees("The new secret is in use", "Done")
	windowtest.SeesNot(t, c, "Next connection")
	d.do(func() {
		if d.secrets[one.ID] != "AbC8Q~a-new-secret-0123456789" || d.secrets[two.ID] != "AbC8Q~another-secret-0123456789" {
			t.Errorf("%v", d.secrets)
		}
	})
	windowtest.Press(t, c, "Done")
	s.Sees("2 connections")
}
