package command

import (
	"context"

	"github.com/spf13/cobra"

	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// withRun is cli.Env.With for a command whose first argument names a run: by its ID, by
// a part of it, or as the last one.
func withRun(c *cli.Env, run func(ctx context.Context, a *app.App, id string, rest []string) error) func(*cobra.Command, []string) error {
	return c.With(func(ctx context.Context, a *app.App, args []string) error {
		id, err := a.Runs.Find(ctx, args[0])
		if err != nil {
			return err
		}
		return run(ctx, a, id, args[1:])
	})
}
