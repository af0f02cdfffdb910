package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// inTable returns the runs whose rows a table holds, as far as this computer knows, the
// newest first.
func (j *Jobs) inTable(ctx context.Context, t history.Table) ([]history.Receipt, error) {
	if t.DatasetID == "" {
		return nil, nil
	}
	list, err := j.Runs.InTable(ctx, t)
	if err != nil {
		return nil, err
	}
	var emptied time.Time // what was there before is gone
	for _, r := range list {
		at := r.Undone
		if at.IsZero() && r.Deleted {
			at = r.Started
		}
		if at.After(emptied) {
			emptied = at
		}
	}
	return slices.DeleteFunc(list, func(r history.Receipt) bool {
		return r.RowsSent+r.RowsUnknown == 0 || !r.Undone.IsZero() || r.Started.Before(emptied)
	}), nil
}

// marksOf returns after how many rows a check has to know what they hold.
func marksOf(runs []history.Receipt, d Draft) []int64 {
	list := []int64{}
	for _, r := range runs {
		if r.Content.Rows > 0 {
			list = append(list, r.Content.Rows)
		}
	}
	if d.Limit > 0 {
		list = append(list, d.Skip+d.Limit)
	}
	return list
}

// before fills in what a checked draft says of runs that have sent the same rows.
func (j *Jobs) before(ctx context.Context, d Draft, c *Checked) error {
	runs, err := j.inTable(ctx, d.Place.Target)
	if err != nil {
		return err
	}
	total := c.Report.Rows
	end := total
	if d.Limit > 0 {
		end = min(end, d.Skip+d.Limit)
	}
	for _, r := range runs {
		c.Known += r.RowsSent
	}
	o := fresh.Begins(runs, c.Report.Marks)
	switch {
	case o.Rows <= d.Skip || total == 0:
	case o.Rows >= end:
		c.Earlier = slices.Clone(o.Runs)
		slices.Reverse(c.Earlier)
		c.Overlap = fresh.Overlap{Only: o.Only}
	default:
		c.Overlap = o
	}
	if from := max(d.Skip, o.Rows); from < end && len(c.Earlier) == 0 {
		c.Scattered = fresh.Elsewhere(c.Report.Sample.Between(from, end), end-from, runs)
	}
	if len(c.Earlier) > 0 || d.Skip+d.Limit > 0 {
		return nil
	}
	c.Earlier, err = j.earlier(ctx, d) // runs of versions that knew files only
	c.Earlier = slices.DeleteFunc(c.Earlier, func(r history.Receipt) bool {
		return !slices.ContainsFunc(runs, func(x history.Receipt) bool { return x.RunID == r.RunID })
	})
	if len(c.Earlier) > 0 {
		c.Overlap, c.Scattered = fresh.Overlap{}, fresh.Scattered{}
	}
	return err
}

// content is what the rows of a checked draft hold up to the last one that is sent.
func content(d Draft) mapping.Mark {
	if d.Checked == nil {
		return mapping.Mark{}
	}
	end := d.Checked.Report.Rows
	if d.Limit > 0 {
		end = min(end, d.Skip+d.Limit)
	}
	for _, m := range d.Checked.Report.Marks {
		if m.Rows == end {
			m.Sample = d.Checked.Report.Sample.Between(d.Skip, end)
			return m
		}
	}
	return mapping.Mark{}
}

// offerNew offers to send only the new rows of a file that begins with rows of the table.
func offerNew(p *plan.Plan, o fresh.Overlap, rows int64) {
	if o.Rows == 0 || o.Unfinished() != nil || o.Rows >= rows {
		return
	}
	left := rows - o.Rows
	p.Choices = append(p.Choices, plan.Choice{Kind: plan.ChoiceNew, Skip: o.Rows, Rows: left,
		Sentence: fmt.Sprintf("Send only the new rows, from row %s of the file on: %s.", humanize.Number(o.Rows+1), humanize.Count(left, "row"))})
}

var errOnlyNewReplace = failure.New(failure.Usage, "only-new-replace", "The rows of the table are to be replaced, so that all rows of the file are new.", "Add the new rows instead of replacing all.")

// errUnfinished says that a run has to be finished before it is known which rows are new.
func errUnfinished(r *history.Receipt) error {
	return failure.New(failure.Usage, "run-unfinished", fmt.Sprintf("The run of %s has sent rows to this table and is not finished.", humanize.DateTime(r.Started)),
		"Resume that run first. Then it is known which rows are new.").WithDetails("Run ID: %s", r.RunID)
}

// OnlyNew returns a checked draft without the rows at the beginning of the file that are
// in the table already. A file without new rows is a failure of the kind Nothing.
func (j *Jobs) OnlyNew(ctx context.Context, d Draft) (Draft, error) {
	c := d.Checked
	if d.Mode == plan.ModeReplace {
		return d, errOnlyNewReplace
	}
	known := fresh.Overlap{Runs: c.Earlier}
	if c.Overlap.Rows > 0 {
		known = c.Overlap
	}
	if r := known.Unfinished(); r != nil {
		return d, errUnfinished(r)
	}
	switch {
	case len(c.Earlier) > 0:
		return d, failure.New(failure.Nothing, "nothing-new", fmt.Sprintf("The file has no new rows: all %s were sent to this table before, %s.", humanize.Count(c.Report.Rows, "row"), fresh.OnDay(c.Earlier[0].Started)), "")
	case c.Overlap.Rows == 0:
		return d, nil
	}
	d.Skip = c.Overlap.Rows
	return j.Plan(ctx, d)
}

// NewBy returns a draft without the rows that the table holds already, told by the values of
// a column in the table. It has to be checked again. See fresh.Find.
func (j *Jobs) NewBy(ctx context.Context, d Draft, by fresh.By) (Draft, error) {
	if d.Mode == plan.ModeReplace {
		return d, errOnlyNewReplace
	}
	if _, err := by.Field(d.Mapping); err != nil {
		return d, err
	}
	runs, err := j.inTable(ctx, d.Place.Target)
	if err != nil {
		return d, err
	}
	if r := (fresh.Overlap{Runs: runs}).Unfinished(); r != nil {
		return d, errUnfinished(r)
	}
	api, err := j.Connector.API(ctx, d.Place.Destination.Connection.ID)
	if err != nil {
		return d, err
	}
	rows, err := d.Reading.Book.Rows(ctx, d.Reading.asSent(d.Mapping).Layout)
	if err != nil {
		return d, err
	}
	past, err := fresh.Find(ctx, api, d.Place.Target, d.Place.Exists, d.Mapping, rowSource{rows}, by)
	if err := errors.Join(err, rows.Close()); err != nil {
		return d, err
	}
	d = d.changed()
	d.Mapping.Past = past
	return d, nil
}
