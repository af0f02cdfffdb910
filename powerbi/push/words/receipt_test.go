package words

import (
	"strings"
	"testing"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

func TestTotalsAddUp(t *testing.T) {
	r := history.Receipt{Status: history.StatusStopped, RowsRead: 412_300, RowsSent: 400_000, RowsRejected: 17, RowsUnknown: 10_000, RowsNotSent: 2_283}
	var parts int64
	for _, x := range Totals(r) {
		switch x.Name {
		case "Sent", "Rejected", "Unknown", "Not sent":
			parts += x.Rows
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
	for _, x := range Totals(r) {
		switch x.Name {
		case "To send":
			if x.Rows != 300_000 {
				t.Errorf("the file has %d rows to send", x.Rows)
			}
		case "Not sent":
			if x.Rows != 70_317 {
				t.Errorf("%d rows are said not to be sent", x.Rows)
			}
			parts += x.Rows
		case "Sent", "Rejected", "Unknown":
			parts += x.Rows
		}
	}
	if parts != r.RowsTotal {
		t.Errorf("the parts are %d of %d rows", parts, r.RowsTotal)
	}
}

// TestFactsTellTheWait: the terminal, the page and the window say how long a run waited.
func TestFactsTellTheWait(t *testing.T) {
	r := history.Receipt{RunID: "r1", DurationMs: 3_900_000, WaitedMs: 3_600_000, Origin: history.Origin{Mode: plan.ModeReplace}}
	got := map[string]string{}
	for _, f := range Facts(r) {
		got[f.Name] = f.Value
	}
	if got["Took"] != "1 h 5 min, of which 1 h waiting for Power BI" || got["Mode"] != "Was to replace the rows; none were deleted" || got["Run ID"] != "r1" {
		t.Errorf("got %q", got)
	}
	page, err := ReceiptPage(r)
	if err != nil || !strings.Contains(string(page), "of which 1 h waiting for Power BI") {
		t.Errorf("the page says %s, %v", page, err)
	}
	r.UnknownBatches, r.RowsUnknown = []history.UnknownBatch{{FirstRow: 2, LastRow: 41, Rows: 40, RequestID: "q-7"}}, 40
	if page, err := ReceiptPage(r); err != nil || !strings.Contains(string(page), "q-7") {
		t.Errorf("a page with an unknown batch: %s, %v", page, err)
	}
}
