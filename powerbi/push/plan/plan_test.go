package plan

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func kinds(notes []Note) string {
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
		in       Input
		requests int
		least    time.Duration
		warnings string
		blockers string
		dropped  int64
	}{
		"small":               {Input{Rows: 700}, 1, 0, "", "", 0},
		"a million":           {Input{Rows: 1_000_000}, 101, 0, "slow", "", 0},
		"slow from the start": {Input{Rows: 1_000_000, ExistingRows: 300_000}, 101, 0, "slow", "", 0},
		"above the hour":      {Input{Rows: 1_048_575}, 107, time.Hour, "slow wait", "", 0},
		"five million":        {Input{Rows: 5_000_000}, 505, 4 * time.Hour, "slow wait", "", 0},
		"small batches":       {Input{Rows: 240_000, Batches: 240}, 240, time.Minute, "wait", "", 0},
		"small batches, slow": {Input{Rows: 240_000, Batches: 240, ExistingRows: 250_000, Pace: Pace{BatchBytes: mapping.BatchBytes}}, 240, time.Hour, "slow wait", "", 0},
		"wide rows, slow":     {Input{Rows: 240_000, Batches: 240, ExistingRows: 250_000}, 66, 0, "slow", "", 0},
		"fifo":                {Input{Rows: 250_000, ExistingRows: 100_000, Retention: powerbi.RetentionFIFO}, 26, 0, "fifo", "", 150_000},
		"fifo, old rows":      {Input{Rows: 50_000, ExistingRows: 190_000, Retention: powerbi.RetentionFIFO}, 6, 0, "fifo", "", 40_000},
		"full":                {Input{Rows: 20_000, ExistingRows: 4_990_000}, 3, 0, "slow", "full", 0},
		"replaced":            {Input{Rows: 20_000, ExistingRows: 4_990_000, Mode: ModeReplace}, 3, 0, "replace", "", 0},
		"nothing":             {Input{}, 0, 0, "", "nothing", 0},
		"too wide":            {Input{Rows: 1, Columns: 80}, 1, 0, "", "columns", 0},
		"create":              {Input{Rows: 1, Create: true}, 1, 0, "retirement", "", 0},
		"not known":           {Input{Rows: 1, ExistingRows: -1}, 1, 0, "unknown", "", 0},
	} {
		c.in.Now = noon
		p := Make(c.in)
		if p.Requests != c.requests || p.LeastTime != c.least || kinds(p.Warnings) != c.warnings || kinds(p.Blockers) != c.blockers || p.Dropped != c.dropped {
			t.Errorf("%s: %d requests, %v, %q, %q, dropped %d", name, p.Requests, p.LeastTime, kinds(p.Warnings), kinds(p.Blockers), p.Dropped)
		}
		if p.Summary == "" || !p.Ends.Equal(noon.Add(c.least)) {
			t.Errorf("%s: %q until %v", name, p.Summary, p.Ends)
		}
	}
}

func TestPlanWords(t *testing.T) {
	p := Make(Input{Rows: 250_000, ExistingRows: 100_000, Retention: powerbi.RetentionFIFO, Now: noon})
	want := "Power BI keeps about the newest 200,000 rows of this table. It will drop the 100,000 rows that are in it now, and the first 50,000 rows of this run."
	if p.Warnings[0].Sentence != want {
		t.Errorf("got  %s\nwant %s", p.Warnings[0].Sentence, want)
	}
	p = Make(Input{Rows: 2_500_000, Now: noon})
	want = "2,500,000 rows in 253 requests. Power BI's limits make it take at least 2 h, until 14:00."
	if p.Summary != want {
		t.Errorf("got  %s\nwant %s", p.Summary, want)
	}
	p = Make(Input{Rows: 1, Create: true, Now: noon})
	want = "Microsoft lets new push datasets be created until 31 October 2027, which is 342 days from now. Microsoft says existing ones keep working."
	if p.Warnings[0].Sentence != want {
		t.Errorf("got  %s\nwant %s", p.Warnings[0].Sentence, want)
	}
	p = Make(Input{Rows: 1, Create: true, Now: powerbi.CreationEnds.AddDate(0, 1, 0)})
	if !strings.Contains(p.Warnings[0].Sentence, "may be refused") {
		t.Error(p.Warnings[0].Sentence)
	}
}

// TestFilterIsOffered: where a limit stands in the way, conditions are another way.
func TestFilterIsOffered(t *testing.T) {
	offers := func(p Plan) bool {
		return slices.ContainsFunc(p.Choices, func(c Choice) bool { return c.Kind == ChoiceFilter })
	}
	for _, c := range []struct {
		in   Input
		want bool
	}{
		{Input{Rows: 1000, Now: noon}, false},
		{Input{Rows: 3_000_000, Now: noon}, true},
		{Input{Rows: 1000, ExistingRows: powerbi.MaxRowsNone, Now: noon}, true},
		{Input{Rows: 300_000, Retention: powerbi.RetentionFIFO, Create: true, Now: noon}, true},
	} {
		if p := Make(c.in); offers(p) != c.want {
			t.Errorf("%+v: %+v", c.in, p.Choices)
		}
	}
	p := Make(Input{Rows: 10, Filtered: 90, Now: noon})
	if !slices.ContainsFunc(p.Warnings, func(n Note) bool {
		return n.Sentence == "The conditions leave out 90 rows of the file."
	}) {
		t.Errorf("%+v", p.Warnings)
	}
}

// TestPlanOfWideRows: the plan's time is that of the larger batches.
func TestPlanOfWideRows(t *testing.T) {
	in := Input{Rows: 700_000, Bytes: 700_000 * 1500, Batches: 251, ExistingRows: 300_000, Now: noon}
	if p := Make(in); p.Requests > 75 || p.LeastTime > time.Minute {
		t.Errorf("%d requests, %v", p.Requests, p.LeastTime)
	}
	in.ExistingRows = 0
	if p := Make(in); p.Requests < 110 || p.Requests > 150 {
		t.Errorf("%d requests", p.Requests)
	}
}

// TestPlanTimesAreLocal: the moments of a quota come from a database and are UTC; what
// a person reads is the computer's time.
func TestPlanTimesAreLocal(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Local
	time.Local = zone
	t.Cleanup(func() { time.Local = before })
	now := time.Date(2026, 12, 1, 4, 52, 0, 0, time.UTC).In(zone) // 23:52
	held := now.Add(time.Hour).UTC()                              // 00:52 of the next day, 05:52 in UTC
	q := QuotaOf(Usage{HeldUntil: held, HeldWhy: WaitThrottle}, "Stock", now)
	p := Make(Input{Rows: 10, Now: now, Quota: &q})
	if want := "10 rows in 1 request. Power BI's limits make it take at least 1 h, until 1 Dec 2026 00:52."; p.Summary != want {
		t.Errorf("got  %s\nwant %s", p.Summary, want)
	}
	if want := "Power BI asked for nothing to be sent to this dataset until 1 Dec 2026 00:52."; !slices.ContainsFunc(p.Warnings, func(n Note) bool { return n.Sentence == want }) {
		t.Errorf("%+v", p.Warnings)
	}
	// An end that comes from the ledger is UTC even when now is not.
	q = QuotaOf(Usage{Requests: []Request{{Ended: now.Add(-10 * time.Minute).UTC(), Counts: true, Accepted: 1_000_000}}}, "Stock", now)
	p = Make(Input{Rows: 10, Now: now, Quota: &q})
	if !strings.HasSuffix(p.Summary, "until 1 Dec 2026 00:42.") {
		t.Error(p.Summary)
	}
	s := MakeSet(SetInput{Tables: []Input{{Rows: 10, Now: now, Quota: &q}}, Names: []string{"A"}})
	if !strings.HasSuffix(s.Summary, "until 1 Dec 2026 00:42.") {
		t.Error(s.Summary)
	}
}

// TestChoicesThatHelp: no choice offers to wait for room that waiting does not bring, and
// none ends where it began.
func TestChoicesThatHelp(t *testing.T) {
	offered := func(p Plan) (kinds string) {
		for _, c := range p.Choices {
			kinds += c.Kind + " "
			if strings.Contains(c.Sentence, "done at "+noon.Local().Format("15:04")+".") {
				t.Errorf("it ends now: %s", c.Sentence)
			}
		}
		return kinds
	}
	for name, c := range map[string]struct {
		in   Input
		want string
	}{
		"room for some":            {Input{Rows: 2_000_000, ExistingRows: 4_990_000}, "fits replace filter dataset "},
		"full":                     {Input{Rows: 10, ExistingRows: powerbi.MaxRowsNone}, "replace filter dataset "},
		"full, with a wait":        {Input{Rows: 3_000_000, ExistingRows: powerbi.MaxRowsNone}, "replace filter dataset "},
		"a new one that overflows": {Input{Rows: 6_000_000, Create: true}, "fits retention filter "},
		"fifo":                     {Input{Rows: 250_000, Retention: powerbi.RetentionFIFO}, "newest filter dataset "},
		"the hour":                 {Input{Rows: 1_500_000}, "wait oneHour filter dataset "},
		"a replacement":            {Input{Rows: 1_500_000, ExistingRows: 10, Mode: ModeReplace}, "inParts filter dataset "},
	} {
		c.in.Now = noon
		if got := offered(Make(c.in)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestNoWaitOfNothing: a wait that takes no time is not said.
func TestNoWaitOfNothing(t *testing.T) {
	var p Plan
	p.Waits = []Wait{{WaitMinute, 1, 400 * time.Millisecond, 110 * time.Minute}, {WaitRows, 1, time.Hour, time.Minute}}
	notes := p.warnings(Input{Now: noon, Rows: 1}, 0)
	if len(notes) != 1 || notes[0].Sentence != WaitRows+": 1 h of waiting, the first after 1 min." {
		t.Errorf("%+v", notes)
	}
}

// TestPlanOverMidnightAndSummerTime: the end has its day where that is another one, and its
// zone where the clocks show it twice.
func TestPlanOverMidnightAndSummerTime(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Local
	time.Local = zone
	t.Cleanup(func() { time.Local = before })
	for _, c := range []struct {
		now  time.Time
		want string
	}{
		{time.Date(2026, 12, 31, 22, 30, 0, 0, zone), "at least 2 h, until 1 Jan 2027 00:30."},
		{time.Date(2026, 3, 8, 1, 30, 0, 0, zone), "at least 2 h, until 04:30."},                   // 02:00 to 03:00 is left out
		{time.Date(2026, 10, 31, 23, 30, 0, 0, zone), "at least 2 h, until 1 Nov 2026 01:30 EDT."}, // the first 01:30
		{time.Date(2026, 11, 1, 0, 30, 0, 0, zone), "at least 2 h, until 01:30 EST."},              // the second
		{time.Date(2026, 11, 1, 1, 0, 0, 0, zone).Add(time.Hour), "at least 2 h, until 03:00."},    // from the second 01:00
		{time.Date(2026, 11, 1, 4, 0, 0, 0, time.UTC).In(zone), "at least 2 h, until 01:00 EST."},  // midnight
	} {
		if got := Make(Input{Rows: 2_500_000, Now: c.now}).Summary; !strings.HasSuffix(got, c.want) {
			t.Errorf("from %v: %s, want %s", c.now, got, c.want)
		}
	}
}
