package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/ui/command/cli"
)

type testDocument struct {
	Verdict string
	Summary string
	Checks  []struct {
		ID, Group, Status, Evidence, Remedy, Who string
		DurationMs                               *int64
	}
}

// TestEachCauseIsNamed runs the six failures that people meet most.
func TestEachCauseIsNamed(t *testing.T) {
	const other = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	for _, c := range []struct {
		name, app              string
		tenant, client, secret string // in place of the app's
		workspace              string
		check, evidence        string // the check that fails, and what it must say
		remedy                 string
	}{
		{name: "wrong tenant", tenant: other, check: "tenant", evidence: "AADSTS90002", remedy: "tenant"},
		{name: "wrong client", client: other, check: "app", evidence: "AADSTS700016", remedy: "client ID"},
		{name: "wrong secret", secret: "not~the.right_secret-0123456789abcdefgh", check: "token", evidence: "AADSTS7000215", remedy: "Value"},
		{name: "expired secret", app: practice.AppExpired, check: "token", evidence: "AADSTS7000222", remedy: "new"},
		{name: "unknown workspace", workspace: "No such workspace", check: "workspace", evidence: "No such workspace", remedy: "name"},
		{name: "viewer", app: practice.AppViewer, workspace: practice.Workspace, check: "role", evidence: "Viewer", remedy: "Contributor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newTerminal(t)
			s, k := x.service(pick(c.app, practice.AppPractice))
			x.add(s, "Subject", pick(c.tenant, k.TenantID), pick(c.client, k.ClientID))
			x.env[cli.SecretVariable] = pick(c.secret, k.ClientSecret)
			args := []string{"connection", "test", "Subject", "--workspace", pick(c.workspace, practice.Workspace)}

			x.want(cli.ExitConnection, append(args, "--json")...)
			var d testDocument
			x.document(&d)
			if d.Verdict != "fail" || d.Summary == "" {
				t.Errorf("verdict %q, summary %q", d.Verdict, d.Summary)
			}
			failed := 0
			for _, check := range d.Checks {
				if check.DurationMs == nil || check.Group == "" {
					t.Errorf("the check %s is not complete", check.ID)
				}
				if check.Status != "fail" {
					continue
				}
				failed++
				if check.ID != c.check || !strings.Contains(check.Evidence, c.evidence) && !strings.Contains(x.stdout, c.evidence) {
					t.Errorf("%s failed: %s; want %s with %q", check.ID, check.Evidence, c.check, c.evidence)
				}
				if !strings.Contains(check.Remedy, c.remedy) || check.Who == "" {
					t.Errorf("the remedy is %q (%s), which lacks %q", check.Remedy, check.Who, c.remedy)
				}
			}
			if failed != 1 {
				t.Errorf("%d checks failed, want 1", failed)
			}
			if strings.Contains(x.stdout+x.stderr, x.env[cli.SecretVariable]) {
				t.Error("the secret is printed")
			}
			x.want(cli.ExitConnection, args...)
			x.says("[fail]", c.remedy)

			// A send meets the same cause, unless the workspace is named otherwise.
			x.want(cli.ExitConnection, "send", sales(t, 2), "--connection", "Subject", "--workspace", pick(c.workspace, practice.Workspace), "--dataset", "D", "--table", "T", "--create", "--json")
			if a := x.account(); a.Status != "failed" || a.Error == nil || a.Error.Sentence == "" || a.Error.Remedy == "" || a.Error.Kind != "connection" {
				t.Errorf("send: %+v %+v", a, a.Error)
			}
		})
	}
}

func pick(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestAWorkingConnection(t *testing.T) {
	x := apart(t)
	x.service(practice.AppPractice)
	x.want(cli.ExitDone, "connection", "test", "Local", "--workspace", practice.Workspace, "--json")
	var d testDocument
	x.document(&d)
	var ids []string
	for _, check := range d.Checks {
		ids = append(ids, check.ID)
		optional := check.ID == "expiry" || check.ID == "target" || check.ID == "trial" // nothing was given for them
		if check.Status != "pass" && !(optional && check.Status == "skipped") {
			t.Errorf("%s: %s %s", check.ID, check.Status, check.Evidence)
		}
	}
	if got := strings.Join(ids, " "); d.Verdict != "pass" ||
		got != "format secret network clock tenant app token expiry claims permission api workspace role datasets target trial limits" {
		t.Errorf("%s: %s", d.Verdict, got)
	}
}

func TestConnectionsAreKept(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "connection", "list")
	x.says("No connections yet")
	x.want(cli.ExitDone, "connection", "add", "--name", " Practice ", "--cloud", "practice")
	x.want(cli.ExitUsage, "connection", "add", "--name", "PRACTICE", "--cloud", "practice")
	x.want(cli.ExitDone, "connection", "test", "practice")
	x.want(cli.ExitDone, "connection", "edit", "practice", "--name", "Try", "--notes", "for the new ones")
	x.want(cli.ExitDone, "connection", "show", "Try", "--json")
	var shown map[string]any
	x.document(&shown)
	if shown["name"] != "Try" || shown["notes"] != "for the new ones" || shown["cloud"] != "practice" {
		t.Errorf("%v", shown)
	}
	x.want(cli.ExitDone, "connection", "list", "--json")
	var list struct{ Connections []map[string]any }
	x.document(&list)
	if len(list.Connections) != 1 {
		t.Errorf("%v", list)
	}
	x.want(cli.ExitDone, "connection", "remove", "try")
	x.want(cli.ExitConnection, "connection", "show", "Try")
	x.want(cli.ExitUsage, "connection", "add", "--name", "A")
	x.want(cli.ExitUsage, "connection", "add", "--name", "A", "--tenant", "contoso.com", "--client", "12345")
}

func TestTheSecretIsNeverWritten(t *testing.T) {
	x := apart(t)
	const secret = "qxz8Q~under.no_circumstances-on-disk0000"
	x.stdin = secret + "\n"
	x.want(cli.ExitConnection, "connection", "add", "--name", "A", "--tenant", "contoso.onmicrosoft.com", "--client", "11111111-2222-4333-8444-555555555555", "--secret-stdin")
	x.says("nothing is stored", "vault create", cli.SecretVariable)
	if strings.Contains(x.stdout+x.stderr, secret) {
		t.Error("the secret is printed")
	}
	// There is no keychain in these tests: the words must say so.
	x.says("kept in memory until this program is closed")
	_ = filepath.WalkDir(x.home, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		if strings.Contains(string(data), "qxz8Q~under") {
			t.Errorf("the secret is in %s", path)
		}
		return nil
	})
	x.want(cli.ExitConnection, "connection", "test", "A", "--json") // nothing is stored, so that nothing leaves this computer
	x.says("secret")
	x.want(cli.ExitUsage, "connection", "edit", "A", "--secret-stdin")
}
