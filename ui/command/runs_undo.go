package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// undoOptions say how a run is undone.
type undoOptions struct {
	dryRun  bool
	answers answers
}

func runsUndo(c *cli.Env) *cobra.Command {
	var o undoOptions
	cmd := &cobra.Command{
		Use:   "undo ID",
		Short: "Remove a run's rows from the table",
		Long: `Power BI can only delete all rows of a table. So the table is emptied, and the rows
that were there before the run are sent again from their files. This is done only if
the table holds nothing but what this computer has sent, and if those files are
unchanged; otherwise the reason is shown and nothing changes.`,
		Args:              cli.OneArgument("run"),
		ValidArgsFunction: completeRuns(c),
		RunE:              withRun(c, func(ctx context.Context, a *app.App, id string, _ []string) error { return runUndo(ctx, c, a, id, o) }),
	}
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "show what would be done, change nothing")
	cmd.Flags().BoolVar(&o.answers.yes, "yes", false, "do it without asking")
	cmd.Flags().StringVar(&o.answers.replace, "yes-replace", "", "`NAME` of the dataset whose rows a production connection may delete, without asking")
	return cmd
}

func runUndo(ctx context.Context, c *cli.Env, a *app.App, id string, o undoOptions) error {
	c.Unlock(ctx, a)
	plan, err := a.PlanUndo(ctx, id, c.Getenv(cli.WorkbookVariable))
	if err != nil {
		return err
	}
	c.Say("%s", plan.Sentence())
	if o.dryRun {
		return printUndone(c, plan, nil, true)
	}
	if err := mayDelete(c, plan.Connection, plan.Run.Dataset, "All rows of the table will be deleted.", o.answers); err != nil {
		return err
	}
	on, ended := c.Sending(plan.RowsAgain())
	done, err := a.Undo(ctx, plan, c.Control(), on)
	ended()
	var broken *push.UndoError
	if errors.As(err, &broken) {
		_ = printUndone(c, plan, done, false)
		if !c.JSON {
			next := "pushdesk runs undo " + plan.Run.RunID
			if broken.Resume != "" {
				next = "pushdesk runs resume " + broken.Resume + "\n  " + next
			}
			defer c.Say("To restore the rows that were there before:\n  %s", next)
		}
	}
	if err != nil {
		return err
	}
	return printUndone(c, plan, done, false)
}

// printUndone prints what an undo did, or would do.
func printUndone(c *cli.Env, plan job.UndoPlan, done []history.Receipt, dryRun bool) error {
	if done == nil {
		done = []history.Receipt{}
	}
	document := map[string]any{"runId": plan.Run.RunID, "deleted": plan.Rows, "sentAgain": done, "dryRun": dryRun, "sentence": plan.Sentence()}
	err := c.Answer(document, func(w io.Writer) {
		if dryRun {
			return
		}
		fmt.Fprintf(w, "Undone: %s deleted from the table %q.\n", humanize.Count(plan.Rows, "row"), plan.Run.Table)
		for _, r := range done {
			printReceipt(w, r)
		}
	})
	if err == nil && dryRun {
		err = cli.Ended(cli.ExitDone, cli.ReasonChecked)
	}
	return err
}
