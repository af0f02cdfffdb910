package push

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// distant is a service whose answers take a while on the driven clock.
type distant struct {
	Service
	clock *driven
	mu    sync.Mutex
	rnd   *rand.Rand
	least time.Duration
	most  time.Duration
}

func (d *distant) AddRows(ctx context.Context, w, ds, t string, body []byte) (powerbi.Answer, error) {
	d.mu.Lock()
	fires, stop := d.clock.wait(d.least+time.Duration(d.rnd.Int64N(int64(d.most-d.least))), true)
	d.mu.Unlock()
	defer stop()
	<-fires // it is busy now
	defer d.clock.work(-1)
	return d.Service.AddRows(ctx, w, ds, t, body)
}

// TestFiveMillionRows plans and sends as many rows as a table holds, to a service
// that already took some in the last hour, and compares the times.
//
// It runs alone and its clock is patient: on a busy computer the clock would otherwise
// jump while an answer is still on its way to the sender.
func TestFiveMillionRows(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a quarter of a minute")
	}
	b := newBench(t, powerbi.RetentionNone, practice.Options{DiscardRows: true, TokenLife: 24 * time.Hour})
	b.clock.patience = 25
	runs := openRuns(t)
	pace := plan.Pace{BatchRows: 10_000}
	const before, total = 350_000, powerbi.MaxRowsNone - 350_000
	if _, err := b.send(context.Background(), rows(before), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "a"}, Pace: pace}, nil); err != nil {
		t.Fatal(err)
	}
	b.clock.advance(25 * time.Minute)
	q, err := runs.Quota(context.Background(), b.target.DatasetID, b.target.Table, b.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	plan := plan.Make(plan.Input{Rows: total, ExistingRows: before, Now: b.clock.Now(), Quota: &q, RequestTime: 900 * time.Millisecond})
	b.api = &distant{Service: b.client, clock: b.clock, rnd: rand.New(rand.NewPCG(1, 2)), least: 300 * time.Millisecond, most: 1500 * time.Millisecond}
	r, err := b.send(context.Background(), rows(total), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "b"}, Pace: pace, TotalRows: total}, nil)
	if err != nil || r.RowsConfirmed != total {
		t.Fatalf("%+v, %v", r, err)
	}
	took := time.Duration(r.DurationMs) * time.Millisecond
	if diff := (took - plan.LeastTime).Abs(); diff > plan.LeastTime/20 {
		t.Errorf("planned %v, took %v", plan.LeastTime, took)
	}
	if _, refused := b.posts(429); refused > 0 {
		t.Errorf("%d requests were refused for coming too early", refused)
	}
	t.Logf("%d rows in %d requests: planned %v, took %v", total, r.Requests, plan.LeastTime.Round(time.Second), took.Round(time.Second))
}

// TestWindowsOfEveryKind: whichever way the service counts its hours, nothing is
// refused, and what an hour allows is used.
func TestWindowsOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, windows := range []traffic.Windows{traffic.Rolling, traffic.Fixed, traffic.First} {
		t.Run(string(windows), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, powerbi.RetentionNone, practice.Options{DiscardRows: true, TokenLife: 24 * time.Hour, Behavior: faults.Behavior{Windows: windows, Limits: traffic.Limits{RowsPerHour: 20_000, Requests: 24, SlowFrom: 5000}}})
			b.clock.advance(17 * time.Minute)
			list := b.sendTogether(openRuns(t), 40_000, 2, plan.Pace{BatchRows: 1000, RowsPerHour: 20_000, Requests: 24, SlowFrom: 5000})
			most, refused := b.allowed(time.Hour)
			for _, r := range list {
				if r.RowsConfirmed != 40_000 {
					t.Errorf("%+v", r)
				}
			}
			if refused > 0 || most > 20_000 || most < 20_000*99/100 {
				t.Errorf("%d refused, %d rows in an hour", refused, most)
			}
		})
	}
}
