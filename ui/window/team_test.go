package window

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/team/teamtest"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// teamOwner is a colleague at another computer, who has a team with a proven connection.
func teamOwner(t *testing.T) (desk *app.App, folder, teamID string) {
	t.Helper()
	desk, err := app.Open(app.Options{Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := desk.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := desk.Secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, _ := s.Credential(practice.AppPractice)
	folder = filepath.Join(t.TempDir(), "team")
	v, err := desk.Teams.Create(t.Context(), folder, "Finance", "Dana", []string{k.TenantID})
	if err != nil {
		t.Fatal(err)
	}
	given := connection.SecretCredential(k.ClientSecret)
	saved, err := desk.Add(t.Context(), connection.Connection{Name: "Sales", Cloud: connection.CloudCustom, TenantID: k.TenantID, ClientID: k.ClientID, Credential: connection.CredentialSecret,
		LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAFile: s.CAFile(), Workspace: practice.Workspace}, &given)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Share(t.Context(), saved.Connection, account.ShareOptions{Team: v.ID, How: "sealed", Trial: true}, nil); err != nil {
		t.Fatal(err)
	}
	return desk, folder, v.ID
}

// person is somebody in front of a window, whose clicks are counted.
type person struct {
	*house
	name   string
	clicks int
}

func sitsDown(t *testing.T, name string) *person {
	t.Helper()
	h := openHouse(t)
	if err := h.desk.Secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	return &person{house: h, name: name}
}

func (p *person) press(word string) { p.Helper(); p.clicks++; windowtest.Press(p.T, p.canvas, word) }
func (p *person) pick(word string)  { p.Helper(); p.clicks++; windowtest.Pick(p.T, p.canvas, word) }
func (p *person) goTo(where page.Place) {
	p.Helper()
	p.clicks++
	p.Open(where)
}
func (p *person) fill(label, text string) { p.Helper(); windowtest.Fill(p.T, p.canvas, label, text) }

// chooses picks the option of a choice beside the one that is chosen.
func (p *person) chooses(label string, right int) {
	p.Helper()
	p.clicks++
	for range right {
		windowtest.Field(p.T, p.canvas, label).Input.(*widget.Segmented).TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
}

// TestJourneyOfATeam: the owner of an app makes a connection, proves it and shares it,
// its secret sealed. An analyst who has never seen Entra joins and sends the sample with
// it, in ten clicks at most. How long the window takes for that is reported.
func TestJourneyOfATeam(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "team")
	dana := sitsDown(t, "Dana")
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, _ := s.Credential(practice.AppPractice)

	begun := time.Now()
	dana.press("New connection")
	dana.clicks += 2
	windowtest.Choose(t, dana.canvas, "Cloud", connection.CloudCustom.Label())
	dana.fill("Name", "Sales")
	dana.fill("Login URL", s.LoginURL())
	dana.fill("API URL", s.APIURL())
	dana.fill("Resource (optional)", s.Resource())
	dana.fill("CA file (optional)", s.CAFile())
	dana.fill("Tenant ID", k.TenantID)
	dana.fill("Client ID", k.ClientID)
	dana.fill("Client secret", k.ClientSecret)
	dana.fill("Default workspace (optional)", practice.Workspace)
	dana.press("Save")
	dana.sees("Sales", "1 connection")
	dana.goTo(page.Team)
	dana.press("New team")
	dana.fill("Name", "Finance")
	dana.fill("Folder", folder)
	dana.fill("Tenants", k.TenantID)
	dana.fill("Your name in the team", "Dana")
	dana.press("Create the team")
	dana.sees("Nothing is shared yet")
	dana.goTo(page.Connections)
	dana.press("More")
	dana.pick("Share with a team")
	dana.chooses("The secret", 1)
	dana.press("Test and share") // with a trial dataset, which proves it
	dana.sees("Team Finance (1)", "Proven")
	t.Logf("the owner: %d clicks, %v in the program", dana.clicks, time.Since(begun).Round(time.Millisecond))

	bob := sitsDown(t, "Bob")
	begun = time.Now()
	bob.goTo(page.Team)
	bob.sees("No team yet")
	bob.press("Join a team")
	bob.fill("Folder", folder)
	bob.fill("Your name in the team", "Bob")
	bob.press("Ask to join")
	bob.sees("Read these words to an owner of the team", "Asked to join")
	id := dana.desk.Teams.List()[0].ID
	v := dana.desk.Teams.Refresh(t.Context(), id)
	if len(v.Requests) != 1 || !strings.Contains(windowtest.Words(bob.canvas), v.Requests[0].Words) {
		t.Fatalf("%+v is not what the screen says:\n%s", v.Requests, windowtest.Words(bob.canvas))
	}
	if _, err := dana.desk.Teams.Accept(t.Context(), id, "Bob"); err != nil {
		t.Fatal(err)
	}
	bob.press("Refresh")
	bob.sees("Sales", "Proven by Dana", "Sealed to the members", "Bob (you)")
	// A cloud of Microsoft's would need no addresses: these two clicks are the test's.
	bob.press("Allow addresses")
	bob.fill("Login URL", s.LoginURL())
	bob.fill("API URL", s.APIURL())
	bob.fill("Resource (optional)", s.Resource())
	bob.fill("CA file (optional)", s.CAFile())
	bob.press("Allow on this computer")
	bob.sees("Send the sample")
	bob.press("Send the sample")
	bob.sees("Send 480 rows")
	bob.press("Send 480 rows")
	bob.sees("Done", "480 rows sent.")
	if bob.clicks > 10 {
		t.Errorf("%d clicks", bob.clicks)
	}
	t.Logf("the analyst: %d clicks, %v in the program", bob.clicks, time.Since(begun).Round(time.Millisecond))
	rows := 0
	for _, tenant := range s.State().Tenants {
		for _, w := range tenant.Workspaces {
			for _, d := range w.Datasets {
				for _, table := range d.Tables {
					if list, err := s.Rows(w.ID, d.ID, table.Name); err == nil {
						rows += len(list)
					}
				}
			}
		}
	}
	if rows != 480 {
		t.Errorf("the service has %d rows", rows)
	}
	if _, err := bob.desk.Secrets.Get(t.Context(), v.Connections[0].ID); err == nil {
		t.Error("the secret was stored in the analyst's keychain")
	}
}

// TestUntrustedByWindow: what needs addresses says so, and what somebody changed in the
// folder is marked and not usable.
func TestUntrustedByWindow(t *testing.T) {
	owner, folder, id := teamOwner(t)
	bob := sitsDown(t, "Bob")
	bob.goTo(page.Team)
	bob.press("Join a team")
	bob.fill("Folder", folder)
	bob.fill("Your name in the team", "Bob")
	bob.press("Ask to join")
	bob.sees("Asked to join")
	if _, err := owner.Teams.Accept(t.Context(), id, "Bob"); err != nil {
		t.Fatal(err)
	}
	bob.press("Refresh")
	bob.sees("Sales", "Proven by Dana", "Not usable", "Allow addresses")
	bob.goTo(page.Connections)
	bob.sees("Sales", "Team Finance (1)", "Not usable")
	bob.goTo(page.Team)
	files, err := filepath.Glob(filepath.Join(folder, "connections", "sales--*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	tamper(t, files[0])
	bob.press("Refresh")
	bob.sees("Untrusted", "not signed by the member it names")
	bob.goTo(page.Connections)
	bob.sees("Untrusted")
}

// TestRotationAfterARemoval: who removes a member is led through the secrets that the
// member could read, in the window. A new one is tested, stored and sealed again, and
// only then the page stops saying who could read it.
func TestRotationAfterARemoval(t *testing.T) {
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, _ := s.Credential(practice.AppPractice)
	dana := sitsDown(t, "Dana")
	folder := filepath.Join(t.TempDir(), "team")
	v, err := dana.desk.Teams.Create(t.Context(), folder, "Finance", "Dana", []string{k.TenantID})
	if err != nil {
		t.Fatal(err)
	}
	given := connection.SecretCredential(k.ClientSecret)
	saved, err := dana.desk.Add(t.Context(), connection.Connection{Name: "Sales", Cloud: connection.CloudCustom, TenantID: k.TenantID, ClientID: k.ClientID, Credential: connection.CredentialSecret,
		LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAFile: s.CAFile(), Workspace: practice.Workspace}, &given)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dana.desk.Share(t.Context(), saved.Connection, account.ShareOptions{Team: v.ID, How: "sealed", Trial: true}, nil); err != nil {
		t.Fatal(err)
	}
	bob, err := app.Open(app.Options{Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bob.Close() })
	if err := bob.Secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	if _, err := bob.Teams.Join(t.Context(), folder, "Bob", ""); err != nil {
		t.Fatal(err)
	}
	if v = dana.desk.Teams.Refresh(t.Context(), v.ID); len(v.Requests) != 1 {
		t.Fatalf("%+v", v.Requests)
	}
	if _, err := dana.desk.Teams.Accept(t.Context(), v.ID, "Bob"); err != nil {
		t.Fatal(err)
	}
	dana.goTo(page.Team)
	dana.sees("2 members")
	dana.press("Remove")
	dana.press("Remove Bob")
	dana.sees("Replace the client secret", "Bob could read the client secret of Sales.", "Only that shuts Bob out.", k.ClientID)
	dana.goTo(page.Team) // it can wait, and the page goes on saying so
	dana.sees("Its secret was readable by Bob", "Replace the secret")
	dana.goTo(page.Connections)
	fresh, err := s.AddSecret(k.ClientID, time.Now().AddDate(2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	dana.fill("New client secret", fresh)
	dana.press("Test and replace")
	dana.sees("The new secret is in use in 1 connection.")
	dana.press("Done")
	dana.goTo(page.Team)
	dana.sees("1 member")
	dana.queue.Drain()
	windowtest.SeesNot(t, dana.canvas, "readable by Bob")
	c, err := dana.desk.Connections.Find(saved.Connection.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := dana.desk.Credential(t.Context(), c); err != nil || got.Secret != fresh {
		t.Errorf("the new secret is not sealed: %v", err)
	}
}

// TestTeamByWindow goes through making a team, accepting and removing a member.
func TestTeamByWindow(t *testing.T) {
	h := openHouse(t)
	if err := h.desk.Secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "team")
	h.Open(page.Team)
	h.sees("No team yet")
	windowtest.Press(t, h.canvas, "New team")
	windowtest.Fill(t, h.canvas, "Name", "Finance")
	windowtest.Fill(t, h.canvas, "Folder", folder)
	windowtest.Fill(t, h.canvas, "Tenants", "contoso.com, contoso.onmicrosoft.com")
	windowtest.Fill(t, h.canvas, "Your name in the team", "Dana")
	windowtest.Press(t, h.canvas, "Create the team")
	h.sees("Owner", "contoso.com, contoso.onmicrosoft.com", "Nothing is shared yet", "Dana (you)")
	windowtest.Press(t, h.canvas, "Invite")
	h.sees("Invite a colleague", "Join a team")
	windowtest.Press(t, h.canvas, "Copy")
	if !strings.Contains(fyne.CurrentApp().Clipboard().Content(), folder) {
		t.Error("the invitation does not name the folder")
	}
	bob, err := app.Open(app.Options{Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bob.Close() })
	if err := bob.Secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	v, err := bob.Teams.Join(t.Context(), folder, "Bob", "")
	if err != nil {
		t.Fatal(err)
	}
	windowtest.Press(t, h.canvas, "Refresh")
	h.sees("Bob asks to join", v.Phrase)
	windowtest.Press(t, h.canvas, "Accept")
	h.sees("Did Bob read these words to you?", v.Phrase)
	windowtest.Press(t, h.canvas, "The words are the same: accept")
	h.sees("2 members")
	windowtest.Press(t, h.canvas, "Remove")
	h.sees("only a new secret in Entra does")
	windowtest.Press(t, h.canvas, "Remove Bob")
	h.sees("1 member")
	if v := bob.Teams.Refresh(t.Context(), v.ID); v.Standing != "removed" {
		t.Errorf("%+v", v.Standing)
	}
}

func tamper(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), `"workspace": "`, `"workspace": "Another `, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestTheWindowWaitsForNoFolder: while the drive with a team's folder hangs, every page
// opens at once, and the page of the teams says that the folder does not answer.
func TestTheWindowWaitsForNoFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	p := sitsDown(t, "Dana")
	folder := filepath.Join(t.TempDir(), "team")
	p.goTo(page.Team)
	p.press("New team")
	p.fill("Name", "Finance")
	p.fill("Folder", folder)
	p.fill("Tenants", "contoso.com")
	p.fill("Your name in the team", "Dana")
	p.press("Create the team")
	p.sees("Nothing is shared yet")
	resume := teamtest.Hang(t, folder)
	quick := func(what string, f func()) {
		t.Helper()
		start := time.Now()
		f()
		p.queue.Drain()
		if d := time.Since(start); d > 8*time.Second { // a folder is waited for for 10 s; a busy machine is slow, too
			t.Errorf("%s took %v", what, d)
		}
	}
	quick("Refresh", func() { p.press("Refresh") })
	for _, place := range page.Places {
		quick(place.Label(), func() { p.Open(place) })
	}
	quick("the teams", func() { p.Open(page.Team) })
	p.sees("The team's folder does not answer.", "Offline copy", "The copy from")
	quick("the form", func() { p.Open(page.Connections); p.press("New connection"); p.fill("Name", "Sales") })
	resume()
	p.press("Cancel")
	p.press("Leave")
	p.Open(page.Team)
	p.press("Refresh")
	for end := time.Now().Add(30 * time.Second); strings.Contains(windowtest.Words(p.canvas), "does not answer") && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		p.queue.Drain()
	}
	p.sees("Owner", "Nothing is shared yet")
	windowtest.SeesNot(t, p.canvas, "does not answer", "Offline copy")
}

// TestVersionsByWindow: two members replaced the secret at the same time. The page says
// so, shows both side by side in what they differ, and the one that is chosen stays.
func TestVersionsByWindow(t *testing.T) {
	owner, folder, id := teamOwner(t)
	bob := sitsDown(t, "Bob")
	v, err := bob.desk.Teams.Join(t.Context(), folder, "Bob", "")
	if err != nil {
		t.Fatal(err)
	}
	owner.Teams.Refresh(t.Context(), id)
	if _, err := owner.Teams.Accept(t.Context(), id, "Bob"); err != nil {
		t.Fatal(err)
	}
	bob.desk.Teams.Refresh(t.Context(), id)
	files, err := filepath.Glob(filepath.Join(folder, "connections", "sales--*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	before, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	connectionID := owner.Teams.List()[0].Connections[0].ID
	rotate := func(d *app.App, secret string) {
		t.Helper()
		if _, err := d.Teams.Rotate(t.Context(), id, connectionID, connection.SecretCredential(secret), "", ""); err != nil {
			t.Fatal(err)
		}
	}
	rotate(owner, "the-owners8Q~secret-0123456789")
	danas, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0], before, 0o600); err != nil { // Bob's drive is behind
		t.Fatal(err)
	}
	rotate(bob.desk, "the-members8Q~secret-0123456789")
	if err := os.WriteFile(strings.TrimSuffix(files[0], ".json")+"-DANAS-PC.json", danas, 0o600); err != nil {
		t.Fatal(err)
	}
	bob.goTo(page.Team)
	bob.press("Refresh")
	bob.sees("Decide between 2 versions")
	bob.press("Decide between 2 versions")
	bob.sees("2 versions of Sales", "Version 1", "Version 2", "sealed by Dana, ", "sealed by Bob, ", "-DANAS-PC.json", "Later")
	windowtest.SeesNot(t, bob.canvas, "Client ID") // it is the same in both
	bob.press("Keep Dana's")
	bob.sees("One version of Sales is left.")
	bob.press("Refresh")
	bob.queue.Drain()
	windowtest.SeesNot(t, bob.canvas, "Decide between")
	c, err := bob.desk.Connections.Find(connectionID)
	if err != nil {
		t.Fatal(err)
	}
	if given, _, err := bob.desk.Teams.Credential(t.Context(), c); err != nil || given.Secret != "the-owners8Q~secret-0123456789" || v.ID != id {
		t.Errorf("%v", err)
	}
	if kept, err := os.ReadDir(filepath.Join(folder, "conflicts")); err != nil || len(kept) != 1 {
		t.Errorf("%v, %v", kept, err)
	}
}
