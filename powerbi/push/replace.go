package push

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"pushdesk/powerbi/push/mapping"
)

// A table that is replaced is empty until the first batch is in, and partly filled
// until the last. So nothing is deleted before the whole source was read, checked
// and encoded, and before it is known that the limits let all of it through at
// once.

// rehearse does everything but sending, and ends the run when something stands
// against it.
func (r *run) rehearse(ctx context.Context) {
	if r.o.Rehearse == nil || r.stop != nil {
		return
	}
	src, err := r.o.Rehearse()
	if err != nil {
		r.end(StatusFailed, err)
		return
	}
	report, err := mapping.CheckRows(ctx, src, *r.receipt.Mapping, mapping.CheckOptions{Policy: r.o.Policy, Skip: r.o.Skip, Limit: r.o.Limit,
		Size: r.o.Pace.BatchSize(), Progress: func(int64) { r.report(false) }})
	switch {
	case ctx.Err() != nil:
		r.cancelled(ctx)
	case err != nil:
		r.end(StatusFailed, &sourceError{int(report.Rows), err})
	case report.RowsToSend < report.Rows && r.o.Policy == mapping.PolicyStop:
		for _, p := range report.Problems {
			if p.Severity == mapping.SeverityError {
				r.end(StatusFailed, &RowError{p})
				return
			}
		}
	default:
		r.covered(report)
	}
}

// covered ends the run when the limits would leave the table partly filled for
// longer than a minute.
func (r *run) covered(report mapping.CheckReport) {
	if r.o.InParts || report.RowsToSend == 0 {
		return
	}
	now := r.clock.Now()
	if r.journal != nil {
		var s standing
		err := r.journal.runs.db.change(func(tx *sql.Tx) (err error) {
			s, err = r.ledger.read(tx, now)
			return err
		})
		if err != nil {
			r.end(StatusStopped, err)
			return
		}
		r.pacer.Adopt(s.Usage, r.ledger.view(), now)
	}
	e := &QuotaError{Rows: report.RowsToSend}
	e.Wait, e.Why = r.pacer.Refill(now, report.RowsToSend, report.Batches)
	if e.Wait > time.Minute {
		e.From = r.roomAt(now, report)
		r.end(StatusFailed, e)
	}
}

// roomAt gives when the limits cover the whole run at once; zero when they never do.
func (r *run) roomAt(now time.Time, report mapping.CheckReport) time.Time {
	limits := r.o.Pace.OrDocumented()
	if report.RowsToSend > limits.RowsPerHour {
		return time.Time{}
	}
	return now.Add(time.Hour) // by then everything that counts now has left the hour
}

// QuotaError says that a replacement would leave a table partly filled.
type QuotaError struct {
	Rows int64
	Why  string
	Wait time.Duration // in all
	From time.Time     // when the limits cover it; zero: never at once
}

func (e *QuotaError) Error() string { return "the limits do not cover the replacement: " + e.Why }
func (e *QuotaError) Sentence() string {
	return fmt.Sprintf("Nothing was deleted: with %s the table would stay partly filled for %s, because %s.", count(e.Rows, "row"), clock(e.Wait), e.Why)
}
func (e *QuotaError) Remedy() string {
	if e.From.IsZero() {
		return "Replace in parts if a partly filled table does no harm, or send fewer rows."
	}
	return fmt.Sprintf("Start after %s, or replace in parts if a partly filled table does no harm.", e.From.Local().Format("15:04"))
}
func (e *QuotaError) Who() string     { return "you" }
func (e *QuotaError) Details() string { return "" }
