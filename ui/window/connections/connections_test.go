package connections

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"pushdesk/connection"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

func sales() connection.Connection {
	return connection.Connection{
		ID: "id-1", Name: "Sales EU", Cloud: connection.CloudPublic, Credential: connection.CredentialSecret,
		TenantID: "11111111-2222-4333-8444-555555555555", ClientID: "66666666-7777-4888-9999-aaaaaaaaaaaa", Workspace: "Sales",
	}
}

func openConnections(t *testing.T, all ...connection.Connection) (*windowtest.Stage, *fakeService, *Page) {
	t.Helper()
	d := &fakeService{all: all, secrets: map[string]string{}}
	s := windowtest.NewStage(t)
	d.stage = s
	p := New(d, s)
	s.Put(p)
	return s, d, p
}

func TestAnEmptyProgramOffersThePracticeWorkspace(t *testing.T) {
	s, d, p := openConnections(t)
	c := s.Win.Canvas()
	windowtest.Sees(t, c, "No connections yet", "Try it with sample data", "New connection")
	var sent connection.Connection
	p.sample = func(c connection.Connection) { sent = c }
	windowtest.Press(t, c, "Try it with sample data")
	s.Until(func() bool { return sent.ID != "" })
	if sent.Cloud != connection.CloudPractice || len(d.List()) != 1 {
		t.Errorf("went on with %+v of %d connections", sent, len(d.List()))
	}
	windowtest.Sees(t, c, "Practice", "Default workspace", "Practice workspace")
	windowtest.SeesNot(t, c, "No connections yet")
}

func TestThePracticeWorkspaceThatDoesNotStartSaysWhy(t *testing.T) {
	s, d, _ := openConnections(t)
	d.do(func() { d.fail = errors.New("the port is taken") })
	windowtest.Press(t, s.Win.Canvas(), "Try it with sample data")
	s.Sees("The practice workspace could not be started.")
	windowtest.Sees(t, s.Win.Canvas(), "No connections yet")
}

func TestTheListIsSearchedAndShowsWhereSecretsAre(t *testing.T) {
	other := sales()
	other.ID, other.Name, other.Cloud, other.Notes = "id-2", "Marketing", connection.CloudGCC, "asked by Ann"
	d := &fakeService{all: []connection.Connection{other, sales()}, secrets: map[string]string{"id-1": "x"}, notices: []string{"The connection file was damaged and was set aside."}}
	s := windowtest.NewStage(t)
	d.stage = s
	p := New(d, s)
	s.Put(p)
	s.Sees("Keychain", "No secret", "Not stored", "2 connections", "Marketing", "Sales EU", "The connection file was damaged")
	windowtest.Sees(t, s.Win.Canvas(), other.TenantID) // the first one is shown
	test.Type(p.search, "SALES sys")
	if len(p.found) != 0 {
		t.Errorf("found %v", p.found)
	}
	p.search.SetText("eu sales")
	if len(p.found) != 1 || p.found[0].Name != "Sales EU" || p.current != "id-1" {
		t.Errorf("found %v, showing %s", p.found, p.current)
	}
	p.search.SetText("ann")
	if len(p.found) != 1 || p.found[0].Name != "Marketing" {
		t.Errorf("notes are not searched: %v", p.found)
	}
}

func TestANewConnectionIsCheckedAsItIsTypedAndSaved(t *testing.T) {
	s, d, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	windowtest.Press(t, c, "New connection")
	windowtest.SeesNot(t, c, "Login URL")
	if note := windowtest.Field(t, c, "Tenant ID").Note(); strings.Contains(note, "not") {
		t.Errorf("an untouched field complains: %q", note)
	}
	windowtest.Press(t, c, "Save")
	windowtest.Sees(t, c, "Some values are not valid.")
	windowtest.Fill(t, c, "Tenant ID", "contoso")
	before := windowtest.Field(t, c, "Tenant ID").Note()
	windowtest.Fill(t, c, "Tenant ID", "11111111-2222-4333-8444-555555555555")
	if after := windowtest.Field(t, c, "Tenant ID").Note(); after == before {
		t.Errorf("a bad and a good tenant ID say the same: %q", after)
	}
	windowtest.Fill(t, c, "Client ID", "66666666-7777-4888-9999-aaaaaaaaaaaa")
	windowtest.Fill(t, c, "Name", "Marketing")
	windowtest.Fill(t, c, "Client secret", "0f0e1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b")
	windowtest.Sees(t, c, "Secret ID")
	windowtest.Fill(t, c, "Client secret", "AbC8Q~kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk")
	windowtest.SeesNot(t, c, "Secret ID")
	windowtest.Press(t, c, "Save")
	s.Until(func() bool { return len(d.List()) == 2 })
	s.Sees("2 connections", "Marketing")
	if got := d.secrets["id-2"]; got != "AbC8Q~kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk" {
		t.Errorf("the secret kept is %q", got)
	}
	if len(s.Toasts) != 1 || s.Toasts[0] != "Marketing is saved." {
		t.Errorf("said %q", s.Toasts)
	}
}

func TestTheFormShowsTheFieldsOfTheCloud(t *testing.T) {
	s, _, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	windowtest.Press(t, c, "New connection")
	windowtest.Choose(t, c, "Cloud", connection.CloudCustom.Label())
	windowtest.Sees(t, c, "Login URL", "API URL", "Resource (optional)", "CA file (optional)", "Tenant ID")
	windowtest.Choose(t, c, "Cloud", connection.CloudPractice.Label())
	windowtest.SeesNot(t, c, "Login URL", "Tenant ID", "Client secret")
	windowtest.Sees(t, c, "Credentials", "Default workspace (optional)")
	for _, seg := range windowtest.All[*widget.Segmented](c) {
		seg.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	windowtest.Sees(t, c, "Tenant ID", "Client ID", "Client secret")
}

// The CA file is read in the background, and what is wrong with it is said at its field.
func TestTheFormReadsTheCAFile(t *testing.T) {
	s, _, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	windowtest.Press(t, c, "New connection")
	windowtest.Choose(t, c, "Cloud", connection.CloudCustom.Label())
	missing := filepath.Join(t.TempDir(), "none.pem")
	windowtest.Fill(t, c, "CA file (optional)", missing)
	s.Until(func() bool {
		return strings.Contains(windowtest.Field(t, c, "CA file (optional)").Note(), "There is no CA file")
	})
	windowtest.Fill(t, c, "CA file (optional)", "")
	s.Until(func() bool {
		return !strings.Contains(windowtest.Field(t, c, "CA file (optional)").Note(), "There is no CA file")
	})
}

func TestASaveThatFailsKeepsTheForm(t *testing.T) {
	s, d, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	windowtest.Press(t, c, "Edit")
	windowtest.Fill(t, c, "Name", "Sales Europe")
	d.do(func() { d.fail = errors.New("disk full") })
	windowtest.Press(t, c, "Save")
	s.Sees("The connection could not be saved.")
	windowtest.Press(t, c, "Details")
	windowtest.Sees(t, c, "disk full")
	if got := windowtest.Field(t, c, "Name").Input.(*widget.Entry).Text; got != "Sales Europe" {
		t.Errorf("the form lost what was typed: %q", got)
	}
	windowtest.Press(t, c, "Save")
	s.Sees("Sales Europe", "1 connection")
	if d.secrets["id-1"] != "" {
		t.Error("an empty secret was kept over the stored one")
	}
}

func TestLeavingAFormAsksOnlyWhenSomethingIsLost(t *testing.T) {
	s, d, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	windowtest.Press(t, c, "Edit")
	windowtest.Press(t, c, "Cancel")
	s.Sees("1 connection")
	windowtest.Press(t, c, "Edit")
	windowtest.Fill(t, c, "Name", "Changed")
	windowtest.Press(t, c, "Back")
	windowtest.Sees(t, c, "Leave without saving?", "Sales EU is not changed.")
	windowtest.Press(t, c, "Leave")
	s.Sees("1 connection")
	if d.List()[0].Name != "Sales EU" {
		t.Error("leaving saved")
	}
}

func TestAFormIsSavedByEnterAndLeftByEscape(t *testing.T) {
	s, d, _ := openConnections(t, sales())
	c := s.Win.Canvas()
	key := func(name fyne.KeyName) { c.Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	windowtest.Press(t, c, "Edit")
	key(fyne.KeyEscape)
	s.Sees("1 connection")
	windowtest.Press(t, c, "Edit")
	windowtest.Fill(t, c, "Name", "Sales Europe")
	key(fyne.KeyEscape)
	windowtest.Sees(t, c, "Leave without saving?")
	c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	windowtest.SeesNot(t, c, "Leave without saving?")
	windowtest.Sees(t, c, "Edit Sales EU")
	key(fyne.KeyReturn)
	s.Sees("1 connection", "Sales Europe")
	if d.List()[0].Name != "Sales Europe" {
		t.Errorf("kept %q", d.List()[0].Name)
	}
	if c.OnTypedKey() != nil {
		t.Error("the form still has the keys")
	}
}

func TestASearchThatFindsNothingSaysSo(t *testing.T) {
	s, _, p := openConnections(t, sales())
	test.Type(p.search, "Marketing")
	windowtest.Sees(t, s.Win.Canvas(), "No connections match “Marketing”")
	p.search.SetText("")
	windowtest.SeesNot(t, s.Win.Canvas(), "No connection has")
}
