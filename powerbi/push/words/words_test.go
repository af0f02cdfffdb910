package words

import (
	"strings"
	"testing"

	"pushdesk/powerbi/push/history"
)

// TestUnconfirmed: every reason has words, and they are in what is not proven.
func TestUnconfirmed(t *testing.T) {
	t.Parallel()
	for why, want := range map[history.Unconfirmed]string{
		{Why: history.WhyNoBase, Error: "No answer."}:                        "could not be asked before the run. No answer.",
		{Why: history.WhyUnknown}:                                            "proves nothing while it is unknown",
		{Why: history.WhyStopped}:                                            "was stopped before",
		{Why: history.WhySending}:                                            "kept sending",
		{Why: history.WhyFailed, Error: "No answer."}:                        "could not be asked. No answer.",
		{Why: history.WhyDropped}:                                            "newest 200,000 rows",
		{Why: history.WhyDiffers, Rows: 9, Expected: 1200, OthersUnknown: 5}: "The table holds 9 rows, and 1,200 were expected. Another run on this computer does not know whether 5",
		{Why: history.WhyDiffers, Rows: 1300, Expected: 1200}:                "Others may have added rows",
		{Why: history.WhyDiffers, Rows: 1, Expected: 1200}:                   "The table holds 1 row, and 1,200 were expected. Power BI may show them later",
	} {
		r := history.Receipt{RowsSent: 10, Unconfirmed: &why, Sample: &history.Sample{Rows: 3, Found: 3}}
		if got := Unconfirmed(r); !strings.Contains(got, want) {
			t.Errorf("%+v: %q", why, got)
		}
		if list := Unproven(r); len(list) != 1 || !strings.HasSuffix(list[0], Unconfirmed(r)) {
			t.Errorf("%+v: not proven %q", why, list)
		}
	}
}

func TestNothingUnproven(t *testing.T) {
	t.Parallel()
	r := history.Receipt{RowsSent: 10, RowsConfirmed: 10, Sample: &history.Sample{Rows: 3, Found: 3}}
	if list := Unproven(r); len(list) != 0 || Unconfirmed(r) != "" || ReadBack(r) != "3 of 3 rows are in the table as they were sent" {
		t.Errorf("%q, %q", list, ReadBack(r))
	}
	r.Sample.Found = 2
	if list := Unproven(r); len(list) != 1 || !strings.Contains(list[0], "1 are not in the table") {
		t.Errorf("%q", list)
	}
}
