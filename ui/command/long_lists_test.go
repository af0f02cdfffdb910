package command

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// longList is a list of more bytes than are read.
func longList(name string) string {
	var b strings.Builder
	b.WriteString(`{"odata":{"x":[1]},"value":[`)
	for i := 0; b.Len() < 17_000_000; i++ {
		fmt.Fprintf(&b, `{"id":"%08d-2222-3333-4444-555555555555","name":"%s %d","addRowsAPIEnabled":true,"notes":%q},`, i, name, i, strings.Repeat("x", 2000))
	}
	return strings.TrimSuffix(b.String(), ",") + "]}"
}

// TestLongListsAreCutAndSaySo: a list that is longer than what is read is cut by its bytes.
// What of it was read is shown, that there is more is said by every command, and nothing is
// concluded from what is not in it.
func TestLongListsAreCutAndSaySo(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	data := tempFile(t, "sales.csv", []byte("Region,Amount\nWest,1\n"))
	const sentence = "is longer than the 8.0 MB that Pushdesk reads: the list ends after "
	var list struct {
		Workspaces []struct{ ID, Name string }
		Datasets   []struct{ ID, Name string }
		Cut        string
	}

	x.want(cli.ExitDone, "connection", "browse", "Local", "--json")
	x.document(&list)
	id := list.Workspaces[slices.IndexFunc(list.Workspaces, func(w struct{ ID, Name string }) bool { return w.Name == practice.Workspace })].ID

	s.Faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 200, Times: -1, Body: longList("Team")})
	x.want(cli.ExitDone, "connection", "browse", "Local")
	x.says("Team 1", sentence)
	x.want(cli.ExitDone, "connection", "browse", "Local", "--json")
	x.document(&list)
	if n := len(list.Workspaces); n < 3500 || n > 4000 || !strings.Contains(list.Cut, sentence) || list.Workspaces[n-1].Name == "" {
		t.Errorf("%d workspaces, %q", n, list.Cut)
	}
	x.run("connection", "test", "Local", "--workspace", "Beyond", "--json")
	x.says(sentence, "is not in the beginning of the list that was read")
	if strings.Contains(x.stdout, "There is no workspace") {
		t.Errorf("it claims more than it knows: %s", x.stdout)
	}
	x.want(cli.ExitConnection, "send", data, "--connection", "Local", "--workspace", "Team 1", "--dataset", "D", "--table", "T", "--create", "--yes", "--json")
	x.says("list-cut", sentence)

	// A workspace that is given by its ID needs no list.
	x.want(cli.ExitDone, "send", data, "--connection", "Local", "--workspace", id, "--dataset", "D", "--table", "T", "--create", "--yes")
	if n, err := s.CountRows(practice.Workspace, "D", "T"); err != nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}

	s.Faults().Clear()
	s.Faults().Add(faults.Fault{Operation: faults.OpDatasets, Status: 200, Times: -1, Body: longList("Set")})
	list.Cut = ""
	x.want(cli.ExitDone, "connection", "browse", "Local", "--workspace", practice.Workspace, "--json")
	x.document(&list)
	if n := len(list.Datasets); n < 3500 || n > 4000 || !strings.Contains(list.Cut, sentence) {
		t.Errorf("%d datasets, %q", n, list.Cut)
	}
	x.run("connection", "test", "Local", "--workspace", practice.Workspace, "--json")
	x.says("list the datasets", sentence)
	// What is not in the beginning may exist: nothing is created beside it.
	x.want(cli.ExitConnection, "send", data, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "E", "--table", "T", "--create", "--yes", "--json")
	x.says("list-cut", sentence)
	s.Faults().Clear()
	if _, err := s.CountRows(practice.Workspace, "E", "T"); err == nil {
		t.Error("a dataset was created, and nobody knew whether there was one")
	}
}
