package receipt

import (
	"testing"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

func TestReceiptsInWords(t *testing.T) {
	for _, c := range []struct {
		r    history.Receipt
		word string
	}{
		{history.Receipt{Status: history.StatusDone}, "Done"},
		{history.Receipt{Status: history.StatusDone, RowsRejected: 1}, "Some left out"},
		{history.Receipt{Status: history.StatusStopped}, "Stopped"}, {history.Receipt{Status: history.StatusFailed}, "Failed"},
		{history.Receipt{Status: history.StatusUnknown}, "Unknown"}, {history.Receipt{Status: history.StatusRunning}, "Running"},
	} {
		if got := Outcome(c.r).Word; got != c.word {
			t.Errorf("%s reads %q, want %q", c.r.Status, got, c.word)
		}
	}
	r := history.Receipt{Problems: make([]mapping.Problem, 1000), ByColumn: []mapping.ColumnProblems{{Count: 1200}, {Count: 34}}}
	if got := Listed(r); got != "The first 1,000 of 1,234 problems are listed." {
		t.Errorf("got %q", got)
	}
	if got := mode(history.Receipt{Mode: plan.ModeReplace}); got != "Was to replace the rows; none were deleted" {
		t.Errorf("a replace that deleted nothing reads %q", got)
	}
	if got := Title(history.Receipt{RunID: "broken"}); got != "broken" {
		t.Errorf("a journal that cannot be read is called %q", got)
	}
}

func TestTotalsAddUp(t *testing.T) {
	r := history.Receipt{Status: history.StatusStopped, RowsRead: 412_300, RowsSent: 400_000, RowsRejected: 17, RowsUnknown: 10_000, RowsNotSent: 2_283}
	var parts int64
	for _, x := range totals(r) {
		switch x.word {
		case "Sent", "Left out", "Unknown", "Not sent":
			parts += x.rows
		}
	}
	if parts != r.RowsRead {
		t.Errorf("the parts are %d of %d rows read", parts, r.RowsRead)
	}
}

// TestTotalsAreAboutTheFile: the rows that a stopped run never came to are not sent.
func TestTotalsAreAboutTheFile(t *testing.T) {
	r := history.Receipt{Status: history.StatusStopped, RowsTotal: 300_000, RowsRead: 249_620, RowsSent: 229_683, RowsNotSent: 19_937}
	var parts int64
	for _, x := range totals(r) {
		switch x.word {
		case "To send":
			if x.rows != 300_000 {
				t.Errorf("the file has %d rows to send", x.rows)
			}
		case "Not sent":
			if x.rows != 70_317 {
				t.Errorf("%d rows are said not to be sent", x.rows)
			}
			parts += x.rows
		case "Sent", "Left out", "Unknown":
			parts += x.rows
		}
	}
	if parts != r.RowsTotal {
		t.Errorf("the parts are %d of %d rows", parts, r.RowsTotal)
	}
}
