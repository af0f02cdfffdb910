// Package desk is Pushdesk without a face: it puts the packages below it together
// for one person on one computer. The window and the commands both stand on it,
// so that what one decides the other decides too. It draws and prints nothing.
package desk

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push"
	"pushdesk/storage"
)

// Options say how a desk is opened.
type Options struct {
	Home   string // the folder everything is kept in; empty = storage.Home
	Secret string // a client secret that takes the place of every stored one, or empty
	// WithoutRuns leaves the history of runs shut, for work on connections alone: a full
	// disk or a history that cannot be read is no reason not to list them.
	WithoutRuns bool
}

// Desk is what the program keeps and what is open while it runs.
type Desk struct {
	*account.Accounts
	*job.Jobs // its Runs is nil with Options.WithoutRuns
	*job.Files
	Home string

	starting sync.Mutex // held while the practice service starts or ends
	mu       sync.Mutex // of what follows; held for moments only
	practice *practice.Local
}

// Notices are sentences about files that were put right or set aside.
func (d *Desk) Notices() []string {
	all := d.Accounts.Notices()
	if d.Runs != nil {
		all = append(all, d.Runs.Notices()...)
	}
	return all
}

// Open opens the desk. It reads the connection file and nothing else: no
// keychain, no network.
func Open(o Options) (*Desk, error) {
	home := o.Home
	if home == "" {
		var err error
		if home, err = storage.Home(); err != nil {
			return nil, err
		}
	}
	storage.SweepTemporary(home, filepath.Join(home, "sealed"), filepath.Join(home, "vault"), filepath.Join(home, "probes"))
	d := &Desk{Home: home}
	d.Jobs = &job.Jobs{Connector: connector{d}, Folder: runsIn(home)}
	d.Files = job.NewFiles(filepath.Join(home, "files.json"))
	var err error
	if d.Accounts, err = account.Open(account.Options{Home: home, Secret: o.Secret, Practice: d.Practice, Sent: d.sent,
		Remembers: func(c connection.Connection, datasetID, table string) []powerbi.Column {
			columns, _ := d.Known.Columns(serviceOf(c), datasetID, table)
			return columns
		}}); err != nil {
		return nil, err
	}
	if !o.WithoutRuns {
		if d.Runs, err = push.OpenRuns(runsIn(home)); err != nil {
			return nil, err
		}
	}
	if d.Known, err = push.OpenKnownTables(filepath.Join(home, "tables.json")); err != nil {
		return nil, err
	}
	return d, nil
}

func runsIn(home string) string { return filepath.Join(home, "runs") }

// Close ends the practice service if this desk started it, waits until renewed
// sign-ins are kept, and closes the history.
func (d *Desk) Close() error {
	d.Accounts.Close()
	err := d.EndPractice()
	if d.Runs != nil {
		err = errors.Join(err, d.Runs.Close())
	}
	return err
}

// EndPractice ends the practice service if this desk started it.
func (d *Desk) EndPractice() error {
	d.starting.Lock()
	defer d.starting.Unlock()
	p := d.PracticeRunning()
	if p == nil {
		return nil
	}
	d.setPractice(nil)
	return p.Close()
}

// Practice gives the practice service of this computer: it starts one, or joins
// the one that another Pushdesk of the same user already runs. A joined service
// ends with the program that runs it, so each use looks whether it still answers.
func (d *Desk) Practice(ctx context.Context) (*practice.Local, error) {
	d.starting.Lock()
	defer d.starting.Unlock()
	p := d.PracticeRunning()
	if p != nil && (p.Service() != nil || p.Ping(ctx) == nil) {
		return p, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, err := practice.Open(ctx, filepath.Join(d.Home, "practice"))
	if err != nil {
		return nil, fmt.Errorf("start the practice service: %w", err)
	}
	d.setPractice(p)
	return p, nil
}

func (d *Desk) setPractice(p *practice.Local) {
	d.mu.Lock()
	d.practice = p
	d.mu.Unlock()
}

// PracticeRunning gives the practice service if this desk has used it, and nil
// otherwise. It answers at once.
func (d *Desk) PracticeRunning() *practice.Local {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.practice
}

// sent tells what this computer sent into a dataset lately. A history that cannot be
// opened tells nothing.
func (d *Desk) sent(datasetID string) (doctor.Sent, bool) {
	now, runs := time.Now(), d.Runs
	if runs == nil {
		var err error
		if runs, err = push.OpenRuns(runsIn(d.Home)); err != nil {
			return doctor.Sent{}, false
		}
		defer runs.Close()
	}
	q, err := runs.Quota(datasetID, "", now)
	return doctor.Sent{RowsLastHour: q.RowsLastHour, RequestsLastMinute: q.RequestsLastMinute, Wait: max(0, q.HeldUntil.Sub(now))}, err == nil
}
