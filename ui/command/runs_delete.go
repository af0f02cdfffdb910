package command

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/push/history"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// deleteOptions say how runs are deleted from the history.
type deleteOptions struct{ yes bool }

func runsDelete(c *cli.Env) *cobra.Command {
	var o deleteOptions
	cmd := &cobra.Command{
		Use:   "delete ID...",
		Short: "Delete runs from the history; their rows stay in Power BI",
		Long: `Delete runs from the history of this computer, with their receipts and rejected values.
The rows that they sent stay in Power BI. A run that is deleted cannot be resumed,
undone or repeated.`,
		Args:              cli.SomeArguments("run"),
		ValidArgsFunction: completeRuns(c),
		RunE:              c.With(func(ctx context.Context, a *app.App, args []string) error { return runDelete(ctx, c, a, args, o) }),
	}
	cmd.Flags().BoolVar(&o.yes, "yes", false, "delete without asking")
	return cmd
}

func runDelete(ctx context.Context, c *cli.Env, a *app.App, ids []string, o deleteOptions) error {
	ids = slices.Clone(ids)
	for i, name := range ids {
		id, err := history.Find(ctx, a.Runs, name)
		if err != nil {
			return err
		}
		ids[i] = id
	}
	for _, id := range ids {
		r, err := a.Runs.Get(ctx, id)
		if err != nil {
			return err
		}
		question := fmt.Sprintf("Delete the run %s?", id)
		if r.Resumable {
			question = fmt.Sprintf("Delete the run %s? It is not finished, and its rest cannot be sent afterwards.", id)
		}
		if !o.yes && !c.Agrees(question) {
			return cli.Unanswered("Nothing was deleted: say yes when asked, or give --yes")
		}
	}
	for _, id := range ids {
		if err := a.Runs.Delete(ctx, id); err != nil {
			return err
		}
	}
	return c.Answer(map[string]any{"deleted": ids}, func(w io.Writer) {
		for _, id := range ids {
			fmt.Fprintf(w, "Deleted the run %s.\n", id)
		}
	})
}
