// Package account joins connections with what they sign in with: it adds, edits,
// duplicates, removes, imports, tests and rotates them, and makes the client that
// speaks to Power BI for one. It draws and prints nothing and asks nobody.
package account

import (
	"context"
	"path/filepath"
	"slices"
	"sync"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
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
}

// Accounts are the connections of one person on one computer, each with what it
// signs in with. Their methods may be used by any number of goroutines.
type Accounts struct {
	Connections *connection.Store
	Secrets     *keychain.Store

	options Options
	secret  string         // see Options
	keeping sync.WaitGroup // renewed sign-ins on their way into the store

	mu      sync.Mutex // of what follows; held for moments only
	clients map[string]client
	notices []string // about the network settings
}

// Open opens the accounts. It reads the connection file and nothing else: no
// keychain, no network.
func Open(o Options) (*Accounts, error) {
	list, err := connection.OpenStore(filepath.Join(o.Home, "connections.json"))
	if err != nil {
		return nil, err
	}
	return &Accounts{Connections: list, Secrets: keychain.New(o.Home), options: o, secret: o.Secret, clients: map[string]client{}}, nil
}

// Close waits until renewed sign-ins are stored.
func (a *Accounts) Close() { a.keeping.Wait() }

// UseStored makes every connection sign in with what is stored, also where a secret
// was given for all of them.
func (a *Accounts) UseStored() { a.secret = "" }

// Notices are sentences about files that were repaired or set aside.
func (a *Accounts) Notices() []string {
	all := a.Connections.Notices()
	a.mu.Lock()
	defer a.mu.Unlock()
	return append(all, a.notices...)
}

// notice keeps a sentence for Notices, once.
func (a *Accounts) notice(sentence string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.Contains(a.notices, sentence) {
		a.notices = append(a.notices, sentence)
	}
}
