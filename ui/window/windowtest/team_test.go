//go:build display

package windowtest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/team"
	"pushdesk/connection/team/key"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
)

// flowTo is where pictures of the whole flow go, light and dark, in two sizes. The screen
// must be 1440 wide.
var flowTo = flag.String("flow", "", "the folder to put pictures of the flow of a team into")

// flow is one way to look at the flow.
type flow struct {
	theme         string
	width, height int
}

func flows() []flow {
	if *flowTo == "" {
		return []flow{{"light", 1180, 760}}
	}
	return []flow{{"light", 1024, 700}, {"dark", 1024, 700}, {"light", 1440, 900}, {"dark", 1440, 900}}
}

// picture takes a picture of the flow, if they are wanted.
func (f flow) picture(p *Program, name string) {
	if *flowTo == "" {
		return
	}
	time.Sleep(400 * time.Millisecond) // what moves comes to rest
	p.Picture(filepath.Join(*flowTo, fmt.Sprintf("%s-%d-%s.png", name, f.width, f.theme)))
}

// colleagueAway is somebody at a computer of their own, without a window.
func colleagueAway(t *testing.T) *app.App {
	t.Helper()
	a, err := app.Open(app.Options{Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if err := a.Secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	k, err := key.New() // the keychain has that of the person in front of the window
	if err != nil {
		t.Fatal(err)
	}
	if err := key.Keep(t.Context(), a.Secrets, k); err != nil {
		t.Fatal(err)
	}
	return a
}

func joined(t *testing.T, a *app.App, folder, name string) team.View {
	t.Helper()
	v, err := a.Teams.Join(t.Context(), folder, name, "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// fillAddresses types the addresses of a service.
func (p *Program) fillAddresses(s *practice.Service) {
	p.t.Helper()
	p.Fill("Login URL", s.LoginURL())
	p.Fill("API URL", s.APIURL())
	p.Fill("Resource (optional)", s.Resource())
	p.Fill("CA file (optional)", s.CAFile())
}

// TestOwnerOfATeam: somebody makes a connection, a team, proves the connection and shares
// it sealed; a colleague joins and is removed again, and the secret is replaced.
func TestOwnerOfATeam(t *testing.T) {
	for _, f := range flows() {
		t.Run(fmt.Sprint(f.theme, f.width), func(t *testing.T) { owns(t, f) })
	}
}

func owns(t *testing.T, f flow) {
	s := service(t)
	k := credential(t, s, practice.AppPractice)
	folder := filepath.Join(t.TempDir(), "finance")
	bob := colleagueAway(t) // before the window, whose person has a key of their own
	p := Start(t, Options{Theme: f.theme, Width: f.width, Height: f.height})
	p.WaitFor("No connections yet")
	begun := time.Now()
	p.Press("New connection")
	p.Fill("Name", "Sales EU")
	p.Choose("Cloud", connection.CloudCustom.Label())
	p.fillAddresses(s)
	p.Fill("Tenant ID", k.TenantID)
	p.Fill("Client ID", k.ClientID)
	p.Fill("Client secret", k.ClientSecret)
	p.Fill("Default workspace (optional)", k.Workspace)
	p.Fill("Default dataset (optional)", "Orders")
	p.Fill("Default table (optional)", "Lines")
	f.picture(p, "01-form")
	p.Press("Save")
	p.WaitFor("1 connection")
	p.Press("Team")
	p.WaitFor("No team yet")
	f.picture(p, "02-no-team")
	p.Press("New team")
	p.Fill("Name", "Finance")
	p.Fill("Folder", folder)
	p.Fill("Tenants", k.TenantID)
	p.Fill("Your name in the team", "Dana Whitfield")
	f.picture(p, "03-new-team")
	p.Press("Create the team")
	p.WaitFor("Nothing is shared yet")
	f.picture(p, "04-team")
	p.Press("Connections")
	p.Press("More")
	p.Click("Share with a team")
	p.WaitFor("Each member enters the secret once")
	f.picture(p, "05-share")
	p.Click("Sealed to the members")
	f.picture(p, "06-share-sealed")
	p.Press("Test and share")
	p.WaitFor("Team Finance (1)", "Proven")
	f.picture(p, "07-shared")
	t.Logf("%d clicks, %v until it is shared", p.clicks, time.Since(begun).Round(time.Second))
	p.Press("Team")
	p.WaitFor("Proven by Dana Whitfield", "Sealed to the members")
	p.Press("Invite")
	p.WaitFor("Invite a colleague")
	f.picture(p, "08-invite")
	p.Press("Close")
	v := joined(t, bob, folder, "Bob Okafor")
	p.WaitFor("Bob Okafor asks to join") // without a click: the folder is watched
	f.picture(p, "09-request")
	p.Press("Accept")
	p.WaitFor("Did Bob Okafor read these words to you?", v.Phrase)
	f.picture(p, "10-accept")
	p.Press("The words are the same: accept")
	p.WaitFor("2 members")
	bob.Teams.Refresh(t.Context(), v.ID)
	stamp := team.Stamp{Connection: idOf(t, bob, v.ID), At: time.Now().Add(-50 * time.Hour).UTC(), Summary: "Signs in, but cannot push: Viewer role."}
	if _, err := bob.Teams.Stamp(t.Context(), v.ID, stamp); err != nil {
		t.Fatal(err)
	}
	p.WaitFor("Fails for Bob Okafor since")
	f.picture(p, "11-fails-for-a-colleague")
	p.Press("Connections")
	p.WaitFor("Fails for Bob Okafor")
	f.picture(p, "12-list")
	p.Press("Settings")
	p.WaitFor("System keychain works", "No secret manager may be asked.") // nothing moves any more
	p.Press("Allow a secret manager")
	p.WaitFor("Ask it by")
	f.picture(p, "13-secret-manager")
	p.Click("An address")
	p.WaitFor("Field of the answer (optional)")
	f.picture(p, "14-secret-manager-address")
	p.Press("Cancel")
	p.Press("Team")
	p.Press("Remove")
	p.WaitFor("Remove Bob Okafor from Finance?")
	f.picture(p, "15-remove")
	p.Press("Remove Bob Okafor")
	p.WaitFor("Bob Okafor could read the client secret of Sales EU.", "Step by step")
	f.picture(p, "16-assistant")
	fresh, err := s.AddSecret(k.ClientID, time.Now().AddDate(2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	p.Fill("New client secret", fresh)
	p.Press("Test and replace")
	p.WaitFor("The new secret is in use in 1 connection.")
	f.picture(p, "17-replaced")
	p.Press("Done")
	p.Press("Team")
	p.WaitFor("1 member", "Changed since Dana Whitfield's test")
	f.picture(p, "18-afterwards")
	p.Press("Verify")
	p.WaitFor("Prove it with a trial dataset")
	f.picture(p, "19-verify")
	p.Press("Prove it with a trial dataset")
	p.WaitFor("Proven by Dana Whitfield")
}

func idOf(t *testing.T, a *app.App, teamID string) string {
	t.Helper()
	v, err := a.Teams.Find(teamID)
	if err != nil || len(v.Connections) != 1 {
		t.Fatalf("%+v, %v", v, err)
	}
	return v.Connections[0].ID
}

// TestAnalystOfATeam: somebody who has never seen Entra joins and sends the sample with
// the team's connection, in ten clicks at most. How long that takes is reported. Then the
// file is changed by somebody, and two versions of it appear.
func TestAnalystOfATeam(t *testing.T) {
	for _, f := range flows() {
		t.Run(fmt.Sprint(f.theme, f.width), func(t *testing.T) { joins(t, f) })
	}
}

func joins(t *testing.T, f flow) {
	s := service(t)
	k := credential(t, s, practice.AppPractice)
	dana, carl := colleagueAway(t), colleagueAway(t)
	folder := filepath.Join(t.TempDir(), "finance")
	v, err := dana.Teams.Create(t.Context(), folder, "Finance", "Dana Whitfield", []string{k.TenantID})
	if err != nil {
		t.Fatal(err)
	}
	given := connection.SecretCredential(k.ClientSecret)
	c := connection.Connection{Name: "Sales EU", Cloud: connection.CloudCustom, TenantID: k.TenantID, ClientID: k.ClientID, Credential: connection.CredentialSecret,
		LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAFile: s.CAFile(), Workspace: practice.Workspace}
	saved, err := dana.Add(t.Context(), c, &given)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dana.Share(t.Context(), saved.Connection, account.ShareOptions{Team: v.ID, How: team.SecretSealed, Trial: true}, nil); err != nil {
		t.Fatal(err)
	}

	p := Start(t, Options{Theme: f.theme, Width: f.width, Height: f.height})
	p.WaitFor("No connections yet")
	begun := time.Now()
	p.Press("Team")
	p.Press("Join a team")
	p.Fill("Folder", folder)
	p.Fill("Your name in the team", "Bob Okafor")
	f.picture(p, "21-join")
	p.Press("Ask to join")
	p.WaitFor("Read these words to an owner of the team")
	f.picture(p, "22-words")
	v = dana.Teams.Refresh(t.Context(), v.ID)
	if len(v.Requests) != 1 || !p.Says(v.Requests[0].Words) {
		t.Fatalf("%+v", v.Requests)
	}
	if _, err := dana.Teams.Accept(t.Context(), v.ID, "Bob Okafor"); err != nil {
		t.Fatal(err)
	}
	p.WaitFor("Proven by Dana Whitfield", "Allow addresses") // without a click: the folder is watched
	f.picture(p, "23-accepted")
	p.Press("Allow addresses") // which no cloud of Microsoft's needs
	p.fillAddresses(s)
	f.picture(p, "24-addresses")
	p.Press("Allow on this computer")
	p.Press("Send the sample")
	p.WaitFor("Send 480 rows")
	f.picture(p, "25-sample")
	p.Press("Send 480 rows")
	p.WaitFor("480 rows sent.")
	f.picture(p, "26-sent")
	t.Logf("%d clicks, %v until the sample is sent", p.clicks, time.Since(begun).Round(time.Second))
	if p.clicks > 10 {
		t.Errorf("%d clicks", p.clicks)
	}

	// Somebody writes into the file.
	files, err := filepath.Glob(filepath.Join(folder, "connections", "sales-eu--*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	read := func() []byte {
		t.Helper()
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	write := func(path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := read()
	write(files[0], []byte(strings.Replace(string(good), k.TenantID, "evil.example.com", 1)))
	p.Press("Team")
	p.WaitFor("Untrusted", "not signed by the member it names")
	f.picture(p, "27-untrusted")
	p.Press("Connections")
	p.WaitFor("Untrusted")
	f.picture(p, "28-untrusted-in-the-list")
	write(files[0], good)
	p.Press("Team")
	p.WaitFor("Verify")

	// Two others replace the secret at the same time.
	joined(t, carl, folder, "Carl Lindqvist")
	dana.Teams.Refresh(t.Context(), v.ID)
	if _, err := dana.Teams.Accept(t.Context(), v.ID, "Carl Lindqvist"); err != nil {
		t.Fatal(err)
	}
	carl.Teams.Refresh(t.Context(), v.ID)
	before := read()
	rotate := func(a *app.App) {
		t.Helper()
		fresh, err := s.AddSecret(k.ClientID, time.Now().AddDate(2, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Teams.Rotate(t.Context(), v.ID, idOf(t, a, v.ID), connection.SecretCredential(fresh), "", ""); err != nil {
			t.Fatal(err)
		}
	}
	rotate(dana)
	danas := read()
	write(files[0], before) // Carl's drive is behind
	rotate(carl)
	write(strings.TrimSuffix(files[0], ".json")+"-DANAS-PC.json", danas)
	p.WaitFor("Another file of this connection is not used", "Carl Lindqvist, who is new to this computer")
	f.picture(p, "29-new-member")
	p.Press("Trust")
	p.WaitFor("Decide between 2 versions")
	f.picture(p, "30-two-versions")
	p.Press("Decide between 2 versions")
	p.WaitFor("2 versions of Sales EU", "sealed by Dana Whitfield, ", "sealed by Carl Lindqvist, ")
	f.picture(p, "31-versions")
	p.Press("Keep Dana Whitfield's")
	p.WaitFor("One version of Sales EU is left.")

	// The folder is gone: the copy is used.
	if err := os.Rename(folder, folder+"-away"); err != nil {
		t.Fatal(err)
	}
	p.Press("Refresh")
	p.WaitFor("Offline copy", "The copy from")
	f.picture(p, "32-offline")

	// A list from elsewhere: what is new, what is there and what is wrong is shown first.
	list := filepath.Join(t.TempDir(), "connections of the region.csv")
	write(list, []byte("name,tenant,client,secret,workspace,environment,expires\n"+
		"Sales DACH,"+k.TenantID+","+k.ClientID+","+k.ClientSecret+",Practice workspace,production,\n"+
		"Sales Nordics,"+k.TenantID+","+k.ClientID+",,Practice workspace,test,2026-12-09\n"+
		"Broken,not a tenant,"+k.ClientID+",,,,\n"))
	p.Press("Connections")
	p.Press("Manage")
	p.Click("Import connections")
	p.Fill("File", list)
	p.Press("Read the file")
	p.WaitFor("Import 2 connections", "Row 4 is wrong", "Missing: ")
	f.picture(p, "33-import")
	p.Click("Later")
	p.Press("Import 2 connections")
	p.WaitFor("2 connections are imported from connections of the region.csv.", "Sales Nordics")
	f.picture(p, "34-imported")
}
