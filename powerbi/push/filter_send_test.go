package push

import (
	"context"
	"slices"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mappingtest"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/words"
	"pushdesk/storage/cell"
)

// TestSendWithAFilter: exactly the rows that meet the conditions are stored, with the
// part after that, and the receipt says so.
func TestSendWithAFilter(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	m := gentOnly("50")
	src := rows(1000)
	src.Bad = map[int]cell.Cell{215: num(0.5)} // a row that is left out for its value, not by the conditions
	runs := openRuns(t)
	o := Options{Clock: b.clock, Origin: history.Origin{Policy: mapping.PolicySkip, FileHash: "h", Skip: 2, Limit: 100}, Journal: begin(t, runs), Pace: plan.Pace{BatchRows: 30}}
	r, err := Send(context.Background(), NewTarget(b.api, b.target), m, src, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	var want []int
	for i := 210; len(want) < 99; i += 5 { // 200 and 205 are skipped
		if i != 215 {
			want = append(want, i)
		}
	}
	got := b.stored()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("stored %v, want %v", got, want)
	}
	if r.RowsRead != 100 || r.RowsSent != 99 || r.RowsRejected != 1 || r.RowsConfirmed != 99 || r.Problems[0].Row != 217 {
		t.Errorf("%+v", r)
	}
	if want := int64(want[len(want)-1]+1) - 102; r.Filtered != want {
		t.Errorf("%d filtered, want %d", r.Filtered, want)
	}
	again, err := runs.Get(context.Background(), r.RunID)
	if err != nil || words.FilterNote(again) == "" || again.Filtered != r.Filtered {
		t.Errorf("%+v, %v", again, err)
	}

	// The same file without the filter is another run; with it, it is the same.
	if same, err := runs.Same(context.Background(), b.target, stockMapping, "h", "", ""); err != nil || len(same) != 0 {
		t.Errorf("%d runs without the filter, %v", len(same), err)
	}
	n, err := EachReject(context.Background(), rowsWith(1000, src.Bad), m, mapping.PolicySkip, 2, 100, nil, func(x Reject) error {
		if x.Row != 217 {
			t.Errorf("row %d is rejected", x.Row)
		}
		return nil
	})
	if n != 1 || err != nil {
		t.Errorf("%d rejects, %v", n, err)
	}
}

func rowsWith(n int, bad map[int]cell.Cell) *mappingtest.Rows {
	src := rows(n)
	src.Bad = bad
	return src
}

// TestReplaceWithAFilter: the rehearsal reads the same rows as the run.
func TestReplaceWithAFilter(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	src := func() *mappingtest.Rows { return rowsWith(500, map[int]cell.Cell{1: textCell("not in Gent")}) }
	r, err := Send(context.Background(), NewTarget(b.api, b.target), gentOnly("0"), src(), Options{Clock: b.clock, Origin: history.Origin{Mode: plan.ModeReplace}, Reread: func() (mapping.Source, error) { return src(), nil }}, nil)
	if err != nil || r.RowsSent != 100 || r.Filtered != 400 {
		t.Fatalf("%+v, %v", r, err)
	}
	// A row that meets the conditions and cannot be sent keeps the table as it is.
	src = func() *mappingtest.Rows { return rowsWith(500, map[int]cell.Cell{495: textCell("in Gent")}) }
	_, err = Send(context.Background(), NewTarget(b.api, b.target), gentOnly("0"), src(), Options{Clock: b.clock, Origin: history.Origin{Mode: plan.ModeReplace}, Reread: func() (mapping.Source, error) { return src(), nil }}, nil)
	if err == nil || len(b.stored()) != 100 {
		t.Errorf("%v; %d rows", err, len(b.stored()))
	}
}

// TestResumeWithAFilter: a run that dies again and again, before or after the service
// has a batch, sends every row that meets the conditions once.
func TestResumeWithAFilter(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	const n = 30_000
	m := gentOnly("25") // the rows 100, 105, 110 and so on
	runs := openRuns(t)
	o := Options{Clock: b.clock, Pace: plan.Pace{BatchRows: 1000, Pending: 1}, Origin: history.Origin{FileHash: "h"}, Journal: begin(t, runs)} // one at a time, so that each session has something left
	id := o.Journal.ID()
	for life, dies := range []*mortal{{at: 2}, {at: 3, after: true}, {at: 1, after: true}, {}} {
		ctx, cancel := context.WithCancel(context.Background())
		next := runs
		api := &mortal{Service: b.api, at: dies.at, after: dies.after}
		api.onDead = func() { next = afterlife(t, runs); cancel() }
		r, err := Send(ctx, NewTarget(api, b.target), m, rows(n), o, nil)
		cancel()
		b.adds(r)
		if api.at == 0 {
			if err != nil || r.RowsRead != 5980 || r.RowsSent != 5980 || r.RowsConfirmed+r.RowsUnproven != 5980 || r.Filtered != n-5980 {
				t.Errorf("%+v, %v", r, err)
			}
			if r.Mapping == nil || len(r.Mapping.Filter) != 2 {
				t.Errorf("the receipt has lost the conditions: %+v", r.Mapping)
			}
			break
		}
		if !api.dead {
			t.Fatalf("life %d: it lives: %+v, %v", life, r, err)
		}
		runs = next
		list, err := runs.List(context.Background())
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		b.adds(list[0])
		if words.FilterNote(list[0]) == "" {
			t.Error("a run that was broken off has lost its conditions")
		}
		j, err := runs.Resume(context.Background(), id, "h")
		if err != nil {
			t.Fatal(err)
		}
		if j.About().Mapping.FilterWords() != m.FilterWords() {
			t.Fatalf("%+v", j.About().Mapping)
		}
		pace := o.Pace
		o = OptionsOf(j)
		o.Clock, o.Pace = b.clock, pace
	}
	b.holds(func(id int) bool { return id >= 100 && id%5 == 0 }, n)
}

func TestFilterNote(t *testing.T) {
	t.Parallel()
	m := gentOnly("100")
	r := history.Receipt{Mapping: &m, RowsRead: 1204, Filtered: 1796}
	if got := words.FilterNote(r); got != "Only rows where Depot is gent and Value is at least 100: 1,204 of 3,000 rows" {
		t.Error(got)
	}
	if got := words.FilterNote(history.Receipt{}) + words.FilterNote(history.Receipt{Mapping: &stockMapping}); got != "" {
		t.Error(got)
	}
}
