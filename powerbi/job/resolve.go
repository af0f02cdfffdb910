package job

import (
	"context"
	"slices"
	"time"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
)

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
