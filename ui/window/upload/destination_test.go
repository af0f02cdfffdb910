package upload

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// workspaceID is that of the practice workspace.
func (h *house) workspaceID() string {
	h.Helper()
	s, err := h.desk.Practice(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	id, err := s.Service().WorkspaceID(practice.Workspace)
	if err != nil {
		h.Fatal(err)
	}
	return id
}

// TestUploadSearchesLongLists is situations C8 and W9 in the window: the right workspace is
// found among thousands, in a list that is sorted.
func TestUploadSearchesLongLists(t *testing.T) {
	h, p := uploading(t)
	var list strings.Builder
	fmt.Fprintf(&list, `{"id":%q,"name":"zz the right one"}`, h.workspaceID())
	for i := range 998 {
		fmt.Fprintf(&list, `,{"id":"11111111-2222-4333-8444-%012d","name":"Team %04d"}`, i, 5000-i)
	}
	h.faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 200, Times: -1, Body: `{"value":[` + list.String() + `]}`})
	p.Dropped([]string{written(t, "stock.csv", "Item,Pieces\nCup,5\n")})
	h.sees("1 row, 2 columns")
	h.next(p)
	h.until(func() bool { return len(p.destination.workspaces) == 999 && !p.destination.lists.Busy() })
	options := p.destination.workspace.Inner.Options
	if options[0] != "Team 4003" || options[998] != "zz the right one" {
		t.Errorf("%q ... %q", options[0], options[998])
	}
	var find *widget.Entry
	for _, e := range windowtest.All[*widget.Entry](h.canvas) {
		if e.PlaceHolder == "Search the workspaces" {
			find = e
		}
	}
	if find == nil {
		t.Fatal("the workspaces cannot be searched")
	}
	find.SetText("team 41")
	options = p.destination.workspace.Inner.Options
	if slices.ContainsFunc(options, func(o string) bool { return !strings.Contains(o, "41") }) || len(options) < 100 || len(options) > 200 {
		t.Errorf("%d options, the first %q", len(options), options[0])
	}
	find.SetText("nowhere")
	h.sees("No workspace matches.")
	find.SetText("one RIGHT")
	find.OnSubmitted(find.Text)
	h.until(func() bool { return p.destination.workspace.Selected() == 998 && !p.destination.lists.Busy() })
	if dest, _ := p.destination.chosen(); dest.Workspace != h.workspaceID() {
		t.Errorf("%+v", dest)
	}
	find.SetText("")
	if got := p.destination.workspace.Selected(); got != 998 {
		t.Errorf("%d is selected", got)
	}
}

// TestUploadSaysThatTheWorkspacesAreRefused: only the default workspace is offered, by its
// ID, and the row says why, in the words of the terminal; also where a run is repeated.
func TestUploadSaysThatTheWorkspacesAreRefused(t *testing.T) {
	h, p := uploading(t)
	c := h.desk.Connections.List()[0]
	c.Workspace = h.workspaceID()
	if _, err := h.desk.Edit(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	says := []string{powerbi.ErrUnlisted.Sentence, powerbi.ErrUnlisted.Remedy, "default workspace, which is changed under Edit"}
	h.faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 403, Times: -1, Body: `{"error":{"code":"Forbidden"}}`})
	path := written(t, "stock.csv", "Item,Pieces\nCup,5\n")
	h.send(p, path, "Send 1 row")
	if got := p.destination.workspace.Inner.Options; !slices.Equal(got, []string{c.Workspace}) {
		t.Errorf("%q", got)
	}
	p.Again(h.receipt())
	h.sees("sent before")
	p.bring(stepDestination)
	h.sees(says...)
	h.faults().Clear()
	p.destination.loadWorkspaces()
	h.until(func() bool { return !p.destination.lists.Busy() })
	windowtest.SeesNot(t, h.canvas, says...)
}

// TestUploadWarnsOfNames is situations M11 and W6: a name that Power BI accepts and mishandles
// is warned of where it is typed, before anything is created.
func TestUploadWarnsOfNames(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "stock.csv", "Item,Pieces\nCup,5\n")})
	h.sees("1 row, 2 columns")
	h.next(p)
	h.sees("Table name")
	windowtest.Fill(t, h.canvas, "Table name", "Date")
	h.until(func() bool { return !p.destination.lists.Busy() })
	note := p.destination.newTableRow.Note()
	if note == "" || p.destination.newTableRow.Wrong() || p.next.Disabled() {
		t.Errorf("%q, wrong: %v, blocked: %q", note, p.destination.newTableRow.Wrong(), p.destination.blocked())
	}
	h.next(p)
	h.next(p)
	h.sees("1 row in 1 request", strings.Split(note, ". ")[0])
}
