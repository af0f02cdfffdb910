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
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
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

	mappings []mapping.Mapping // of the runs, for the changed table
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
	s := fmt.Sprintf("All %s of the table %q will be deleted, and %s will be sent again from %s.", humanize.Count(r.Rows, "row"), table, humanize.Count(r.RowsAgain, "row"), humanize.Count(len(r.Runs), "run"))
	for _, n := range r.Notes {
		s += " " + n
	}
	if r.Incomplete >= time.Minute {
		s += fmt.Sprintf(" Because of Power BI's limits the table will be incomplete for at least %s.", humanize.Duration(r.Incomplete))
	}
	return s
}

// carry sends the runs again.
func (r *Rebuild) carry(ctx context.Context, j *job.Jobs, control job.Control, on func(push.Progress)) (done []history.Receipt, err error) {
	for i, run := range r.Runs {
		how := job.Repeating{Control: control, Mapping: r.mappings[i], Mode: plan.ModeAppend}
		if i == 0 {
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
// left to do.
func (r *Rebuild) unfinished(table string, done Done, cause error) error {
	why := history.Explain(cause)
	holds := "It is not known how many rows it holds."
	if done.RowsAfter != nil {
		holds = fmt.Sprintf("It holds %s now.", humanize.Count(*done.RowsAfter, "row"))
	}
	s := fmt.Sprintf("The table %q has its new columns, but its rows were not all sent again. %s %s are to be there. %s", table, holds, humanize.Number(r.RowsAgain), why.Sentence)
	var left []string
	remedy := ""
	for i, run := range r.Runs {
		if i < len(done.Receipts) {
			if last := done.Receipts[i]; last.Resumable {
				remedy = "Resume the run " + last.RunID + ". "
			}
			continue
		}
		left = append(left, filepath.Base(run.File))
	}
	if len(left) > 0 {
		remedy += "Then send the rows of " + humanize.List(left) + " as new uploads, in this order."
	}
	f := failure.New(failure.Stopped, "rebuild-unfinished", s, strings.TrimSpace(remedy))
	f.Who = why.Who
	return f.Because(cause).WithDetails("%s", why.Details)
}
