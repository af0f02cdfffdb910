package job

import (
	"context"
	"errors"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
)

// ResumeOptions say how a run is resumed.
type ResumeOptions struct {
	File     string         // where the file is now; "" = where it was
	Password string         // of a protected workbook
	Unknown  push.OnUnknown // what to do with batches of which nobody can say whether they were stored
	Table    string         // the name of the run's table now, when it was renamed; "" = as it was
	Policy   mapping.Policy // what happens to rows that cannot be sent from now on; "" = as before
	OneHour  bool           // stop again where the run would have to wait for the hour
	InParts  bool           // replace also when the limits leave the table incomplete for a while
	Control
}

// Resume continues a run that stopped: it reads the same file in the same way, skips
// the rows that were accepted, and sends the rest through the same connection. A file
// that has changed since ends with a *history.ChangedError.
func (j *Jobs) Resume(ctx context.Context, runID string, o ResumeOptions, on func(push.Progress)) (history.Receipt, error) {
	was, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return history.Receipt{}, err
	}
	if was.Status.Finished() {
		return history.Receipt{}, &history.DoneError{RunID: runID}
	}
	r, err := j.reopen(ctx, runID, o)
	if err != nil {
		return history.Receipt{}, err
	}
	defer r.book.Close()
	rows, err := r.book.Rows(ctx, r.layout)
	if err != nil {
		return history.Receipt{}, err
	}
	defer rows.Close()
	journal, err := j.Runs.Resume(ctx, runID, r.hash)
	if err != nil {
		return history.Receipt{}, err
	}
	if o.Table != "" {
		if err := push.Renamed(ctx, journal, r.api, o.Table); err != nil {
			return history.Receipt{}, errors.Join(err, journal.Close())
		}
	}
	options := push.OptionsOf(journal)
	options.Unknown, options.OneHour, options.InParts, options.Pause, options.Abort = o.Unknown, o.OneHour, o.InParts, o.Pause, o.Abort
	if o.Policy != "" {
		options.Policy = o.Policy
	}
	return r.send(ctx, r.api, rows, journal.About().Target, journal.About().Mapping, options, on)
}

// MissingTable reports whether the table of a run is no longer in its dataset, and
// which tables are.
func (j *Jobs) MissingTable(ctx context.Context, runID string) (names []string, missing bool, err error) {
	c, err := j.RunConnection(ctx, runID)
	if err != nil {
		return nil, false, err
	}
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return nil, false, err
	}
	return push.Missing(ctx, j.Runs, api, runID)
}
