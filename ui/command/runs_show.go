package command

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"pushdesk/ui/app"
)

func runsShow(c *commander) *cobra.Command {
	return &cobra.Command{
		Use:               "show ID",
		Short:             "Show the receipt of a run",
		Args:              oneArgument("run"),
		ValidArgsFunction: completeRuns(c),
		RunE: c.with(func(ctx context.Context, a *app.App, args []string) error {
			r, err := a.Runs.Get(ctx, args[0])
			if err != nil {
				return err
			}
			return c.answer(r, func(w io.Writer) { printReceipt(w, r) })
		}),
	}
}
