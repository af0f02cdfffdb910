package job

import (
	"context"
	"errors"
	"slices"

	"pushdesk/powerbi/job/same"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
)

// CheckMapping returns the first thing that keeps a mapping from being sent.
func CheckMapping(m mapping.Mapping) error {
	for _, p := range m.Check() {
		if !p.Warning {
			return failure.New(failure.Data, "mapping", p.Sentence, p.Remedy)
		}
	}
	return nil
}

// Check reads every row, converts it as the run would, and plans the run. progress is
// told how many rows were read; it may be nil.
func (j *Jobs) Check(ctx context.Context, d Draft, progress func(rows int64)) (Draft, error) {
	if err := CheckMapping(d.Mapping); err != nil {
		return d, err
	}
	rows, err := d.Reading.Book.Rows(ctx, d.Reading.asSent(d.Mapping).Layout)
	if err != nil {
		return d, err
	}
	runs, err := j.inTable(ctx, d.Place.Target)
	if err != nil {
		return d, errors.Join(err, rows.Close())
	}
	hashed := same.New(rowSource{rows}, d.Reading.Book.Path(), same.Read{})
	ahead, stop := mapping.Ahead(hashed)
	report, err := mapping.CheckRows(ctx, ahead, d.Mapping, mapping.CheckOptions{Policy: d.policy(), Progress: progress, Marks: marksOf(runs, d)})
	stop()
	if err := errors.Join(err, rows.Close()); err != nil {
		return d, err
	}
	d.Checked = &Checked{Report: report, rows: hashed.Read()}
	return j.Plan(ctx, d)
}

// Plan plans a checked draft again after Draft.Take: what the run will cost, by what
// this computer has sent into the dataset lately, what it changes of the table's
// columns, and which runs have sent the same rows before.
func (j *Jobs) Plan(ctx context.Context, d Draft) (Draft, error) {
	c := Checked{Report: d.Checked.Report, rows: d.Checked.rows}
	in, err := j.planInput(ctx, d)
	if err != nil {
		return d, err
	}
	c.Plan = plan.Make(in)
	if d.Reshape || extends(d) {
		if c.Shape, err = j.planReshape(ctx, d); err != nil {
			return d, err
		}
	}
	if err := j.before(ctx, d, &c); err != nil {
		return d, err
	}
	if d.Mode != plan.ModeReplace {
		offerNew(&c.Plan, c.Overlap, c.Report.Rows)
	}
	d.Checked = &c
	return d, nil
}

// planInput is what a plan is made from.
func (j *Jobs) planInput(ctx context.Context, d Draft) (plan.Input, error) {
	report, now := d.Checked.Report, j.now(ctx, d.Place.Destination.Connection.ID)
	in := plan.Input{
		Rows: report.RowsToSend, Bytes: report.Bytes, Batches: report.Batches,
		Columns: len(d.Mapping.Used()), ExistingRows: d.Place.Rows,
		Retention: d.Place.Target.Retention, Mode: d.Mode, Create: !d.Place.Exists, Now: now,
		Skip: d.Skip, Limit: d.Limit, OneHour: d.OneHour, InParts: d.InParts, Filtered: report.RowsFiltered,
	}
	if t := d.Place.Target; t.DatasetID != "" {
		quota, err := j.Runs.Quota(ctx, t.DatasetID, t.Table, now)
		if err != nil {
			return in, err
		}
		in.Quota = &quota
	}
	return in, nil
}

// earlier returns the runs that have sent the same rows in the same way to the same
// table before, the newest first.
func (j *Jobs) earlier(ctx context.Context, d Draft) ([]history.Receipt, error) {
	if d.Place.Target.DatasetID == "" {
		return nil, nil
	}
	hash, err := d.Reading.Book.Hash(ctx)
	if err != nil {
		return nil, err
	}
	sheet, area := sheetAndRange(d.Reading.Layout.Source)
	list, err := j.Runs.Same(ctx, d.Place.Target, d.Mapping, hash, sheet, area)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(r history.Receipt) bool { return r.RowsSent+r.RowsUnknown == 0 || !r.Undone.IsZero() }), nil
}

// sheetAndRange is what of a workbook a run reads, as its receipt says it.
func sheetAndRange(s workbook.Source) (sheet, area string) {
	if s.Kind != workbook.SourceSheet {
		area = s.Range.String()
	}
	return s.Sheet, area
}
