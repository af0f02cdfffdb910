package connections

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// three connections of one app, one of them in production.
func three() []connection.Connection {
	a, b, c := sales(), sales(), sales()
	a.Environment = connection.EnvironmentProduction
	b.ID, b.Name, b.Tags = "id-2", "Marketing", []string{"eu"}
	c.ID, c.Name, c.Used = "id-3", "Depots", time.Now()
	return []connection.Connection{c, b, a}
}

func TestManyAreTestedSideBySide(t *testing.T) {
	s, d, p := openConnections(t, three()...)
	c := s.Win.Canvas()
	d.do(func() { d.checks = refused() })
	windowtest.Press(t, c, "Test all")
	windowtest.Sees(t, c, "Test 3 connections", "Select none", "Production")
	windowtest.Press(t, c, "Select none")
	windowtest.Sees(t, c, "Select all")
	if !windowtest.Button(t, c, "Test").Disabled() {
		t.Error("nothing can be tested")
	}
	windowtest.Press(t, c, "Select all")
	windowtest.All[*widget.Rows](c)[0].Choose(1) // unticks Marketing
	windowtest.Press(t, c, "Test 2 connections")
	s.Sees("2 do not work", "The client secret is wrong (AADSTS7000215)", "Who can fix it: the app's owner", "Copy results")
	windowtest.Press(t, c, "Copy results")
	if text := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(text, "Depots\tDoes not work") || strings.Contains(text, "Marketing") {
		t.Errorf("copied %q", text)
	}
	p.inner.leave()
	s.Sees("3 connections")
	if len(p.tested) != 2 || p.row(0).State.Word != "Does not work" {
		t.Errorf("the list knows %d results", len(p.tested))
	}
}

func TestManyTestsCanBeStopped(t *testing.T) {
	s, d, p := openConnections(t, three()...)
	c := s.Win.Canvas()
	d.do(func() { d.checks, d.gate = refused(), make(chan struct{}) })
	windowtest.Press(t, c, "Test all")
	windowtest.Press(t, c, "Test 3 connections")
	s.Sees("Testing", "Waiting", "Stop")
	windowtest.Press(t, c, "Stop")
	windowtest.Sees(t, c, "Not tested", "Test 3 connections")
	s.Tasks.Close()
	s.Queue.Drain()
	if len(p.tested) != 0 {
		t.Errorf("%d results of a stopped test", len(p.tested))
	}
}

func TestASecretIsReplacedWhereItIsAccepted(t *testing.T) {
	s, d, p := openConnections(t, three()...)
	c := s.Win.Canvas()
	p.show("id-1")
	p.rotate(p.detail.c)
	windowtest.Sees(t, c, "Replace the client secret", "Depots", "Marketing", "Sales EU", "Two secrets can be active at once")
	windowtest.Press(t, c, "Test and replace")
	windowtest.Sees(t, c, "The client secret is missing.")
	windowtest.Fill(t, c, "Expires (optional)", "03/04/2028")
	windowtest.Sees(t, c, "is not a date")
	windowtest.Fill(t, c, "Expires (optional)", "2028-04-03")
	windowtest.Fill(t, c, "New client secret", "new8Q~kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk")
	d.do(func() { d.checks = refused() })
	windowtest.Press(t, c, "Test and replace")
	s.Sees("No connection was changed: all keep the old secret", "Old secret kept")
	if len(d.secrets) != 0 {
		t.Error("a refused secret was kept")
	}
	d.do(func() { d.checks = nil })
	windowtest.Press(t, c, "Test and replace")
	s.Sees("The new secret is in use in 3 connections.", "delete the old one in Entra", "Replaced")
	d.mu.Lock()
	got, expires := d.secrets["id-2"], d.all[1].Expires
	d.mu.Unlock()
	if !strings.HasPrefix(got, "new8Q~") || expires != "2028-04-03" {
		t.Errorf("kept %q until %q", got, expires)
	}
	windowtest.Press(t, c, "Done")
	s.Sees("3 connections")
}

func TestADeletionIsUndone(t *testing.T) {
	s, d, p := openConnections(t, three()...)
	c := s.Win.Canvas()
	d.do(func() { d.secrets["id-2"] = "secret" })
	p.show("id-2")
	p.detail.remove()
	windowtest.Press(t, c, "Delete connection")
	s.Until(func() bool { return len(s.Offers) == 1 })
	if len(d.List()) != 2 || s.Toasts[0] != "Marketing is deleted." {
		t.Errorf("%d connections, said %q", len(d.List()), s.Toasts)
	}
	s.Offers[0]()
	s.Sees("3 connections", "Marketing")
	if d.secrets["id-2"] != "secret" || p.current != "id-2" {
		t.Errorf("the secret is %q, shown is %s", d.secrets["id-2"], p.current)
	}
}

func TestProductionIsDeletedByItsName(t *testing.T) {
	s, d, p := openConnections(t, three()...)
	c := s.Win.Canvas()
	p.show("id-1")
	p.detail.remove()
	windowtest.Sees(t, c, "Delete Sales EU?", "production connection")
	if !windowtest.Button(t, c, "Delete connection").Disabled() {
		t.Error("it can be deleted without its name")
	}
	windowtest.Fill(t, c, "Type “Sales EU” to continue", "Sales EU")
	windowtest.Press(t, c, "Delete connection")
	s.Until(func() bool { return len(d.List()) == 2 })
}

func TestTheListIsSortedAndFiltered(t *testing.T) {
	s, _, p := openConnections(t, three()...)
	p.sort(true)
	if p.found[0].Name != "Depots" {
		t.Errorf("first is %s", p.found[0].Name)
	}
	p.search.SetText("tag:eu")
	if len(p.found) != 1 || p.found[0].Name != "Marketing" {
		t.Errorf("found %v", p.found)
	}
	p.search.SetText("env:production")
	if len(p.found) != 1 || p.row(0).Chips[0].Word != "Production" {
		t.Errorf("found %v", p.found)
	}
	_ = s
}

func TestConnectionsAreImportedFromAFile(t *testing.T) {
	s, d, p := openConnections(t, three()...)
	c := s.Win.Canvas()
	p.imports()
	d.do(func() { d.fail = errors.New("cannot be read") })
	windowtest.Fill(t, c, "File", "/tmp/team.csv")
	windowtest.Press(t, c, "Read the file")
	s.Sees("The file could not be read.")
	d.do(func() {
		d.fail = nil
		d.plan = account.ImportPlan{Path: "/tmp/team.csv", Remarks: []string{"Not used: “owner”."}, Rows: []account.ImportRow{
			{Row: 2, Name: "Finance", State: account.ImportNew, Secret: true},
			{Row: 3, Name: "Marketing", State: account.ImportThere, Says: "“Marketing” is there already.", Changes: []account.ImportChange{{Field: "notes", From: "a", To: "b"}}},
			{Row: 4, State: account.ImportWrong, Says: "The connection has no name."}}}
	})
	windowtest.Press(t, c, "Read the file")
	s.Sees("Import 1 connection", "Left as it is", "Row 4 is wrong", "The connection has no name.", "With its client secret.", "“owner”")
	windowtest.All[*widget.Segmented](c)[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	windowtest.Sees(t, c, "Import 2 connections", "Updated")
	windowtest.SeesNot(t, c, "Missing: client secret")
	windowtest.All[*widget.Segmented](c)[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	windowtest.Sees(t, c, "Kept beside it", "Missing: client secret") // what the other has is not the new one's
	windowtest.All[*widget.Segmented](c)[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	windowtest.Press(t, c, "Import 2 connections")
	s.Until(func() bool { return len(s.Toasts) == 1 })
	windowtest.Sees(t, c, "3 connections")
}

func TestTheVaultIsUnlockedFromTheList(t *testing.T) {
	s, _, p := openConnections(t, three()...)
	c := s.Win.Canvas()
	p.places = map[string]string{"id-1": string(keychain.PlaceShut), "id-2": string(keychain.PlaceShut)}
	p.offerUnlock()
	windowtest.Sees(t, c, "The passphrase vault is locked.", "the secrets of 2 connections")
	windowtest.Press(t, c, "Unlock")
	windowtest.Fill(t, c, "Passphrase", "nonsense")
	windowtest.All[*widget.Button](c)[len(windowtest.All[*widget.Button](c))-1].Tapped(nil)
	s.Sees("The vault could not be unlocked.")
	windowtest.Fill(t, c, "Passphrase", "right")
	windowtest.All[*widget.Button](c)[len(windowtest.All[*widget.Button](c))-1].Tapped(nil)
	s.Until(func() bool { return !strings.Contains(windowtest.Words(c), "Unlock the passphrase vault") })
}

func TestAReportSaysWhatTheConnectionCanDo(t *testing.T) {
	s, _, p := openConnections(t, sales())
	c := s.Win.Canvas()
	r := doctor.Report{Verdict: doctor.Fail, Summary: "Signs in, but cannot push.", Connection: "Sales EU", Checks: []doctor.Check{
		{ID: doctor.Role, Group: doctor.GroupPowerBI, Title: "The role allows pushing", Status: doctor.Fail, Evidence: "Viewer cannot push.", Remedy: "Ask for Contributor.", Who: "the workspace admin"}},
		Capabilities: []doctor.Capability{{ID: "signin", Title: "Sign in", Answer: doctor.Yes}, {ID: "push", Title: "Push", Answer: doctor.No}, {ID: "query", Title: "Query", Answer: doctor.Untested}}}
	p.detail.test.show(r)
	windowtest.Sees(t, c, "Sign in", "Push", "Query: not tested", "Write to your admin", "Save report")
	windowtest.Press(t, c, "Write to your admin")
	windowtest.Sees(t, c, "For the workspace admin", "Subject:")
	windowtest.Press(t, c, "Copy")
	if text := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(text, "Ask for Contributor.") {
		t.Errorf("copied %q", text)
	}
}

func TestTheFormSignsInInFourWays(t *testing.T) {
	s, _, p := openConnections(t, sales())
	c := s.Win.Canvas()
	windowtest.Press(t, c, "New connection")
	kinds := p.inner.(*form).proves.kind
	kinds.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	windowtest.Sees(t, c, "Certificate file", "File password")
	windowtest.SeesNot(t, c, "Client secret")
	kinds.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	kinds.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	windowtest.Sees(t, c, "Sign in", "Not signed in")
	windowtest.Press(t, c, "Sign in")
	windowtest.Sees(t, c, "The tenant ID is missing.")
	windowtest.Fill(t, c, "Tenant ID", "11111111-2222-4333-8444-555555555555")
	windowtest.Fill(t, c, "Client ID", "66666666-7777-4888-9999-aaaaaaaaaaaa")
	windowtest.Press(t, c, "Sign in")
	s.Sees("ABCD-1234", "devicelogin")
	for _, b := range windowtest.All[*widget.Button](c) {
		if b.Text() == "Cancel" {
			b.Tapped(nil)
		}
	}
}

// The connections that were used last are the first, until somebody wants names.
func TestRecentlyUsedFirst(t *testing.T) {
	all := three() // Depots, Marketing, Sales: by name
	all[0].Used, all[1].Used, all[2].Used = time.Time{}, time.Now().Add(-time.Hour), time.Now()
	_, _, p := openConnections(t, all...)
	order := func() string {
		var names []string
		for i := range p.found {
			names = append(names, p.row(i).Title)
		}
		return strings.Join(names, " ")
	}
	if got := order(); !strings.HasPrefix(got, all[2].Name+" Marketing ") {
		t.Errorf("%s", got)
	}
	p.sort(false)
	if got := order(); !strings.HasPrefix(got, "Depots Marketing ") {
		t.Errorf("by name: %s", got)
	}
}
