package push

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// A table that is replaced is empty until the first batch is in, and partly filled
// until the last. So nothing is deleted before the whole source was read, checked and
// encoded, and before it is known that the limits let all of it through at once.

// replacer empties the table.
type replacer struct {
	*run
	counter *counter
	pacing  *pacing
	unknown bool // nobody can say whether the table was emptied
}

// rehearse does everything but sending, and ends the run if something stands against
// it.
func (s *replacer) rehearse(ctx context.Context) {
	if s.o.Reread == nil || s.stop != nil {
		return
	}
	src, err := s.o.Reread()
	if err != nil {
		s.end(history.StatusFailed, err)
		return
	}
	report, err := mapping.CheckRows(ctx, src, s.mapping, mapping.CheckOptions{Policy: s.o.Policy, Skip: s.o.Skip, Limit: s.o.Limit,
		Size: s.o.Pace.BatchSize(), Progress: func(int64) { s.report.tell(false) }})
	switch {
	case ctx.Err() != nil:
		s.cancel(ctx)
	case err != nil:
		s.end(history.StatusFailed, &sourceError{int(report.Rows), err})
	case report.RowsToSend < report.Rows && s.o.Policy == mapping.PolicyStop:
		for _, p := range report.Problems {
			if p.Severity == mapping.SeverityError {
				s.end(history.StatusFailed, &RowError{p})
				return
			}
		}
	default:
		s.covered(report)
	}
}

// covered ends the run if the limits would leave the table partly filled for longer
// than a minute.
func (s *replacer) covered(report mapping.CheckReport) {
	if s.o.InParts || report.RowsToSend == 0 {
		return
	}
	now := s.clock.Now()
	if s.journal != nil {
		u, err := s.journal.Usage(s.disk, now)
		if err != nil {
			s.kept(err)
			return
		}
		s.pacer.Adopt(u, s.journal.View(), now)
	}
	wait, why := s.pacer.Refill(now, report.RowsToSend, report.Batches)
	if wait <= plan.PartsAtMost {
		return
	}
	s.end(history.StatusFailed, &QuotaError{plan.PartsNote(report.RowsToSend, now, wait, why, s.o.Pace)})
}

// clear empties the table. Doing it twice does no harm as long as nothing was sent, so
// that a failure which may pass is waited out.
func (s *replacer) clear(ctx context.Context) {
	for s.stop == nil {
		s.note(history.Entry{Kind: history.Deleting})
		err := s.await(ctx, s.target.Clear)
		s.unknown = powerbi.OutcomeOf(err) == powerbi.Unknown
		if err == nil {
			s.report.Deleted = true
			s.counter.emptied()
			s.pacing.recovered()
			return
		}
		if ctx.Err() != nil {
			s.cancel(ctx)
			return
		}
		var answer *powerbi.APIError
		switch {
		case errors.As(err, &answer) && answer.Throttled():
			s.pacing.throttle(answer)
		case passing(err) || s.unknown:
			s.pacing.outage(err, waitNetwork)
		default:
			s.end(history.StatusFailed, err)
		}
		s.pacing.sleep(ctx)
	}
}

// QuotaError says that a replacement would leave a table partly filled.
type QuotaError struct{ Note plan.Note }

func (e *QuotaError) Error() string {
	return "the limits do not cover the replacement: " + e.Note.Sentence
}

// Failure is the error in words.
func (e *QuotaError) Failure() *failure.Error {
	return failure.New(failure.Data, "limits-replace", "Nothing was deleted: "+text.LowerFirst(e.Note.Sentence), e.Note.Remedy)
}

// HourError says that a run was to send what one hour takes, and has.
type HourError struct{ At time.Time }

func (e *HourError) Error() string { return "the hour's limit is reached" }

// Failure is the error in words.
func (e *HourError) Failure() *failure.Error {
	return failure.New(failure.Stopped, "hour-used", "All rows that Power BI accepts in this hour have been sent.",
		fmt.Sprintf("Resume the run after %s to send the rest.", humanize.Time(e.At, time.Now())))
}
