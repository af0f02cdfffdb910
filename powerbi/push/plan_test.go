package push

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func kinds(notes []PlanNote) string {
	var k []string
	for _, n := range notes {
		if n.Sentence == "" || !strings.HasSuffix(n.Sentence, ".") || n.Remedy != "" && !strings.HasSuffix(n.Remedy, ".") {
			k = append(k, "not a sentence: "+n.Sentence+n.Remedy)
		}
		k = append(k, n.Kind)
	}
	return strings.Join(slices.Compact(k), " ")
}

func TestPlan(t *testing.T) {
	for name, c := range map[string]struct {
		in       PlanInput
		requests int
		least    time.Duration
		warnings string
		blockers string
		dropped  int64
	}{
		"small":               {PlanInput{Rows: 700}, 1, 0, "", "", 0},
		"a million":           {PlanInput{Rows: 1_000_000}, 101, 0, "slow", "", 0},
		"slow from the start": {PlanInput{Rows: 1_000_000, ExistingRows: 300_000}, 101, 0, "slow", "", 0},
		"above the hour":      {PlanInput{Rows: 1_048_575}, 107, time.Hour, "slow wait", "", 0},
		"five million":        {PlanInput{Rows: 5_000_000}, 505, 4 * time.Hour, "slow wait", "", 0},
		"small batches":       {PlanInput{Rows: 240_000, Batches: 240}, 240, time.Minute, "wait", "", 0},
		"small batches, slow": {PlanInput{Rows: 240_000, Batches: 240, ExistingRows: 250_000, Pace: Pace{BatchBytes: BatchBytes}}, 240, time.Hour, "slow wait", "", 0},
		"wide rows, slow":     {PlanInput{Rows: 240_000, Batches: 240, ExistingRows: 250_000}, 66, 0, "slow", "", 0},
		"fifo":                {PlanInput{Rows: 250_000, ExistingRows: 100_000, Retention: powerbi.RetentionFIFO}, 26, 0, "fifo", "", 150_000},
		"fifo, old rows":      {PlanInput{Rows: 50_000, ExistingRows: 190_000, Retention: powerbi.RetentionFIFO}, 6, 0, "fifo", "", 40_000},
		"full":                {PlanInput{Rows: 20_000, ExistingRows: 4_990_000}, 3, 0, "slow", "full", 0},
		"replaced":            {PlanInput{Rows: 20_000, ExistingRows: 4_990_000, Mode: ModeReplace}, 3, 0, "replace", "", 0},
		"nothing":             {PlanInput{}, 0, 0, "", "nothing", 0},
		"too wide":            {PlanInput{Rows: 1, Columns: 80}, 1, 0, "", "columns", 0},
		"create":              {PlanInput{Rows: 1, Create: true}, 1, 0, "retirement", "", 0},
		"not known":           {PlanInput{Rows: 1, ExistingRows: -1}, 1, 0, "unknown", "", 0},
	} {
		c.in.Now = noon
		p := MakePlan(c.in)
		if p.Requests != c.requests || p.LeastTime != c.least || kinds(p.Warnings) != c.warnings || kinds(p.Blockers) != c.blockers || p.Dropped != c.dropped {
			t.Errorf("%s: %d requests, %v, %q, %q, dropped %d", name, p.Requests, p.LeastTime, kinds(p.Warnings), kinds(p.Blockers), p.Dropped)
		}
		if p.Summary == "" || !p.Ends.Equal(noon.Add(c.least)) {
			t.Errorf("%s: %q until %v", name, p.Summary, p.Ends)
		}
	}
}

func TestPlanWords(t *testing.T) {
	p := MakePlan(PlanInput{Rows: 250_000, ExistingRows: 100_000, Retention: powerbi.RetentionFIFO, Now: noon})
	want := "Power BI keeps about the newest 200,000 rows of this table. It will drop the 100,000 rows that are in it now, and the first 50,000 rows of this run."
	if p.Warnings[0].Sentence != want {
		t.Errorf("got  %s\nwant %s", p.Warnings[0].Sentence, want)
	}
	p = MakePlan(PlanInput{Rows: 2_500_000, Now: noon})
	want = "2,500,000 rows in 253 requests. The limits of Power BI make it take at least 2 h, until 14:00."
	if p.Summary != want {
		t.Errorf("got  %s\nwant %s", p.Summary, want)
	}
	p = MakePlan(PlanInput{Rows: 1, Create: true, Now: noon})
	want = "Microsoft lets new push datasets be created until 31 October 2027, which is 342 days from now. Existing ones are said to go on."
	if p.Warnings[0].Sentence != want {
		t.Errorf("got  %s\nwant %s", p.Warnings[0].Sentence, want)
	}
	p = MakePlan(PlanInput{Rows: 1, Create: true, Now: powerbi.CreationEnds.AddDate(0, 1, 0)})
	if !strings.Contains(p.Warnings[0].Sentence, "may be refused") {
		t.Error(p.Warnings[0].Sentence)
	}
}

func TestPacerOneBatchAboveTheLimit(t *testing.T) {
	p := newPacer(Pace{RowsPerHour: 10}, powerbi.RetentionNone, 0)
	if at, why, known := p.next(noon, 50); !known || !at.Equal(noon) {
		t.Errorf("a batch above the hourly limit must be tried: %v %s", at, why)
	}
}

func TestNumbersInWords(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567", -1000: "-1,000", -123456: "-123,456"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for d, want := range map[time.Duration]string{0: "0 s", 59 * time.Second: "59 s", 3392 * time.Second: "56 min 32 s", time.Hour: "1 h", 3*time.Hour + 29*time.Minute + 40*time.Second: "3 h 30 min"} {
		if got := clock(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}
