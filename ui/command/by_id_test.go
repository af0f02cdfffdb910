package command

import (
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// TestAWorkspaceByItsIDNeedsNoList: with only the right to write datasets the workspaces
// may not be listed, and everything works by IDs.
func TestAWorkspaceByItsIDNeedsNoList(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	id, err := s.WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	s.Faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 403, Times: -1, Body: `{"error":{"code":"Forbidden"}}`})
	path := tempFile(t, "stock.csv", []byte("Depot,Units\nGent,1\n"))
	to := []string{"send", path, "--connection", "Local", "--dataset", "New", "--table", "T", "--create"}
	x.want(cli.ExitConnection, append(to, "--workspace", practice.Workspace)...)
	x.want(cli.ExitDone, "connection", "test", "Local", "--workspace", id)
	x.want(cli.ExitConnection, "connection", "test", "Local", "--workspace", practice.Workspace)
	x.want(cli.ExitDone, append(to, "--workspace", id)...)
	if n := len(rowsOf(t, s, "New", "T")); n != 1 {
		t.Errorf("%d rows", n)
	}
	x.want(cli.ExitNothing, append(to, "--workspace", id)...)

	// What the list of workspaces is then, is said.
	x.want(cli.ExitConnection, "connection", "browse", "Local") // it has no workspace by its ID
	x.want(cli.ExitDone, "connection", "edit", "Local", "--workspace", id)
	x.want(cli.ExitDone, "connection", "browse", "Local")
	x.says(id, powerbi.ErrUnlisted.Sentence, powerbi.ErrUnlisted.Remedy, "The flag is --workspace.")
	x.want(cli.ExitDone, "connection", "browse", "Local", "--json")
	var seen struct {
		Workspaces   []struct{ ID string }
		Cut, CutCode string
	}
	if x.document(&seen); len(seen.Workspaces) != 1 || seen.Workspaces[0].ID != id || seen.Cut != powerbi.ErrUnlisted.Sentence || seen.CutCode != "workspaces-unlisted" {
		t.Errorf("%+v", seen)
	}
	x.want(cli.ExitDone, "connection", "browse", "Local", "--workspace", id, "--json") // nothing was left out of what was asked for
	if strings.Contains(x.stdout+x.stderr, "default workspace") {
		t.Errorf("%s", x.stderr)
	}
	x.want(cli.ExitDone, "runs", "undo", "last", "--yes")
}

// TestExactlyTheRightToWriteDatasets: a person who is granted Dataset.ReadWrite.All and
// nothing else signs in, and everything works by the workspace's ID: the test, a dry run, a
// send, a change of the table, and an undo. The service refuses the list of workspaces
// because of the token's scope.
func TestExactlyTheRightToWriteDatasets(t *testing.T) {
	x := apart(t)
	x.vaulted()
	s, err := practice.Start(practice.Options{DevicePolls: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.SetDelegated("Dataset.ReadWrite.All")
	k, _ := s.Credential(practice.AppSignIn)
	id, err := s.WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "connection", "add", "--name", "Me", "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(), "--resource", s.Resource(),
		"--ca-file", s.CAFile(), "--tenant", k.TenantID, "--client", k.ClientID, "--workspace", id, "--credential", "device")
	x.want(cli.ExitDone, "connection", "sign-in", "Me")
	x.says("Signed in as alex@" + practice.Domain)
	x.want(cli.ExitConnection, "connection", "test", "Me") // the members, too, are hidden: nothing proves that rows can be pushed
	x.says("Dataset.ReadWrite.All", "used by its ID", "could not be checked")
	x.want(cli.ExitDone, "connection", "test", "Me", "--trial")
	x.says("a trial dataset proved it")
	x.want(cli.ExitDone, "connection", "browse", "Me")
	x.says(id, "does not let this account list the workspaces", "has only the permission Dataset.ReadWrite.All", "so only the connection's default workspace is shown", "give its ID. To see all, the sign-in needs the permission Workspace.Read.All", "The flag is --workspace.")
	one, two := tempFile(t, "one.csv", []byte("Depot,Units\nGent,1\n")), tempFile(t, "two.csv", []byte("Depot,Units\nLuik,2\n"))
	to := func(path string, more ...string) []string {
		return append([]string{"send", path, "--connection", "Me", "--dataset", "New", "--table", "T", "--json"}, more...)
	}
	x.want(cli.ExitDone, to(one, "--create", "--dry-run")...)
	x.want(cli.ExitDone, to(one, "--create")...)
	if a := x.account(); a.RowsConfirmed != 1 {
		t.Errorf("%+v", a)
	}
	x.want(cli.ExitDone, to(two)...)
	x.want(cli.ExitDone, "runs", "undo", "last", "--yes")
	if rows := rowsOf(t, s, "New", "T"); len(rows) != 1 || rows[0]["Depot"] != "Gent" {
		t.Errorf("%v", rows)
	}
	x.want(cli.ExitDone, "table", "alter", "--connection", "Me", "--dataset", "New", "--table", "T", "--add", "Region=text")
	x.want(cli.ExitDone, "table", "show", "--connection", "Me", "--dataset", "New", "--table", "T")
	x.says("Region")
	x.want(cli.ExitDone, to(tempFile(t, "three.csv", []byte("Depot,Units,Region\nMons,3,South\n")))...)
	if n := len(rowsOf(t, s, "New", "T")); n != 2 {
		t.Errorf("%d rows", n)
	}
	refused := 0
	for _, r := range s.Requests() {
		if strings.HasSuffix(r.Path, "/groups") && r.Status == 403 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("the workspaces were listed")
	}
}
