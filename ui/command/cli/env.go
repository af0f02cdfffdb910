// Package cli is what every command stands on: what it sees of the outside, what it
// opens, how it asks and answers, what it says when it fails, and how Ctrl+C ends it.
package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/storage"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
)

// World is what the commands see of the outside.
type World struct {
	In         io.Reader
	Out, Err   io.Writer
	Terminal   bool                                // Err is a terminal: progress may rewrite its line
	Getenv     func(string) string                 // never nil
	AskSecret  func(prompt string) (string, error) // nil where nobody can be asked
	AskLine    func(prompt string) (string, error) // the same, with the answer in sight
	OpenWindow func(ctx context.Context) error
	Interrupt  <-chan os.Signal // a value each time that Ctrl+C is pressed; nil: never
	EndNow     func()           // ends the program at once; nil: it cannot be ended so
	Version    string
	Commit     string     // of the source that the program was built from; "" where it is not known
	Width      func() int // columns of the terminal that Err is; nil or 0: not known
	// Keychain is how long the keychain is waited for where nobody is at a terminal; 0 is 30
	// seconds.
	Keychain time.Duration
	Home     string // the folder everything is kept in; "" is storage.Home
}

// HomeFolder returns the folder everything is kept in.
func (w World) HomeFolder() (string, error) {
	if w.Home != "" {
		return w.Home, nil
	}
	return storage.Home()
}

// Env is what one command works with.
type Env struct {
	World
	JSON     bool
	Quiet    bool // say only how it ended and what went wrong
	times    bool // begin each line on standard error with the time
	document any  // what a command with --json answers
	// jsonErrors puts what went wrong on standard error as one JSON object: programs
	// that read cells line by line look for it there.
	JSONErrors bool
	// wrongPassphrase is set once the vault was not opened: it is said once.
	wrongPassphrase bool
	Lines           bool // a line of JSON for each thing is printed, and no document
	app             *app.App
	// withoutRuns leaves the history of runs shut: the command has nothing to do with it.
	withoutRuns bool
	// readRuns opens it to read only.
	readRuns   bool
	screen     io.Writer  // Err as it is, for a line of progress that is written over
	saying     sync.Mutex // say may be called from several goroutines
	interrupts interrupts
}

// WithoutRuns makes a command that has nothing to do with the history of runs work
// without it.
func (c *Env) WithoutRuns(cmd *cobra.Command) *cobra.Command {
	cmd.PersistentPreRun = func(*cobra.Command, []string) { c.withoutRuns = true }
	return cmd
}

// ReadingRuns makes a command that only reads the history of runs leave it as it is, so
// that it works on a full or read-only disk.
func (c *Env) ReadingRuns(cmd *cobra.Command) *cobra.Command {
	cmd.PreRun = func(*cobra.Command, []string) { c.readRuns = true }
	return cmd
}

// Open opens what the program keeps, once, on first need.
func (c *Env) Open() (*app.App, error) {
	if c.app != nil {
		return c.app, nil
	}
	d, err := app.Open(app.Options{Home: c.Home, Secret: c.Getenv(SecretVariable), WithoutRuns: c.withoutRuns, ReadRuns: c.readRuns})
	if err != nil {
		return nil, err
	}
	c.app = d
	if c.AskSecret == nil { // nobody can answer the keychain either
		d.Secrets.Limit(cmp.Or(c.Keychain, keychainLimit))
	}
	d.Secrets.OnWait(func() {
		c.Say("Waiting for the keychain. It may be asking for its password in another window; Ctrl+C stops waiting.")
	})
	for _, notice := range d.Notices() {
		c.Say("%s", notice)
	}
	c.syncTeams(d)
	return d, nil
}

// teamsLimit is how long a command waits for the folders of teams before it works with
// what it knows of them.
const teamsLimit = 3 * time.Second

// syncTeams reads the folders of the teams, so that a command works with what they
// share now.
func (c *Env) syncTeams(d *app.App) {
	ctx, cancel := context.WithTimeout(context.Background(), teamsLimit)
	defer cancel()
	if err := d.SyncTeams(ctx); err != nil {
		c.Say("%s", SentenceOf(err))
	}
	for _, v := range d.Teams.List() {
		if v.Offline && v.Problem != nil {
			c.Say("Team %q: %s The copy from %s is used.", v.Name, SentenceOf(v.Problem), humanize.DateTime(v.ReadAt))
		}
	}
}

// keychainLimit is how long the keychain is waited for where nobody is at a terminal.
const keychainLimit = 30 * time.Second

// Say prints a remark for a person, beside the result.
func (c *Env) Say(format string, args ...any) {
	if !c.Quiet {
		c.tell(format, args...)
	}
}

// tell prints what a person has to know in any case.
func (c *Env) tell(format string, args ...any) {
	c.saying.Lock()
	defer c.saying.Unlock()
	fmt.Fprintf(c.Err, format+"\n", args...)
}

// interrupts ends a command in two steps, as a person presses Ctrl+C. The first says at
// once that it stops and for what it waits, and ends the command's context. The second
// ends a run now, with its journal whole, and anything else at once.
type interrupts struct {
	sending atomic.Bool   // a run is under way
	abort   chan struct{} // closed by the second
}
