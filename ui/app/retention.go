package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage"
	"pushdesk/storage/failure"
)

// retention is the file with how long runs are kept.
type retention struct {
	KeepDays int `json:"keepDays"` // 0: forever
}

const day = 24 * time.Hour

func (a *App) retentionPath() string { return filepath.Join(a.Home, "retention.json") }

// KeepRuns returns how long runs are kept in the history; 0 is forever.
func (a *App) KeepRuns() (time.Duration, error) {
	data, err := storage.ReadFile(a.retentionPath(), 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return history.KeepYear, nil
	}
	var r retention
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil || r.KeepDays < 0 { // nothing is deleted then
		return 0, failure.New(failure.Unexpected, "retention-unreadable", "The setting for how long runs are kept cannot be read.", "Set it again.").Because(err)
	}
	return time.Duration(r.KeepDays) * day, nil
}

// SetKeepRuns changes how long runs are kept, in whole days, and deletes those that are
// older. It returns how many.
func (a *App) SetKeepRuns(ctx context.Context, keep time.Duration) (deleted int, err error) {
	data, err := json.MarshalIndent(retention{KeepDays: int(keep / day)}, "", "  ")
	if err == nil {
		err = storage.WriteFile(a.retentionPath(), data)
	}
	if err != nil || a.Runs == nil {
		return 0, err
	}
	return a.Runs.Sweep(ctx, keep, time.Now())
}

// sweep deletes the runs that are too old, beside everything else. What cannot be
// deleted is tried again at the next start.
func (a *App) sweep() {
	ctx, stop := context.WithCancel(context.Background())
	a.stopSweep = stop
	a.sweeping.Go(func() {
		if keep, err := a.KeepRuns(); err == nil {
			_, _ = a.Runs.Sweep(ctx, keep, time.Now())
		}
	})
}
