package push

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// late is a service whose counts run behind by some queries.
type late struct {
	Service
	behind int
	counts []int64
}

func (l *late) CountRows(ctx context.Context, w, d, t string) (int64, error) {
	n, err := l.Service.CountRows(ctx, w, d, t)
	if err != nil {
		return 0, err
	}
	l.counts = append(l.counts, n)
	return l.counts[max(0, len(l.counts)-1-l.behind)], nil
}

func (l *late) FindRows(ctx context.Context, w, d, t string, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	return l.Service.(finder).FindRows(ctx, w, d, t, wanted, most)
}

// TestLateCounts: a count that shows the last rows only after a while confirms
// them all the same, and resolves a lost answer.
func TestLateCounts(t *testing.T) {
	t.Parallel()
	for _, fault := range []faults.Fault{{}, {Operation: onRows, After: 4, CutAfter: true}, {Operation: onRows, After: 4, CutBefore: true}} {
		b := newBench(t, powerbi.RetentionNone, practice.Options{})
		if fault.Operation != "" {
			b.service.Faults().Add(fault)
		}
		b.api = &late{Service: b.api, behind: 3}
		r, err := b.send(context.Background(), rows(1000), Options{Pace: plan.Pace{Pending: 1}}, nil)
		if err != nil || r.RowsConfirmed+r.RowsUnproven != 1000 || r.RowsUnknown != 0 || (r.RowsUnproven > 0) != fault.CutBefore {
			t.Errorf("%+v: %+v, %v", fault, r, err)
		}
		b.holds(everyRow, 1000)
	}
}

// TestVeryLateCounts: what is not seen in time is not confirmed, and said so.
func TestVeryLateCounts(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.api = &late{Service: b.api, behind: 100}
	r, err := b.send(context.Background(), rows(1000), Options{}, nil)
	if err != nil || r.Status != history.StatusDone || r.RowsSent != 1000 || r.RowsConfirmed != 0 || r.Unconfirmed == nil {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestTimeLeft: the progress tells the time that the limits will take.
func TestTimeLeft(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{Limits: traffic.Limits{RowsPerHour: 1000}}})
	most, waited := time.Duration(0), ""
	r, err := b.send(context.Background(), rows(3500), Options{TotalRows: 3500, Pace: plan.Pace{BatchRows: 50, RowsPerHour: 1000}}, func(p Progress) {
		most = max(most, p.Left)
		if p.State == StateWaiting {
			waited = p.WaitReason
		}
	})
	if err != nil || most < 2*time.Hour || most > 3*time.Hour+time.Minute || waited != plan.WaitRows {
		t.Errorf("left at most %v, waited for %q, %v", most, waited, err)
	}
	if r.WaitedMs < (3*time.Hour - time.Minute).Milliseconds() {
		t.Errorf("waited %d ms of %d", r.WaitedMs, r.DurationMs)
	}
}

// TestResumedWait: the time that a resumed run has waited is that of all its sessions, as
// the time it took is.
func TestResumedWait(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{Limits: traffic.Limits{RowsPerHour: 1000}}})
	runs := openRuns(t)
	pace := plan.Pace{BatchRows: 50, Pending: 1, RowsPerHour: 1000}
	ctx, cancel := context.WithCancel(context.Background())
	first, err := b.send(ctx, rows(3500), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, TotalRows: 3500, Pace: pace}, func(p Progress) {
		if p.RowsSent >= 1500 {
			cancel()
		}
	})
	if err == nil || !first.Resumable || first.WaitedMs < (59*time.Minute).Milliseconds() {
		t.Fatalf("waited %d ms: %+v, %v", first.WaitedMs, first, err)
	}
	j, err := runs.Resume(context.Background(), first.RunID, "h")
	if err != nil {
		t.Fatal(err)
	}
	o := OptionsOf(j)
	o.Clock, o.Pace = b.clock, pace
	r, err := Send(context.Background(), NewTarget(b.api, j.About().Target), j.About().Mapping, rows(3500), o, nil)
	if err != nil || r.Status != history.StatusDone || r.WaitedMs < first.WaitedMs+(110*time.Minute).Milliseconds() || r.WaitedMs > r.DurationMs {
		t.Errorf("first waited %d ms, in all %d of %d ms: %v", first.WaitedMs, r.WaitedMs, r.DurationMs, err)
	}
}

// staged is a service with a word to say around each POST of rows.
type staged struct {
	Service
	posts         atomic.Int32
	before, after func(n int32)
}

func (s *staged) AddRows(ctx context.Context, ws, d, t string, body []byte) (powerbi.Answer, error) {
	n := s.posts.Add(1)
	s.before(n)
	defer s.after(n)
	return s.Service.AddRows(ctx, ws, d, t, body)
}

func (s *staged) FindRows(ctx context.Context, ws, d, t string, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	return s.Service.(finder).FindRows(ctx, ws, d, t, wanted, most)
}

// TestAnotherRunIsNotSure: the last count waits until another run of this computer
// has found out whether a batch of it was stored.
func TestAnotherRunIsNotSure(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	pace := plan.Pace{Pending: 2, BatchRows: 500}
	first, there, lost, second := make(chan bool), make(chan bool), make(chan bool), make(chan history.Receipt, 1)
	other := *b
	other.api = &staged{Service: b.api, before: func(int32) {}, after: func(int32) {
		close(there)
		<-lost // its last count comes when the other run has lost an answer
	}}
	one := *b
	one.api = &staged{Service: b.api,
		before: func(n int32) {
			switch n {
			case 1:
				go func() {
					r, _ := other.send(context.Background(), rowsFrom(1_000_000, 500), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "b"}, Pace: pace}, nil)
					second <- r
				}()
			case 2:
				<-first
				b.service.Faults().Add(faults.Fault{Operation: onRows, CutBefore: true, LaterMS: 60_000})
			}
		},
		after: func(n int32) {
			switch n {
			case 1:
				close(first)
			case 2:
				close(lost)
			}
		},
	}
	src := rows(1000)
	src.At = func(i int) {
		if i == 600 { // in the second batch
			<-there
		}
	}
	r, err := one.send(context.Background(), src, Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "a"}, Pace: pace}, nil)
	if err != nil || r.RowsConfirmed != 1000 {
		t.Errorf("%+v, %v", r, err)
	}
	if r := <-second; r.RowsConfirmed != 500 {
		t.Errorf("%+v", r)
	}
}

// TestCountThatIsBehindAtTheStart: rows that another run has just sent are not yet in
// the row count when a run begins, and are not taken for somebody else's afterwards.
func TestCountThatIsBehindAtTheStart(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	if _, err := b.send(context.Background(), rows(500), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "a"}}, nil); err != nil {
		t.Fatal(err)
	}
	b.service.Faults().SetCountDelay(12 * time.Second)
	b.clock.advance(time.Minute)
	ctx, cancel := context.WithCancel(context.Background())
	away := &distant{Service: b.client, clock: b.clock, rnd: rand.New(rand.NewPCG(1, 2)), least: 300 * time.Millisecond, most: 600 * time.Millisecond}
	b.api = &calling{Service: away, after: 4, call: cancel}
	r, err := b.send(ctx, rowsFrom(500, 1000), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "b"}, Pace: plan.Pace{Pending: 1}}, nil)
	cancel()
	if r.Status != history.StatusStopped || r.RowsSent < 300 || r.RowsConfirmed != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	b.api = busyAPI{b.client, b.clock}
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 1, CutAfter: true})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 5, Status: 503})
	if r, err = b.send(context.Background(), rowsFrom(5000, 1000), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "c"}, Pace: plan.Pace{Pending: 1}}, nil); err != nil || r.RowsConfirmed+r.RowsUnproven != 1000 {
		t.Errorf("%s: before %d, %+v, %v", r.Reason, *r.RowsBefore, r, err)
	}
	seen := map[int]int{}
	for _, id := range b.stored() {
		seen[id]++
	}
	for id := 5000; id < 6000; id++ {
		if seen[id] != 1 {
			t.Fatalf("row %d is there %d times", id, seen[id])
		}
	}
}
