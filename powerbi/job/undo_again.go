package job

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// An undo empties the table and sends earlier runs again, each as a run of its own.
// When it is broken off between them, it can be finished.

// finishUndo gives what is left of an undo that was broken off; ok is false when
// nothing is.
func (j *Jobs) finishUndo(ctx context.Context, r history.Receipt, list []history.Receipt) (t TakeBack, ok bool, err error) {
	chain, known := leftToUndo(list, r)
	if !known {
		return t, false, nil
	}
	t = TakeBack{Run: r, finishes: true}
	for _, earlier := range chain {
		was := sentAgainBy(list, r, earlier)
		switch {
		case was == nil:
			t.Again = append(t.Again, earlier)
		case was.Resumable || was.Status == history.StatusRunning:
			return t, false, &NoUndoError{r.RunID, fmt.Sprintf("It was undone, but the rows that were there before are not all sent again: the run %s is not done.", was.RunID), "Resume that run first, then undo this one again to send what is left."}
		}
	}
	if len(t.Again) == 0 {
		return t, false, nil
	}
	for _, earlier := range t.Again {
		if err := j.unchanged(ctx, earlier); err != nil {
			return t, false, err
		}
	}
	return t, true, nil
}

// UndoUnfinished tells whether a run was undone, but rows that were in its table before
// are not on their way back. list holds all runs.
func UndoUnfinished(list []history.Receipt, r history.Receipt) bool {
	if r.Undone.IsZero() {
		return false
	}
	list = slices.SortedStableFunc(slices.Values(list), func(a, b history.Receipt) int { return b.Started.Compare(a.Started) })
	left, known := leftToUndo(list, r)
	return known && slices.ContainsFunc(left, func(e history.Receipt) bool { return sentAgainBy(list, r, e) == nil })
}

// leftToUndo gives the runs whose rows were in the table before a run that was undone;
// known is false when the table has another story since.
func leftToUndo(list []history.Receipt, r history.Receipt) (chain []history.Receipt, known bool) {
	chain, why := push.RunsInTable(list, r)
	return chain, why == "" && !slices.ContainsFunc(list, func(x history.Receipt) bool {
		return x.DatasetID == r.DatasetID && x.Table == r.Table && x.Started.After(r.Undone) && x.Of != r.RunID && (x.RowsSent+x.RowsUnknown > 0 || x.Deleted)
	})
}

// sentAgainBy finds the run by which an undo has sent an earlier one again.
func sentAgainBy(list []history.Receipt, undone, earlier history.Receipt) *history.Receipt {
	for i, x := range list {
		if x.Of == undone.RunID && x.Started.After(undone.Undone) && x.FileHash == earlier.FileHash && x.Sheet == earlier.Sheet && x.Range == earlier.Range &&
			x.Skip == earlier.Skip && x.Limit == earlier.Limit && slices.Equal(x.Filter(), earlier.Filter()) && (x.RowsSent+x.RowsUnknown > 0 || x.Resumable) {
			return &list[i]
		}
	}
	return nil
}

// meanwhile works out how long the limits leave the table without all of its rows.
func (j *Jobs) meanwhile(t TakeBack, now time.Time) (time.Duration, error) {
	rows := t.RowsAgain()
	if rows == 0 {
		return 0, nil
	}
	quota, err := j.Runs.Quota(context.Background(), t.Run.DatasetID, t.Run.Table, now)
	if err != nil {
		return 0, err
	}
	return plan.Make(plan.Input{Rows: rows, Retention: t.Run.Retention, Mode: plan.ModeReplace, Now: now, Quota: &quota}).LeastTime, nil
}
