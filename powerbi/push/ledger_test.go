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
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// sendTogether runs several sends into one dataset at the same time, each as a
// program of its own would: with its own opening of the history.
func (b *bench) sendTogether(runs *history.History, each int, n int, pace plan.Pace) []history.Receipt {
	b.Helper()
	var wg sync.WaitGroup
	list := make([]history.Receipt, n)
	for i := range n {
		own := openRunsIn(b, runs.Dir())
		j := begin(b, own)
		wg.Go(func() {
			var err error
			list[i], err = Send(context.Background(), NewTarget(b.api, b.target), stockMapping, rowsFrom(i*each, each),
				Options{Journal: j, Origin: history.Origin{FileHash: "h"}, Clock: b.clock, Pace: pace, TotalRows: int64(each)}, nil)
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
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{DiscardRows: true})
	const each = 620_000 // more than an hour takes
	list := b.sendTogether(openRuns(t), each, 2, plan.Pace{BatchRows: 10_000})
	most, refused := b.allowed(time.Hour)
	var ends time.Time
	for _, r := range list {
		b.adds(r)
		if r.Status != history.StatusDone || r.RowsConfirmed != each {
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
