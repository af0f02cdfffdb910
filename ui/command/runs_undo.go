package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/ui/app"
)

func (c *commander) runsUndo() *cobra.Command {
	var sure, dryRun bool
	var replaces string
	cmd := &cobra.Command{
		Use:   "undo ID",
		Short: "Take the rows of a run back",
		Long: `Power BI can only delete all rows of a table. So the table is emptied, and the rows
that were there before the run are sent again from their files. That is done only
when the table holds nothing but what this computer has sent, and when those files
are unchanged; where it cannot be done, the reason is said and nothing changes.`,
		Args:              oneArgument("the run's ID"),
		ValidArgsFunction: c.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			c.unlock(cmd.Context(), d)
			plan, err := d.PlanUndo(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			c.say("%s", plan.Sentence())
			if dryRun {
				return c.undone(plan, nil, true)
			}
			if err := c.mayDelete(plan.Connection, plan.Run.Dataset, "All rows of the table will be deleted.", sure, replaces); err != nil {
				return err
			}
			shown := c.newProgress()
			done, err := d.Undo(cmd.Context(), plan, shown.sending(plan.RowsAgain()))
			shown.end()
			if err != nil {
				return err
			}
			return c.undone(plan, done, false)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be done, change nothing")
	cmd.Flags().BoolVar(&sure, "yes", false, "do it without asking")
	cmd.Flags().StringVar(&replaces, "yes-replace", "", "`NAME` of the dataset whose rows a production connection may delete, without asking")
	return cmd
}

// undone prints what an undo did.
func (c *commander) undone(plan job.TakeBack, done []history.Receipt, dryRun bool) error {
	if c.json {
		if done == nil {
			done = []history.Receipt{}
		}
		c.printJSON(map[string]any{"runId": plan.Run.RunID, "deleted": plan.Rows, "sentAgain": done, "dryRun": dryRun, "sentence": plan.Sentence()})
		return nil
	}
	if dryRun {
		return nil
	}
	fmt.Fprintf(c.Out, "Undone: %s deleted from the table %q.\n", plural(plan.Rows, "row", "rows"), plan.Run.Table)
	for _, r := range done {
		printReceipt(c.Out, r)
	}
	return nil
}

// mayDelete asks before all rows of a table are deleted: with a production
// connection for the dataset's name, otherwise for a yes.
func (c *commander) mayDelete(to job.Connection, dataset, what string, sure bool, typed string) error {
	if !to.Production {
		if sure || c.agrees(what+" Go on?") {
			return nil
		}
		return usage("nothing was changed: say yes when asked, or give --yes")
	}
	if typed == "" && c.AskLine != nil {
		typed, _ = c.AskLine(fmt.Sprintf("%q is a production connection. %s Type the dataset's name, %q, to go on: ", to.Name, what, dataset))
	}
	if strings.TrimSpace(typed) == dataset {
		return nil
	}
	return usage("%q is a production connection, so nothing was changed: type the dataset's name when asked, or give --yes-replace %q", to.Name, dataset)
}

func (c *commander) runsAgain() *cobra.Command {
	var sure, inParts bool
	var replaces string
	cmd := &cobra.Command{
		Use:   "again ID",
		Short: "Do a run once more: the same file as it is now, with the same mapping",
		Long: `Reads the file of an earlier run as it is now and sends its rows with the same mapping
to the same table. A run that added rows adds them once more; one that replaced the
rows replaces them.`,
		Args:              oneArgument("the run's ID"),
		ValidArgsFunction: c.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			c.unlock(cmd.Context(), d)
			return c.answered(c.runAgain(cmd.Context(), d, args[0], job.AgainOptions{Password: c.Getenv(passwordVariable), InParts: inParts}, sure, replaces))
		},
	}
	cmd.Flags().BoolVar(&sure, "yes", false, "do it without asking")
	cmd.Flags().BoolVar(&inParts, "in-parts", false, "replace although the limits leave the table partly filled for a while")
	cmd.Flags().StringVar(&replaces, "yes-replace", "", "`NAME` of the dataset whose rows a production connection may delete first, without asking")
	return cmd
}

func (c *commander) runAgain(ctx context.Context, d *app.App, id string, o job.AgainOptions, sure bool, replaces string) outcome {
	was, err := d.Runs.Get(ctx, id)
	if err != nil {
		return outcome{err: err}
	}
	to, err := d.RunConnection(ctx, id)
	if err != nil {
		return outcome{err: err}
	}
	what := fmt.Sprintf("%s were sent to %q of %q on %s; they are added once more.", plural(was.RowsSent, "row", "rows"), was.Table, was.Dataset, was.Started.Local().Format("2 January 15:04"))
	if was.Mode == plan.ModeReplace {
		what = fmt.Sprintf("All rows of %q of %q are deleted and sent anew.", was.Table, was.Dataset)
	}
	if was.Mode == plan.ModeReplace {
		err = c.mayDelete(to, was.Dataset, what, sure, replaces)
	} else if !sure && !c.agrees(what+" Go on?") {
		err = usage("nothing was sent: say yes when asked, or give --yes")
	}
	if err != nil {
		return outcome{err: err}
	}
	shown := c.newProgress()
	receipt, err := d.Again(ctx, id, o, shown.sending(was.RowsTotal))
	shown.end()
	return outcome{document: sent{Receipt: receipt}, err: err}
}
