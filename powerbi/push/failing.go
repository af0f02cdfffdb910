package push

import (
	"context"
	"time"

	"pushdesk/powerbi/push/history"
)

// failed waits, or ends the run, as the failure of a POST asks for.
func (s *sender) failed(v verdict, err error) {
	switch v {
	case wasThrottled:
		s.pacing.throttle(apiError(err))
	case wasUnknown:
		if e := apiError(err); e != nil && e.RetryAfter > 0 {
			s.pacing.hold(e.RetryAfter)
		}
	case wasUnreachable:
		s.pacing.outage(err, waitNetwork)
	case wasSignedOut:
		if s.pacing.failures >= signInTries {
			s.end(history.StatusFailed, err)
		}
		s.pacing.outage(err, waitSignIn)
	case wasEarly:
		s.pacing.backOff(err, waitNew, bearNew)
	case wasRefused:
		if s.notThere(err) && s.report.RowsSent == 0 {
			err = &UnseenError{s.target.Table().DatasetName, err}
		}
		s.end(history.StatusFailed, err)
	}
}

// resolve finds out what became of batches whose answers were lost, and counts those
// that were stored.
func (s *sender) resolve(ctx context.Context, list []*batch) []outcome {
	found := s.resolver.resolve(ctx, list)
	s.pacing.since = s.pacing.since.Add(found.waited)
	outcomes := make([]outcome, len(list))
	for i, b := range list {
		if outcomes[i] = found.verdicts[i].outcome; outcomes[i] == outcomeStored {
			s.pacer.Accepted(s.clock.Now(), b.size())
			s.accepted(b)
		}
	}
	return outcomes
}

// resolveFailures deals with batches that were refused for their rows, or whose answers
// were lost. Nothing is in flight. Afterwards none has failed any more: batches are
// accepted, rejected, to be sent again, or unknown.
func (s *sender) resolveFailures(ctx context.Context) {
	var lost, bad []*batch
	for _, b := range s.queue.failed {
		if judge(b.err) == wasUnknown {
			lost = append(lost, b)
		} else {
			bad = append(bad, b)
		}
	}
	s.queue.failed = nil
	if len(lost) > 0 {
		again := false
		for i, o := range s.resolve(ctx, lost) {
			switch o {
			case outcomeStored:
				s.reader.recycle(lost[i])
			case outcomeNotStored:
				s.queue.putBack(lost[i])
				again = true
			}
		}
		if again {
			s.pacing.outage(lost[0].err, waitBusy)
		}
	}
	for _, b := range bad {
		if s.stop != nil {
			s.queue.putBack(b)
			continue
		}
		s.bisector.find(ctx, b)
	}
}

// sendAlone sends a batch while nothing else is in flight, until it is accepted or refused
// for good. If the run ends first it returns wasRefused; the batch may be unknown then.
func (s *sender) sendAlone(ctx context.Context, b *batch) verdict {
	for s.stop == nil {
		if ctx.Err() != nil {
			s.cancel(ctx)
			break
		}
		if s.pause(ctx) {
			continue
		}
		at, why, known := s.pacer.Next(s.clock.Now(), b.size())
		if !known { // other runs have requests in flight
			at = time.Time{}
		}
		if !known || at.After(s.clock.Now()) {
			s.report.waiting(at, why, known)
			s.step(ctx, false, at, nil)
			s.pacing.lookAround()
			continue
		}
		if !s.launch(b) {
			if s.stop == nil { // other runs leave no room
				s.step(ctx, false, time.Time{}, nil)
			}
			continue
		}
		for len(s.flight) > 0 {
			res := s.step(ctx, false, time.Time{}, nil)
			if res == nil {
				continue
			}
			v := s.answer(*res)
			if v == wasUnknown {
				switch s.resolve(ctx, []*batch{b})[0] {
				case outcomeStored:
					v = wasAccepted
				case outcomeNotStored:
					s.pacing.outage(b.err, waitBusy)
				}
			}
			if v == wasAccepted || v == wasBadRows || v == wasTooLarge {
				return v
			}
		}
	}
	return wasRefused
}

// halve sends a batch in two parts, and makes the next ones smaller. A single row that
// is too large is rejected.
func (s *sender) halve(b *batch) {
	if b.size() == 1 {
		s.bisector.reject(b, 0, b.err)
		return
	}
	s.sizing.refused(b)
	s.split(b)
}

// split makes two batches of one, in different sizes as in mapping.BatchSize.
func (s *sender) split(b *batch) { s.divide(b, max(1, b.size()/2-b.size()/50)) }

// divide makes two batches of one, the first with n rows.
func (s *sender) divide(b *batch, n int) {
	all := numbers(b.size())
	for _, part := range [][]int{all[:n], all[n:]} {
		s.queue.putBack(b.pick(part))
	}
	s.reader.recycle(b)
}
