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

	"pushdesk/connection"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push"
	"pushdesk/storage"
	"pushdesk/storage/keychain"
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
	Home        string
	Connections *connection.Store
	Secrets     *keychain.Store
	*job.Jobs   // its Runs is nil with Options.WithoutRuns
	*job.Files

	secret  string
	keeping sync.WaitGroup // renewed sign-ins on their way into the store

	starting sync.Mutex // held while the practice service starts or ends
	mu       sync.Mutex // of what follows; held for moments only
	practice *practice.Local
	clients  map[string]client
	notices  []string // about the network settings
}

// UseStored makes the desk sign in with what is stored, also where a secret was given
// for every connection.
func (d *Desk) UseStored() { d.secret = "" }

// Notices are sentences about files that were put right or set aside.
func (d *Desk) Notices() []string {
	all := d.Connections.Notices()
	if d.Runs != nil {
		all = append(all, d.Runs.Notices()...)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return append(all, d.notices...)
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
	d := &Desk{Home: home, Secrets: keychain.New(home), secret: o.Secret, clients: map[string]client{}}
	d.Jobs = &job.Jobs{Connector: connector{d}, Folder: runsIn(home)}
	d.Files = job.NewFiles(filepath.Join(home, "files.json"))
	var err error
	if d.Connections, err = connection.OpenStore(filepath.Join(home, "connections.json")); err != nil {
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
	d.keeping.Wait()
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

// PracticeConnection gives the connection to the practice service: the saved one,
// or a new one that is saved when save is set.
func (d *Desk) PracticeConnection(ctx context.Context, save bool) (connection.Connection, error) {
	for _, c := range d.Connections.List() {
		if c.Cloud == connection.CloudPractice && c.Credential == connection.CredentialPractice {
			return c, nil
		}
	}
	p, err := d.Practice(ctx)
	if err != nil {
		return connection.Connection{}, err
	}
	ready := p.Credentials()[0]
	c := connection.Connection{
		Name: "Practice", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice,
		TenantID: ready.TenantID, ClientID: ready.ClientID, Workspace: ready.Workspace,
		Notes: "The practice service on this computer. Nothing leaves it.",
	}
	if !save {
		return c, nil
	}
	saved, err := d.Connections.Add(c)
	var taken *connection.NameTakenError
	for n := 2; errors.As(err, &taken) && n < 100; n++ {
		c.Name = fmt.Sprintf("Practice %d", n)
		saved, err = d.Connections.Add(c)
	}
	return saved, err
}
