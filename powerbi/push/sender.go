package push

import (
	"context"
	"errors"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/reckon"
)

// sender sends the batches of a reader: several at once, within the limits. Everything
// in it belongs to the goroutine of Send; the reader and the requests have their own.
type sender struct {
	*run
	counter  *counter
	resolver *resolver
	bisector *bisector
	replacer *replacer
	pacing   *pacing
	sizing   *sizing
	reader   *reader
	selected *mapping.Selection // what the reader reads
	queue    *queue
	sample   sampler

	flight  []*batch // without an answer
	results chan result
	flights context.Context // of the requests in flight; outlives that of Send
	cutOff  func()
	tick    *time.Ticker

	begun   bool
	numbers int // batches numbered so far
}

// result is the end of one POST of rows.
type result struct {
	batch  *batch
	answer powerbi.Answer
	err    error
}

// loop sends until everything is sent or something stands against it. Failures that
// need thought are dealt with alone: no new batch starts until those in flight have
// ended and they are resolved.
func (s *sender) loop(ctx context.Context) {
	for {
		if s.stop == nil && ctx.Err() != nil {
			s.cancel(ctx)
		}
		if len(s.flight) == 0 && len(s.queue.failed) > 0 {
			s.resolveFailures(ctx)
			continue
		}
		next := s.next()
		switch {
		case next == nil && len(s.flight) == 0 && (s.stop != nil || s.queue.ready == nil):
			s.ended()
			return
		case next != nil && s.pause(ctx):
		case next != nil && !s.begun:
			s.begin(ctx)
		case next != nil && s.sizing.oversized(next):
			s.queue.take(next)
			s.split(next)
		case next != nil:
			s.send(ctx, next)
		default:
			if res := s.step(ctx, s.stop == nil && len(s.queue.failed) == 0, time.Time{}, nil); res != nil {
				s.handle(*res)
			}
		}
	}
}

// next returns the batch whose turn it is; nil when nothing more is sent.
func (s *sender) next() *batch {
	if s.stop != nil {
		return nil
	}
	return s.queue.next()
}

// send sends a batch, or a part of it, if the limits leave room, or waits.
func (s *sender) send(ctx context.Context, b *batch) {
	at, why, known := s.pacer.Next(s.clock.Now(), b.size())
	if len(s.flight) > 0 && (s.counter.blind || !s.tellsApart(b) || s.sizing.untried(b)) {
		known = false
	}
	wait := at.Sub(s.clock.Now())
	if known && wait <= 0 {
		if s.launch(b) {
			s.queue.take(b)
		}
		return
	}
	if some := s.pacer.Share(b.size(), wait); why == plan.WaitRows && some > 0 {
		s.queue.take(b)
		s.divide(b, some)
		return
	}
	if s.o.OneHour && known && len(s.flight) == 0 && (plan.Hourly(why, wait) || why == plan.WaitThrottle && wait > time.Minute) {
		s.end(history.StatusStopped, &HourError{at})
		return
	}
	s.report.waiting(at, why, known)
	if !known {
		at = time.Time{}
	}
	if res := s.step(ctx, false, at, nil); res != nil {
		s.handle(*res)
	}
}

// begin does what must happen once, right before the first batch is sent.
func (s *sender) begin(ctx context.Context) {
	s.begun = true
	if s.replay == nil || !s.replay.Counted {
		s.counter.before(ctx)
	}
	if s.o.Mode == plan.ModeReplace && !s.report.Deleted {
		s.replacer.rehearse(ctx)
		s.replacer.clear(ctx)
	}
	if s.counter.base >= 0 {
		s.pacer.Table = s.counter.base + s.report.RowsSent
	}
	s.sizing.widen()
}

// step waits until something happens: an answer, which it returns, a batch that is
// ready, the time to wake or done, a cancel, or the next report of progress.
func (s *sender) step(ctx context.Context, wantBatch bool, wake time.Time, done <-chan struct{}) (answered *result) {
	ready := s.queue.ready
	if !wantBatch {
		ready = nil
	}
	cancelled, abort := ctx.Done(), s.o.Abort
	if s.aborted {
		abort = nil
	}
	if s.cancelled() {
		cancelled = nil
		if len(s.flight) > 0 {
			wake = s.deadline
		}
	}
	var timer <-chan time.Time
	if !wake.IsZero() {
		now := s.clock.Now()
		if wait := min(wake.Sub(now), longestTimer); wait > 0 {
			fires, stop := s.clock.After(wait)
			defer stop()
			defer s.report.waitedSince(now)
			timer = fires
		} else {
			timer = fired
		}
	}
	select {
	case res := <-s.results:
		s.flight = slices.DeleteFunc(s.flight, func(b *batch) bool { return b == res.batch })
		s.report.inFlight = len(s.flight)
		answered = &res
	case b, open := <-ready:
		if !open {
			s.queue.ready = nil
			break
		}
		s.queue.held = b
	case <-timer:
		if s.cancelled() && !s.clock.Now().Before(s.deadline) {
			s.cutOff() // they end as unknown now
		}
	case <-done:
	case <-cancelled:
		s.cancel(ctx)
	case <-abort:
		s.cancel(ctx)
		s.aborted = true
		s.cutOff()
	case <-s.tick.C:
		if s.next() != nil {
			s.pacing.lookAround()
		}
	}
	s.report.tell(false)
	return answered
}

// fired is a timer that has run out.
var fired = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

// pause lets some time pass if the run is paused, and reports whether it is.
func (s *sender) pause(ctx context.Context) bool {
	if !s.o.Pause.On() || s.stop != nil {
		return false
	}
	s.report.state = StateSending
	if len(s.flight) == 0 {
		s.report.state = StatePaused
	}
	if res := s.step(ctx, false, time.Time{}, nil); res != nil {
		s.handle(*res)
	}
	return true
}

// launch sends a batch once it is in the journal and the ledger, and reports whether it
// did. It does not while other runs leave no room for it; the pacer knows of them
// afterwards.
func (s *sender) launch(b *batch) bool {
	if b.number == 0 {
		s.numbers++
		b.number = s.numbers
	}
	now, at := s.clock.Now(), s.clock.Steady()
	id, ok, err := s.journal.Reserve(s.disk, now, history.Entry{Kind: history.Posted, Boot: at.Boot, BootMs: at.At.Milliseconds(), Batch: b.number, Rows: b.size(),
		First: b.rows[0], Last: b.rows[b.size()-1], Spans: b.spans(), Bytes: len(b.body), Try: b.tries + 1}, func(u plan.Usage) bool {
		s.pacer.Adopt(u, s.journal.View(), now)
		at, _, known := s.pacer.Next(now, b.size())
		return known && !at.After(now)
	})
	if errors.Is(err, history.ErrCounting) {
		s.pacer.Hold(now, now.Add(lookAgain), waitCounting)
		return false
	}
	s.kept(err) // what cannot be written down must not be sent
	if !ok {
		return false
	}
	b.ledger = id
	b.tries++
	b.sent, b.at = now, at
	s.report.requested(b.tries)
	s.pacer.Started(b.size())
	s.flight = append(s.flight, b)
	go func() {
		answer, err := s.target.Write(s.flights, b.body)
		s.results <- result{b, answer, err}
	}()
	return true
}

// tellsApart reports whether the table's row count could still show which batches were
// stored if a batch went now and the answers to all in flight were lost: no two choices
// of them must have the same number of rows, nor with the first copies of batches that were
// sent again. Where batches are small on purpose, it is not asked for.
func (s *sender) tellsApart(next *batch) bool {
	if s.o.Pace.BatchSize().Even() || len(s.flight) == 0 {
		return true
	}
	list := append([]*batch{next}, s.flight...)
	var parts []reckon.Part
	for i, b := range list {
		parts = append(parts, reckon.Part{Rows: int64(b.size()), Of: i})
	}
	return reckon.Apart(append(parts, s.resolver.mayCome(list, numbers(len(list)), nil, longestLate)...))
}

// handle deals with the end of a POST while others may be in flight.
func (s *sender) handle(res result) {
	b := res.batch
	switch s.answer(res) {
	case wasAccepted:
		s.reader.recycle(b)
	case wasThrottled, wasUnreachable, wasEarly, wasSignedOut, wasRefused:
		s.queue.putBack(b)
	case wasTooLarge:
		s.halve(b)
	case wasBadRows, wasUnknown:
		s.queue.failed = append(s.queue.failed, b)
	}
}

// answer notes what became of a POST: in the journal, the pace and the counts.
func (s *sender) answer(res result) verdict {
	b, now := res.batch, s.clock.Now()
	v := judge(res.err)
	if v == wasRefused && s.early(res.err) {
		v = wasEarly
	}
	b.id = requestIDOf(res.answer, res.err)
	s.report.answer(now.Sub(b.sent))
	n := 0
	if v == wasAccepted {
		n = b.size()
	}
	s.pacer.Ended(now, b.size(), v != wasUnreachable, n)
	if v == wasAccepted {
		s.accepted(b)
		s.sizing.accepted(b)
		if b.id != "" && len(s.report.RequestIDs) < history.MaxRequestIDs {
			s.report.RequestIDs = append(s.report.RequestIDs, b.id)
		}
		s.kept(s.journal.End(s.disk, b.ledger, history.Answer{Counts: true, Accepted: n}, history.Entry{Kind: history.Accepted, Batch: b.number, Rows: n, RequestID: b.id}, now))
		return v
	}
	b.err = res.err
	a, e := history.Answer{Counts: v != wasUnreachable}, history.Entry{Kind: history.Refused, Batch: b.number, RequestID: b.id, Why: res.err.Error()}
	if v == wasUnknown {
		e.Kind, a.Accepted, a.Unknown = history.Unknown, b.size(), true // until it is found out
	}
	s.kept(s.journal.End(s.disk, b.ledger, a, e, now))
	s.failed(v, res.err)
	return v
}

// accepted counts a batch as sent.
func (s *sender) accepted(b *batch) {
	s.report.RowsSent += int64(b.size())
	s.report.Batches++
	s.sample.keep(b)
	s.pacing.recovered()
	s.sizing.widen()
}

// ended decides how the run ends when nothing more is sent: a cancel may have come too
// late to keep a row from being sent, and the reading may have failed.
func (s *sender) ended() {
	if errors.Is(s.stop, errCancelled) && s.begun && len(s.resolver.unknown) == 0 && s.queue.empty() && s.reader.err == nil {
		s.stop, s.status = nil, ""
	}
	if s.queue.ready == nil && s.reader.err != nil {
		s.end(history.StatusFailed, s.reader.err)
	}
}
