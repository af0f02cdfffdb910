package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

// Run runs a command line with the commands below root and returns the program's exit
// code.
func (c *Env) Run(ctx context.Context, root *cobra.Command, args []string) int {
	root.PersistentFlags().BoolVar(&c.JSON, "json", false, "print one JSON document on standard output")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return Usage("%v\nSee: %s --help", err, cmd.CommandPath())
	})
	root.SetArgs(args)
	root.SetIn(c.In)
	root.SetOut(c.Out)
	root.SetErr(c.Err)

	ctx, stop := c.watch(ctx)
	err := root.ExecuteContext(ctx)
	if c.app != nil {
		err = errors.Join(err, c.app.Close())
	}
	stop()
	if err == nil {
		return ExitDone
	}
	code, p := Describe(err)
	if errors.Is(err, errReported) {
		return code
	}
	if c.JSON && !c.printed {
		c.PrintJSON(map[string]Problem{"error": p})
	}
	if c.JSONErrors {
		p.printJSON(c.Err)
	} else {
		p.Print(c.Err)
	}
	return code
}
