package job

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
)

// UndoPlan is what undoing a run means. Power BI can only delete all rows of a table,
// so the rows of earlier runs are sent again from their files, each as a run of its
// own. An undo that was broken off between them can be finished.
type UndoPlan struct {
	Run        history.Receipt
	Connection Connection
	Rows       int64             // in the table now, all of which are deleted
	Again      []history.Receipt // sent again afterwards, the oldest first
	low, high  int64             // rows that the table may hold
	Incomplete time.Duration     // at least so long the limits leave the table without all of its rows
	finishes   bool              // the rows are deleted already
	password   string            // of protected files that are sent again
}

// RowsAgain counts the rows that are sent again.
func (p UndoPlan) RowsAgain() (n int64) {
	for _, r := range p.Again {
		n += r.RowsSent
	}
	return n
}

// Sentence says what will happen.
func (p UndoPlan) Sentence() string {
	if p.finishes {
		return fmt.Sprintf("The run was undone, but not all earlier rows are restored yet: %s will be sent again.", humanize.Count(p.RowsAgain(), "row"))
	}
	s := fmt.Sprintf("All %s of the table %q in %q will be deleted.", humanize.Count(p.Rows, "row"), p.Run.Table, p.Run.Dataset)
	if p.Run.RowsUnproven > 0 {
		s += fmt.Sprintf(" It is not proven that this run stored %s of them once; rows of others that look like the missing ones are deleted too.", humanize.Number(p.Run.RowsUnproven))
	}
	if len(p.Again) == 0 {
		return s + " The table will be empty, as it was before the run." + noWayBack
	}
	files := "its file"
	if len(p.Again) > 1 {
		files = humanize.Count(len(p.Again), "file")
	}
	s += fmt.Sprintf(" Then the %s that were there before will be sent again from %s.", humanize.Count(p.RowsAgain(), "row"), files)
	s += noWayBack
	if p.Incomplete >= time.Minute {
		s += fmt.Sprintf(" Because of Power BI's limits the table will be incomplete for at least %s.", humanize.Duration(p.Incomplete))
	}
	return s
}

const noWayBack = " This cannot be undone; the run's file can be sent again."

// noUndo says why a run cannot be undone; advice may be "".
func noUndo(runID, why, advice string) error {
	if advice == "" {
		advice = "Power BI can only delete all rows of a table. To correct the table, replace its rows with the correct ones."
	}
	return failure.New(failure.Usage, "no-undo", "This run cannot be undone. "+why, advice).WithDetails("Run ID: %s", runID)
}

const nothingToDo = "Nothing needs to be done."

// PlanUndo works out how a run can be undone, or why it cannot. It asks the service for
// the table's row count, and changes nothing. password is that of protected workbooks whose
// rows are sent again; their failure has the code workbook.CodePassword.
func (j *Jobs) PlanUndo(ctx context.Context, runID, password string) (UndoPlan, error) {
	r, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return UndoPlan{}, err
	}
	switch {
	case r.Status == history.StatusRunning:
		return UndoPlan{}, &history.BusyError{RunID: runID}
	case !r.Undone.IsZero():
		return j.finishUndo(ctx, r, password)
	case r.RowsSent+r.RowsUnknown == 0 && !r.Deleted:
		return UndoPlan{}, noUndo(runID, "It has sent nothing.", nothingToDo)
	case r.Retention == powerbi.RetentionFIFO && r.RowsBefore != nil && *r.RowsBefore+r.RowsSent > powerbi.MaxRowsFIFO:
		return UndoPlan{}, noUndo(runID, "The table drops old rows, so it is not known what it held before.", "")
	}
	list, err := j.Runs.List(ctx)
	if err != nil {
		return UndoPlan{}, err
	}
	for _, later := range list {
		if sameTable(later, r) && later.Started.After(r.Started) && later.Undone.IsZero() && changedTable(later) {
			return UndoPlan{}, noUndo(runID, fmt.Sprintf("A later run, of %s, has changed the table too.", humanize.DateTime(later.Started)), "Undo the later run first: "+later.RunID+".")
		}
	}
	p := UndoPlan{Run: r, password: password}
	var why string
	if p.Again, why = push.RunsInTable(list, r); why != "" {
		return UndoPlan{}, noUndo(runID, why, "")
	}
	p.low = r.RowsSent
	if !r.Deleted {
		p.low += p.RowsAgain()
	}
	p.high = p.low + r.RowsUnknown
	for _, d := range r.Doubts {
		if d.Kind == history.DoubtResent { // its first request may have been stored too
			p.high += int64(d.Rows)
		}
	}
	if err := j.unchanged(ctx, p.Again, password); err != nil {
		return UndoPlan{}, err
	}
	if p.Connection, err = j.RunConnection(ctx, runID); err != nil {
		return UndoPlan{}, err
	}
	api, err := j.Connector.API(ctx, p.Connection.ID)
	if err != nil {
		return UndoPlan{}, err
	}
	if p.Rows, err = api.CountRows(ctx, r.WorkspaceID, r.DatasetID, r.Table); err != nil {
		return UndoPlan{}, err
	}
	if p.Rows < p.low || p.Rows > p.high {
		return UndoPlan{}, &push.NotOursError{Table: r.Table, Rows: p.Rows, Low: p.low, High: p.high}
	}
	p.Incomplete, err = j.incomplete(ctx, p, j.now(ctx, p.Connection.ID))
	return p, err
}

func sameTable(a, b history.Receipt) bool { return a.DatasetID == b.DatasetID && a.Table == b.Table }

// changedTable reports whether a run may have changed its table.
func changedTable(r history.Receipt) bool { return r.RowsSent+r.RowsUnknown > 0 || r.Deleted }

// unchanged checks that the files of earlier runs are there as they were sent.
func (j *Jobs) unchanged(ctx context.Context, runs []history.Receipt, password string) error {
	for _, r := range runs {
		reason := "its file has changed since then."
		switch was, err := j.reopen(ctx, r.RunID, ResumeOptions{Password: password}); {
		case failure.HasCode(err, workbook.CodePassword):
			return err
		case err != nil:
			reason = "its file can no longer be read: " + sentence(err)
		default:
			was.book.Close()
			if was.hash == r.FileHash && j.columnsAs(ctx, r, was.how) {
				continue
			}
			if was.hash == r.FileHash {
				return noUndo(r.RunID, fmt.Sprintf("The table held %s of an earlier run, and its columns have been changed since then.", humanize.Count(r.RowsSent, "row")),
					"Replace the rows of the table with those of the file.")
			}
		}
		return noUndo(r.RunID, fmt.Sprintf("The table held %s of an earlier run, and %s", humanize.Count(r.RowsSent, "row"), reason),
			fmt.Sprintf("Restore the file %s as it was. Power BI can only delete all rows of a table.", filepath.Base(r.File)))
	}
	return nil
}

// columnsAs reports whether a table has the columns that a run sent, as far as this
// computer knows.
func (j *Jobs) columnsAs(ctx context.Context, r history.Receipt, how recipe) bool {
	about, err := j.Runs.Info(ctx, r.RunID)
	c, there, failed := j.Connector.Connection(ctx, how.ConnectionID)
	if err != nil || failed != nil || !there {
		return true // what is wrong is said elsewhere
	}
	now, known := j.Known.Columns(c.Service, r.DatasetID, r.Table)
	diff := alter.Columns(about.Mapping.Schema().Columns, now)
	return !known || len(diff.Added)+len(diff.Dropped)+len(diff.Retyped)+len(diff.Renamed) == 0
}

// incomplete works out how long the limits leave the table without all of its rows.
func (j *Jobs) incomplete(ctx context.Context, p UndoPlan, now time.Time) (time.Duration, error) {
	rows := p.RowsAgain()
	if rows == 0 {
		return 0, nil
	}
	quota, err := j.Runs.Quota(ctx, p.Run.DatasetID, p.Run.Table, now)
	if err != nil {
		return 0, err
	}
	return plan.Make(plan.Input{Rows: rows, Retention: p.Run.Retention, Mode: plan.ModeReplace, Now: now, Quota: &quota}).LeastTime, nil
}

// Undo carries out what PlanUndo has found. It returns the receipts of the runs that
// were sent again.
func (j *Jobs) Undo(ctx context.Context, p UndoPlan, c Control, on func(push.Progress)) ([]history.Receipt, error) {
	api, err := j.Connector.API(ctx, p.Connection.ID)
	if err != nil {
		return nil, err
	}
	if !p.finishes {
		if err := push.Undo(ctx, api, j.Runs, p.Run.RunID, p.low, p.high, nil); err != nil {
			if was, known := j.Runs.Get(context.WithoutCancel(ctx), p.Run.RunID); known == nil && was.Undone.IsZero() && powerbi.OutcomeOf(err) == powerbi.Unknown {
				return nil, &push.UndoError{Run: p.Run, Holds: -1, Missing: p.RowsAgain(), Doubt: true, Cause: err}
			}
			return nil, err
		}
	}
	var done []history.Receipt
	for _, earlier := range p.Again {
		r, err := j.sendAgain(ctx, earlier, Repeating{Control: c, Of: p.Run.RunID, Mode: plan.ModeAppend, Password: p.password}, on)
		if r.RunID != "" {
			done = append(done, r)
		}
		if err != nil {
			return done, p.unfinished(ctx, api, done, r, err)
		}
	}
	return done, nil
}

func (p UndoPlan) unfinished(ctx context.Context, api API, done []history.Receipt, last history.Receipt, cause error) error {
	e := &push.UndoError{Run: p.Run, Holds: -1, Missing: p.RowsAgain(), Cause: cause}
	for _, r := range done {
		e.Missing -= r.RowsSent
	}
	if last.Resumable {
		e.Resume = last.RunID
	}
	if n, err := api.CountRows(context.WithoutCancel(ctx), p.Run.WorkspaceID, p.Run.DatasetID, p.Run.Table); err == nil {
		e.Holds = n
	}
	return e
}

// finishUndo plans what is left of an undo that was broken off.
func (j *Jobs) finishUndo(ctx context.Context, r history.Receipt, password string) (UndoPlan, error) {
	list, err := j.Runs.List(ctx)
	if err != nil {
		return UndoPlan{}, err
	}
	p := UndoPlan{Run: r, finishes: true, password: password}
	chain, known := leftToUndo(list, r)
	for _, earlier := range chain {
		was := sentAgainBy(list, r, earlier)
		switch {
		case !known:
		case was == nil:
			p.Again = append(p.Again, earlier)
		case was.Resumable || was.Status == history.StatusRunning:
			return UndoPlan{}, noUndo(r.RunID, fmt.Sprintf("It was undone, but not all earlier rows are restored: the run %s is not finished.", was.RunID),
				"Resume that run first, then undo this one again to send what is left.")
		}
	}
	if len(p.Again) == 0 {
		return UndoPlan{}, noUndo(r.RunID, "It was undone already.", nothingToDo)
	}
	if err := j.unchanged(ctx, p.Again, password); err != nil {
		return UndoPlan{}, err
	}
	p.Connection, err = j.RunConnection(ctx, r.RunID)
	return p, err
}

// UndoUnfinished reports whether a run was undone, but rows that were in its table
// before are not on their way back. list holds all runs.
func UndoUnfinished(list []history.Receipt, r history.Receipt) bool {
	if r.Undone.IsZero() {
		return false
	}
	list = slices.SortedStableFunc(slices.Values(list), func(a, b history.Receipt) int { return b.Started.Compare(a.Started) })
	left, known := leftToUndo(list, r)
	return known && slices.ContainsFunc(left, func(e history.Receipt) bool { return sentAgainBy(list, r, e) == nil })
}

// leftToUndo returns the runs whose rows were in the table before a run that was undone;
// known is false when others have changed the table since.
func leftToUndo(list []history.Receipt, r history.Receipt) (chain []history.Receipt, known bool) {
	chain, why := push.RunsInTable(list, r)
	return chain, why == "" && !slices.ContainsFunc(list, func(x history.Receipt) bool {
		return sameTable(x, r) && x.Started.After(r.Undone) && x.Of != r.RunID && changedTable(x)
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
