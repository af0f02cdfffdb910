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
)

// The window of the program for Windows, under Wine: .ci/windows runs these two.

// onWindows skips a test that is not run for Windows.
func onWindows(t *testing.T) {
	t.Helper()
	if wine() == "" {
		t.Skip("it is for the program for Windows: run it with make test-windows")
	}
}

// keep photographs the window for people.
func (p *Program) keep(name string) {
	p.t.Helper()
	p.calm()
	p.Picture(filepath.Join(os.Getenv(picturesVariable), name+".png"))
}

// TestWindowsFirstStart goes from the first start to rows that are sent.
func TestWindowsFirstStart(t *testing.T) {
	onWindows(t)
	p := Start(t, Options{})
	p.WaitFor("No connections yet", "Try it with sample data")
	p.keep("first-start")
	p.Press("Try it with sample data")
	p.WaitFor("Send 480 rows")
	p.keep("sample-checked")
	p.Press("Send 480 rows")
	p.WaitFor("Done", "480 rows sent.", "The table's row count after the last batch")
	p.keep("sample-sent")
}

// TestWindowsWrongSecret types a connection whose secret is wrong, reads why it does not
// work, and mends it. The secret is in Credential Manager and in no file.
func TestWindowsWrongSecret(t *testing.T) {
	onWindows(t)
	s := service(t)
	k := credential(t, s, practice.AppPractice)
	p := Start(t, Options{})
	p.WaitFor("No connections yet")
	p.Press("New connection")
	p.Fill("Name", "Sales EU")
	p.Choose("Cloud", connection.CloudCustom.Label())
	p.Fill("Login URL", s.LoginURL())
	p.Fill("API URL", s.APIURL())
	p.Fill("Resource (optional)", s.Resource())
	p.Fill("CA file (optional)", outside(s.CAFile()))
	p.Fill("Tenant ID", k.TenantID)
	p.Fill("Client ID", k.ClientID)
	p.Fill("Client secret", "not~the.right_secret-0123456789abcdefgh")
	p.Fill("Default workspace (optional)", k.Workspace)
	p.Press("Test")
	p.WaitFor("Does not work", "Cannot sign in: the client secret is wrong.", "Copy report")
	p.keep("wrong-secret")
	p.Fill("Client secret", k.ClientSecret)
	p.Press("Test")
	p.WaitFor("Works", "Ready to push to Practice workspace (Admin).")
	p.Press("Save")
	p.WaitFor("Sales EU is saved.", "1 connection", "Works", "System keychain")
	p.keep("secret-mended")
	store, err := file.Open(filepath.Join(p.Home, "connections.json"))
	if err != nil {
		t.Fatal(err)
	}
	if kept := store.List(); len(kept) != 1 || kept[0].Name != "Sales EU" || kept[0].CAFile != outside(s.CAFile()) {
		t.Errorf("kept %+v", kept)
	}
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
}
