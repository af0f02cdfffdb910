package command

import (
	"testing"

	"pushdesk/ui/command/cli"
)

func TestRunsAreDeleted(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "send", sales(t, 5), "--practice", "--json")
	id := x.account().RunID
	x.want(cli.ExitUsage, "runs", "delete", id)
	x.says("Nothing was deleted")
	x.want(cli.ExitDone, "runs", "delete", id, "--yes")
	x.want(cli.ExitUsage, "runs", "show", id)
	x.want(cli.ExitUsage, "runs", "delete", id, "--yes")
	x.want(cli.ExitDone, "runs", "list")
	x.says("Nothing has been sent yet.")
}

func TestHowLongRunsAreKept(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "send", sales(t, 5), "--practice", "--json")
	id := x.account().RunID
	x.want(cli.ExitDone, "runs", "keep")
	x.says("for 365 days")
	x.want(cli.ExitDone, "runs", "keep", "30", "--json")
	var kept struct{ KeepDays, Deleted int }
	x.document(&kept)
	if kept.KeepDays != 30 || kept.Deleted != 0 {
		t.Errorf("%+v", kept)
	}
	x.want(cli.ExitDone, "runs", "show", id)
	x.want(cli.ExitDone, "runs", "keep", "0")
	x.says("forever")
	x.want(cli.ExitUsage, "runs", "keep", "soon")
}
