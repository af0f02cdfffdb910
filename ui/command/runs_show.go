package command

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsShow(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:               "show ID",
		Short:             "Show the receipt of a run",
		Args:              cli.OneArgument("run"),
		ValidArgsFunction: completeRuns(c),
		RunE: withRun(c, func(ctx context.Context, a *app.App, id string, _ []string) error {
			r, err := a.Runs.Get(ctx, id)
			if err != nil {
				return err
			}
			_ = c.Answer(r, func(w io.Writer) { printReceipt(w, r) })
			_, reason := cli.RunEnd(r)
			return cli.Ended(cli.ExitDone, reason)
		}),
	}
}
