package command

import (
	"context"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/push/history"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsCommand(c *cli.Env) *cobra.Command {
	return cli.Group("runs", "List, show, resume, undo and delete what was sent from this computer", `A run is named by its ID, by the beginning or the end of the ID (at least 4 characters,
as far as only one run has it), or as last.`,
		c.ReadingRuns(runsList(c)), c.ReadingRuns(runsShow(c)), runsResume(c), runsResolve(c), runsUndo(c), runsAgain(c), runsRejects(c), runsResend(c), c.ReadingRuns(runsExport(c)), runsDelete(c), runsKeep(c))
}

// withRun is cli.Env.With for a command whose first argument names a run: by its ID, by
// a part of it, or as the last one.
func withRun(c *cli.Env, run func(ctx context.Context, a *app.App, id string, rest []string) error) func(*cobra.Command, []string) error {
	return c.With(func(ctx context.Context, a *app.App, args []string) error {
		id, err := history.Find(ctx, a.Runs, args[0])
		if err != nil {
			return err
		}
		return run(ctx, a, id, args[1:])
	})
}
