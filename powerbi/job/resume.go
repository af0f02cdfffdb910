package job

import (
	"context"
	"errors"
	"slices"
	"time"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
)

// ResumeOptions say how a run is resumed.
type ResumeOptions struct {
	File     string         // where the file is now; "" = where it was
	Password string         // of a protected workbook
	Unknown  push.OnUnknown // what to do with batches of which nobody can say whether they were stored
	Answers  map[int]bool   // what a person says about unknown batches, by their numbers: they are stored, or not
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
	for batch, stored := range o.Answers {
		if err := j.AnswerBatch(ctx, runID, batch, stored); err != nil {
			return history.Receipt{}, err
		}
	}
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
	r.checked.Hash = r.how.RowsHash
	options.Created = history.Made(ctx, j.Runs, journal.About().Target.DatasetID, time.Now().Add(-2*time.Minute))
	options.Remarks = secretRemarks(r.connection, time.Now(), options.Remarks)
	options.Clock = j.Connector.Clock(ctx, r.connection.ID)
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

// UnknownBatches returns the batches of a run of which nobody knows whether they were
// stored, each with the values of its first and last row. Where the receipt does not have
// these, because the program ended before it could note them, they are read from the file
// if that is still as it was.
func (j *Jobs) UnknownBatches(ctx context.Context, runID, password string) ([]history.UnknownBatch, error) {
	r, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return nil, err
	}
	list := slices.Clone(r.UnknownBatches)
	var rows []int
	for _, u := range list {
		if u.FirstKey == "" {
			rows = append(rows, u.FirstRow, u.LastRow)
		}
	}
	if len(rows) == 0 {
		return list, nil
	}
	keys := j.rowKeys(ctx, r, password, rows)
	for i := range list {
		if u := &list[i]; u.FirstKey == "" {
			u.FirstKey, u.LastKey = keys[u.FirstRow], keys[u.LastRow]
		}
	}
	return list, nil
}

// rowKeys reads what tells some rows of a run's file; nothing if the file cannot be read
// as it was.
func (j *Jobs) rowKeys(ctx context.Context, r history.Receipt, password string, rows []int) map[int]string {
	about, err := j.Runs.Info(ctx, r.RunID)
	if err != nil {
		return nil
	}
	was, err := j.reopen(ctx, r.RunID, ResumeOptions{Password: password})
	if err != nil {
		return nil
	}
	defer was.book.Close()
	if was.hash != r.FileHash {
		return nil
	}
	reader, err := was.book.Rows(ctx, was.layout)
	if err != nil {
		return nil
	}
	defer reader.Close()
	return push.RowKeys(rowSource{reader}, about.Mapping, rows)
}

// AnswerBatch keeps what a person says about a batch of which nobody knows whether it was
// stored. It counts when the run is resumed and still cannot find it out.
func (j *Jobs) AnswerBatch(ctx context.Context, runID string, batch int, stored bool) error {
	return j.Runs.Answer(ctx, runID, batch, stored, time.Now().Round(0))
}

// LiveFirst orders runs: those that go on first, then the newest first.
func LiveFirst(a, b history.Receipt) int {
	if live := a.Status == history.StatusRunning; live != (b.Status == history.StatusRunning) {
		if live {
			return -1
		}
		return 1
	}
	return b.Started.Compare(a.Started)
}
