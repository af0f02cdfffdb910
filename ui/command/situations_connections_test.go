package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// TestConnectionsInTheField are situations C1 to C15, as far as a command meets them and no
// test of its own does: what is broken, and what the test of the connection says then.
func TestConnectionsInTheField(t *testing.T) {
	refusal := func(code, says string) faults.Fault {
		return faults.Fault{Operation: faults.OpToken, Status: 400, Times: -1, Body: `{"error":"invalid_resource","error_description":"AADSTS` + code + `: ` + says + `"}`}
	}
	for _, s := range []struct {
		name   string
		app    string
		broken func(x *terminal, s *practice.Service, k practice.Credential)
		flags  []string
		code   int
		says   []string
	}{
		{name: "C1 the object ID in place of the client ID", code: cli.ExitConnection, says: []string{"not the Object ID", "Application (client) ID", "overview page"},
			broken: func(x *terminal, s *practice.Service, k practice.Credential) {
				x.add(s, "Subject", k.TenantID, k.ObjectID)
			}},
		{name: "C2 a secret that is encoded for an address", code: cli.ExitConnection, says: []string{"looks encoded for a web address", "[warn]", "the app's owner"},
			broken: func(x *terminal, _ *practice.Service, _ practice.Credential) {
				x.env[cli.SecretVariable] = "abc8Q~4567890%2B4567890%2F456789%3D%3D"
			}},
		{name: "C3 an app of another cloud", code: cli.ExitConnection, says: []string{"the cloud US Government (GCC)", "Dataset.ReadWrite.All"},
			broken: func(_ *terminal, s *practice.Service, _ practice.Credential) {
				s.Faults().Add(refusal("650057", "Invalid resource. Resource value from request: 'https://analysis.usgovcloudapi.net/powerbi/api'."))
			}},
		{name: "C10 no list of workspaces", flags: []string{"--trial"}, says: []string{"the workspace is used by its ID"},
			broken: func(x *terminal, s *practice.Service, _ practice.Credential) {
				s.Faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 403, Times: -1, Body: `{"error":{"code":"Forbidden"}}`})
				id, err := s.WorkspaceID(practice.Workspace)
				if err != nil {
					x.t.Fatal(err)
				}
				x.want(cli.ExitDone, "connection", "edit", "Subject", "--workspace", id)
			}},
		{name: "C11 the members are hidden", code: cli.ExitConnection, says: []string{"whether it may push there could not be checked", "pushdesk connection test \"Subject\" --trial"}, broken: hideMembers},
		{name: "C11 a viewer whose members are hidden", app: practice.AppViewer, code: cli.ExitConnection, says: []string{"whether it may push there could not be checked", "--trial"}, broken: hideMembers},
		{name: "C11 the trial of a viewer", app: practice.AppViewer, flags: []string{"--trial"}, code: cli.ExitConnection, says: []string{"Viewer"}, broken: hideMembers},
		{name: "C11 the trial of another", flags: []string{"--trial"}, says: []string{"a trial dataset proved it"}, broken: hideMembers},
		{name: "C13 a wrong secret", flags: []string{"--letter"}, code: cli.ExitConnection, says: []string{"For the app's owner:", "Create a new client secret"},
			broken: func(x *terminal, _ *practice.Service, _ practice.Credential) {
				x.env[cli.SecretVariable] = "abc8Q~not-the-secret-of-the-app-0123456"
			}},
		{name: "C13 an expired secret", app: practice.AppExpired, flags: []string{"--letter"}, code: cli.ExitConnection, says: []string{"For the app's owner:"}},
		{name: "C13 a letter names the app", app: practice.AppViewer, flags: []string{"--letter"}, code: cli.ExitConnection, says: []string{"please help the app “", "- App: "}},
		{name: "C13 no letter", flags: []string{"--letter"}, says: []string{"There is no letter to send"}},
		{name: "C13 no letter for what is one's own", flags: []string{"--letter"}, code: cli.ExitConnection, says: []string{"There is no letter to send"},
			broken: func(x *terminal, s *practice.Service, k practice.Credential) {
				x.add(s, "Subject", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", k.ClientID)
			}},
	} {
		t.Run(s.name, func(t *testing.T) {
			x := newTerminal(t)
			service, k := x.service(pick(s.app, practice.AppPractice))
			if s.broken == nil || !strings.Contains(s.name, "C1 ") && !strings.Contains(s.name, "one's own") {
				x.add(service, "Subject", k.TenantID, k.ClientID)
				x.want(cli.ExitDone, "connection", "edit", "Subject", "--workspace", practice.Workspace)
			}
			if s.broken != nil {
				s.broken(x, service, k)
			}
			x.want(s.code, append([]string{"connection", "test", "Subject"}, s.flags...)...)
			x.says(s.says...)
			x.want(s.code, append([]string{"connection", "test", "Subject", "--json"}, s.flags...)...)
			var said struct{ Ready, Unproven bool }
			x.document(&said)
			if said.Ready != (s.code == cli.ExitDone) {
				t.Errorf("%+v", said)
			}
		})
	}
}

func hideMembers(_ *terminal, s *practice.Service, _ practice.Credential) {
	s.Faults().Add(faults.Fault{Operation: faults.OpGroupUsers, Status: 404, Times: -1, Body: `{"error":{"code":"PowerBIEntityNotFound"}}`})
}

// TestAddressesBelongToTheCustomCloud is situation C12: a named cloud has addresses of its
// own, and others are neither kept nor shown as if they were used.
func TestAddressesBelongToTheCustomCloud(t *testing.T) {
	x := apart(t)
	s, k := x.service(practice.AppPractice)
	shown := func(name string) (c struct{ Cloud, LoginURL, APIURL, Resource, CAFile string }) {
		t.Helper()
		x.want(cli.ExitDone, "connection", "show", name, "--json")
		x.document(&c)
		return c
	}
	if c := shown("Local"); c.LoginURL != s.LoginURL() || c.CAFile == "" {
		t.Errorf("%+v", c)
	}
	x.want(cli.ExitDone, "connection", "edit", "Local", "--cloud", "gcc")
	x.says("custom addresses of \"Local\" are dropped")
	if c := shown("Local"); c.Cloud != "gcc" || c.LoginURL+c.APIURL+c.Resource+c.CAFile != "" {
		t.Errorf("%+v", c)
	}
	x.want(cli.ExitDone, "connection", "show", "Local")
	if strings.Contains(x.stdout, "Login host") {
		t.Errorf("%s", x.stdout)
	}
	// A list that names both is refused; the cloud's own address is no contradiction.
	list := tempFile(t, "team.csv", []byte("name,tenant,client,cloud,login url,api url\n"+
		"One,"+k.TenantID+","+k.ClientID+",public,https://login.example.com,\n"+
		"Two,"+k.TenantID+","+k.ClientID+",gcc,,https://api.example.com\n"+
		"Three,"+k.TenantID+","+k.ClientID+",public,https://login.microsoftonline.com/"+k.TenantID+",https://api.powerbi.com/v1.0/myorg\n"))
	x.want(cli.ExitData, "connection", "import", list, "--no-test")
	x.says("1 added", "the cloud Public has its own addresses", "the cloud US Government (GCC) has its own addresses")
	if c := shown("Three"); c.LoginURL+c.APIURL != "" {
		t.Errorf("%+v", c)
	}
	// What somebody has written into the file by hand is not shown either.
	path := filepath.Join(x.home, "connections.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), `"name": "Three"`, `"name": "Three", "loginUrl": "https://login.example.com", "apiUrl": "https://api.example.com"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := shown("Three"); c.LoginURL+c.APIURL != "" {
		t.Errorf("%+v", c)
	}
}

// TestListsOfConnections are situations C7 and C9: a list in a code page is told how to be
// saved, and what the program prints of its connections it reads again.
func TestListsOfConnections(t *testing.T) {
	x := newTerminal(t)
	x.want(cli.ExitData, "connection", "import", tempFile(t, "team.csv", []byte("name,tenant,client\nM\xfcnchen,contoso.onmicrosoft.com,11111111-2222-4333-8444-555555555555\n")))
	x.says("CSV UTF-8")
	x.service(practice.AppPractice)
	for i, printed := range [][]string{{"connection", "list", "--json"}, {"connection", "show", "Local", "--json"}} {
		x.want(cli.ExitDone, printed...)
		list := tempFile(t, "printed.json", []byte(x.stdout))
		other := newTerminal(t)
		other.want(cli.ExitDone, "connection", "import", list, "--allow-custom", "--no-test")
		other.says("1 added", "cannot sign in yet", "--secret-stdin")
		other.want(cli.ExitDone, "connection", "show", "Local")
		if t.Setenv("PUSHDESK_HOME", x.home); i == 0 {
			x.want(cli.ExitDone, "connection", "show", "Local")
		}
	}
}

// TestThePassphraseOfTheVault is situation C15: the right one shows the vault as open, and a
// wrong one is said once, however many files and tables a command sends.
func TestThePassphraseOfTheVault(t *testing.T) {
	x := apart(t)
	x.vaulted()
	x.service(practice.AppPractice)
	x.want(cli.ExitDone, "connection", "edit", "Local", "--workspace", practice.Workspace)
	x.want(cli.ExitDone, "secrets", "--json")
	var d struct{ Vault string }
	if x.document(&d); d.Vault != "open" {
		t.Errorf("the vault is %q", d.Vault)
	}
	x.env[cli.VaultVariable] = "another passphrase"
	x.want(cli.ExitDone, "secrets", "--json")
	if x.document(&d); d.Vault != "locked" {
		t.Errorf("the vault is %q", d.Vault)
	}
	folder := t.TempDir()
	for _, name := range []string{"a-1.csv", "a-2.csv", "a-3.csv"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("A,B\n"+name+",2\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	x.want(cli.ExitDone, "send", filepath.Join(folder, "a-*.csv"), "--each", "--connection", "Local", "--dataset", "Each", "--table", "T", "--create")
	if n := strings.Count(x.stderr, "passphrase"); n != 1 {
		t.Errorf("the wrong passphrase is said %d times:\n%s", n, x.stderr)
	}
}
