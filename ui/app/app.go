// Package app opens and closes what the program keeps on one computer (connections and
// their secrets, the history of runs, the practice service) and hands it to the window
// and to the commands. It holds no rules.
package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/recent"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/export"
)

// Options say how Open opens.
type Options struct {
	Home   string // the folder everything is kept in; empty = storage.Home
	Secret string // a client secret that takes the place of every stored one, or empty
	// WithoutRuns leaves the history of runs shut, for work on connections alone: a full
	// disk or a history that cannot be read is no reason not to list them.
	WithoutRuns bool
	// ReadRuns opens the history of runs to read it only: that works on a full or read-only
	// disk.
	ReadRuns bool
}

// App is what the program keeps and what is open while it runs.
type App struct {
	*account.Accounts
	*job.Jobs // its Runs is nil with Options.WithoutRuns
	*recent.Files
	Home string

	sweeping  sync.WaitGroup // of runs that are too old
	stopSweep context.CancelFunc

	starting sync.Mutex // held while the practice service starts or ends
	mu       sync.Mutex // of what follows; held for moments only
	practice *practice.Local
}

// Notices are sentences about files that were put right or set aside.
func (a *App) Notices() []string {
	all := a.Accounts.Notices()
	for _, open := range []struct{ what, path, harm string }{
		{"folder", a.Home, "where Pushdesk keeps its files: they could change connections"},
		{"file", connectionsIn(a.Home), "where Pushdesk keeps its connections: they could change where secrets are sent"},
		{"folder", runsIn(a.Home), "where Pushdesk keeps the history of runs: they could change what is known of rows that were sent"},
	} {
		if storage.OpenToOthers(open.path) {
			all = append(all, fmt.Sprintf("Other users of this computer may write to the %s %s, %s. Make it writable by you alone.", open.what, open.path, open.harm))
		}
	}
	if a.Runs != nil {
		all = append(all, a.Runs.Notices()...)
	}
	return all
}

// FilesName is the file that remembers which files were opened, and how they were read.
const FilesName = "files.json"

// Open opens everything that is kept. It reads the connection file and the history; it
// asks no keychain and no network.
func Open(o Options) (*App, error) {
	home := o.Home
	if home == "" {
		var err error
		if home, err = storage.Home(); err != nil {
			return nil, err
		}
	}
	storage.SweepTemporary(home, filepath.Join(home, "sealed"), filepath.Join(home, "vault"), filepath.Join(home, "trials"))
	workbook.SweepPages(home)
	storage.SweepFolders(export.Kind)
	a := &App{Home: home, stopSweep: func() {}}
	a.Jobs = &job.Jobs{Folder: runsIn(home)}
	a.Decisions = schema.OpenDecisions(filepath.Join(home, "decisions.json"))
	a.Rebuilds = schema.OpenRebuilds(filepath.Join(home, "rebuilds.json"))
	a.Files = recent.New(filepath.Join(home, FilesName))
	var err error
	if a.Accounts, err = account.Open(account.Options{Home: home, Secret: o.Secret, Practice: a.Practice, Sent: a.sent, Learn: a.learnTables, Tables: a.TablesOf, Pushed: a.PushedSince,
		Remembers: func(c connection.Connection, datasetID, table string) []powerbi.Column {
			columns, _ := a.Known.Columns(serviceOf(c), datasetID, table)
			return columns
		}}); err != nil {
		return nil, err
	}
	a.Connector = connector{a.Accounts, a.Practice}
	switch {
	case o.WithoutRuns:
	case o.ReadRuns:
		a.Runs, err = history.OpenToRead(runsIn(home))
	default:
		a.Runs, err = history.Open(runsIn(home))
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if a.Known, err = schema.OpenKnown(filepath.Join(home, "tables.json")); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if a.Runs != nil && !o.ReadRuns {
		a.sweep()
	}
	return a, nil
}

func connectionsIn(home string) string { return filepath.Join(home, "connections.json") }
func runsIn(home string) string        { return filepath.Join(home, "runs") }

// Close ends the practice service if this program started it, waits until renewed
// sign-ins are kept, and closes the history.
func (a *App) Close() error {
	a.stopSweep()
	a.sweeping.Wait()
	a.Accounts.Close()
	err := a.EndPractice()
	if a.Runs != nil {
		err = errors.Join(err, a.Runs.Close())
	}
	return err
}
