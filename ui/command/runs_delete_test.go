package command

import "testing"

func TestRunsAreDeleted(t *testing.T) {
	x := newTerminal(t)
	x.want(exitDone, "send", sales(t, 5), "--practice", "--json")
	id := x.account().RunID
	x.want(exitUsage, "runs", "delete", id)
	x.says("Nothing was deleted")
	x.want(exitDone, "runs", "delete", id, "--yes")
	x.want(exitUsage, "runs", "show", id)
	x.want(exitUsage, "runs", "delete", id, "--yes")
	x.want(exitDone, "runs", "list")
	x.says("Nothing has been sent yet.")
}

func TestHowLongRunsAreKept(t *testing.T) {
	x := newTerminal(t)
	x.want(exitDone, "send", sales(t, 5), "--practice", "--json")
	id := x.account().RunID
	x.want(exitDone, "runs", "keep")
	x.says("for 365 days")
	x.want(exitDone, "runs", "keep", "30", "--json")
	var kept struct{ KeepDays, Deleted int }
	x.document(&kept)
	if kept.KeepDays != 30 || kept.Deleted != 0 {
		t.Errorf("%+v", kept)
	}
	x.want(exitDone, "runs", "show", id)
	x.want(exitDone, "runs", "keep", "0")
	x.says("for ever")
	x.want(exitUsage, "runs", "keep", "soon")
}
