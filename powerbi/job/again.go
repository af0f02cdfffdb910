package job

import (
	"context"
	"fmt"
	"slices"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

// AgainOptions say how a run is done once more.
type AgainOptions struct {
	Password string // of a protected workbook
	InParts  bool   // replace also when the limits leave the table incomplete for a while
	Control

	of   string // the run whose undo this is a part of
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
	if err := fitsMapping(r.layout, about.Mapping); err != nil {
		return history.Receipt{}, err
	}
	rows, err := r.book.Rows(ctx, r.layout)
	if err != nil {
		return history.Receipt{}, err
	}
	defer rows.Close()
	return j.begin(ctx, r.api, r.source, rows, r.how, about.Target, about.Mapping, push.Options{
		Mode: o.mode, Policy: was.Policy, TotalRows: was.RowsTotal, Sheet: was.Sheet, Range: was.Range, Connection: r.how.Connection, Of: o.of,
		Skip: was.Skip, Limit: was.Limit, MaxLeftOut: was.MaxLeftOut, InParts: o.InParts, Pause: o.Pause, Abort: o.Abort,
	}, on)
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
		return failure.New(failure.Data, "columns-moved", fmt.Sprintf("The columns of the file have changed: %q %s.", f.Header, what),
			"Send the file as a new upload and map its columns again.")
	}
	return nil
}
