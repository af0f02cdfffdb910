// Package account joins connections with what they sign in with: it adds, edits,
// duplicates, removes, imports, tests and rotates them, and makes the client that
// speaks to Power BI for one. It draws and prints nothing and asks nobody.
package account

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/file"
	"pushdesk/connection/shared"
	"pushdesk/connection/team"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
)

// Options are what the accounts are opened with.
type Options struct {
	Home   string // the folder everything is kept in
	Secret string // a client secret that is used in place of every stored one, or empty

	// Practice starts or joins the practice service of this computer.
	Practice func(context.Context) (*practice.Local, error)
	// Remembers returns the columns that a table had when this computer last sent into
	// it. Nil for none.
	Remembers func(c connection.Connection, datasetID, table string) []powerbi.Column
	// Sent returns what this computer sent into a dataset lately. Nil when that is not known.
	Sent func(datasetID string) (doctor.Sent, bool)
	// Learn keeps the columns of tables that a colleague's file tells. Nil when they are
	// not kept.
	Learn func(c connection.Connection, tables []shared.Table)
	// Tables returns the tables whose columns are shared with a connection. Nil for none.
	Tables func(c connection.Connection) []shared.Table
	// Pushed returns the last run that ended well after a moment, which proves the right
	// to push. Nil when no runs are known.
	Pushed func(c connection.Connection, since time.Time) (workspaceID, workspace string, at time.Time, ok bool)
}

// Accounts are the connections of one person on one computer, each with what it
// signs in with. Their methods may be used by any number of goroutines.
//
// Large: everything that a person does with connections is asked of this one value.
type Accounts struct {
	Connections *file.Store
	Secrets     *keychain.Store
	Teams       *team.Book

	options  Options
	secret   string // see Options
	network  *networkFile
	tests    *lastTests
	renewals *renewals

	mu      sync.Mutex // of what follows; held for moments only
	clients map[string]*client
}

// Open opens the accounts. It reads the connection file and the network settings and
// nothing else: no keychain, no network.
func Open(o Options) (*Accounts, error) {
	list, err := file.Open(filepath.Join(o.Home, "connections.json"))
	if err != nil {
		return nil, err
	}
	a := &Accounts{Connections: list, Secrets: keychain.New(o.Home), options: o, secret: o.Secret,
		network: &networkFile{path: networkPath(o.Home)}, tests: openTests(o.Home), clients: map[string]*client{}}
	a.renewals = newRenewals(func(ctx context.Context, id string, content []byte) error {
		_, err := a.Secrets.SetSealed(ctx, id, content)
		return err
	})
	a.Teams = team.Open(o.Home, a.Secrets)
	a.network.refresh()
	return a, nil
}

// Close waits until renewed sign-ins are stored.
func (a *Accounts) Close() { a.renewals.wait() }

// UseStored makes every connection sign in with what is stored, also where a secret
// was given for all of them.
func (a *Accounts) UseStored() { a.secret = "" }

// Notices are sentences about files that cannot be used as they are. It answers from
// memory.
func (a *Accounts) Notices() []string {
	all := a.Connections.Notices()
	if notice := a.networkNotice(); notice != "" {
		all = append(all, notice)
	}
	return all
}
