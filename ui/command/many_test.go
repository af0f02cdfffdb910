package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

func TestSeveralAtOnce(t *testing.T) {
	x := apart(t)
	s, k := x.service(practice.AppPractice)
	for _, name := range []string{"North", "South", "West"} {
		x.add(s, name, k.TenantID, k.ClientID)
	}
	x.want(cli.ExitDone, "connection", "label", "North", "south", "--environment", "Production", "--tag", "eu", "--tag", "Month end", "--json")
	var labelled struct {
		Connections []struct{ Name, Environment string }
	}
	x.document(&labelled)
	if len(labelled.Connections) != 2 || labelled.Connections[1].Environment != "production" {
		t.Errorf("%+v", labelled)
	}
	x.want(cli.ExitDone, "connection", "label", "South", "--untag", "MONTH END")
	x.want(cli.ExitDone, "connection", "list", "--find", "tag:month")
	if !strings.Contains(x.stdout, "North") || strings.Contains(x.stdout, "South") {
		t.Errorf("%s", x.stdout)
	}
	x.want(cli.ExitUsage, "connection", "label", "North")
	x.says("Nothing to change")
	x.want(cli.ExitUsage, "connection", "label", "North", "--environment", "moon")
	x.want(cli.ExitConnection, "connection", "label", "North", "Nowhere", "--tag", "x")
	x.want(cli.ExitDone, "connection", "list", "--find", "tag:x")
	x.says("No connections match")

	x.want(cli.ExitConnection, "connection", "remove", "West", "Nowhere")
	x.want(cli.ExitUsage, "connection", "remove", "West", "North")
	x.says("production connection", "nothing was removed")
	x.want(cli.ExitDone, "connection", "show", "West")
	x.want(cli.ExitDone, "connection", "remove", "West", "North", "west", "--yes-remove", "North", "--json")
	var removed struct{ RemovedAll []struct{ Name string } }
	x.document(&removed)
	if len(removed.RemovedAll) != 2 || removed.RemovedAll[1].Name != "North" {
		t.Errorf("%+v", removed)
	}
}

// A test of nothing passes nothing, and what looks at one connection is not ignored
// for several.
func TestManyTestsAreAskedRight(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitUsage, "connection", "test", "--all")
	x.says("no connections to test")
	s, k := x.service(practice.AppPractice)
	x.want(cli.ExitUsage, "connection", "test", "--find", "nothing")
	x.says("nothing")
	x.add(s, "Other", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", k.ClientID)
	x.want(cli.ExitDone, "connection", "edit", "Local", "--workspace", practice.Workspace, "--expires", "31 Jan 2099", "--environment", "production")
	for _, flag := range [][]string{{"--trial"}, {"--letter"}, {"--report", "x.md"}, {"--dataset", "D"}, {"--table", "T"}, {"--workspace", "W"}} {
		x.want(cli.ExitUsage, append([]string{"connection", "test", "Local", "Other"}, flag...)...)
		x.says(flag[0], "one connection only")
	}
	x.want(cli.ExitUsage, "connection", "test", "Local", "--all")
	x.want(cli.ExitConnection, "connection", "test", "Local", "Other")
	x.says("ENVIRONMENT", "production", "2099-01-31", "pass", "fail", "1 of 2", "2 of 2")
	x.want(cli.ExitDone, "connection", "test", "--find", "env:production", "--json")
	var d struct {
		Tests []struct {
			Ready   bool
			Expires string
			Report  testDocument
		}
		NotReady int
	}
	x.document(&d)
	if len(d.Tests) != 1 || !d.Tests[0].Ready || d.Tests[0].Expires != "2099-01-31" || d.Tests[0].Report.Verdict != "pass" || d.NotReady != 0 {
		t.Errorf("%+v", d)
	}
	x.want(cli.ExitDone, "connection", "test", "Local", "local")
	x.says("Entra issues a token") // one connection, as when it is named once

	x.want(cli.ExitUsage, "connection", "test", "Local", "--trial")
	x.says("no trial dataset was created", "--yes")
	x.lines = []string{"n"}
	x.want(cli.ExitUsage, "connection", "test", "Local", "--trial")
	x.lines = nil
	for _, r := range s.Requests() {
		if r.Operation == faults.OpCreateDataset {
			t.Error("a trial dataset was made without a yes")
		}
	}
	x.want(cli.ExitDone, "connection", "test", "Local", "--trial", "--yes")
	x.want(cli.ExitDone, "connection", "list", "--json")
	x.says(`"daysLeft"`, `"expiry": "The client secret expires in`)
}

// A secret that was given for one app is not sent to the login host of another.
func TestTheSecretOfTheEnvironmentStaysWithItsApp(t *testing.T) {
	x := apart(t)
	x.vaulted()
	s, k := x.service(practice.AppPractice)
	viewer, _ := s.Credential(practice.AppViewer)
	other, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	x.env[cli.SecretVariable] = viewer.ClientSecret // stored with it
	x.add(other, "Elsewhere", viewer.TenantID, viewer.ClientID)
	x.env[cli.SecretVariable] = k.ClientSecret
	x.want(cli.ExitConnection, "connection", "test", "--all")
	x.says(cli.SecretVariable, "the stored secret of each is used", "Local", "Elsewhere")
	x.want(cli.ExitDone, "connection", "test", "Local") // alone, it is used
}

// A history of runs that cannot be opened, as on a full disk, keeps nobody from the
// connections.
func TestConnectionsWithoutAHistory(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	if err := os.WriteFile(filepath.Join(x.home, "runs"), []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "connection", "edit", "Local", "--workspace", practice.Workspace)
	x.want(cli.ExitDone, "connection", "list")
	x.says("Local")
	x.want(cli.ExitDone, "connection", "test", "Local", "--dataset", budget(t, s))
	x.want(cli.ExitUnexpected, "runs", "list")
	x.want(cli.ExitDone, "connection", "remove", "Local")
}

// budget makes a push dataset and gives its name.
func budget(t *testing.T, s *practice.Service) string {
	t.Helper()
	k, _ := s.Credential(practice.AppPractice)
	e := connection.Endpoints{LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAPEM: s.CAPEM()}
	hc, err := network.Client(e, network.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := entra.NewTokens(e, k.TenantID, k.ClientID, connection.SecretCredential(k.ClientSecret), hc)
	if err != nil {
		t.Fatal(err)
	}
	workspace, err := s.WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	_, err = powerbi.NewClient(e.APIURL, tokens, hc).CreateDataset(t.Context(), workspace,
		powerbi.DatasetSchema{Name: "Pushed", Tables: []powerbi.Table{{Name: "T", Columns: []powerbi.Column{{Name: "n", DataType: powerbi.Int64}}}}}, powerbi.RetentionNone)
	if err != nil {
		t.Fatal(err)
	}
	return "Pushed"
}

// A secret that no store takes is no success, and what was stored before stays.
func TestASecretThatIsNotStoredIsSaid(t *testing.T) {
	x := apart(t)
	x.vaulted()
	_, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	passphrase := x.env[cli.VaultVariable]
	delete(x.env, cli.VaultVariable)
	x.stdin = "abc8Q~another-secret-of-forty-letters-xx"
	x.want(cli.ExitConnection, "connection", "edit", "Local", "--secret-stdin", "--notes", "changed", "--json")
	x.says("was not stored", "The passphrase vault is locked", cli.VaultVariable)
	var d struct{ SecretPlace, Notes string }
	x.document(&d)
	if d.SecretPlace != "Vault locked" || d.Notes != "changed" {
		t.Errorf("%+v", d)
	}
	x.env[cli.VaultVariable] = passphrase
	x.want(cli.ExitDone, "connection", "edit", "Local", "--workspace", k.Workspace)
	x.want(cli.ExitDone, "connection", "test", "Local")
}

// A wrong passphrase of the vault is named as what it is, also in the report.
func TestAWrongPassphraseIsNamed(t *testing.T) {
	x := apart(t)
	x.vaulted()
	x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	x.env[cli.VaultVariable] = "not the passphrase of this test"
	x.want(cli.ExitConnection, "connection", "test", "Local", "--json")
	var d testDocument
	x.document(&d)
	if !strings.Contains(d.Summary, "passphrase does not open the vault") {
		t.Errorf("%q", d.Summary)
	}
	delete(x.env, cli.VaultVariable)
	x.want(cli.ExitConnection, "connection", "test", "Local")
	x.says("The passphrase vault is locked.")
}
