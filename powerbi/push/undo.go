package push

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// A push table knows no deletion of single rows, so that a run can be undone only by
// deleting all of them. That is safe if it is known what the table holds: nothing but
// what runs on this computer have sent since it was empty.

// RunsInTable returns the runs whose rows a table holds as far as this computer knows,
// oldest first, once a run and those after it are left out. list holds all runs; why
// says what stands against knowing it.
func RunsInTable(list []history.Receipt, without history.Receipt) (chain []history.Receipt, why string) {
	var sum int64
	for _, r := range slices.Backward(list) { // the oldest first
		if r.DatasetID != without.DatasetID || r.Table != without.Table || r.RunID == without.RunID || r.Started.After(without.Started) || !r.Undone.IsZero() {
			continue
		}
		if r.Deleted || r.RowsBefore != nil && *r.RowsBefore == 0 {
			chain, sum, why = nil, 0, ""
		} else if why == "" && (r.RowsBefore == nil || *r.RowsBefore != sum) {
			why = fmt.Sprintf("The table held rows that this computer has not sent when the run of %s began.", humanize.DateTime(r.Started))
		}
		if r.RowsUnknown > 0 && why == "" {
			why = fmt.Sprintf("It is unknown which rows the run of %s has left in the table.", humanize.DateTime(r.Started))
		}
		if r.RowsSent > 0 {
			chain, sum = append(chain, r), sum+r.RowsSent
		}
	}
	switch before := without.RowsBefore; {
	case why != "":
	case before == nil && !without.Deleted:
		why = "How many rows the table held before the run is not known."
	case before != nil && *before != sum:
		why = fmt.Sprintf("The table held %s before the run, and this computer knows of %s.", humanize.Count(*before, "row"), humanize.Number(sum))
	}
	return chain, why
}

// NotOursError says that a table holds other rows than it should.
type NotOursError struct {
	Table     string
	Rows      int64
	Low, High int64
}

func (e *NotOursError) Error() string {
	return fmt.Sprintf("the table %q holds %d rows, not %d to %d", e.Table, e.Rows, e.Low, e.High)
}

// Failure is the error in words.
func (e *NotOursError) Failure() *failure.Error {
	want := humanize.Number(e.Low)
	if e.High > e.Low {
		want += " to " + humanize.Number(e.High)
	}
	return failure.New(failure.Usage, "table-changed",
		fmt.Sprintf("Nothing was deleted: the table “%s” holds %s, and %s were expected, so others have changed it.", e.Table, humanize.Count(e.Rows, "row"), want),
		"Find out in Power BI who writes into the table. Power BI can only delete all of its rows.").WithDetails("%s", e.Error())
}

// Undo deletes all rows of the table of a run and notes the run as undone. It does so
// only if the table holds between low and high rows, asked while no other run on this
// computer sends.
func Undo(ctx context.Context, s Service, h *history.History, id string, low, high int64, by clock.Clock) error {
	if by == nil {
		by = clock.System{}
	}
	disk := context.WithoutCancel(ctx)
	j, err := h.Take(ctx, id)
	if err != nil {
		return err
	}
	defer j.Close()
	defer j.ReleaseCountLock(disk)
	for began := by.Now(); ; {
		ok, err := j.AcquireCountLock(ctx, by.Now())
		if err != nil {
			return err
		}
		if ok {
			break
		}
		if by.Now().Sub(began) > countLockLimit {
			return errStillSending
		}
		if err := waitFor(ctx, by, lookAgain); err != nil {
			return err
		}
	}
	target := NewTarget(s, j.About().Target)
	n, err := target.Count(ctx)
	if err != nil {
		return err
	}
	if (n < low || n > high) && !(n == 0 && j.Replay().Deleting) { // it is tried again after a crash
		return &NotOursError{target.Table().Table, n, low, high}
	}
	if err := j.Add(disk, history.Entry{Kind: history.Deleting}, by.Now()); err != nil {
		return err
	}
	if err := clearPatiently(ctx, target, by); err != nil {
		return err
	}
	return j.Undone(disk, by.Now())
}

// clearPatiently deletes all rows. Doing it again does no harm, so it tries again for a
// while if the failure may pass.
func clearPatiently(ctx context.Context, target Target, clock clock.Clock) error {
	began := clock.Now()
	for wait := time.Second; ; wait = min(2*wait, longestWait) {
		err := target.Clear(context.WithoutCancel(ctx))
		if err == nil || !passing(err) && powerbi.OutcomeOf(err) != powerbi.Unknown || clock.Now().Sub(began) >= bearOutage {
			return err
		}
		if e := apiError(err); e != nil {
			wait = max(wait, e.RetryAfter)
		}
		if waitFor(ctx, clock, wait) != nil {
			return err
		}
	}
}

// UndoError is an undo that was broken off after the table was emptied.
type UndoError struct {
	Run     history.Receipt // that is undone
	Resume  string          // the run that has to be resumed first; "" = none
	Holds   int64           // rows in the table now; -1: not known
	Missing int64           // of the rows that were there before
	Doubt   bool            // nobody can say whether the table was emptied
	Cause   error
}

func (e *UndoError) Error() string { return "the undo was interrupted: " + e.Cause.Error() }
func (e *UndoError) Unwrap() error { return e.Cause }

// Failure is the error in words.
func (e *UndoError) Failure() *failure.Error {
	why := history.Explain(e.Cause)
	var s string
	if e.Doubt {
		s = fmt.Sprintf("We don't know whether the rows of the table %q were deleted: Power BI's reply never arrived.", e.Run.Table)
	} else {
		holds := ""
		if e.Holds >= 0 {
			holds = fmt.Sprintf("The table %q now holds %s. ", e.Run.Table, humanize.Count(e.Holds, "row"))
		}
		s = fmt.Sprintf("The run was undone, but the rows from before are not all restored. %s%s missing.", holds, humanize.Count(e.Missing, "row is", "rows are"))
	}
	remedy := "Undo the run again: what is missing is restored then."
	if e.Resume != "" {
		remedy = "Resume the run " + e.Resume + ", which was restoring rows. Then undo the run " + e.Run.RunID + " again: what is still missing is restored then."
	}
	f := failure.New(failure.Stopped, "undo-unfinished", s+" "+why.Sentence, remedy)
	f.Who = why.Who
	return f.Because(e.Cause).WithDetails("Run ID: %s\n%s", e.Run.RunID, why.Details)
}
