package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/storage/text"
)

// Run runs a command line with the commands below root and returns the program's exit
// code.
func (c *Env) Run(ctx context.Context, root *cobra.Command, args []string) int {
	root.PersistentFlags().BoolVar(&c.JSON, "json", false, "print one JSON document on standard output")
	root.PersistentFlags().BoolVar(&c.Quiet, "quiet", false, "say only how it ended and what went wrong")
	root.PersistentFlags().BoolVar(&c.times, "log-times", false, "begin each line on standard error with the time, for logs")
	root.SetFlagErrorFunc(flagError)
	// Names, values and answers come from outside: no text reaches a terminal but through
	// these.
	c.screen = &stampedLines{to: c.Err, on: &c.times}
	c.Out, c.Err = text.NewWriter(c.Out), text.NewWriter(c.screen)
	if i := slices.Index(args, "--version"); i >= 0 && !slices.ContainsFunc(args[:i], isWord) && asksForJSON(args) { // the flag prints a line of text
		args = []string{"version", "--json"}
	}
	root.SetArgs(args)
	root.SetIn(c.In)
	root.SetOut(c.Out)
	root.SetErr(c.Err)
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			cmd.PersistentPreRunE = TextOnly
		}
	}

	ctx, stop := c.watch(ctx)
	err := root.ExecuteContext(ctx)
	if c.app != nil {
		err = errors.Join(err, c.app.Close())
	}
	stop()
	c.JSON = c.JSON || asksForJSON(args) // flags that could not be read may have hidden it
	code, reason := End(err)
	var failed *Problem
	if err != nil && !errors.Is(err, errReported) {
		_, p := Describe(err)
		failed = &p
	}
	if c.JSON && !c.Lines {
		switch {
		case c.document != nil:
			c.print(c.document, failed, code, reason)
		case failed != nil:
			c.print(struct{}{}, failed, code, reason)
		}
	}
	switch {
	case failed == nil:
	case c.JSONErrors:
		failed.printJSON(c.Err)
	default:
		failed.Print(c.Err)
	}
	return code
}

// asksForJSON reports whether --json stands anywhere on a command line.
func asksForJSON(args []string) bool {
	for _, a := range args {
		switch a {
		case "--":
			return false
		case "--json", "--json=true", "--json=1":
			return true
		}
	}
	return false
}

// isWord reports whether an argument is no flag.
func isWord(arg string) bool { return !strings.HasPrefix(arg, "-") }
