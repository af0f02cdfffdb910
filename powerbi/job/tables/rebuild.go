package tables

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Rebuild fills a table anew after it was changed: the runs whose rows it holds are sent
// again, the first in the place of all rows.
type Rebuild struct {
	Rows       int64             // in the table now, all of which are deleted
	Runs       []history.Receipt // sent again, the oldest first
	RowsAgain  int64             // that they send
	Notes      []string          // sentences: what they send otherwise than before
	Incomplete time.Duration     // at least so long the limits leave the table without all of its rows

	Began   time.Time // of the rebuild that is continued; zero: it is a new one
	Appends bool      // the rows in the table stay: they were sent again already

	mappings []mapping.Mapping // of the runs, for the changed table
	resume   string            // the run that was interrupted, which is resumed first; "" = none
}

// Continues reports whether this is what is left of a rebuild that was interrupted.
func (r *Rebuild) Continues() bool { return !r.Began.IsZero() }

// Interrupted is a rebuild that was begun and did not send all of its runs.
type Interrupted struct {
	Began     time.Time
	Rows      int64             // that were to be in the table
	Sent      int64             // that were sent again
	Left      []history.Receipt // runs that were not sent again, the oldest first
	Resume    string            // the run that did not end, which has to be resumed; "" = none
	Unrelated bool              // others have changed the table since, so that it cannot be continued

	steps []schema.RebuildStep // of Left
	first bool                 // no run was sent again yet
}

// Sentence says how far it came.
func (x *Interrupted) Sentence() string {
	s := fmt.Sprintf("The rebuild of %s was interrupted: %s of %s sent again.", humanize.DateTime(x.Began), humanize.Number(x.Sent), humanize.Count(x.Rows, "row was", "rows were"))
	if x.Unrelated {
		return s + " The table was changed since, so the rebuild cannot be continued."
	}
	return s
}

// interrupted finds out how far a rebuild of a table came; nil when there is none, or all
// of its runs were sent again.
func interrupted(ctx context.Context, j *job.Jobs, service string, t history.Table) (*Interrupted, error) {
	was, there, err := j.Rebuilds.For(service, t.DatasetID, t.Table)
	if !there {
		return nil, err
	}
	list, err := j.Runs.List(ctx)
	if err != nil {
		return nil, err
	}
	var since []history.Receipt // the oldest first
	for _, r := range slices.Backward(list) {
		if r.DatasetID == t.DatasetID && r.Table == t.Table && r.Started.After(was.Began) && (r.RowsSent+r.RowsUnknown > 0 || r.Deleted || r.Resumable) {
			since = append(since, r)
		}
	}
	x := &Interrupted{Began: was.Began, Rows: was.RowsAgain, first: len(since) == 0}
	for _, step := range was.Steps {
		earlier, err := j.Runs.Get(ctx, step.Run)
		if err != nil {
			return nil, err
		}
		var again history.Receipt
		if i := slices.IndexFunc(since, func(r history.Receipt) bool { return sameRows(r, earlier) }); i >= 0 {
			again = since[i]
			since = slices.Delete(since, i, i+1)
		}
		if again.RowsSent+again.RowsUnknown == 0 && !again.Resumable {
			x.Left, x.steps = append(x.Left, earlier), append(x.steps, step)
			continue
		}
		x.Sent += again.RowsSent
		switch {
		case !again.Undone.IsZero():
			x.Unrelated = true
		case again.Resumable:
			x.Resume = again.RunID
		}
	}
	x.Unrelated = x.Unrelated || len(since) > 0
	if len(x.Left) == 0 && x.Resume == "" {
		return nil, nil
	}
	return x, nil
}

// sameRows reports whether two runs are of the same rows of a file.
func sameRows(a, b history.Receipt) bool {
	return a.FileHash == b.FileHash && a.Sheet == b.Sheet && a.Range == b.Range && a.Skip == b.Skip && a.Limit == b.Limit && slices.Equal(a.Filter(), b.Filter())
}

// planContinue plans what is left of a rebuild that was interrupted.
func planContinue(ctx context.Context, j *job.Jobs, t Table) (*Rebuild, error) {
	target, x := t.Place.Target, t.Interrupted
	refused := func(why string) error {
		return failure.New(failure.Usage, "rebuild-changed", fmt.Sprintf("The rebuild of the table “%s” of %s cannot be continued. %s", target.Table, humanize.DateTime(x.Began), why),
			"Replace the rows of the table with a new upload.")
	}
	if x == nil {
		return nil, failure.New(failure.Usage, "rebuild-none", fmt.Sprintf("No rebuild of the table “%s” was interrupted.", target.Table), "Say what to change.")
	}
	r := &Rebuild{Rows: t.Place.Rows, Runs: x.Left, RowsAgain: x.Rows - x.Sent, resume: x.Resume, Began: x.Began, Appends: !x.first}
	if x.Unrelated {
		return nil, refused("The table was changed since.")
	}
	for i, step := range x.steps {
		if diff := alter.Columns(step.Mapping.Schema().Columns, t.Definition.Table.Columns); len(diff.Added)+len(diff.Dropped)+len(diff.Retyped)+len(diff.Renamed) > 0 {
			return nil, refused("The columns of the table are others than those that the rows are sent into.")
		}
		again, err := j.Repeat(ctx, x.Left[i], "")
		if err != nil {
			return nil, refused(fmt.Sprintf("The run %s cannot be repeated: %s", x.Left[i].RunID, sentence(err)))
		}
		if err := again.Close(); err != nil {
			return nil, err
		}
		r.mappings = append(r.mappings, step.Mapping)
	}
	if held := x.Sent; r.Appends && x.Resume == "" && t.Place.Rows >= 0 && t.Place.Rows != held {
		return nil, refused(fmt.Sprintf("The table holds %s, and %s were sent again.", humanize.Count(t.Place.Rows, "row"), humanize.Number(held)))
	}
	return r, nil
}

// planRebuild finds the runs that filled a table and checks that each can be sent again
// into the changed one.
func planRebuild(ctx context.Context, j *job.Jobs, c Change, now time.Time) (*Rebuild, error) {
	t := c.Place.Target
	if c.Place.Rows == 0 {
		return nil, failure.New(failure.Usage, "rebuild-empty", fmt.Sprintf("The table “%s” has no rows, so there is nothing to send again.", t.Table), "Change the table without sending runs again.")
	}
	list, err := j.Runs.List(ctx)
	if err != nil {
		return nil, err
	}
	before := history.Receipt{DatasetID: t.DatasetID, Table: t.Table, Started: now, RowsBefore: &c.Place.Rows}
	runs, why := push.RunsInTable(list, before)
	switch {
	case c.Place.Rows < 0:
		return nil, noRebuild("How many rows the table holds is not known, because Power BI did not count them.")
	case t.Retention == powerbi.RetentionFIFO && c.Place.Rows >= powerbi.MaxRowsFIFO:
		return nil, noRebuild("The table drops old rows, so it is not known which of them are left.")
	case why != "":
		return nil, noRebuild(strings.Replace(why, " before the run, and", ", and", 1))
	}
	r := &Rebuild{Rows: c.Place.Rows, Runs: runs}
	var failed []string
	for _, run := range runs {
		m, report, err := r.check(ctx, j, c, run)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			failed = append(failed, fmt.Sprintf("%s (%s, %s): %s", run.RunID, filepath.Base(run.File), humanize.DateTime(run.Started), sentence(err)))
			continue
		}
		r.mappings, r.RowsAgain = append(r.mappings, m), r.RowsAgain+report.RowsToSend
		if n := run.RowsSent - report.RowsToSend; n > 0 {
			r.Notes = append(r.Notes, fmt.Sprintf("%s of the run of %s cannot be sent into the changed table and will be left out.", humanize.Count(n, "row"), humanize.DateTime(run.Started)))
		}
	}
	if len(failed) > 0 {
		return nil, noRebuild(humanize.Count(len(failed), "run") + " cannot be repeated.\n" + strings.Join(failed, "\n"))
	}
	quota, err := j.Runs.Quota(ctx, t.DatasetID, t.Table, now)
	if err != nil {
		return nil, err
	}
	r.Incomplete = plan.Make(plan.Input{Rows: r.RowsAgain, Retention: t.Retention, Mode: plan.ModeReplace, Now: now, Quota: &quota}).LeastTime
	return r, nil
}

// noRebuild says why the runs of a table cannot be sent again.
func noRebuild(why string) error {
	return failure.New(failure.Usage, "no-rebuild", "The rows of the table cannot be sent again from the runs on this computer. "+why+" Nothing was changed.",
		"Put the files of these runs back as they were, or change the table without sending runs again and replace its rows with a new upload.")
}

func sentence(err error) string {
	if f, ok := failure.From(err); ok {
		return f.Sentence
	}
	return err.Error() + "."
}

// check checks that a run can be sent again, and returns how.
func (r *Rebuild) check(ctx context.Context, j *job.Jobs, c Change, run history.Receipt) (m mapping.Mapping, report mapping.CheckReport, err error) {
	if run.Resumable {
		return m, report, failure.New(failure.Usage, "run-unfinished", "It is not finished.", "Resume that run first.")
	}
	x, err := j.Repeat(ctx, run, "")
	if err != nil {
		return m, report, err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	m = adapted(x, c)
	if err := job.CheckMapping(m); err != nil {
		return m, report, err
	}
	report, err = x.Check(ctx, m)
	if err == nil && report.RowsToSend == 0 && report.Errors() > 0 {
		p := report.Problems[0]
		err = failure.New(failure.Data, "bad-rows", fmt.Sprintf("%s cannot be sent into the changed table; the first is in %s: %s", humanize.Count(report.RowsWithProblems, "row"), p.Address, p.Rule), "")
	}
	return m, report, err
}

// adapted returns the mapping of a run for the table as it will be: columns have their new
// names and types, those that are gone are not sent, and a new one is filled by the column
// of the file that has its name, if there is one.
func adapted(x *job.Repetition, c Change) mapping.Mapping {
	m := x.Mapping
	m.Table, m.Fields = c.Place.Target.Table, nil
	for _, to := range c.After().Columns {
		was := to.Name
		for old, name := range c.Renamed() {
			if name == to.Name {
				was = old
			}
		}
		at := slices.IndexFunc(x.Mapping.Fields, func(f mapping.Field) bool { return f.Use && strings.EqualFold(f.Target.Name, was) })
		f := mapping.Field{From: -1, Use: true}
		if at >= 0 {
			f = x.Mapping.Fields[at]
		} else {
			for i, h := range x.Headers {
				if strings.EqualFold(h.Name, to.Name) {
					f.From, f.Header, f.Letter = i, h.Name, cell.Column(h.Column)
				}
			}
		}
		f.Target = to
		m.Fields = append(m.Fields, f)
	}
	return m
}

// Sentence says what will happen.
func (r *Rebuild) Sentence(table string) string {
	if r.Appends {
		s := fmt.Sprintf("The rebuild of the table %q of %s is continued:", table, humanize.DateTime(r.Began))
		if r.resume != "" {
			s += " the run " + r.resume + " is resumed,"
		}
		return s + fmt.Sprintf(" %s that are missing will be sent again, and nothing is deleted.", humanize.Count(r.RowsAgain, "row"))
	}
	s := fmt.Sprintf("All %s of the table %q will be deleted, and %s will be sent again from %s.", humanize.Count(r.Rows, "row"), table, humanize.Count(r.RowsAgain, "row"), humanize.Count(len(r.Runs), "run"))
	for _, n := range r.Notes {
		s += " " + n
	}
	if r.Incomplete >= time.Minute {
		s += fmt.Sprintf(" Because of Power BI's limits the table will be incomplete for at least %s.", humanize.Duration(r.Incomplete))
	}
	return s
}

// keep notes that the runs are going to be sent again, until all were.
func (r *Rebuild) keep(j *job.Jobs, service string, t history.Table, now time.Time) error {
	if r.Continues() {
		return nil
	}
	x := schema.Rebuild{Service: service, DatasetID: t.DatasetID, Table: t.Table, Began: now.UTC(), Rows: r.Rows, RowsAgain: r.RowsAgain}
	for i, run := range r.Runs {
		x.Steps = append(x.Steps, schema.RebuildStep{Run: run.RunID, Mapping: r.mappings[i], Rows: run.RowsSent})
	}
	return j.Rebuilds.Keep(x)
}

// carry sends the runs again.
func (r *Rebuild) carry(ctx context.Context, j *job.Jobs, control job.Control, on func(push.Progress)) (done []history.Receipt, err error) {
	if r.resume != "" {
		receipt, err := j.Resume(ctx, r.resume, job.ResumeOptions{InParts: true, Control: control}, on)
		if receipt.RunID != "" {
			done = append(done, receipt)
		}
		if err != nil {
			return done, err
		}
	}
	for i, run := range r.Runs {
		how := job.Repeating{Control: control, Mapping: r.mappings[i], Mode: plan.ModeAppend}
		if i == 0 && !r.Appends {
			how.Mode = plan.ModeReplace
		}
		receipt, err := repeat(ctx, j, run, how, on)
		if receipt.RunID != "" {
			done = append(done, receipt)
		}
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

func repeat(ctx context.Context, j *job.Jobs, run history.Receipt, how job.Repeating, on func(push.Progress)) (receipt history.Receipt, err error) {
	x, err := j.Repeat(ctx, run, "")
	if err != nil {
		return receipt, err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	return x.Send(ctx, how, on)
}

// unfinished says what the table holds when the runs were not all sent again, and what is
// left to do. left is what is known of it; nil: it could not be found out.
func (r *Rebuild) unfinished(table string, done Done, left *Interrupted, cause error) error {
	why := history.Explain(cause)
	holds := "It is not known how many rows it holds."
	if done.RowsAfter != nil {
		holds = fmt.Sprintf("It holds %s now.", humanize.Count(*done.RowsAfter, "row"))
	}
	s := fmt.Sprintf("The table %q has its new columns, but its rows were not all sent again. %s", table, holds)
	details := why.Details
	if left != nil {
		s += fmt.Sprintf(" %s of %s missing.", humanize.Number(left.Rows-left.Sent), humanize.Count(left.Rows, "row is", "rows are"))
		for _, run := range left.Left {
			details += fmt.Sprintf("\nNot sent again yet: run %s, %s from %s", run.RunID, humanize.Count(run.RowsSent, "row"), run.File)
		}
		if left.Resume != "" {
			s += " The run " + left.Resume + " was interrupted."
		}
	}
	f := failure.New(failure.Stopped, "rebuild-unfinished", s+" "+why.Sentence, "Continue the rebuild: what is missing is sent then, and nothing is sent twice.")
	f.Who = why.Who
	return f.Because(cause).WithDetails("%s", strings.TrimSpace(details))
}
