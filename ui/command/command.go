// Package command is Pushdesk without a window: the same jobs for a terminal, a
// scheduler or a build. It holds no rules; it reads flags, calls ui/desk and the
// packages below it, and prints what they answer.
//
// Every command takes --json and then prints exactly one JSON document on
// standard output. Progress and remarks go to standard error. Secrets are read
// from standard input, a prompt or the environment, never from an argument.
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

// SecretVariable names the environment variable a client secret may come from,
// for schedulers on machines without a keychain.
const SecretVariable = "PUSHDESK_CLIENT_SECRET"

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

// Main runs one command line and gives the program's exit code.
func Main(ctx context.Context, args []string, w World) int {
	c := &commander{World: w}
	root := c.root()
	root.SetArgs(args)
	root.SetIn(w.In)
	root.SetOut(w.Out)
	root.SetErr(w.Err)

	ctx, stop := c.watch(ctx)
	err := root.ExecuteContext(ctx)
	if c.desk != nil {
		err = errors.Join(err, c.desk.Close())
	}
	stop()
	if err == nil {
		return exitDone
	}
	code, f := describe(err)
	if errors.Is(err, errReported) {
		return code
	}
	if c.json && !c.printed {
		c.printJSON(map[string]problem{"error": f})
	}
	if c.jsonErrors {
		f.printJSON(w.Err)
	} else {
		f.print(w.Err)
	}
	return code
}

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

func (c *commander) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "pushdesk",
		Short: "Test Power BI connections and send spreadsheet rows into push datasets",
		Long: `Pushdesk keeps named Power BI connections with their secrets in the system's
keychain, proves that they work, and sends the rows of a workbook into a push
dataset. Without a command it opens its window.

Nothing to set up for a first try:
  pushdesk send FILE --practice

Exit codes: 0 done, 1 unexpected, 2 wrong usage, 3 the connection is not ready,
4 the data has problems, 5 stopped part-way and resumable.`,
		Args:          noArguments,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       c.Version,
		RunE:          func(cmd *cobra.Command, _ []string) error { return c.OpenWindow(cmd.Context()) },
	}
	root.PersistentFlags().BoolVar(&c.json, "json", false, "print one JSON document on standard output")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%v\nSee: %s --help", err, cmd.CommandPath())
	})
	root.AddCommand(c.practice(), c.alone(c.connection()), c.inspect(), c.send(), c.runs(), c.alone(c.secrets()), c.alone(c.vault()), c.alone(c.network()))
	return root
}

// alone makes a command that has nothing to do with the history of runs work without it.
func (c *commander) alone(cmd *cobra.Command) *cobra.Command {
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
