package push

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/plan"
)

// Why a run waits, besides the limits.
const (
	waitNetwork  = "Power BI cannot be reached; trying again"
	waitSignIn   = "Power BI does not accept the sign-in; trying again"
	waitBusy     = "Power BI reported an internal error; trying again"
	waitCounting = "Another run is counting the table's rows"
	waitOthers   = "Waiting for the requests of another run, to count the table's rows"
	waitCount    = "Waiting until the table's row count shows the last rows"
)

func apiError(err error) *powerbi.APIError {
	var e *powerbi.APIError
	errors.As(err, &e)
	return e
}

// throttle waits as the service asks; where it does not say how long, longer
// each time.
func (r *run) throttle(e *powerbi.APIError) {
	if e.RetryAfter > 0 {
		r.holdAll(e.RetryAfter)
		return
	}
	r.backOff(e, plan.WaitThrottle, bearNoHour)
}

// holdAll lets nothing start for as long as the service asks, by this run or by
// any other that sends into the dataset.
func (r *run) holdAll(d time.Duration) {
	now := r.clock.Now()
	r.pacer.Hold(now, now.Add(d), plan.WaitThrottle)
	if r.journal == nil {
		return
	}
	if err := r.ledger.hold(now, now.Add(d), plan.WaitThrottle); err != nil {
		r.end(StatusStopped, err)
	}
}

// outage waits for the network or the service to come back.
func (r *run) outage(err error, why string) { r.backOff(err, why, bearOutage) }

// backOff holds everything for a wait that grows with the failures in a row, with
// some chance in it so that many programs do not come back at the same moment.
// After too long the run stops, to be resumed.
func (r *run) backOff(err error, why string, bear time.Duration) {
	now := r.clock.Now()
	if r.failures == 0 {
		r.since = now
	}
	r.failures++
	if now.Sub(r.since) >= bear {
		r.end(StatusStopped, err)
		return
	}
	wait := longestWait
	if r.failures < 7 {
		wait = time.Second << (r.failures - 1)
	}
	wait -= time.Duration(rand.Int64N(int64(wait / 2)))
	r.pacer.Hold(now, now.Add(wait), why)
}

// calm forgets the failures in a row.
func (r *run) calm() { r.failures = 0 }

// sleep waits until nothing holds the pacer any more.
func (r *run) sleep(ctx context.Context, tick *time.Ticker) {
	for r.stop == nil {
		until, why := r.pacer.Held(r.clock.Now())
		if until.IsZero() {
			return
		}
		r.waiting(until, why, true)
		r.turn(ctx, tick, false, until)
	}
}

// waiting notes what the run waits for, for the progress. Waiting for an answer is
// sending.
func (r *run) waiting(until time.Time, why string, known bool) {
	if !known {
		r.state = StateSending
		return
	}
	r.state, r.waitUntil, r.waitWhy = StateWaiting, until, why
}

// report tells the progress, when it is time.
func (r *run) report(last bool) {
	now := time.Now()
	if !last && now.Sub(r.lastCall) < progressEvery {
		return
	}
	r.lastCall = now
	p := Progress{RowsRead: r.reader.read.Load(), RowsSent: r.receipt.RowsSent,
		RowsRejected: r.receipt.RowsRejected + r.reader.rejected.Load(),
		Batches:      r.receipt.Batches, Requests: r.receipt.Requests, Retries: r.receipt.Retries, State: r.state}
	if r.state == StateWaiting {
		p.WaitUntil, p.WaitReason = r.waitUntil, r.waitWhy
	}
	sent := r.receipt.RowsSent
	if r.past != nil {
		sent -= r.past.rowsSent()
	}
	if took := r.clock.Now().Sub(r.started); took > 0 {
		p.Rate = float64(sent) / took.Seconds()
	}
	if now.Sub(r.lastLeft) >= time.Second {
		r.lastLeft, r.left = now, r.timeLeft(sent)
	}
	if last {
		p.RowsRead, p.RowsRejected = r.receipt.RowsRead, r.receipt.RowsRejected
	} else {
		p.Left = r.left
	}
	r.on(p)
}

// timeLeft runs the pacer ahead over what is still to be sent.
func (r *run) timeLeft(sent int64) time.Duration {
	done := r.receipt.RowsSent + r.receipt.RowsRejected + r.reader.rejected.Load()
	rest := r.o.TotalRows - done
	if rest <= 0 || r.o.TotalRows == 0 {
		return 0
	}
	per := int64(r.o.Pace.BatchSize().Rows)
	if r.receipt.Batches > 0 && sent > 0 {
		per = max(1, r.receipt.RowsSent/int64(r.receipt.Batches))
	}
	var request time.Duration
	if r.answered > 0 {
		request = r.spent / time.Duration(r.answered)
	}
	return r.pacer.Left(r.clock.Now(), rest, per, request)
}
