package job

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Overlap is the beginning of a file that the table holds already. The rows are known
// by what they hold, not by the name or the form of the file.
type Overlap struct {
	Rows int64             `json:"rows"`           // the first rows of the file, of those that meet the conditions
	Runs []history.Receipt `json:"-"`              // that have sent them, the oldest first
	Only []string          `json:"only,omitempty"` // columns that one of the files has and the other has not
}

// Unfinished returns the run that is to be resumed before anything is known of the rows;
// nil where all runs are finished.
func (o Overlap) Unfinished() *history.Receipt {
	for i := range o.Runs {
		if o.Runs[i].Resumable {
			return &o.Runs[i]
		}
	}
	return nil
}

// Sentence says which rows were sent before.
func (o Overlap) Sentence() string {
	last := o.Runs[len(o.Runs)-1]
	rows := "The first row of the file was"
	if o.Rows > 1 {
		rows = fmt.Sprintf("Rows 1 to %s of the file were", humanize.Number(o.Rows))
	}
	s := fmt.Sprintf("%s sent to this table before, the last time %s%s.", rows, onDay(last.Started), fromFile(last))
	if len(o.Runs) == 1 {
		s = fmt.Sprintf("%s sent to this table %s%s.", rows, onDay(last.Started), fromFile(last))
	}
	return s + o.columns()
}

// columns says what the files do not have in common.
func (o Overlap) columns() string {
	if len(o.Only) == 0 {
		return ""
	}
	return fmt.Sprintf(" Only one of the files has %s.", humanize.ListSome(o.Only, 6))
}

// onDay names a moment by its weekday too, as a person remembers it.
func onDay(t time.Time) string {
	return "on " + t.Local().Format("Monday") + ", " + humanize.DateTime(t)
}

func fromFile(r history.Receipt) string {
	if r.File == "" {
		return ""
	}
	return fmt.Sprintf(" from %q", filepath.Base(r.File))
}

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

// overlap finds out how far the beginning of the rows is in the table already. Several
// runs may have sent it, one after the other.
func overlap(runs []history.Receipt, marks []mapping.Mark) (o Overlap) {
	at := map[int64]mapping.Mark{}
	for _, m := range marks {
		at[m.Rows] = m
	}
	for found := true; found; {
		found = false
		for _, r := range slices.Backward(runs) {
			if r.Content.Rows <= o.Rows || r.Skip > o.Rows {
				continue
			}
			only, same := r.Content.Compare(at[r.Content.Rows])
			if !same {
				continue
			}
			o.Rows, o.Runs, found = r.Content.Rows, append(o.Runs, r), true
			for _, name := range only {
				if !slices.Contains(o.Only, name) {
					o.Only = append(o.Only, name)
				}
			}
		}
	}
	return o
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
	o := overlap(runs, c.Report.Marks)
	switch {
	case o.Rows <= d.Skip || total == 0:
	case o.Rows >= end:
		c.Earlier = slices.Clone(o.Runs)
		slices.Reverse(c.Earlier)
		c.Overlap = Overlap{Only: o.Only}
	default:
		c.Overlap = o
	}
	if len(c.Earlier) > 0 || d.Skip+d.Limit > 0 {
		return nil
	}
	c.Earlier, err = j.earlier(ctx, d) // runs of versions that knew files only
	c.Earlier = slices.DeleteFunc(c.Earlier, func(r history.Receipt) bool {
		return !slices.ContainsFunc(runs, func(x history.Receipt) bool { return x.RunID == r.RunID })
	})
	if len(c.Earlier) > 0 {
		c.Overlap = Overlap{}
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
			return m
		}
	}
	return mapping.Mark{}
}

// offerNew offers to send only the new rows of a file that begins with rows of the table.
func offerNew(p *plan.Plan, o Overlap, rows int64) {
	if o.Rows == 0 || o.Unfinished() != nil || o.Rows >= rows {
		return
	}
	left := rows - o.Rows
	p.Choices = append(p.Choices, plan.Choice{Kind: plan.ChoiceNew, Skip: o.Rows, Rows: left,
		Sentence: fmt.Sprintf("Send only the new rows, from row %s of the file on: %s.", humanize.Number(o.Rows+1), humanize.Count(left, "row"))})
}

// OnlyNew returns a checked draft without the rows at the beginning of the file that are
// in the table already. A file without new rows is a failure of the kind Nothing.
func (j *Jobs) OnlyNew(ctx context.Context, d Draft, now time.Time) (Draft, error) {
	c := d.Checked
	if d.Mode == plan.ModeReplace {
		return d, failure.New(failure.Usage, "only-new-replace", "The rows of the table are to be replaced, so that all rows of the file are new.", "Add the new rows instead of replacing all.")
	}
	known := Overlap{Runs: c.Earlier}
	if c.Overlap.Rows > 0 {
		known = c.Overlap
	}
	if r := known.Unfinished(); r != nil {
		return d, failure.New(failure.Usage, "run-unfinished", fmt.Sprintf("The run of %s has sent some of these rows and is not finished.", humanize.DateTime(r.Started)),
			"Resume that run first. Then it is known which rows are new.").WithDetails("Run ID: %s", r.RunID)
	}
	switch {
	case len(c.Earlier) > 0:
		return d, failure.New(failure.Nothing, "nothing-new", fmt.Sprintf("The file has no new rows: all %s were sent to this table before, %s.", humanize.Count(c.Report.Rows, "row"), onDay(c.Earlier[0].Started)), "")
	case c.Overlap.Rows == 0:
		return d, nil
	}
	d.Skip = c.Overlap.Rows
	return j.Plan(ctx, d, now)
}
