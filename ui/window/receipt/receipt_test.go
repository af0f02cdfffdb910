package receipt

import (
	"testing"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
)

func TestReceiptsInWords(t *testing.T) {
	for _, c := range []struct {
		r    history.Receipt
		word string
	}{
		{history.Receipt{Status: history.StatusDone}, "Done"},
		{history.Receipt{Status: history.StatusPartial, RowsRejected: 1}, "Partial"},
		{history.Receipt{Status: history.StatusUndone}, "Undone"},
		{history.Receipt{Status: history.StatusStopped}, "Stopped"}, {history.Receipt{Status: history.StatusFailed}, "Failed"},
		{history.Receipt{Status: history.StatusUnknown}, "Unknown"}, {history.Receipt{Status: history.StatusRunning}, "Running"},
	} {
		if got := Outcome(c.r).Word; got != c.word {
			t.Errorf("%s reads %q, want %q", c.r.Status, got, c.word)
		}
	}
	r := history.Receipt{Problems: make([]mapping.Problem, 1000), ProblemCounts: []mapping.ProblemCount{{Count: 1200}, {Count: 34}}}
	if got := Listed(r); got != "The first 1,000 of 1,234 problems are listed." {
		t.Errorf("got %q", got)
	}
	if got := Title(history.Receipt{RunID: "broken"}); got != "broken" {
		t.Errorf("a journal that cannot be read is called %q", got)
	}
}
