package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/ui/command/cli"
)

// TestTheLastTestIsListed is C14: the list says how the last test of each connection ended,
// whether it still holds, and which lack a secret.
func TestTheLastTestIsListed(t *testing.T) {
	x := apart(t)
	x.vaulted()
	_, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	x.want(cli.ExitConnection, "connection", "add", "--name", "Bare", "--tenant", k.TenantID, "--client", k.ClientID)
	x.stdin = k.ClientSecret
	x.want(cli.ExitDone, "connection", "edit", "Local", "--secret-stdin", "--workspace", practice.Workspace)

	type connection struct {
		Name, SecretState string
		LastTest          *struct {
			Verdict, Summary, Check string
			Stale, Pushed           bool
		}
	}
	list := func() map[string]connection {
		t.Helper()
		x.want(cli.ExitDone, "connection", "list", "--json")
		var d struct{ Connections []connection }
		x.document(&d)
		all := map[string]connection{}
		for _, c := range d.Connections {
			all[c.Name] = c
		}
		return all
	}
	if all := list(); all["Local"].LastTest != nil || all["Local"].SecretState != "stored" || all["Bare"].SecretState != "missing" {
		t.Errorf("%+v", all)
	}
	x.want(cli.ExitDone, "connection", "list")
	x.says("SECRET", "LAST TEST", "No secret", "Vault locked", "Not tested")

	x.want(cli.ExitDone, "connection", "test", "Local", "--trial")
	x.want(cli.ExitConnection, "connection", "test", "--all")
	all := list()
	if l := all["Local"].LastTest; l == nil || l.Verdict != "pass" || l.Stale || l.Check != "" || !strings.Contains(l.Summary, "Ready to push") {
		t.Errorf("%+v", l)
	}
	if l := all["Bare"].LastTest; l == nil || l.Verdict != "fail" || l.Check != "secret" {
		t.Errorf("%+v", l)
	}
	x.want(cli.ExitDone, "connection", "list")
	x.says("Worked, ", "Failed, ")
	x.want(cli.ExitDone, "connection", "show", "Local")
	x.says("Last test", "Ready to push to Practice workspace")

	x.want(cli.ExitDone, "connection", "edit", "Local", "--workspace", "Another")
	if l := list()["Local"].LastTest; l == nil || !l.Stale {
		t.Errorf("%+v", l)
	}
	x.want(cli.ExitDone, "connection", "show", "Local", "--json")
	var shown connection
	if x.document(&shown); shown.LastTest == nil || !shown.LastTest.Stale || shown.SecretState != "stored" {
		t.Errorf("%+v", shown)
	}
	x.want(cli.ExitDone, "connection", "list")
	x.says("(changed since)")

	// What the list prints is read, and nothing in it taken for a secret.
	x.want(cli.ExitDone, "connection", "list", "--json")
	file := filepath.Join(t.TempDir(), "list.json")
	if err := os.WriteFile(file, []byte(x.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "connection", "import", file, "--allow-custom", "--dry-run", "--json")
	var d struct {
		Rows []struct{ Secret bool }
	}
	if x.document(&d); len(d.Rows) != 2 || d.Rows[0].Secret || d.Rows[1].Secret || strings.Contains(x.stderr, "Not used") {
		t.Errorf("%+v %s", d, x.stderr)
	}

	x.want(cli.ExitDone, "connection", "remove", "Local")
	if kept, err := os.ReadFile(filepath.Join(x.home, "tests.json")); err != nil || strings.Contains(string(kept), "Practice workspace") {
		t.Errorf("%v %s", err, kept)
	}
}
