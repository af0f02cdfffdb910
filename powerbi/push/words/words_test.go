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

// TestDoubts: what was decided without proof is said with its rows, and as what is known.
func TestDoubts(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]history.Doubt{
		"rows 2 to 1,001 of the sheet (1,000 rows, batch 3) once: the reply to their request was lost, the table did not show them, and they were sent again. If": {Kind: history.DoubtResent},
		"sent again. At the end of the run it held them once. If": {Kind: history.DoubtResent, Once: true},
		"it holds them more than once":                            {Kind: history.DoubtResent, Doubled: true},
		"only the table's row count says so":                      {Kind: history.DoubtCounted},
		"because you said so":                                     {Kind: history.DoubtAnswered},
	} {
		d.Batch, d.FirstRow, d.LastRow, d.Rows = 3, 2, 1001, 1000
		r := history.Receipt{Status: history.StatusUnproven, RowsSent: 5000, RowsConfirmed: 4000, RowsUnproven: 1000, Doubts: []history.Doubt{d}, Sample: &history.Sample{Rows: 3, Found: 3}}
		if list := Unproven(r); len(list) != 1 || !strings.Contains(list[0], want) {
			t.Errorf("%+v: %q, want %q", d, list, want)
		}
		if r.Status = history.StatusStopped; d.Kind == history.DoubtResent && !d.Doubled && !strings.Contains(Unproven(r)[0], "when the run continues") {
			t.Errorf("%+v: %q", d, Unproven(r))
		}
	}
	many := history.Receipt{RowsSent: 1, RowsConfirmed: 1, Doubts: make([]history.Doubt, 25), Sample: &history.Sample{Rows: 1, Found: 1}}
	if list := Unproven(many); len(list) != 21 || list[20] != "The same of 5 batches more." {
		t.Errorf("%q", list)
	}
}
