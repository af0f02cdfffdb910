package push

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/plan"
)

// sendTogether runs several sends into one dataset at the same time, each as a
// program of its own would: with its own opening of the history.
func (b *bench) sendTogether(runs *Runs, each int, n int, pace plan.Pace) []Receipt {
	b.Helper()
	var wg sync.WaitGroup
	list := make([]Receipt, n)
	for i := range n {
		own := openRunsIn(b, runs.dir)
		j := begin(b, own)
		wg.Go(func() {
			var err error
			list[i], err = Send(context.Background(), b.api, b.target, stockMapping, rowsFrom(i*each, each),
				Options{Journal: j, FileHash: "h", Clock: b.clock, Pace: pace, TotalRows: int64(each)}, nil)
			if err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	return list
}

// allowed gives how many rows the service took in its busiest hour, and how many
// requests it refused for being too many.
func (b *bench) allowed(hour time.Duration) (most int64, refused int) {
	type took struct {
		at   time.Time
		rows int64
	}
	var all []took
	for _, r := range b.service.Requests() {
		if r.Operation != faults.OpRows {
			continue
		}
		if r.Status == http.StatusTooManyRequests {
			refused++
		}
		if r.Status == http.StatusOK {
			all = append(all, took{r.Time, int64(r.Rows)})
		}
	}
	for i, from := range all {
		var sum int64
		for _, x := range all[i:] {
			if x.at.Sub(from.at) < hour {
				sum += x.rows
			}
		}
		most = max(most, sum)
	}
	return most, refused
}

// TestTwoRunsOneDataset: two programs that send into one dataset use together
// what the service allows in an hour, and never more.
func TestTwoRunsOneDataset(t *testing.T) {
	b := newBench(t, powerbi.RetentionNone, practice.Options{DiscardRows: true})
	const each = 620_000 // more than an hour takes
	list := b.sendTogether(openRuns(t), each, 2, plan.Pace{BatchRows: 10_000})
	most, refused := b.allowed(time.Hour)
	var ends time.Time
	for _, r := range list {
		b.adds(r)
		if r.Status != StatusDone || r.RowsConfirmed != each {
			t.Errorf("%+v", r)
		}
		if r.Ended.After(ends) {
			ends = r.Ended
		}
	}
	if refused != 0 {
		t.Errorf("%d requests were refused that need not have been sent", refused)
	}
	if most > powerbi.MaxRowsPerHour || most < powerbi.MaxRowsPerHour*99/100 {
		t.Errorf("%d rows in an hour", most)
	}
	if took := ends.Sub(noon); took < time.Hour || took > time.Hour+5*time.Minute {
		t.Errorf("took %v", took)
	}
}

// TestOthersSeeWhatARunWaitsFor: another program tells how long a run under way has
// to wait, by the same limits.
func TestOthersSeeWhatARunWaitsFor(t *testing.T) {
	runs := openRuns(t)
	j := begin(t, runs)
	defer j.Close()
	now := time.Now()
	target := Target{DatasetID: "d", Table: "Stock", Retention: powerbi.RetentionNone}
	if err := j.open(runMeta{RunID: j.id, Target: target, Mapping: stockMapping, TotalRows: 100}, now.Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	other := openRunsIn(t, runs.dir)
	r, err := other.Get(j.id)
	if err != nil || r.Status != StatusRunning || r.Waiting != nil || r.DurationMs < time.Minute.Milliseconds() {
		t.Errorf("%+v, %v", r, err)
	}
	l := &ledger{runs: runs, dataset: "d", table: "Stock", session: j.session, run: j.id}
	until := now.Add(3392 * time.Second)
	if err := l.hold(now, until, plan.WaitThrottle); err != nil {
		t.Fatal(err)
	}
	list, err := other.List()
	if err != nil || len(list) != 1 || list[0].Waiting == nil || !list[0].Waiting.Until.Equal(until) || list[0].Waiting.Why != plan.WaitThrottle {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestLedgerAfterTheClockWasPutBack: what was noted by a clock that was days ahead
// counts from the moment it is seen, and only as long as it would have.
func TestLedgerAfterTheClockWasPutBack(t *testing.T) {
	runs := openRuns(t)
	j := begin(t, runs)
	defer j.Close()
	l := &ledger{runs: runs, dataset: "d", table: "Stock", session: j.session, run: j.id}
	ahead := noon.AddDate(0, 0, 6)
	if err := j.open(runMeta{RunID: j.id, Target: Target{DatasetID: "d", Table: "Stock"}, Mapping: stockMapping}, ahead); err != nil {
		t.Fatal(err)
	}
	p := plan.NewPacer(plan.Pace{}, powerbi.RetentionNone)
	id, ok, err := l.reserve(j, p, ahead, 10_000, entry{Type: entryPost, Batch: 1})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := l.end(j, id, ahead, true, 10_000, false, entry{Type: entryAccepted, Batch: 1}); err != nil {
		t.Fatal(err)
	}
	if err := l.hold(ahead, ahead.Add(40*time.Minute), plan.WaitThrottle); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Duration
		rows int64
		held time.Duration
	}{{0, 10_000, 40 * time.Minute}, {30 * time.Minute, 10_000, 10 * time.Minute}, {41 * time.Minute, 10_000, 0}, {61 * time.Minute, 0, 0}} {
		now := noon.Add(c.at)
		q, err := runs.Quota("d", "Stock", now)
		if err != nil || q.RowsLastHour != c.rows || (c.held > 0) != q.HeldUntil.After(now) || c.held > 0 && q.HeldUntil.Sub(now) != c.held {
			t.Errorf("after %v: %+v, %v", c.at, q, err)
		}
	}
	// A shorter hold does not end a longer one, and a new one counts.
	for _, c := range [][2]time.Duration{{2 * time.Hour, 2 * time.Hour}, {time.Hour, 2 * time.Hour}, {3 * time.Hour, 3 * time.Hour}} {
		if err := l.hold(noon, noon.Add(c[0]), plan.WaitThrottle); err != nil {
			t.Fatal(err)
		}
		if q, err := runs.Quota("d", "Stock", noon); err != nil || q.HeldUntil.Sub(noon) != c[1] {
			t.Errorf("%+v, %v", q, err)
		}
	}
}
