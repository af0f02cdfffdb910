//go:build display

package windowtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
)

// service is a practice service of the test's own, as a stranger's would be.
func service(t *testing.T) *practice.Service {
	t.Helper()
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func credential(t *testing.T, s *practice.Service, app string) practice.Credential {
	t.Helper()
	c, ok := s.Credential(app)
	if !ok {
		t.Fatalf("the practice service has no app %q", app)
	}
	return c
}

// TestAConnectionFromAnEmptyProgram types a whole connection, tests and saves it.
func TestAConnectionFromAnEmptyProgram(t *testing.T) {
	s := service(t)
	k := credential(t, s, practice.AppPractice)
	p := Start(t, Options{})
	p.WaitFor("No connections yet", "Try it with sample data")
	p.Press("New connection")
	p.Fill("Name", "Größe EU")
	p.Choose("Cloud", connection.CloudCustom.Label())
	p.Fill("Login URL", s.LoginURL())
	p.Fill("API URL", s.APIURL())
	p.Fill("Resource (optional)", s.Resource())
	p.Fill("CA file (optional)", s.CAFile())
	p.Fill("Tenant ID", k.TenantID)
	p.Fill("Client ID", k.ClientID)
	p.Fill("Client secret", "not~the.right_secret-0123456789abcdefgh")
	p.Fill("Default workspace (optional)", k.Workspace)
	p.Press("Test")
	p.WaitFor("Does not work", "Cannot sign in: the client secret is wrong.", "Copy report")
	p.Fill("Client secret", k.ClientSecret)
	p.Press("Test")
	p.WaitFor("Works", "Ready to push to Practice workspace (Admin).")
	p.Press("Save")
	p.WaitFor("Größe EU is saved.", "1 connection", "Works", "System keychain")

	// What is kept is whole, and the secret is in the keychain and nowhere else.
	store, err := file.Open(filepath.Join(p.Home, "connections.json"))
	if err != nil {
		t.Fatal(err)
	}
	kept := store.List()
	if len(kept) != 1 || kept[0].Name != "Größe EU" || kept[0].TenantID != k.TenantID || kept[0].APIURL != s.APIURL() || kept[0].CAFile != s.CAFile() {
		t.Errorf("kept %+v", kept)
	}
	secrets := keychain.New("")
	if secret, err := secrets.Get(t.Context(), kept[0].ID); err != nil || secret != k.ClientSecret {
		t.Errorf("the keychain has another secret (%v)", err)
	}
	t.Cleanup(func() { _ = secrets.Delete(t.Context(), kept[0].ID) })
	p.Close()
	err = filepath.WalkDir(p.Home, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), k.ClientSecret) {
			t.Errorf("the secret is in %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if strings.Contains(p.said(), k.ClientSecret) {
		t.Error("the secret is in the log")
	}
}

// TestEachCauseIsNamedInTheWindow tests six connections that do not work.
func TestEachCauseIsNamedInTheWindow(t *testing.T) {
	s := service(t)
	const other = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	causes := []struct {
		name, app, tenant, client, secret, workspace string
		verdict, remedy, code                        string
	}{
		{name: "Wrong tenant", tenant: other, verdict: "Cannot sign in: there is no such tenant in this cloud.",
			remedy: "Check the tenant ID.", code: "AADSTS90002"},
		{name: "Wrong client", client: other, verdict: "Cannot sign in: the tenant does not know this app.",
			remedy: "Check the client ID", code: "AADSTS700016"},
		{name: "Wrong secret", secret: "not~the.right_secret-0123456789abcdefgh", verdict: "Cannot sign in: the client secret is wrong.",
			remedy: "Paste the column Value of the secret, not its Secret ID.", code: "AADSTS7000215"},
		{name: "Expired secret", app: practice.AppExpired, verdict: "Cannot sign in: the client secret has expired.",
			remedy: "Create a new client secret", code: "AADSTS7000222"},
		{name: "Unknown workspace", workspace: "Sales of Mars", verdict: "Signs in, but cannot see the workspace Sales of Mars.",
			remedy: "Check the name.", code: "Sales of Mars"},
		{name: "Viewer role", app: practice.AppViewer, verdict: "its role there is Viewer.",
			remedy: "to give the service principal", code: "the Contributor role"},
	}
	home := t.TempDir()
	store, err := file.Open(filepath.Join(home, "connections.json"))
	if err != nil {
		t.Fatal(err)
	}
	secrets := keychain.New("")
	or := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	for _, c := range causes {
		k := credential(t, s, or(c.app, practice.AppPractice))
		kept, err := store.Add(connection.Connection{
			Name: c.name, Cloud: connection.CloudCustom, Credential: connection.CredentialSecret,
			TenantID: or(c.tenant, k.TenantID), ClientID: or(c.client, k.ClientID), Workspace: or(c.workspace, practice.Workspace),
			LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAFile: s.CAFile(),
		})
		if err != nil {
			t.Fatal(err)
		}
		if place, err := secrets.Set(t.Context(), kept.ID, or(c.secret, k.ClientSecret)); err != nil || place != keychain.PlaceKeychain {
			t.Fatalf("%s: %v", place, err)
		}
		t.Cleanup(func() { _ = secrets.Delete(t.Context(), kept.ID) })
	}
	p := Start(t, Options{Home: home})
	p.WaitFor("6 connections")
	for _, c := range causes {
		p.Click(c.name)
		p.Press("Test")
		p.WaitFor(c.verdict, c.remedy, "Copy report")
		if !p.Says(c.code) {
			p.Press("Details")
			p.WaitFor(c.code)
		}
	}
	p.until("the list marks all six", func() bool {
		return strings.Count(p.Screen().Words(), "Does not work") >= len(causes)
	})
}
