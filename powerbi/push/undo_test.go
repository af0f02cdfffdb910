package push

import (
	"context"
	"errors"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// sendAs sends some rows as a run with a history.
func (b *bench) sendAs(runs *history.History, from, n int, mode plan.Mode) history.Receipt {
	b.Helper()
	b.clock.advance(time.Minute)
	r, err := b.send(context.Background(), rowsFrom(from, n), Options{Journal: begin(b, runs), Origin: history.Origin{FileHash: "h", Mode: mode}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// TestRunsInTable: which runs a table consists of.
func TestRunsInTable(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	ids := func(list []history.Receipt) (all []string) {
		for _, r := range list {
			all = append(all, r.RunID)
		}
		return all
	}
	inTable := func(without history.Receipt) ([]string, string) {
		t.Helper()
		list, err := runs.List(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		chain, why := RunsInTable(list, without)
		return ids(chain), why
	}
	first := b.sendAs(runs, 0, 100, plan.ModeAppend)
	if chain, why := inTable(first); len(chain) != 0 || why != "" {
		t.Errorf("%v, %s", chain, why)
	}
	second := b.sendAs(runs, 100, 50, plan.ModeAppend)
	if chain, why := inTable(second); len(chain) != 1 || chain[0] != first.RunID || why != "" {
		t.Errorf("%v, %s", chain, why)
	}
	replaced := b.sendAs(runs, 0, 30, plan.ModeReplace)
	if chain, why := inTable(replaced); len(chain) != 2 || why != "" {
		t.Errorf("%v, %s", chain, why)
	}
	after := b.sendAs(runs, 30, 20, plan.ModeAppend)
	if chain, why := inTable(after); len(chain) != 1 || chain[0] != replaced.RunID || why != "" {
		t.Errorf("%v, %s", chain, why)
	}
	if _, err := b.client.AddRows(context.Background(), b.target.WorkspaceID, b.target.DatasetID, "Stock",
		[]byte(`{"rows":[{"ID":9999,"Depot":"","Value":0,"CountedOn":null}]}`)); err != nil {
		t.Fatal(err)
	}
	last := b.sendAs(runs, 50, 20, plan.ModeAppend)
	if _, why := inTable(last); why == "" {
		t.Error("a row of somebody else went unnoticed")
	}
}

// TestUndo: the rows of a run are deleted when the table holds nothing else,
// and never when it does.
func TestUndo(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	r := b.sendAs(runs, 0, 300, plan.ModeAppend)
	back := func(low, high int64) error {
		return Undo(context.Background(), b.api, runs, r.RunID, low, high, b.clock)
	}
	var other *NotOursError
	if err := back(299, 299); !errors.As(err, &other) || other.Rows != 300 || len(b.stored()) != 300 {
		t.Fatalf("%v, %d rows", err, len(b.stored()))
	}
	b.service.Faults().Add(faults.Fault{Operation: faults.OpDeleteRows, Times: 2, Status: 503})
	if err := back(300, 300); err != nil || len(b.stored()) != 0 {
		t.Fatalf("%v, %d rows", err, len(b.stored()))
	}
	got, err := runs.Get(context.Background(), r.RunID)
	if err != nil || got.Undone.IsZero() || got.Resumable || got.RowsSent != 300 {
		t.Errorf("%+v, %v", got, err)
	}
	var done *history.DoneError
	if _, err := runs.Resume(context.Background(), r.RunID, "h"); !errors.As(err, &done) {
		t.Errorf("resumed a run that was undone: %v", err)
	}
	again := b.sendAs(runs, 0, 10, plan.ModeAppend)
	if list, err := runs.List(context.Background()); err != nil || len(list) != 2 {
		t.Errorf("%v", err)
	} else if chain, why := RunsInTable(list, again); len(chain) != 0 || why != "" {
		t.Errorf("%v, %s", chain, why)
	}
	locksIn(t, runs)
}
