package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// at runs what follows as another person: with a home and a keychain, here a vault, of
// their own.
func (x *terminal) at(home string) {
	x.t.Helper()
	x.home = home
	if !x.apart {
		x.t.Setenv(storage.HomeVariable, home)
	}
}

// Connections go to a colleague: the definition, which lacks its secret and says how to
// give it; the secret, sealed with a passphrase; and what list --json printed.
func TestConnectionsAreExported(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	x := apart(t)
	x.vaulted()
	s, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	x.stdin = k.ClientSecret
	x.want(cli.ExitDone, "connection", "edit", "Local", "--secret-stdin", "--workspace", practice.Workspace, "--expires", "2031-01-31")
	x.want(cli.ExitDone, "send", sales(t, 2), "--connection", "Local", "--dataset", "Orders", "--table", "Orders", "--create")
	folder := t.TempDir()
	plain, again, sealed, list := filepath.Join(folder, "plain.json"), filepath.Join(folder, "again.json"), filepath.Join(folder, "sealed.json"), filepath.Join(folder, "list.json")
	x.want(cli.ExitDone, "connection", "export", "Local", "--to", plain)
	x.says("holds no secret")
	x.want(cli.ExitDone, "connection", "export", "Local", "--to", again)
	x.want(cli.ExitDone, "connection", "export", "Local", "--to", sealed, "--with", "passphrase", "--json")
	var d struct{ Passphrase, ValidUntil string }
	x.document(&d)
	x.want(cli.ExitDone, "connection", "list", "--json")
	if err := os.WriteFile(list, []byte(x.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	one, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(again)
	if err != nil || string(one) != string(two) || !strings.Contains(string(one), `"Units Sold"`) || !strings.Contains(string(one), "BEGIN CERTIFICATE") {
		t.Errorf("%v\n%s\n%s", err, one, two)
	}
	x.want(cli.ExitUsage, "connection", "export", "Local", "--to", plain, "--with", "people")
	x.want(cli.ExitUsage, "connection", "export", "Local", "--to", plain, "--with", "reference")
	x.want(cli.ExitUsage, "connection", "export", "Local", "--to", plain, "--days", "3")
	x.want(cli.ExitUsage, "connection", "export", "Local")
	x.want(cli.ExitUsage, "connection", "export", "Local", "--to", list) // somebody's file
	x.says("no export of Pushdesk", "--overwrite")

	x.at(t.TempDir())
	x.vaulted()
	x.want(cli.ExitData, "connection", "import", plain, "--dry-run")
	x.says("custom addresses")
	x.lines = []string{"n"}
	x.want(cli.ExitUsage, "connection", "import", plain, "--allow-custom")
	x.says("MISSING", "client secret", "Import 1 connection?", "Nothing was imported")
	x.lines = []string{"y"}
	x.want(cli.ExitDone, "connection", "import", plain, "--allow-custom")
	x.says("1 added", "These cannot sign in yet", `pushdesk connection edit "Local" --secret-stdin`)
	x.lines = nil
	x.want(cli.ExitConnection, "connection", "import", sealed, "--allow-custom")
	x.says("passphrase", cli.ExportVariable)
	x.env[cli.ExportVariable] = d.Passphrase
	x.want(cli.ExitDone, "connection", "import", sealed, "--allow-custom", "--existing", "update")
	x.says("1 updated", "Ready to push")
	x.want(cli.ExitDone, "send", sales(t, 3), "--connection", "Local", "--dataset", "Orders", "--table", "Orders")

	x.at(t.TempDir())
	x.vaulted()
	x.want(cli.ExitDone, "connection", "import", list, "--allow-custom", "--json")
	var i struct {
		Added   int
		Lacking []struct{ Name, Command string }
	}
	x.document(&i)
	if i.Added != 1 || len(i.Lacking) != 1 {
		t.Errorf("%+v", i)
	}
	x.want(cli.ExitDone, "connection", "show", "Local")
	x.says("2031-01-31", s.APIURL())
	x.home = folder
	x.nowhere(k.ClientSecret)
}

// The page for the administrator, with the reader's own values.
func TestHelpEntra(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "help", "entra")
	x.says("Register the app", "column Value", "Service principals can call Fabric public APIs", "<client ID>")
	x.want(cli.ExitDone, "connection", "add", "--name", "Sales", "--tenant", "contoso.com", "--client", "66666666-7777-4888-9999-aaaaaaaaaaaa", "--workspace", "Finance", "--credential", "device")
	x.want(cli.ExitDone, "help", "entra", "--connection", "Sales", "--letter")
	x.says("contoso.com", "Finance", "Allow public client flows", "Thank you!")
	x.want(cli.ExitDone, "help", "entra", "--json", "--credential", "certificate")
	var d struct {
		Checklist []struct{ Title, Who string }
		Letter    struct{ Subject, Body string }
	}
	x.document(&d)
	if len(d.Checklist) != 6 || d.Letter.Body == "" {
		t.Errorf("%+v", d)
	}
	x.want(cli.ExitUsage, "help", "entra", "--credential", "magic")
	x.want(cli.ExitDone, "help", "connection", "test")
	x.says("--trial")
	x.want(cli.ExitUsage, "help", "nothing")
}
