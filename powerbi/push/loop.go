package push

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/plan"
)

// result is the end of one POST of rows.
type result struct {
	batch  *batch
	answer powerbi.Answer
	err    error
}

// progressEvery is how often progress is told at most.
const progressEvery = 100 * time.Millisecond

// loop sends until everything is sent or something stands against it. Trouble
// that needs thought is dealt with alone: no new batch starts until those on
// their way have ended and it is solved.
func (r *run) loop(ctx context.Context, tick *time.Ticker) {
	for {
		if r.stop == nil && ctx.Err() != nil {
			r.cancelled(ctx)
		}
		if r.flying == 0 && len(r.trouble) > 0 {
			r.untangle(ctx, tick)
			continue
		}
		next := r.next()
		if next == nil && r.flying == 0 && (r.stop != nil || r.ready == nil) {
			if r.nothingLeft() { // the cancel came too late to keep a row from being sent
				r.stop, r.stopped = nil, ""
			}
			r.readerEnded()
			return
		}
		if next != nil && r.rest(ctx, tick) {
			continue
		}
		if next != nil && !r.begun {
			r.begin(ctx, tick)
			continue
		}
		var wake time.Time
		if next != nil && r.oversized(next) {
			r.take(next)
			r.split(next)
			continue
		}
		if next != nil {
			at, why, known := r.pacer.Next(r.clock.Now(), next.size())
			if r.flying > 0 && (!r.tellsApart(next) || r.untried(next)) {
				known = false
			}
			if known && !at.After(r.clock.Now()) {
				if r.launch(next) {
					r.take(next)
				}
				continue
			}
			if some := r.pacer.Share(next.size(), at.Sub(r.clock.Now())); why == plan.WaitRows && some > 0 {
				r.take(next)
				r.divide(next, some)
				continue
			}
			if known {
				wake = at
			}
			if r.o.OneHour && known && r.flying == 0 && plan.Hourly(why, at.Sub(r.clock.Now())) {
				r.end(StatusStopped, &HourError{at})
				continue
			}
			r.waiting(at, why, known)
		}
		if res := r.turn(ctx, tick, next == nil && r.stop == nil && len(r.trouble) == 0, wake); res != nil {
			r.handle(*res)
		}
	}
}

// next gives the batch whose turn it is, without taking it.
func (r *run) next() *batch {
	switch {
	case r.stop != nil || len(r.trouble) > 0:
		return nil
	case len(r.again) > 0:
		return r.again[0]
	}
	return r.held
}

func (r *run) take(b *batch) {
	if len(r.again) > 0 && r.again[0] == b {
		r.again = r.again[1:]
		return
	}
	r.held = nil
}

// turn waits until something happens: an answer, which it gives, a batch that is
// ready, the time to go on, a cancel, or the next report of progress.
func (r *run) turn(ctx context.Context, tick *time.Ticker, wantBatch bool, wake time.Time) (answered *result) {
	ready := r.ready
	if !wantBatch {
		ready = nil
	}
	done := ctx.Done()
	if !r.deadline.IsZero() { // cancelled before
		done = nil
		if r.flying > 0 {
			wake = r.deadline
		}
	}
	var timer <-chan time.Time
	if !wake.IsZero() {
		now := r.clock.Now()
		if wait := min(wake.Sub(now), longestTimer); wait > 0 {
			fires, stop := r.clock.After(wait)
			defer stop()
			defer r.counted(now)
			timer = fires
		} else {
			timer = fired
		}
	}
	select {
	case res := <-r.results:
		r.flying--
		r.flight = slices.DeleteFunc(r.flight, func(b *batch) bool { return b == res.batch })
		answered = &res
	case b, open := <-ready:
		if !open {
			r.ready = nil
			break
		}
		r.held = b
	case <-timer:
		if !r.deadline.IsZero() && !r.clock.Now().Before(r.deadline) {
			r.cutOff() // they end as unknown now
		}
	case <-done:
		r.cancelled(ctx)
	case <-tick.C:
		if r.next() != nil {
			r.lookAround()
		}
	}
	r.report(false)
	return answered
}

// fired is a timer that has run out.
var fired = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

// counted adds the time since a wait began to what the run waited.
func (r *run) counted(since time.Time) {
	if r.flying == 0 {
		r.waited += r.clock.Now().Sub(since)
	}
}

// launch sends a batch once it is in the journal and the ledger, and tells whether
// it did. It does not while other runs leave no room for it; the pacer knows of
// them afterwards.
func (r *run) launch(b *batch) bool {
	if b.number == 0 {
		r.numbers++
		b.number = r.numbers
	}
	now := r.clock.Now()
	if r.journal != nil {
		id, ok, err := r.ledger.reserve(r.journal, r.pacer, now, b.size(), entry{Type: entryPost, Batch: b.number, Rows: b.size(),
			First: b.rows[0], Last: b.rows[b.size()-1], Spans: b.spans(), Bytes: len(b.body), Try: b.tries + 1})
		if err != nil { // nothing that cannot be written down must be sent
			r.end(StatusStopped, err)
		}
		if !ok {
			return false
		}
		b.ledger = id
	}
	b.tries++
	r.receipt.Requests++
	if b.tries > 1 {
		r.receipt.Retries++
	}
	r.state = StateSending
	b.sent = now
	r.pacer.Started(b.size())
	r.flying++
	r.flight = append(r.flight, b)
	go func() {
		answer, err := r.api.AddRows(r.flights, r.target.WorkspaceID, r.target.DatasetID, r.target.Table, b.body)
		r.results <- result{batch: b, answer: answer, err: err}
	}()
	return true
}

// tellsApart tells whether the table's row count could still show which batches
// were stored if a batch went now and the answers to all on their way were lost:
// no two choices of them must have the same number of rows. Where batches are
// small on purpose, it is not asked for.
func (r *run) tellsApart(next *batch) bool {
	if r.o.Pace.BatchSize().Even() || len(r.flight) == 0 {
		return true
	}
	sums := map[int]bool{0: true}
	for _, b := range append(r.flight, next) {
		more := make([]int, 0, len(sums))
		for sum := range sums {
			more = append(more, sum+b.size())
		}
		for _, sum := range more {
			if sums[sum] {
				return false
			}
			sums[sum] = true
		}
	}
	return true
}

// lookAround sees what other runs have sent into the dataset meanwhile, while this
// one has to wait.
func (r *run) lookAround() {
	if r.journal == nil {
		return
	}
	now := r.clock.Now()
	s, err := r.ledger.read(r.journal.runs.db, now)
	if err == nil && s.behind {
		err = r.journal.runs.db.change(func(tx *sql.Tx) error { return r.ledger.straighten(tx, &s, now) })
	}
	if err != nil { // it is read again, and must be right, before anything is sent
		return
	}
	r.pacer.Adopt(s.Usage, r.ledger.view(), now)
}

// handle deals with the end of a POST while others may be on their way.
func (r *run) handle(res result) {
	b := res.batch
	switch r.settleAnswer(res) {
	case wasAccepted:
		r.reader.recycle(b)
	case wasThrottled, wasUnreachable, wasSignedOut, wasRefused:
		r.putBack(b)
	case wasTooLarge:
		r.halve(b)
	case wasBadRows, wasUnknown:
		r.trouble = append(r.trouble, b)
	}
}

// putBack lets a batch be sent again, in the order of the file.
func (r *run) putBack(b *batch) {
	i := slices.IndexFunc(r.again, func(o *batch) bool { return o.index[0] > b.index[0] })
	if i < 0 {
		i = len(r.again)
	}
	r.again = slices.Insert(r.again, i, b)
}

// settleAnswer notes what became of a POST: in the journal, the pace and the
// counts.
func (r *run) settleAnswer(res result) verdict {
	b, now := res.batch, r.clock.Now()
	v := judge(res.err)
	b.id = requestIDOf(res.answer, res.err)
	r.answered++
	r.spent += now.Sub(b.sent)
	n := 0
	if v == wasAccepted {
		n = b.size()
	}
	r.pacer.Ended(now, b.size(), v != wasUnreachable, n)
	if v == wasAccepted {
		r.stored(b)
		r.widest = max(r.widest, len(b.body))
		r.sample.keep(b)
		if b.id != "" && len(r.receipt.RequestIDs) < maxRequestIDs {
			r.receipt.RequestIDs = append(r.receipt.RequestIDs, b.id)
		}
		r.noteEnd(b, true, n, entry{Type: entryAccepted, Batch: b.number, Rows: n, RequestID: b.id})
		return v
	}
	b.err = res.err
	e := entry{Type: entryRefused, Batch: b.number, RequestID: b.id, Why: res.err.Error()}
	if v == wasUnknown {
		e.Type, n = entryUnknown, b.size() // until it is found out
	}
	r.noteEnd(b, v != wasUnreachable, n, e)
	switch v {
	case wasThrottled:
		r.throttle(apiError(res.err))
	case wasUnknown:
		if e := apiError(res.err); e != nil && e.RetryAfter > 0 {
			r.holdAll(e.RetryAfter)
		}
	case wasUnreachable:
		r.outage(res.err, waitNetwork)
	case wasSignedOut:
		if r.failures >= signInTries {
			r.end(StatusFailed, res.err)
		}
		r.outage(res.err, waitSignIn)
	case wasRefused:
		r.end(StatusFailed, res.err)
	}
	return v
}

// stored counts a batch as sent.
func (r *run) stored(b *batch) {
	r.receipt.RowsSent += int64(b.size())
	r.receipt.Batches++
	r.calm()
	r.widen()
}

// noteEnd writes the end of a request into the ledger and the journal.
func (r *run) noteEnd(b *batch, counts bool, taken int, e entry) {
	if r.journal == nil {
		return
	}
	if err := r.ledger.end(r.journal, b.ledger, r.clock.Now(), counts, taken, e.Type == entryUnknown, e); err != nil {
		r.end(StatusStopped, err)
	}
}

// noteSettled writes what became of a request whose answer was lost.
func (r *run) noteSettled(b *batch, taken int, e entry) {
	if r.journal == nil {
		return
	}
	if err := r.ledger.settled(r.journal, b.ledger, taken, e, r.clock.Now()); err != nil {
		r.end(StatusStopped, err)
	}
}

// halve sends a batch in two parts, and makes the next ones smaller. A single row
// that is too large is rejected.
func (r *run) halve(b *batch) {
	if b.size() == 1 {
		r.reject(b, 0, b.err)
		return
	}
	r.tooLarge = true
	if half := int64(len(b.body) / 2); half < r.reader.bytes.Load() {
		r.reader.bytes.Store(half)
	}
	r.split(b)
}

// split makes two batches of one, in different sizes as in BatchSize.
func (r *run) split(b *batch) { r.divide(b, max(1, b.size()/2-b.size()/50)) }

// divide makes two batches of one, the first with n rows.
func (r *run) divide(b *batch, n int) {
	all := numbers(b.size())
	for _, part := range [][]int{all[:n], all[n:]} {
		r.putBack(b.pick(part))
	}
	r.reader.recycle(b)
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// nothingLeft tells whether a run that was cancelled has sent all there was.
func (r *run) nothingLeft() bool {
	var cancel *CancelledError
	if !errors.As(r.stop, &cancel) || r.held != nil || len(r.again)+len(r.trouble)+len(r.doubtful) > 0 {
		return false
	}
	if r.ready != nil {
		select {
		case b, open := <-r.ready:
			if open {
				r.held = b
				return false
			}
			r.ready = nil
		default:
			return false // it still reads
		}
	}
	return r.begun && r.reader.err == nil
}

// readerEnded takes over why the reading ended, when it was not the end of the
// file.
func (r *run) readerEnded() {
	if r.ready == nil && r.reader.err != nil && r.stop == nil {
		r.end(StatusFailed, r.reader.err)
	}
}
