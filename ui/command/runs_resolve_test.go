package command

import (
	"encoding/json"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// TestUnknownBatchesAreAnsweredOneByOne: nothing can be asked of the service, so a person
// answers for the batch whose reply was lost, and the receipt says so.
func TestUnknownBatchesAreAnsweredOneByOne(t *testing.T) {
	for answer, fault := range map[string]faults.Fault{"stored": {CutAfter: true}, "resend": {CutBefore: true}} {
		t.Run(answer, func(t *testing.T) {
			x := newTerminal(t)
			s, _ := x.service(practice.AppPractice)
			s.SetExecuteQueriesAllowed(false)
			fault.Operation, fault.After = faults.OpRows, 1
			s.Faults().Add(fault)
			x.want(cli.ExitStopped, toLocal(csv(t, 25_000))...)
			first := x.account()
			x.want(cli.ExitDone, "runs", "resolve", first.RunID)
			x.says("BATCH", "Item Thing", "not answered", "--batch N stored|resend")
			x.want(cli.ExitUsage, "runs", "resolve", first.RunID, "--batch", "9", answer)
			x.want(cli.ExitUsage, "runs", "resolve", first.RunID, answer)
			x.want(cli.ExitUsage, "runs", "resolve", first.RunID, "--batch", "2")
			x.want(cli.ExitUsage, "runs", "resolve", first.RunID, "--batch", "2", "perhaps")
			x.want(cli.ExitDone, "runs", "resolve", first.RunID, "--batch", "2", answer, "--json")
			var d resolved
			if err := json.Unmarshal([]byte(x.stdout), &d); err != nil || len(d.Batches) != 1 || d.Left != 0 || d.Batches[0].Batch != 2 || d.Batches[0].Stored == nil || *d.Batches[0].Stored != (answer == "stored") {
				t.Errorf("%+v, %v", d, err)
			}
			x.want(cli.ExitUnproven, "runs", "resume", first.RunID, "--json")
			if a := x.account(); a.Status != "unproven" || a.RowsSent != 25_000 || a.RowsConfirmed != 0 {
				t.Errorf("%+v", a)
			}
			x.want(cli.ExitDone, "runs", "show", first.RunID)
			x.says("Sent, but not proven", "Not proven:", "batch 2")
			x.want(cli.ExitDone, "runs", "resolve", first.RunID)
			x.says("no unknown batches")
			if n := len(rowsOf(t, s, "Things", "Things")); n != 25_000 {
				t.Errorf("%d rows are stored", n)
			}
		})
	}
}
