package connections

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// refused are the checks of a connection with a wrong secret.
func refused() []doctor.Check {
	return []doctor.Check{
		{ID: "format", Group: "local", Title: "The values have the right form", Status: "pass", Evidence: "All of them.", Duration: time.Millisecond},
		{ID: "token", Group: "entra", Title: "Entra gives a token", Status: "fail", Evidence: "The client secret is wrong (AADSTS7000215).",
			Remedy: "Paste the secret's Value.", Who: "the app's owner", Details: "Correlation ID 1", Duration: 300 * time.Millisecond},
		{ID: "api", Group: "powerbi", Title: "Power BI answers", Status: "skipped", Evidence: "Not tried without a token."},
	}
}

func TestATestStreamsItsChecks(t *testing.T) {
	s, d, p := openConnections(t, sales())
	c := s.Win.Canvas()
	d.do(func() { d.checks, d.gate = refused(), make(chan struct{}) })
	windowtest.Press(t, c, "Test")
	s.Sees("The values have the right form", "Running", "Testing", "Cancel")
	windowtest.SeesNot(t, c, "Entra gives a token", "Copy report")
	if !windowtest.Button(t, c, "Test").Disabled() {
		t.Error("a second test can be started over the first")
	}
	close(d.gate)
	s.Sees("Does not work", "The client secret is wrong (AADSTS7000215).", "Paste the secret's Value.", "Who can fix it: the app's owner", "300 ms", "Skipped", "Copy report")
	windowtest.SeesNot(t, c, "Testing", "Correlation ID 1")
	if windowtest.Button(t, c, "Test").Disabled() {
		t.Error("the test cannot be repeated")
	}
	windowtest.Press(t, c, "Copy report")
	if fyne.CurrentApp().Clipboard().Content() == "" {
		t.Error("nothing was copied")
	}
	if p.row(0).State.Word != "Does not work" {
		t.Errorf("the list says %q", p.row(0).State.Word)
	}
	if d.typed[0] != "stored" {
		t.Errorf("tested with the secret %q", d.typed[0])
	}
	// The report is there again when one comes back to the connection.
	p.load()
	s.Sees("Does not work", "AADSTS7000215")
}

func TestATestCanBeCancelled(t *testing.T) {
	s, d, p := openConnections(t, sales())
	c := s.Win.Canvas()
	d.do(func() { d.checks, d.gate = refused(), make(chan struct{}) })
	windowtest.Press(t, c, "Test")
	s.Sees("Running")
	windowtest.Press(t, c, "Cancel")
	windowtest.Sees(t, c, "Cancelled")
	s.Tasks.Close() // the cancelled test has ended and posted what it had to say
	s.Queue.Drain()
	windowtest.SeesNot(t, c, "Does not work", "AADSTS7000215")
	if len(p.tested) != 0 {
		t.Error("a cancelled test left a verdict")
	}
	if windowtest.Button(t, c, "Test").Disabled() {
		t.Error("the test cannot be repeated")
	}
}

func TestTheFormTestsWhatIsTyped(t *testing.T) {
	s, d, p := openConnections(t, sales())
	c := s.Win.Canvas()
	d.do(func() { d.checks = refused() })
	windowtest.Press(t, c, "Edit")
	windowtest.Fill(t, c, "Client secret", "AbC8Q~kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk")
	windowtest.Fill(t, c, "Default workspace (optional)", "Finance")
	windowtest.Press(t, c, "Test")
	s.Sees("Does not work")
	if d.typed[0] != "AbC8Q~kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk" || d.asked[0].Workspace != "Finance" {
		t.Errorf("tested %+v with %q", d.asked[0], d.typed[0])
	}
	if d.List()[0].Workspace != "Sales" || d.secrets["id-1"] != "" {
		t.Error("a test saved what was typed")
	}
	windowtest.Press(t, c, "Save")
	s.Sees("1 connection", "Finance")
	if r, ok := p.tested["id-1"]; !ok || r.Verdict != "fail" {
		t.Error("the verdict on what was saved is lost")
	}
	windowtest.Press(t, c, "Edit")
	windowtest.Press(t, c, "Test")
	s.Sees("Does not work")
	if d.typed[1] != "stored" {
		t.Errorf("an empty secret field tested %q", d.typed[1])
	}
}

func TestRename(t *testing.T) {
	s, d, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Rename")
	windowtest.Sees(t, c, "Rename connection")
	windowtest.Fill(t, c, "Name", "Taken")
	d.do(func() { d.fail = errors.New("taken") })
	windowtest.Press(t, c, "Rename")
	s.Sees("The connection could not be renamed.")
	windowtest.Fill(t, c, "Name", "  Sales Europe ")
	windowtest.Press(t, c, "Rename")
	s.Until(func() bool { return len(c.Overlays().List()) == 0 })
	s.Sees("Sales Europe")
	if d.List()[0].Name != "Sales Europe" {
		t.Errorf("named %q", d.List()[0].Name)
	}
}

func TestDuplicateAndDelete(t *testing.T) {
	s, d, p := openConnections(t, sales())
	c := s.Win.Canvas()
	d.do(func() { d.secrets["id-1"] = "secret" })
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Duplicate")
	s.Sees("2 connections", "Sales EU copy")
	if p.current != "id-2" || d.secrets["id-2"] != "secret" {
		t.Errorf("showing %s, secrets %v", p.current, d.secrets)
	}
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Delete")
	windowtest.Sees(t, c, "Delete Sales EU copy?", "its stored secret")
	windowtest.Press(t, c, "Cancel")
	if len(d.List()) != 2 {
		t.Fatal("deleted although it was cancelled")
	}
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Delete")
	d.do(func() { d.fail = errors.New("disk full") })
	windowtest.Press(t, c, "Delete connection")
	s.Sees("Sales EU copy could not be deleted.")
	windowtest.Press(t, c, "More")
	windowtest.Pick(t, c, "Delete")
	windowtest.Press(t, c, "Delete connection")
	s.Sees("1 connection")
	if len(d.List()) != 1 || d.List()[0].ID != "id-1" || p.current != "id-1" {
		t.Errorf("left %v, showing %s", d.List(), p.current)
	}
}

func TestPracticeShowsNoSecretFields(t *testing.T) {
	s, _, _ := openConnections(t, connection.Connection{ID: "id-9", Name: "Practice", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice, Workspace: "Practice workspace"})
	c := s.Win.Canvas()
	windowtest.Sees(t, c, "Practice workspace")
	windowtest.SeesNot(t, c, "Tenant ID", "Not stored", "No secret")
	windowtest.Press(t, c, "Edit")
	windowtest.SeesNot(t, c, "Tenant ID", "Client secret")
	for _, seg := range windowtest.All[*widget.Segmented](c) {
		if seg.Selected() != 0 {
			t.Error("the built-in credentials are not chosen")
		}
	}
}
