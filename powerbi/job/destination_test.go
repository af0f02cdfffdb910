package job

import (
	"testing"

	"pushdesk/powerbi"
)

// The default dataset of a connection belongs to its default workspace, and its table to
// the dataset.
func TestDefaultDestination(t *testing.T) {
	c := Connection{Workspace: "Finance", Dataset: "Orders", Table: "Lines"}
	for name, x := range map[string]struct{ given, want Destination }{
		"nothing is named":   {Destination{}, Destination{Dataset: "Orders", Table: "Lines"}},
		"the workspace":      {Destination{Workspace: "finance "}, Destination{Workspace: "finance ", Dataset: "Orders", Table: "Lines"}},
		"another workspace":  {Destination{Workspace: "Sales"}, Destination{Workspace: "Sales"}},
		"a table of its own": {Destination{Table: "Other"}, Destination{Dataset: "Orders", Table: "Other"}},
		"another dataset":    {Destination{Dataset: "Other"}, Destination{Dataset: "Other"}},
	} {
		x.given.Connection, x.want.Connection = c, c
		if got := x.given.Whole(); got != x.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	workspaces := []powerbi.Workspace{{ID: "w1", Name: "Sales"}, {ID: "w2", Name: "Finance"}}
	datasets := []powerbi.Dataset{{ID: "d1", Name: "Depots"}, {ID: "d2", Name: "Orders"}}
	if at, ok := c.Usual(workspaces, "w2", datasets); at != 1 || !ok {
		t.Errorf("%d %v", at, ok)
	}
	if at, ok := c.Usual(workspaces, "w2", datasets[:1]); at != -1 || !ok {
		t.Errorf("still to be made: %d %v", at, ok)
	}
	if _, ok := c.Usual(workspaces, "w1", datasets); ok {
		t.Error("it is proposed in another workspace")
	}
	if _, ok := (Connection{}).Usual(workspaces, "w1", datasets); ok {
		t.Error("nothing is proposed")
	}
}
