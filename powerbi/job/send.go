package job

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"pushdesk/powerbi/job/same"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/workbook"
)

// Send creates the dataset where it is missing and sends the rows. The receipt says
// what happened, also with an error; its RunID is empty when nothing was begun. on may
// be nil.
func (j *Jobs) Send(ctx context.Context, d Draft, c Control, on func(push.Progress)) (history.Receipt, error) {
	conn := d.Place.Destination.Connection
	api, err := j.Connector.API(ctx, conn.ID)
	if err != nil {
		return history.Receipt{}, err
	}
	remarks, contract := d.Remarks(), d.Contract()
	d.Reading = d.Reading.asSent(d.Mapping)
	f := source{book: d.Reading.Book, layout: d.Reading.Layout}
	if f.hash, err = f.book.Hash(ctx); err != nil {
		return history.Receipt{}, err
	}
	if f.path, err = filepath.Abs(f.book.Path()); err != nil {
		return history.Receipt{}, fmt.Errorf("find the folder of the file: %w", err)
	}
	// Opened before anything changes: a file that has changed since it was checked ends
	// the run here.
	rows, err := f.book.Rows(ctx, f.layout)
	if err != nil {
		return history.Receipt{}, err
	}
	defer rows.Close()
	if d.Reshape || extends(d) {
		if err := j.reshape(ctx, d); err != nil {
			return history.Receipt{}, err
		}
	}
	prepared, err := schema.Prepare(ctx, api, d.Place.Target, d.Mapping, schema.PrepareOptions{Known: j.Known, APIURL: conn.Service})
	if err != nil {
		return history.Receipt{}, err
	}
	j.Connector.Used(conn.ID)
	j.remember(d, prepared.Target.DatasetID, time.Now())
	sheet, area := sheetAndRange(d.Reading.Layout.Source)
	o := push.Options{Origin: history.Origin{Mode: d.Mode, Policy: d.policy(), Sheet: sheet, Range: area, Connection: conn.Name, Of: d.Of,
		Remarks: remarks, Contract: &contract, Skip: d.Skip, Limit: d.Limit, MaxLeftOut: d.MaxLeftOut, Content: content(d)},
		OneHour: d.OneHour, InParts: d.InParts, Pause: c.Pause, Abort: c.Abort}
	o.Created = prepared.Created || d.created || history.Made(ctx, j.Runs, prepared.Target.DatasetID, time.Now().Add(-2*time.Minute))
	if d.Checked != nil {
		o.TotalRows = selected(d)
		f.checked = d.Checked.rows
	}
	receipt, err := j.begin(ctx, api, f, rows, recipeOf(d, f), prepared.Target, d.Mapping, o, on)
	if unknown, ok := errors.AsType[*schema.UnknownColumnError](err); ok {
		j.Known.Without(conn.Service, prepared.Target.DatasetID, prepared.Target.Table, unknown.Column)
	}
	return receipt, err
}

// source is a file that a run reads its rows from.
type source struct {
	book   *workbook.Book
	layout workbook.Layout
	path   string // absolute
	hash   string
	// checked is what was read of it before: for a run that is resumed, its hash only.
	checked same.Read
}

// begin sends rows as a new run. What is needed to take the run up again is kept with
// it before the first row leaves.
func (j *Jobs) begin(ctx context.Context, api push.Service, f source, rows *workbook.Reader, how recipe, t history.Table, m mapping.Mapping, o push.Options, on func(push.Progress)) (history.Receipt, error) {
	journal, err := j.Runs.Begin()
	if err != nil {
		return history.Receipt{}, err
	}
	kept, err := how.encode()
	if err != nil {
		return history.Receipt{}, errors.Join(err, journal.Close())
	}
	journal.SetRecipe(kept)
	o.Journal, o.Clock, o.File, o.FileHash, o.By = journal, j.Connector.Clock(ctx, how.ConnectionID), f.path, f.hash, whoami()
	return f.send(ctx, api, rows, t, m, o, on)
}

// send sends rows of the file, which it reads once more where the sender asks for it.
func (f source) send(ctx context.Context, api push.Service, rows *workbook.Reader, t history.Table, m mapping.Mapping, o push.Options, on func(push.Progress)) (history.Receipt, error) {
	var again *workbook.Reader
	if f.checked.Hash == "" || o.Limit > 0 { // not all of it will be compared while it is read
		o.Verify = f.sameFile()
	}
	o.Reread = func() (_ mapping.Source, err error) {
		if again != nil {
			again.Close()
		}
		if again, err = f.book.Rows(ctx, f.layout); err != nil {
			return nil, err
		}
		return rowSource{again}, nil
	}
	receipt, err := push.Send(ctx, push.NewTarget(api, t), m, same.New(rowSource{rows}, f.path, f.checked), o, on)
	if again != nil {
		again.Close()
	}
	return receipt, err
}

// whoami names the person and the computer, for receipts.
func whoami() string {
	name := os.Getenv("USER")
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if host, err := os.Hostname(); err == nil && host != "" {
		name += "@" + host
	}
	return name
}

// sameFile returns what makes sure, when all rows of a file were sent, that it is still the
// one that the run is about. Rows that no check has read are compared by nothing else.
func (f source) sameFile() func(context.Context) error {
	return func(ctx context.Context) error {
		is, err := f.book.Hash(ctx)
		if err == nil && is != f.hash {
			err = &history.ChangedError{File: f.path}
		}
		return err
	}
}
