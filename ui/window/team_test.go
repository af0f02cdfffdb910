package window

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/windowtest"
)

// owner is a colleague at another computer, who has a team with a proven connection.
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
	// And one that needs no addresses, for somebody who has never seen Entra.
	try, err := desk.PracticeConnection(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Share(t.Context(), try, account.ShareOptions{Team: v.ID, Trial: true}, nil); err != nil {
		t.Fatal(err)
	}
	return desk, folder, v.ID
}

// TestJourneyOfAnAnalyst: somebody who has never seen Entra joins a team and sends the
// sample with one of its connections, in ten clicks at most.
func TestJourneyOfAnAnalyst(t *testing.T) {
	owner, folder, id := teamOwner(t)
	h := openHouse(t)
	if err := h.desk.Secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	clicks := 0
	press := func(word string) { t.Helper(); clicks++; windowtest.Press(t, h.canvas, word) }
	clicks++
	h.Open(page.Team)
	h.sees("No team yet")
	press("Join a team")
	windowtest.Fill(t, h.canvas, "Folder", folder)
	windowtest.Fill(t, h.canvas, "Your name in the team", "Bob")
	press("Ask to join")
	h.sees("Read these words to an owner of the team", "Asked to join")
	v := owner.Teams.Refresh(t.Context(), id)
	if len(v.Requests) != 1 || !strings.Contains(windowtest.Words(h.canvas), v.Requests[0].Words) {
		t.Fatalf("%+v is not what the screen says:\n%s", v.Requests, windowtest.Words(h.canvas))
	}
	if _, err := owner.Teams.Accept(t.Context(), id, "Bob"); err != nil {
		t.Fatal(err)
	}
	press("Refresh")
	h.sees("Sales", "Practice", "Proven by Dana", "Sealed to the members", "Dana", "Bob (you)")
	// What needs addresses says so.
	h.sees("Not usable", "Allow addresses")
	clicks++
	h.Open(page.Connections)
	h.sees("Practice", "Sales", "Finance")
	if clicks > 10 {
		t.Errorf("%d clicks", clicks)
	}
	// The folder is changed by somebody: the page says so.
	h.Open(page.Team)
	files, err := filepath.Glob(filepath.Join(folder, "connections", "sales--*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	tamper(t, files[0])
	press("Refresh")
	h.sees("Untrusted", "not signed by the member it names")
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
