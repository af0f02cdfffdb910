package job

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
)

// TakeBack is what undoing a run means. Power BI can only delete all rows of a
// table, so that the rows of earlier runs are sent again from their files.
type TakeBack struct {
	Run        history.Receipt
	Connection Connection
	Rows       int64             // in the table now, all of which are deleted
	Again      []history.Receipt // sent again afterwards, the oldest first
	low, high  int64             // rows that the table may hold
	Partly     time.Duration     // at least so long the limits leave the table without all of its rows
	finishes   bool              // the rows are deleted already
}

// RowsAgain counts the rows that are sent again.
func (t TakeBack) RowsAgain() (n int64) {
	for _, r := range t.Again {
		n += r.RowsSent
	}
	return n
}

// Sentence says what will happen.
func (t TakeBack) Sentence() string {
	if t.finishes {
		return fmt.Sprintf("The run was undone, but not all rows that were there before are back: %s are sent again.", counted(t.RowsAgain()))
	}
	s := fmt.Sprintf("All %s of the table %q in %q will be deleted.", counted(t.Rows), t.Run.Table, t.Run.Dataset)
	if len(t.Again) == 0 {
		return s + " The table is empty afterwards, as it was before the run."
	}
	files := "its file"
	if len(t.Again) > 1 {
		files = fmt.Sprintf("%d files", len(t.Again))
	}
	s += fmt.Sprintf(" Then the %s that were there before are sent again from %s.", counted(t.RowsAgain()), files)
	if t.Partly >= time.Minute {
		s += fmt.Sprintf(" The limits of Power BI leave the table partly filled for at least %s meanwhile.", humanize.Duration(t.Partly))
	}
	return s
}

func counted(n int64) string { return humanize.Count(n, "row") }

// NoUndoError says why a run cannot be undone.
type NoUndoError struct {
	RunID string
	Why   string // a sentence
	Hint  string
}

func (e *NoUndoError) Error() string { return "the run cannot be undone: " + e.Why }

// Sentence says what happened.
func (e *NoUndoError) Sentence() string { return "This run cannot be undone. " + e.Why }

// Remedy says what to do next.
func (e *NoUndoError) Remedy() string {
	if e.Hint != "" {
		return e.Hint
	}
	return "Power BI can only delete all rows of a table. To put it right, send the right rows with Replace."
}

// Who says who can fix it.
func (e *NoUndoError) Who() string { return "you" }

// Details are for support.
func (e *NoUndoError) Details() string { return "Run ID: " + e.RunID }

// PlanUndo works out how a run can be undone, and why not with a *NoUndoError. It
// asks the service for the table's row count, and changes nothing.
func (j *Jobs) PlanUndo(ctx context.Context, runID string) (TakeBack, error) {
	r, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return TakeBack{}, err
	}
	no := func(why, hint string) (TakeBack, error) { return TakeBack{}, &NoUndoError{runID, why, hint} }
	switch {
	case r.Status == history.StatusRunning:
		return TakeBack{}, &history.BusyError{RunID: runID}
	case !r.Undone.IsZero():
		list, err := j.Runs.List(ctx)
		if err != nil {
			return TakeBack{}, err
		}
		t, ok, err := j.finishUndo(ctx, r, list)
		if err != nil {
			return TakeBack{}, err
		}
		if !ok {
			return no("It was undone already.", "Nothing needs to be done.")
		}
		t.Connection, err = j.RunConnection(ctx, runID)
		return t, err
	case r.RowsSent+r.RowsUnknown == 0 && !r.Deleted:
		return no("It has sent nothing.", "Nothing needs to be done.")
	case r.Retention == powerbi.RetentionFIFO && r.RowsBefore != nil && *r.RowsBefore+r.RowsSent > powerbi.MaxRowsFIFO:
		return no("The table drops old rows, so that it is not known what it held before.", "")
	}
	list, err := j.Runs.List(ctx)
	if err != nil {
		return TakeBack{}, err
	}
	for _, later := range list {
		if later.DatasetID == r.DatasetID && later.Table == r.Table && later.Started.After(r.Started) && later.Undone.IsZero() && (later.RowsSent+later.RowsUnknown > 0 || later.Deleted) {
			return no(fmt.Sprintf("A later run, of %s, has changed the table too.", later.Started.Local().Format("2 January 15:04")), "Undo the later run first: "+later.RunID+".")
		}
	}
	t := TakeBack{Run: r}
	var why string
	if t.Again, why = push.RunsInTable(list, r); why != "" {
		return no(why, "")
	}
	if r.Deleted {
		t.low = r.RowsSent
	} else {
		t.low = t.RowsAgain() + r.RowsSent
	}
	t.high = t.low + r.RowsUnknown
	for _, earlier := range t.Again {
		if err := j.unchanged(ctx, earlier); err != nil {
			return TakeBack{}, err
		}
	}
	how, err := j.recall(runID)
	if err != nil {
		return TakeBack{}, err
	}
	if t.Connection, err = j.connectionOf(ctx, runID, how); err != nil {
		return TakeBack{}, err
	}
	api, err := j.Connector.API(ctx, t.Connection.ID)
	if err != nil {
		return TakeBack{}, err
	}
	if t.Rows, err = api.CountRows(ctx, r.WorkspaceID, r.DatasetID, r.Table); err != nil {
		return TakeBack{}, err
	}
	if t.Rows < t.low || t.Rows > t.high {
		return TakeBack{}, &push.NotOursError{Table: r.Table, Rows: t.Rows, Low: t.low, High: t.high}
	}
	t.Partly, err = j.meanwhile(t, time.Now())
	return t, err
}

// unchanged checks that the file of an earlier run is there as it was sent.
func (j *Jobs) unchanged(ctx context.Context, r history.Receipt) error {
	was, err := j.reopen(ctx, r.RunID, ResumeOptions{})
	if err == nil {
		defer was.book.Close()
		if was.hash == r.FileHash {
			return nil
		}
		err = &history.ChangedError{File: r.File}
	}
	reason := "its file has changed since."
	var changed *history.ChangedError
	if !errors.As(err, &changed) {
		reason = "its file cannot be read any more: " + err.Error() + "."
	}
	return &NoUndoError{r.RunID, fmt.Sprintf("The table held %s of an earlier run, and %s", counted(r.RowsSent), reason),
		fmt.Sprintf("Put the file %s back as it was. Power BI can only delete all rows of a table.", filepath.Base(r.File))}
}

// Undo carries out what PlanUndo has found. It gives the receipts of the runs that
// were sent again.
func (j *Jobs) Undo(ctx context.Context, t TakeBack, on func(push.Progress)) ([]history.Receipt, error) {
	api, err := j.Connector.API(ctx, t.Connection.ID)
	if err != nil {
		return nil, err
	}
	if !t.finishes {
		if err := push.Undo(ctx, api, j.Runs, t.Run.RunID, t.low, t.high, nil); err != nil {
			return nil, err
		}
	}
	var done []history.Receipt
	for _, earlier := range t.Again {
		r, err := j.sendAgain(ctx, earlier, AgainOptions{of: t.Run.RunID, mode: plan.ModeAppend}, on)
		if r.RunID != "" {
			done = append(done, r)
		}
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// AgainOptions say how a run is done once more.
type AgainOptions struct {
	Password string // of a protected workbook
	InParts  bool   // replace also when the limits leave the table partly filled for a while

	of   string
	mode plan.Mode
}

// Again does a run once more: the same file as it is now, with the same mapping, to
// the same table.
func (j *Jobs) Again(ctx context.Context, runID string, o AgainOptions, on func(push.Progress)) (history.Receipt, error) {
	was, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return history.Receipt{}, err
	}
	if was.Status == history.StatusRunning {
		return history.Receipt{}, &history.BusyError{RunID: runID}
	}
	o.mode = was.Mode
	return j.sendAgain(ctx, was, o, on)
}

// sendAgain reads the file of a run as that did and sends it as a run of its own.
func (j *Jobs) sendAgain(ctx context.Context, was history.Receipt, o AgainOptions, on func(push.Progress)) (history.Receipt, error) {
	about, err := j.Runs.Info(ctx, was.RunID)
	if err != nil {
		return history.Receipt{}, err
	}
	r, err := j.reopen(ctx, was.RunID, ResumeOptions{Password: o.Password})
	if err != nil {
		return history.Receipt{}, err
	}
	defer r.book.Close()
	if o.of != "" && r.hash != was.FileHash { // it was as it should be a moment ago
		return history.Receipt{}, &history.ChangedError{File: was.File}
	}
	if err := fitsMapping(r, about.Mapping); err != nil {
		return history.Receipt{}, err
	}
	rows, err := r.book.Rows(ctx, r.layout)
	if err != nil {
		return history.Receipt{}, err
	}
	defer rows.Close()
	journal, err := j.Runs.Begin()
	if err != nil {
		return history.Receipt{}, err
	}
	if err := j.keep(journal.ID(), r.how); err != nil {
		return history.Receipt{}, errors.Join(fmt.Errorf("keep how the file is read: %w", err), journal.Close())
	}
	rehearsal := rehearsal{ctx: ctx, book: r.book, layout: r.layout}
	defer rehearsal.Close()
	receipt, err := push.Send(ctx, push.NewTarget(r.api, about.Target), about.Mapping, rowSource{rows}, push.Options{
		Mode: o.mode, Policy: was.Policy, Journal: journal, TotalRows: was.RowsTotal,
		File: r.how.File, Sheet: was.Sheet, Range: was.Range, FileHash: r.hash, By: whoami(), Connection: r.how.Connection, Of: o.of,
		Skip: was.Skip, Limit: was.Limit, InParts: o.InParts, Reread: rehearsal.open,
	}, on)
	if receipt.RunID == "" {
		j.forget(journal.ID())
	}
	return receipt, err
}

// fitsMapping checks that the columns a mapping takes are still where they were.
func fitsMapping(r reopened, m mapping.Mapping) error {
	needed := m.Used()
	for _, c := range m.Filter {
		needed = append(needed, mapping.Field{From: c.From, Header: c.Header})
	}
	for _, f := range needed {
		if f.From < 0 {
			continue
		}
		if f.From >= len(r.layout.Headers) || r.layout.Headers[f.From].Name != f.Header {
			var names []string
			for _, h := range r.layout.Headers {
				names = append(names, h.Name)
			}
			if slices.Contains(names, f.Header) {
				return &MovedError{Header: f.Header, Word: "is in another place now"}
			}
			return &MovedError{Header: f.Header, Word: "is missing now"}
		}
	}
	return nil
}

// MovedError is a file whose columns are not those of an earlier run.
type MovedError struct{ Header, Word string }

func (e *MovedError) Error() string { return fmt.Sprintf("the column %q %s", e.Header, e.Word) }

// Sentence says what happened.
func (e *MovedError) Sentence() string {
	return fmt.Sprintf("The columns of the file have changed: %q %s.", e.Header, e.Word)
}

// Remedy says what to do next.
func (e *MovedError) Remedy() string {
	return "Send the file as a new upload and map its columns again."
}

// Who says who can fix it.
func (e *MovedError) Who() string { return "you" }

// Details are for support.
func (e *MovedError) Details() string { return "" }

// RunConnection gives the connection that a run was sent with.
func (j *Jobs) RunConnection(ctx context.Context, runID string) (Connection, error) {
	how, err := j.recall(runID)
	if err != nil {
		return Connection{}, err
	}
	return j.connectionOf(ctx, runID, how)
}
