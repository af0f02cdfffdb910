package push

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/words"
)

const onRows = faults.OpRows

// TestFaults compares receipts with what the service holds after trouble.
func TestFaults(t *testing.T) {
	t.Parallel()
	type trouble []faults.Fault
	half := func(id int) bool { return id < 500 }
	for name, c := range map[string]struct {
		faults  trouble
		status  history.Status
		sent    int64
		unknown int64
		holds   func(id int) bool
		atLeast time.Duration
		atMost  time.Duration
		check   func(t *testing.T, b *bench, r history.Receipt)
	}{
		"cut before storing":    {trouble{{Operation: onRows, After: 3, CutBefore: true}}, history.StatusUnproven, 1000, 0, everyRow, longestLate, 6 * time.Minute, nil},
		"stored a minute later": {trouble{{Operation: onRows, After: 3, CutBefore: true, LaterMS: 60_000}}, history.StatusDone, 1000, 0, everyRow, longestUnknown, 3 * time.Minute, nil},
		"cut after storing":     {trouble{{Operation: onRows, After: 3, CutAfter: true}}, history.StatusDone, 1000, 0, everyRow, 0, time.Second, nil},
		"two cut after storing": {trouble{{Operation: onRows, After: 3, Times: 2, CutAfter: true}}, history.StatusDone, 1000, 0, everyRow, 0, time.Second, nil},
		"503":                   {trouble{{Operation: onRows, After: 2, Times: 3, Status: 503}}, history.StatusDone, 1000, 0, everyRow, 30 * time.Second, 10 * time.Minute, nil},
		"503 with Retry-After":  {trouble{{Operation: onRows, After: 2, Status: 503, RetryAfter: 200}}, history.StatusDone, 1000, 0, everyRow, 200 * time.Second, 300 * time.Second, nil},
		"429":                   {trouble{{Operation: onRows, After: 2, Status: 429, RetryAfter: 3392}}, history.StatusDone, 1000, 0, everyRow, 3392 * time.Second, 3393 * time.Second, nil},
		"429 without a time":    {trouble{{Operation: onRows, After: 2, Status: 429, Times: 4}}, history.StatusDone, 1000, 0, everyRow, time.Second, time.Minute, nil},
		"token expires": {trouble{{Operation: onRows, After: 4, RevokeTokens: true}}, history.StatusDone, 1000, 0, everyRow, 0, time.Second, func(t *testing.T, b *bench, _ history.Receipt) {
			if b.signer.renewed == 0 {
				t.Error("no token was renewed")
			}
		}},
		"token rejected twice":    {trouble{{Operation: onRows, After: 5, Times: 2, Status: 403, ErrorInfo: "TokenExpired"}}, history.StatusDone, 1000, 0, everyRow, 0, 3 * time.Second, nil},
		"token rejected for good": {trouble{{Operation: onRows, After: 5, Times: -1, Status: 403, ErrorInfo: "TokenExpired"}}, history.StatusFailed, 500, 0, half, 0, 10 * time.Second, nil},
		"role taken away": {trouble{{Operation: onRows, After: 5, Role: practice.RoleViewer}}, history.StatusFailed, -1, 0, nil, 0, time.Second, func(t *testing.T, _ *bench, r history.Receipt) {
			if !strings.Contains(r.Remedy, "Contributor") {
				t.Errorf("remedy %q", r.Remedy)
			}
		}},
		"413":                 {trouble{{Operation: onRows, After: 2, Status: 413}}, history.StatusDone, 1000, 0, everyRow, 0, time.Second, nil},
		"404 for good":        {trouble{{Operation: onRows, After: 5, Status: 404, Times: -1}}, history.StatusFailed, 500, 0, half, 0, time.Second, nil},
		"faults for good":     {trouble{{Operation: onRows, After: 5, Status: 500, Times: -1}}, history.StatusStopped, 500, 0, half, bearOutage, 2 * bearOutage, nil},
		"429 for good":        {trouble{{Operation: onRows, After: 5, Status: 429, Times: -1}}, history.StatusStopped, 500, 0, half, bearNoHour, 2 * bearNoHour, nil},
		"refused for good":    {trouble{{Operation: onRows, After: 5, Status: 400, Times: -1, Body: `{"error":{"code":"BadRequest"}}`}}, history.StatusFailed, 500, 0, half, 0, 10 * time.Minute, nil},
		"lost, no counting":   {trouble{{Operation: onRows, After: 5, CutAfter: true}, {Operation: faults.OpQuery, Status: 401, ErrorInfo: "x", Times: -1}}, history.StatusUnknown, 500, 100, func(id int) bool { return id < 600 }, 0, time.Second, nil},
		"lost, long outage":   {trouble{{Operation: onRows, After: 5, CutAfter: true}, {Operation: faults.OpQuery, After: 1, Times: 12, Status: 502}}, history.StatusDone, 1000, 0, everyRow, 5 * time.Minute, 10 * time.Minute, nil},
		"lost, count is late": {trouble{{Operation: onRows, After: 5, CutAfter: true}, {Operation: faults.OpQuery, After: 1, Times: 3, Status: 500}}, history.StatusDone, 1000, 0, everyRow, 3 * time.Second, time.Minute, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, powerbi.RetentionNone, practice.Options{})
			for _, f := range c.faults {
				b.service.Faults().Add(f)
			}
			pace := plan.Pace{Pending: 1} // so that the counts are exact
			if strings.HasPrefix(name, "two") {
				pace.Pending = 2
			}
			r, err := b.send(context.Background(), rows(1000), Options{Pace: pace}, nil)
			took := time.Duration(r.DurationMs) * time.Millisecond
			if (err == nil) != c.status.Finished() || r.Status != c.status || c.sent >= 0 && r.RowsSent != c.sent || r.RowsUnknown != c.unknown || took < c.atLeast || took > c.atMost {
				t.Errorf("status %s, sent %d, unknown %d, took %v: %s %s, %v", r.Status, r.RowsSent, r.RowsUnknown, took, r.Reason, r.Remedy, err)
			}
			if r.Status == history.StatusUnknown && (len(r.UnknownBatches) != 1 || r.UnknownBatches[0].FirstRow != 502 || r.UnknownBatches[0].LastRow != 601) {
				t.Errorf("unknown: %+v", r.UnknownBatches)
			}
			if r.Status.Finished() && r.RowsConfirmed+r.RowsUnproven != 1000 {
				t.Errorf("confirmed %d: %s", r.RowsConfirmed, words.Unconfirmed(r))
			}
			if c.holds != nil {
				b.holds(c.holds, 1000)
			} else {
				b.holds(func(id int) bool { return id < int(r.RowsSent) }, 1000)
			}
			if c.check != nil {
				c.check(t, b, r)
			}
		})
	}
}

// fuller is a table that held some rows more from the start.
type fuller struct {
	Service
	by int64
}

func (f fuller) CountRows(ctx context.Context, w, d, t string) (int64, error) {
	n, err := f.Service.CountRows(ctx, w, d, t)
	return n + f.by, err
}

// TestFIFOUnknown: near the ceiling a count proves nothing.
func TestFIFOUnknown(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionFIFO, practice.Options{})
	b.api = fuller{b.api, powerbi.MaxRowsFIFO - 550}
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 5, CutAfter: true})
	r, err := b.send(context.Background(), rows(1000), Options{Pace: plan.Pace{Pending: 1}}, nil)
	var unknown *UnknownError
	if !errors.As(err, &unknown) || r.Status != history.StatusUnknown || r.RowsUnknown != 100 || r.RowsSent != 500 || !strings.Contains(r.Reason, "proves nothing") {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestLostWhileOthersWrite: the count fits nothing, so nothing is sent again; but in a
// table that was empty the batch's rows are seen.
func TestLostWhileOthersWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 3, CutAfter: true})
	src := rows(1000)
	src.At = func(i int) {
		if i == 250 {
			b.client.AddRows(context.Background(), b.target.WorkspaceID, b.target.DatasetID, "Stock", []byte(`{"rows":[{"ID":5000,"Depot":"","Value":0,"CountedOn":null}]}`))
		}
	}
	r, err := b.send(context.Background(), src, Options{Pace: plan.Pace{Pending: 1}}, nil)
	if err != nil || r.Status != history.StatusDone || r.RowsSent != 1000 || r.RowsConfirmed != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 3, CutAfter: true})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpQuery, After: 1, Others: 1})
	r, _ = b.send(context.Background(), rowsFrom(10_000, 1000), Options{Pace: plan.Pace{Pending: 1}}, nil)
	if r.Status != history.StatusUnknown || r.RowsUnknown != 100 || !strings.Contains(r.Reason, "others may be writing") {
		t.Errorf("%+v", r)
	}
}

// TestCancel: no new batch starts, and those on their way decide for themselves.
func TestCancel(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	hold := make(chan struct{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 5, Times: -1, Hold: hold})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	waiting := 0
	r, err := b.send(ctx, rows(100_000), Options{}, func(p Progress) {
		if p.Requests >= 8 {
			if waiting++; waiting == 2 {
				cancel()
				time.AfterFunc(20*time.Millisecond, func() { close(hold) })
			}
		}
	})
	if !errors.Is(err, context.Canceled) || r.Status != history.StatusStopped || r.RowsSent < 800 || r.RowsSent > 1000 || r.RowsConfirmed != r.RowsSent || r.RowsUnknown != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if r.FirstUnsentRow != int(r.RowsSent)+2 {
		t.Errorf("first row not sent %d, sent %d", r.FirstUnsentRow, r.RowsSent)
	}
	b.holds(func(id int) bool { return id < int(r.RowsSent) }, 2000)
}

// TestCancelTooLate: a run that is cancelled while its last rows are on their way
// has sent them all, and says so.
func TestCancelTooLate(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	hold := make(chan struct{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 2, Times: -1, Hold: hold})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := 0
	r, err := b.send(ctx, rows(300), Options{}, func(p Progress) {
		if p.Requests == 3 && p.RowsRead == 300 {
			if seen++; seen == 2 {
				cancel()
				time.AfterFunc(20*time.Millisecond, func() { close(hold) })
			}
		}
	})
	if err != nil || r.Status != history.StatusDone || r.RowsSent != 300 || r.RowsConfirmed != 300 || r.Resumable {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestCancelWhileWaiting: a wait of an hour ends at once.
func TestCancelWhileWaiting(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 2, Status: 429, RetryAfter: 3392})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var seen Progress
	r, err := b.send(ctx, rows(1000), Options{Clock: clock.System{}, Pace: plan.Pace{Pending: 1}}, func(p Progress) {
		if p.State == StateWaiting && p.WaitReason == plan.WaitThrottle {
			seen = p
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || r.Status != history.StatusStopped || r.RowsSent != 200 || r.RowsConfirmed != 200 {
		t.Errorf("%+v, %v", r, err)
	}
	if left := time.Until(seen.WaitUntil); left < 3300*time.Second || left > 3400*time.Second {
		t.Errorf("waits until %v", seen.WaitUntil)
	}
}

// TestCancelWhileSettling: the wait for the service to answer again ends too.
func TestCancelWhileSettling(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 2, CutAfter: true})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpQuery, After: 1, Times: -1, Status: 429, RetryAfter: 3000})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := b.send(ctx, rows(1000), Options{Clock: clock.System{}, Pace: plan.Pace{Pending: 1}}, func(p Progress) {
		if p.State == StateWaiting && p.WaitReason == waitCount {
			cancel()
		}
	})
	if err == nil || r.Status != history.StatusUnknown || r.RowsUnknown != 100 || r.RowsSent != 200 || r.DurationMs > 60_000 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestCancelWithoutAnAnswer: requests that do not end are given up, and the count
// tells what became of them.
func TestCancelWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	hold := make(chan struct{})
	defer close(hold)
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 2, Times: -1, Hold: hold})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := b.send(ctx, rows(1000), Options{Clock: hasty{}, CancelWait: time.Millisecond}, func(p Progress) {
		if p.Requests == 7 {
			cancel()
		}
	})
	there := int64(len(b.stored()))
	if err == nil || r.Status == history.StatusDone || r.Requests != 7 || there < r.RowsSent || there > r.RowsSent+r.RowsUnknown {
		t.Errorf("the service holds %d: %+v, %v", there, r, err)
	}
}

// hasty is the computer's clock, a hundred times faster.
type hasty struct{}

func (hasty) Now() time.Time { return noon.Add(100 * time.Since(noon)) }
func (hasty) Steady() history.Moment {
	m := clock.System{}.Steady()
	return history.Moment{Boot: m.Boot, At: 100 * m.At}
}
func (hasty) After(d time.Duration) (<-chan time.Time, func()) {
	return clock.System{}.After(d / 100)
}

// TestNetworkGone: the service is not there any more, and the run stops so that
// it can be resumed.
func TestNetworkGone(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	src := rows(1000)
	src.At = func(i int) {
		if i == 950 { // the batches before are handed over one by one
			b.service.Close()
		}
	}
	r, err := b.send(context.Background(), src, Options{Pace: plan.Pace{Pending: 1}}, nil)
	if err == nil || r.RowsSent+r.RowsUnknown > 1000 || r.Status != history.StatusStopped && r.Status != history.StatusUnknown || r.RowsSent < 100 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestConnectionBreaks: some of the batches on their way were stored and some
// not, and the count tells which, because no two of them have the same size.
func TestConnectionBreaks(t *testing.T) {
	t.Parallel()
	for mask := 1; mask < 1<<5; mask += 5 {
		b := newBench(t, powerbi.RetentionNone, practice.Options{DiscardRows: true})
		for i := range 5 {
			f := faults.Fault{Operation: onRows, After: 6 + i, CutBefore: true}
			if mask>>i&1 == 1 {
				f.CutBefore, f.CutAfter = false, true
			}
			b.service.Faults().Add(f)
		}
		r, err := b.send(context.Background(), rows(20_000), Options{Pace: plan.Pace{BatchRows: 1500}}, nil)
		if err != nil || r.Status != history.StatusUnproven || r.RowsConfirmed+r.RowsUnproven != 20_000 { // the service keeps no rows to look for
			t.Errorf("stored %05b: %+v, %v", mask, r, err)
		}
	}
}

// TestRandomFaults makes trouble from a seed and compares the account with what
// the service holds: nothing lost, nothing doubled, or listed as unknown.
func TestRandomFaults(t *testing.T) {
	t.Parallel()
	seeds := uint64(12)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		rnd := rand.New(rand.NewPCG(seed, 42))
		b := newBench(t, powerbi.RetentionNone, practice.Options{})
		kinds := []faults.Fault{{CutBefore: true}, {CutAfter: true}, {Status: 503}, {Status: 500}, {Status: 429, RetryAfter: 30}, {Status: 429},
			{RevokeTokens: true}, {Status: 413}, {Status: 503, RetryAfter: 5}, {Delay: time.Millisecond}}
		for range 12 {
			f := kinds[rnd.IntN(len(kinds))]
			f.Operation, f.After = onRows, rnd.IntN(60)
			b.service.Faults().Add(f)
		}
		for range 2 {
			b.service.Faults().Add(faults.Fault{Operation: faults.OpQuery, After: rnd.IntN(10), Status: 500})
		}
		n := 2000 + rnd.IntN(2000)
		r, err := b.send(context.Background(), rows(n), Options{Pace: plan.Pace{BatchRows: 50 + rnd.IntN(200)}}, nil)
		if !r.Status.Finished() && r.Status != history.StatusUnknown && r.Status != history.StatusStopped {
			t.Fatalf("seed %d: %s, %v", seed, r.Status, err)
		}
		counts := map[int]int{}
		for _, id := range b.stored() {
			counts[id]++
		}
		doubled, there := 0, int64(0)
		for _, c := range counts {
			there++
			if c > 1 {
				doubled++
			}
		}
		if doubled > 0 || there < r.RowsSent || there > r.RowsSent+r.RowsUnknown || r.Status.Finished() && there != int64(n) {
			t.Errorf("seed %d: %s, sent %d, unknown %d; the service holds %d, %d doubled", seed, r.Status, r.RowsSent, r.RowsUnknown, there, doubled)
		}
		if r.Status.Finished() && r.RowsConfirmed+r.RowsUnproven != int64(n) {
			t.Errorf("seed %d: confirmed %d: %s", seed, r.RowsConfirmed, words.Unconfirmed(r))
		}
	}
}
