// Package cli is what every command stands on: what it sees of the outside, what it
// opens, how it asks and answers, what it says when it fails, and how Ctrl+C ends it.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/spf13/cobra"

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
}

// Env is what one command works with.
type commander struct {
	World
	json    bool
	printed bool // a JSON document is already on standard output
	// jsonErrors puts what went wrong on standard error as one JSON object: programs
	// that read cells line by line look for it there.
	jsonErrors bool
	desk       *app.App
	// withoutRuns leaves the history of runs shut: the command has nothing to do with it.
	withoutRuns bool
	saying      sync.Mutex // say may be called from several goroutines
	interrupts  interrupts
}

// Run runs a command line with the commands below root and returns the program's exit
// code.
func (c *commander) Run(ctx context.Context, root *cobra.Command, args []string) int {
	root.PersistentFlags().BoolVar(&c.json, "json", false, "print one JSON document on standard output")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%v\nSee: %s --help", err, cmd.CommandPath())
	})
	root.SetArgs(args)
	root.SetIn(c.In)
	root.SetOut(c.Out)
	root.SetErr(c.Err)

	ctx, stop := c.watch(ctx)
	err := root.ExecuteContext(ctx)
	if c.desk != nil {
		err = errors.Join(err, c.desk.Close())
	}
	stop()
	if err == nil {
		return exitDone
	}
	code, p := describe(err)
	if errors.Is(err, errReported) {
		return code
	}
	if c.json && !c.printed {
		c.printJSON(map[string]problem{"error": p})
	}
	if c.jsonErrors {
		p.printJSON(c.Err)
	} else {
		p.print(c.Err)
	}
	return code
}

// WithoutRuns makes a command that has nothing to do with the history of runs work
// without it.
func (c *commander) WithoutRuns(cmd *cobra.Command) *cobra.Command {
	cmd.PersistentPreRun = func(*cobra.Command, []string) { c.withoutRuns = true }
	return cmd
}

// open opens what the program keeps, once, on first need.
func (c *commander) open() (*app.App, error) {
	if c.desk != nil {
		return c.desk, nil
	}
	d, err := app.Open(app.Options{Secret: c.Getenv(SecretVariable), WithoutRuns: c.withoutRuns})
	if err != nil {
		return nil, err
	}
	c.desk = d
	d.Secrets.OnWait(func() {
		c.say("Waiting for the keychain. It may be asking for its password in another window; Ctrl+C stops waiting.")
	})
	for _, notice := range d.Notices() {
		c.say("%s", notice)
	}
	return d, nil
}

// say prints a remark for a person, beside the result.
func (c *commander) say(format string, args ...any) {
	c.saying.Lock()
	defer c.saying.Unlock()
	fmt.Fprintf(c.Err, format+"\n", args...)
}
