package push

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// even is a pace whose batches have all the same size, so that no count tells them apart.
var even = plan.Pace{BatchRows: 40, Pending: 5}

// TestDoubtIsResolvedBatchByBatch: of batches of one size that were on their way, some were
// stored. Each is looked for by itself.
func TestDoubtIsResolvedBatchByBatch(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	var lost []faults.Fault
	for i := range 5 {
		lost = append(lost, faults.Fault{Operation: onRows, After: 5 + i, CutAfter: i%2 == 0, CutBefore: i%2 == 1})
	}
	for _, f := range lost {
		b.service.Faults().Add(f)
	}
	runs := openRuns(t)
	r, err := b.send(context.Background(), rows(1000), Options{Pace: even, Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}}, nil)
	if err != nil || r.Status != history.StatusUnproven || r.RowsSent != 1000 || len(r.Doubts) == 0 || // a busy computer repeats one of them among the five
		len(r.Doubts) > 2 || r.RowsUnproven != int64(40*len(r.Doubts)) || r.RowsConfirmed != 1000-r.RowsUnproven {
		t.Errorf("%s %s: %d doubts, unproven %d, confirmed %d, %v", r.Status, r.Reason, len(r.Doubts), r.RowsUnproven, r.RowsConfirmed, err)
	}
	b.holds(everyRow, 1000)
}

// TestDoubtIsAnsweredBatchByBatch: what cannot be found out is listed batch by batch, with
// the rows and what tells them, and answered so.
func TestDoubtIsAnsweredBatchByBatch(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.api = noFinding{b.api}
	for i := range 3 { // two of one size were stored, and the count does not say which
		b.service.Faults().Add(faults.Fault{Operation: onRows, After: 5 + i, CutAfter: i > 0, CutBefore: i == 0})
	}
	runs := openRuns(t)
	pace := even
	pace.Pending = 3
	r, err := b.send(context.Background(), rows(1000), Options{Pace: pace, Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}}, nil)
	var unknown *UnknownError
	if !errors.As(err, &unknown) || len(r.UnknownBatches) < 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	there := map[int]bool{}
	for _, id := range b.stored() {
		there[id] = true
	}
	for _, u := range r.UnknownBatches {
		if u.Batch == 0 || u.Rows == 0 || !strings.HasPrefix(u.FirstKey, "ID ") || !strings.HasPrefix(u.LastKey, "ID ") {
			t.Errorf("not to be found by anybody: %+v", u)
		}
		if err := runs.Answer(context.Background(), r.RunID, u.Batch, there[u.FirstRow-2], b.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := runs.Answer(context.Background(), r.RunID, 99, true, b.clock.Now()); err == nil {
		t.Error("a batch was answered for that is not unknown")
	}
	if seen, err := runs.Get(context.Background(), r.RunID); err != nil || seen.UnknownBatches[0].Stored == nil {
		t.Errorf("the answer is not shown: %+v, %v", seen.UnknownBatches, err)
	}
	b.service.Faults().Clear()
	j, err := runs.Resume(context.Background(), r.RunID, "h")
	if err != nil {
		t.Fatal(err)
	}
	o := OptionsOf(j)
	o.Pace = pace
	r, err = b.send(context.Background(), rows(1000), o, nil)
	if err != nil || r.Status != history.StatusUnproven || r.RowsSent != 1000 || r.RowsUnproven == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(everyRow, 1000)
}

// crowded counts how many POSTs are on their way at once.
type crowded struct {
	Service
	now, most atomic.Int32
}

func (c *crowded) AddRows(ctx context.Context, w, d, t string, body []byte) (powerbi.Answer, error) {
	n := c.now.Add(1)
	defer c.now.Add(-1)
	for m := c.most.Load(); n > m && !c.most.CompareAndSwap(m, n); m = c.most.Load() {
	}
	return c.Service.AddRows(ctx, w, d, t, body)
}

// TestOneBatchOnItsWayWithoutProof: while nothing can prove what becomes of a batch, no
// second one starts.
func TestOneBatchOnItsWayWithoutProof(t *testing.T) {
	t.Parallel()
	for _, queries := range []bool{false, true} {
		b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{NoQueries: !queries}})
		b.service.Faults().Add(faults.Fault{Operation: onRows, Times: -1, Delay: 2 * time.Millisecond})
		c := &crowded{Service: b.api}
		b.api = c
		if r, err := b.send(context.Background(), rows(1000), Options{Pace: even}, nil); err != nil || r.RowsSent != 1000 {
			t.Errorf("%+v, %v", r, err)
		}
		if most := c.most.Load(); most == 1 && queries || most > 1 && !queries {
			t.Errorf("queries %v: %d on their way", queries, most)
		}
	}
}

// TestNotStoredIsAGuess: a batch that was sent again because nothing showed it stands in
// what is unproven, with its rows, and the run is not done; if it comes all the same, its
// rows are called doubled.
func TestNotStoredIsAGuess(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   faults.Fault
		delay   time.Duration
		doubled bool
	}{
		"not stored":        {faults.Fault{CutBefore: true}, 0, false},
		"stored 135 s late": {faults.Fault{CutBefore: true, LaterMS: 135_000}, 0, true},
		"stored 300 s late": {faults.Fault{CutBefore: true, LaterMS: 300_000}, 0, true},
		"counted late":      {faults.Fault{CutAfter: true}, 150 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{CountDelayMS: c.delay.Milliseconds()}})
			c.fault.Operation = onRows
			b.service.Faults().Add(c.fault)
			r, err := b.send(context.Background(), rows(500), Options{Pace: plan.Pace{BatchRows: 100, Pending: 1}}, nil)
			if err != nil || r.Status != history.StatusUnproven || r.RowsConfirmed > 400 || r.RowsUnproven != 100 || len(r.Doubts) != 1 {
				t.Fatalf("%+v, %v", r, err)
			}
			d := r.Doubts[0]
			said := strings.Join(r.Unproven, "\n")
			if d.FirstRow != 2 || d.LastRow != 101 || d.Kind != history.DoubtResent || d.Doubled != c.doubled || !strings.Contains(said, "rows 2 to 101 of the sheet (100 rows") || strings.Contains(said, "it holds them more than once") != c.doubled {
				t.Errorf("%+v, %q", d, said)
			}
			if n := len(b.stored()); (n == 600) != c.doubled {
				t.Errorf("%d rows are stored", n)
			}
		})
	}
}

// TestWaitByAClockThatNobodySets: between the kill and the resumption the clock jumps, and
// the batch that is stored late is waited for all the same. After a restart of the computer
// the wait begins anew.
func TestWaitByAClockThatNobodySets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		jump time.Duration
		boot string
	}{"ahead": {300 * time.Second, "bench"}, "back": {-2 * time.Hour, "bench"}, "as it was": {0, "bench"}, "restarted": {0, "another"}} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{})
			b.service.Faults().Add(faults.Fault{Operation: onRows, After: 2, CutBefore: true, LaterMS: 100_000})
			runs := openRuns(t)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			next := runs
			m := &mortal{Service: b.api, at: 3, after: true, onDead: func() { next = afterlife(t, runs); cancel() }}
			r, _ := Send(ctx, NewTarget(m, b.target), stockMapping, rows(500), Options{Clock: b.clock, Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, Pace: plan.Pace{BatchRows: 100, Pending: 1}}, nil)
			j, err := next.Resume(context.Background(), r.RunID, "h")
			if err != nil {
				t.Fatal(err)
			}
			b.clock.advance(5 * time.Second)
			o := OptionsOf(j)
			o.Pace = plan.Pace{BatchRows: 100, Pending: 1}
			o.Clock = rebooted{skewed{b.clock, c.jump, c.jump, 0}, c.boot}
			r, err = b.send(context.Background(), rows(500), o, nil)
			if err != nil || r.Status != history.StatusDone || r.RowsConfirmed != 500 {
				t.Errorf("%+v, %v", r, err)
			}
			b.holds(everyRow, 500)
		})
	}
}

// rebooted is a clock of a computer that was started again.
type rebooted struct {
	clock.Clock
	boot string
}

func (r rebooted) Steady() history.Moment {
	m := r.Clock.Steady()
	m.Boot = r.boot
	return m
}

// TestStoredByCountIsNotConfirmed: where rows cannot be looked for, the row count may be
// somebody else's. What it says is not proven.
func TestStoredByCountIsNotConfirmed(t *testing.T) {
	t.Parallel()
	for _, equal := range []bool{false, true} {
		b := newBench(t, powerbi.RetentionNone, practice.Options{})
		b.service.Faults().Add(faults.Fault{Operation: onRows, After: 2, CutBefore: equal, OthersAsMany: equal, CutAfter: !equal})
		b.api = noFinding{b.api}
		r, err := b.send(context.Background(), rows(500), Options{Pace: plan.Pace{BatchRows: 100, Pending: 1}}, nil)
		if err != nil || r.Status != history.StatusUnproven || r.RowsSent != 500 || r.RowsConfirmed != 400 || r.RowsUnproven != 100 ||
			len(r.Doubts) != 1 || r.Doubts[0].Kind != history.DoubtCounted || r.Doubts[0].FirstRow != 202 || !strings.Contains(strings.Join(r.Unproven, " "), "rows 202 to 301 of the sheet (100 rows") {
			t.Errorf("%+v, %v", r, err)
		}
	}
	// Where they can, the count of another is found out.
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 2, CutBefore: true, OthersAsMany: true})
	r, err := b.send(context.Background(), rows(500), Options{Pace: plan.Pace{BatchRows: 100, Pending: 1}}, nil)
	if err == nil || r.Status != history.StatusUnknown || len(r.UnknownBatches) != 1 || !strings.Contains(r.UnknownBatches[0].Looked, "None of 8") {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestTheSameRowsFromBefore: rows that an earlier run sent are not taken for those of a
// batch whose reply was lost.
func TestTheSameRowsFromBefore(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	if _, err := b.send(context.Background(), rows(500), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}}, nil); err != nil {
		t.Fatal(err)
	}
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 2, CutBefore: true, OthersAsMany: true})
	r, err := b.send(context.Background(), rows(500), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, Pace: plan.Pace{BatchRows: 100, Pending: 1}}, nil)
	if err != nil || r.Status != history.StatusUnproven || r.RowsConfirmed != 400 || r.Doubts[0].Kind != history.DoubtCounted {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestTheRepeatIsLostToo: the reply to a batch is lost, and so is the one to its repeat.
// Whichever of its copies the row count shows, it was stored: that is one outcome, not two.
func TestTheRepeatIsLostToo(t *testing.T) {
	t.Parallel()
	cut := func(after int, f faults.Fault) faults.Fault {
		f.Operation, f.After = onRows, after
		return f
	}
	for name, list := range map[string][]faults.Fault{
		"the repeat was stored": {cut(2, faults.Fault{CutBefore: true}), cut(3, faults.Fault{CutAfter: true})},
		"neither was stored":    {cut(2, faults.Fault{CutBefore: true}), cut(3, faults.Fault{CutBefore: true})},
		"the first came late":   {cut(2, faults.Fault{CutBefore: true, LaterMS: 135_000}), cut(3, faults.Fault{CutBefore: true})},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{})
			b.api = noFinding{b.api}
			for _, f := range list {
				b.service.Faults().Add(f)
			}
			r, err := b.send(context.Background(), rows(500), Options{Pace: plan.Pace{BatchRows: 100, Pending: 1}}, nil)
			if err != nil || r.Status != history.StatusUnproven || r.RowsSent != 500 || r.Doubts[0].Kind != history.DoubtResent {
				t.Errorf("%s %s: %+v, %v", r.Status, r.Reason, r.Doubts, err)
			}
			b.holds(everyRow, 500)
		})
	}
}

// TestARefusalIsProven: the service itself answers that it is busy, and the batch is sent
// again. Once everything was sent and the table holds exactly as many rows, the refused
// request has stored nothing: the run is done. A surplus of its size leaves the doubt.
func TestARefusalIsProven(t *testing.T) {
	t.Parallel()
	refused := faults.Fault{Operation: onRows, After: 2, Status: 503}
	stored, others := refused, faults.Fault{Operation: onRows, After: 4, Others: 100}
	stored.CutAfter = true
	page := refused
	page.Header = map[string]string{"Content-Type": "text/html"}
	page.Body = "<html>Service unavailable</html>"
	for name, c := range map[string]struct {
		faults   []faults.Fault
		status   history.Status
		unproven int64
	}{
		"refused":              {[]faults.Fault{refused}, history.StatusDone, 0},
		"stored all the same":  {[]faults.Fault{stored}, history.StatusDone, 0}, // its rows are seen
		"another adds as many": {[]faults.Fault{refused, others}, history.StatusUnproven, 100},
		"by a gateway":         {[]faults.Fault{page}, history.StatusUnproven, 100},
	} {
		for _, finds := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, finds %v", name, finds), func(t *testing.T) {
				b := newBench(t, powerbi.RetentionNone, practice.Options{})
				if !finds {
					b.api = noFinding{b.api}
				}
				for _, f := range c.faults {
					b.service.Faults().Add(f)
				}
				r, err := b.send(context.Background(), rows(500), Options{Pace: plan.Pace{BatchRows: 100, Pending: 1}}, nil)
				status, unproven := c.status, c.unproven
				if name == "stored all the same" && !finds { // only the count says so
					status, unproven = history.StatusUnproven, 100
				}
				if err != nil || r.Status != status || r.RowsUnproven != unproven || r.RowsSent != 500 {
					t.Errorf("%s, unproven %d, %+v, %v", r.Status, r.RowsUnproven, r.Doubts, err)
				}
				if status == history.StatusDone && r.RowsConfirmed != 500 {
					t.Errorf("confirmed %d", r.RowsConfirmed)
				}
				if len(c.faults) == 1 {
					b.holds(everyRow, 500)
				}
			})
		}
	}
}

// TestARefusalIsProvenAfterAResumption: that the service itself had answered is in the
// journal.
func TestARefusalIsProvenAfterAResumption(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 1, Status: 503})
	runs := openRuns(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	next := runs
	m := &mortal{Service: b.api, at: 4, onDead: func() { next = afterlife(t, runs); cancel() }}
	pace := plan.Pace{BatchRows: 100, Pending: 1}
	r, _ := Send(ctx, NewTarget(m, b.target), stockMapping, rows(500), Options{Clock: b.clock, Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, Pace: pace}, nil)
	j, err := next.Resume(context.Background(), r.RunID, "h")
	if err != nil {
		t.Fatal(err)
	}
	o := OptionsOf(j)
	o.Pace = pace
	r, err = b.send(context.Background(), rows(500), o, nil)
	for _, d := range r.Doubts {
		if d.FirstRow == 102 {
			t.Errorf("the refused batch is in doubt: %+v", d)
		}
	}
	if err != nil || r.RowsSent != 500 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(everyRow, 500)
}

// TestNoWaitForWhatHasCome: at the end of the run the late copy is in the table already, so
// nothing more is waited for.
func TestNoWaitForWhatHasCome(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, CutBefore: true, LaterMS: 135_000})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 3, Status: 429, RetryAfter: 60})
	r, err := b.send(context.Background(), rows(500), Options{Pace: plan.Pace{BatchRows: 100, Pending: 1}}, nil)
	if err != nil || len(r.Doubts) != 1 || !r.Doubts[0].Doubled || r.DurationMs > (longestLate-time.Minute).Milliseconds() {
		t.Errorf("%d ms, %+v, %v", r.DurationMs, r.Doubts, err)
	}
}

// TestTheRepeatGoesWithWhatTheCountTellsApart: beside a batch that is sent again no others
// are on their way that have together as many rows as two copies of it.
func TestTheRepeatGoesWithWhatTheCountTellsApart(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{DiscardRows: true})
	first := b.service.Faults().Add(faults.Fault{Operation: onRows, After: 6, CutBefore: true})
	for i, stored := range []bool{false, true, true} {
		b.service.Faults().Add(faults.Fault{Operation: onRows, After: 7 + i, Delay: 250 * time.Millisecond, CutBefore: !stored, CutAfter: stored})
	}
	src := rows(20_000)
	src.At = func(i int) {
		if i == 10_500 { // the next batch is not there before the reply to the seventh is lost
			for b.service.Faults().Struck(first) == 0 {
				time.Sleep(time.Millisecond)
			}
		}
	}
	r, err := b.send(context.Background(), src, Options{Pace: plan.Pace{BatchRows: 1500}}, nil)
	if err != nil || r.Status != history.StatusUnproven || r.RowsSent != 20_000 {
		t.Errorf("%s %s: %+v, %v", r.Status, r.Reason, r.Doubts, err)
	}
	if n, err := b.service.CountRows(b.target.WorkspaceID, b.target.DatasetID, "Stock"); err != nil || n != 20_000 {
		t.Errorf("%d rows are stored, %v", n, err)
	}
}
