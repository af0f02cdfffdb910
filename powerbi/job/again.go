package job

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

// Again returns the draft of a run that is done once more: its file as it is now, with
// the same columns, to the same table. It is checked, planned, asked about and sent as
// any other. Close the book of its reading.
func (j *Jobs) Again(ctx context.Context, runID, password string) (Draft, error) {
	was, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return Draft{}, err
	}
	if was.Status == history.StatusRunning {
		return Draft{}, &history.BusyError{RunID: runID}
	}
	about, err := j.Runs.Info(ctx, runID)
	if err != nil {
		return Draft{}, err
	}
	r, err := j.reopen(ctx, runID, ResumeOptions{Password: password})
	if err != nil {
		return Draft{}, err
	}
	d, err := j.again(ctx, r, was, about, password)
	if err != nil {
		return Draft{}, errors.Join(err, r.book.Close())
	}
	return d, nil
}

func (j *Jobs) again(ctx context.Context, r reopened, was history.Receipt, about history.About, password string) (d Draft, err error) {
	if err = fitsMapping(r.layout, about.Mapping); err != nil {
		return d, err
	}
	reading := Reading{Book: r.book, Layout: r.layout, headerRow: r.how.HeaderRow,
		options: workbook.Options{Password: password, Delimiter: r.how.Delimiter, Quote: r.how.Quote, Encoding: r.how.Encoding, Comment: r.how.Comment}}
	if reading, err = reading.Full(ctx, nil); err != nil {
		return d, err
	}
	if len(r.how.Texts) == len(reading.Profile.Columns) { // texts are read as they were
		for i, text := range r.how.Texts {
			reading.Profile.Columns[i].Text = text
		}
		reading.Layout = reading.Layout.WithTypes(reading.Profile)
	}
	c, err := j.connectionOf(ctx, was.RunID, r.how)
	if err != nil {
		return d, err
	}
	place, err := j.Locate(ctx, Destination{Connection: c, Workspace: was.WorkspaceID, Dataset: was.DatasetID, Table: was.Table})
	if err != nil {
		return d, err
	}
	d = Draft{}.From(reading).To(place, was.Mode).Map(about.Mapping).Bad(was.Policy)
	if past := about.Mapping.Past; past != nil {
		if d, err = j.NewBy(ctx, d, fresh.By{Column: past.Column, Growing: past.Growing}); err != nil {
			return d, err
		}
	}
	if c := was.Contract; c != nil && (c.OnDrift == mapping.DriftWarn || c.OnDrift == mapping.DriftIgnore) { // as it was decided for the run
		d = d.On(Terms{OnDrift: c.OnDrift})
	}
	d.Skip, d.Limit, d.MaxLeftOut = was.Skip, was.Limit, was.MaxLeftOut
	return d, nil
}

// fitsMapping checks that the columns a mapping takes are still where they were.
func fitsMapping(l workbook.Layout, m mapping.Mapping) error {
	needed := m.Used()
	for _, c := range m.Filter {
		needed = append(needed, mapping.Field{From: c.From, Header: c.Header})
	}
	for _, f := range needed {
		if f.From < 0 || f.From < len(l.Headers) && l.Headers[f.From].Name == f.Header {
			continue
		}
		what := "is missing now"
		if slices.ContainsFunc(l.Headers, func(h infer.Header) bool { return h.Name == f.Header }) {
			what = "has moved"
		}
		return failure.New(failure.Contract, "columns-moved", fmt.Sprintf("The columns of the file have changed: %q %s.", f.Header, what),
			"Send the file as a new upload and map its columns again.")
	}
	return nil
}
