package push

import (
	"context"
	"errors"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// TestStoppingIsSaidAtOnce: a cancel is told before any answer comes, with the number of
// requests that are waited for.
func TestStoppingIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	hold := make(chan struct{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 5, Times: -1, Hold: hold})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var cancelled time.Time
	var first Progress
	r, err := b.send(ctx, rows(100_000), Options{Clock: clock.System{}}, func(p Progress) {
		switch {
		case cancelled.IsZero() && p.InFlight == 5 && p.Requests == 10:
			cancelled = time.Now()
			cancel()
		case !cancelled.IsZero() && first.State == "":
			first = p
			if took := time.Since(cancelled); took > 5*time.Second {
				t.Errorf("said after %v", took)
			}
			close(hold)
		}
	})
	if first.State != StateStopping || first.InFlight != 5 {
		t.Errorf("after the cancel: %+v", first)
	}
	if !errors.Is(err, errCancelled) || r.Status != history.StatusStopped || r.RowsSent != 1000 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAbort: a second cancel does not wait for requests that never end, and leaves a
// journal that a later session continues without losing or doubling a row.
func TestAbort(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	hold := make(chan struct{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 3, Times: 4, Hold: hold})
	runs := openRuns(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	abort := make(chan struct{})
	var aborted time.Time
	r, err := b.send(ctx, rows(20_000), Options{Clock: clock.System{}, Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, Abort: abort, Pace: plan.Pace{BatchRows: 1000, Pending: 4}}, func(p Progress) {
		switch {
		case p.State == StateStopping && aborted.IsZero():
			aborted = time.Now()
			close(abort)
		case p.InFlight == 4 && p.Requests == 7:
			cancel()
		}
	})
	if took := time.Since(aborted); aborted.IsZero() || took > 10*time.Second {
		t.Errorf("it took %v to end", took)
	}
	var unknown *UnknownError
	if !errors.As(err, &unknown) || r.Status != history.StatusUnknown || r.RowsUnknown != 4000 && r.RowsUnknown < 3900 || !r.Resumable {
		t.Errorf("%+v, %v", r, err)
	}
	b.adds(r)
	kept, err := runs.Get(context.Background(), r.RunID)
	if err != nil || kept.RowsUnknown != r.RowsUnknown || kept.RowsSent != r.RowsSent || len(kept.UnknownBatches) != 4 {
		t.Errorf("kept: %+v, %v", kept, err)
	}
	close(hold)
	b.service.Wait()
	j, err := runs.Resume(context.Background(), r.RunID, "h")
	if err != nil {
		t.Fatal(err)
	}
	o := OptionsOf(j)
	o.Clock, o.Pace = hasty{}, plan.Pace{BatchRows: 1000}
	if r, err = b.send(context.Background(), rows(20_000), o, nil); err != nil || r.RowsConfirmed+r.RowsUnproven != 20_000 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(everyRow, 20_000)
}
