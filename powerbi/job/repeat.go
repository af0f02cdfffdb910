package job

import (
	"context"
	"errors"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/workbook/infer"
)

// Repetition is a run that can be sent again: its file, which is as it was, opened as the
// run read it.
type Repetition struct {
	Run     history.Receipt
	Mapping mapping.Mapping // as the run sent it
	Headers []infer.Header  // of the file

	jobs   *Jobs
	file   reopened
	target history.Table
}

// Repeat opens the file of a run, if it is as it was. Close it.
func (j *Jobs) Repeat(ctx context.Context, was history.Receipt, password string) (*Repetition, error) {
	about, err := j.Runs.Info(ctx, was.RunID)
	if err != nil {
		return nil, err
	}
	r, err := j.reopen(ctx, was.RunID, ResumeOptions{Password: password})
	if err != nil {
		return nil, err
	}
	if r.hash != was.FileHash {
		err = &history.ChangedError{File: was.File}
	} else {
		err = fitsMapping(r.layout, about.Mapping)
	}
	if err != nil {
		return nil, errors.Join(err, r.book.Close())
	}
	return &Repetition{Run: was, Mapping: about.Mapping, Headers: r.layout.Headers, jobs: j, file: r, target: about.Target}, nil
}

// Close closes the file.
func (x *Repetition) Close() error { return x.file.book.Close() }

// readFor returns the file as a mapping needs it: the texts of a column that is sent as
// text only stay as they are written.
func (x *Repetition) readFor(m mapping.Mapping) reopened {
	r := x.file
	if len(r.how.Texts) != len(r.layout.Headers) {
		return r
	}
	p := infer.Profile{Left: r.how.Left}
	r.how.Texts = slices.Clone(r.how.Texts)
	for i, h := range r.layout.Headers {
		text, typed := false, false
		for _, f := range m.Used() {
			text = text || f.From == i && f.Target.DataType == powerbi.String
			typed = typed || f.From == i && f.Target.DataType != powerbi.String
		}
		if text && !typed {
			r.how.Texts[i] = infer.TextFormat{}
		}
		p.Columns = append(p.Columns, infer.ColumnProfile{Header: h, Text: r.how.Texts[i]})
	}
	r.layout = r.layout.WithTypes(p)
	return r
}

// Check converts every row as sending it with another mapping would.
func (x *Repetition) Check(ctx context.Context, m mapping.Mapping) (mapping.CheckReport, error) {
	r := x.readFor(m)
	rows, err := r.book.Rows(ctx, r.layout)
	if err != nil {
		return mapping.CheckReport{}, err
	}
	policy := x.Run.Policy
	if policy == "" {
		policy = mapping.PolicyStop
	}
	report, err := mapping.CheckRows(ctx, rowSource{rows}, m, mapping.CheckOptions{Policy: policy, Skip: x.Run.Skip, Limit: x.Run.Limit})
	return report, errors.Join(err, rows.Close())
}

// Repeating says how a run is sent again.
type Repeating struct {
	Control
	Mapping mapping.Mapping
	Mode    plan.Mode
	Of      string // the run that is undone by it; "" = none

	Password string // of a protected workbook
}

// Send sends the rows of the run as a run of its own.
func (x *Repetition) Send(ctx context.Context, o Repeating, on func(push.Progress)) (history.Receipt, error) {
	r, was := x.readFor(o.Mapping), x.Run
	rows, err := r.book.Rows(ctx, r.layout)
	if err != nil {
		return history.Receipt{}, err
	}
	defer rows.Close()
	return x.jobs.begin(ctx, r.api, r.source, rows, r.how, x.target, o.Mapping, push.Options{
		Origin: history.Origin{Mode: o.Mode, Policy: was.Policy, Sheet: was.Sheet, Range: was.Range, Connection: r.how.Connection, Of: o.Of,
			Skip: was.Skip, Limit: was.Limit, MaxLeftOut: was.MaxLeftOut, Content: was.Content,
			Remarks: secretRemarks(r.connection, time.Now(), nil)},
		TotalRows: was.RowsTotal, InParts: true, Pause: o.Pause, Abort: o.Abort,
	}, on)
}

// sendAgain sends a run again as it was.
func (j *Jobs) sendAgain(ctx context.Context, was history.Receipt, o Repeating, on func(push.Progress)) (r history.Receipt, err error) {
	x, err := j.Repeat(ctx, was, o.Password)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	o.Mapping = x.Mapping
	return x.Send(ctx, o, on)
}
