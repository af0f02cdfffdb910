package receipt

import (
	"testing"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

func TestReceiptsInWords(t *testing.T) {
	for _, c := range []struct {
		r    push.Receipt
		word string
	}{
		{push.Receipt{Status: push.StatusDone}, "Done"},
		{push.Receipt{Status: push.StatusDone, RowsRejected: 1}, "Some left out"},
		{push.Receipt{Status: push.StatusStopped}, "Stopped"}, {push.Receipt{Status: push.StatusFailed}, "Failed"},
		{push.Receipt{Status: push.StatusUnknown}, "Not certain"}, {push.Receipt{Status: push.StatusRunning}, "Running"},
	} {
		if got := Outcome(c.r).Word; got != c.word {
			t.Errorf("%s reads %q, want %q", c.r.Status, got, c.word)
		}
	}
	r := push.Receipt{Problems: make([]mapping.Problem, 1000), ByColumn: []mapping.ColumnProblems{{Count: 1200}, {Count: 34}}}
	if got := Listed(r); got != "The first 1,000 of 1,234 problems are listed." {
		t.Errorf("got %q", got)
	}
	if got := mode(push.Receipt{Mode: plan.ModeReplace}); got != "Was to replace the rows; none were deleted" {
		t.Errorf("a replace that deleted nothing reads %q", got)
	}
	if got := Title(push.Receipt{RunID: "broken"}); got != "broken" {
		t.Errorf("a journal that cannot be read is called %q", got)
	}
}

func TestTotalsAddUp(t *testing.T) {
	r := push.Receipt{Status: push.StatusStopped, RowsRead: 412_300, RowsSent: 400_000, RowsRejected: 17, RowsUnknown: 10_000, RowsNotSent: 2_283}
	var parts int64
	for _, x := range totals(r) {
		switch x.word {
		case "Sent", "Left out", "Not certain", "Not sent":
			parts += x.rows
		}
	}
	if parts != r.RowsRead {
		t.Errorf("the parts are %d of %d rows read", parts, r.RowsRead)
	}
}
