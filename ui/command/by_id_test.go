package command

import (
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// TestAWorkspaceByItsIDNeedsNoList: with only the right to write datasets the workspaces
// may not be listed, and everything works by IDs.
func TestAWorkspaceByItsIDNeedsNoList(t *testing.T) {
	x := newTerminal(t)
	s, _ := x.service(practice.AppPractice)
	id, err := s.WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	s.Faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 403, Times: -1, Body: `{"error":{"code":"Forbidden"}}`})
	path := tempFile(t, "stock.csv", []byte("Depot,Units\nGent,1\n"))
	to := []string{"send", path, "--connection", "Local", "--dataset", "New", "--table", "T", "--create"}
	x.want(cli.ExitConnection, append(to, "--workspace", practice.Workspace)...)
	x.want(cli.ExitDone, append(to, "--workspace", id)...)
	if n := len(rowsOf(t, s, "New", "T")); n != 1 {
		t.Errorf("%d rows", n)
	}
	x.want(cli.ExitNothing, append(to, "--workspace", id)...)
	x.want(cli.ExitDone, "runs", "undo", "last", "--yes")
}
