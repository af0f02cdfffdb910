package app

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
)

// EndPractice ends the practice service if this program started it.
func (a *App) EndPractice() error {
	a.starting.Lock()
	defer a.starting.Unlock()
	p := a.PracticeRunning()
	if p == nil {
		return nil
	}
	a.setPractice(nil)
	return p.Close()
}

// Practice gives the practice service of this computer: it starts one, or joins
// the one that another Pushdesk of the same user already runs. A joined service
// ends with the program that runs it, so each use looks whether it still answers.
func (a *App) Practice(ctx context.Context) (*practice.Local, error) {
	a.starting.Lock()
	defer a.starting.Unlock()
	p := a.PracticeRunning()
	if p != nil && (p.Service() != nil || p.Ping(ctx) == nil) {
		return p, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, err := practice.OpenAfter(ctx, filepath.Join(a.Home, "practice"), p)
	if err != nil {
		return nil, fmt.Errorf("start the practice service: %w", err)
	}
	a.setPractice(p)
	return p, nil
}

func (a *App) setPractice(p *practice.Local) {
	a.mu.Lock()
	a.practice = p
	a.mu.Unlock()
}

// PracticeRunning gives the practice service if this program has used it, and nil
// otherwise. It answers at once.
func (a *App) PracticeRunning() *practice.Local {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.practice
}

// sent tells what this computer sent into a dataset lately. A history that cannot be
// opened tells nothing.
func (a *App) sent(datasetID string) (doctor.Sent, bool) {
	now, runs := time.Now(), a.Runs
	if runs == nil {
		var err error
		if runs, err = history.Open(runsIn(a.Home)); err != nil {
			return doctor.Sent{}, false
		}
		defer runs.Close()
	}
	q, err := runs.Quota(context.Background(), datasetID, "", now)
	return doctor.Sent{RowsLastHour: q.RowsLastHour, RequestsLastMinute: q.RequestsLastMinute, Wait: max(0, q.HeldUntil.Sub(now))}, err == nil
}
