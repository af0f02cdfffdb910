package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// againOptions say how a run is done once more.
type againOptions struct {
	job.AgainOptions
	answers answers
}

func runsAgain(c *cli.Env) *cobra.Command {
	var o againOptions
	cmd := &cobra.Command{
		Use:   "again ID",
		Short: "Repeat a run: the same file as it is now, with the same mapping",
		Long: `Reads the file of an earlier run as it is now and sends its rows with the same mapping
to the same table. A run that added rows adds them once more; one that replaced the
rows replaces them.`,
		Args:              cli.OneArgument("run"),
		ValidArgsFunction: completeRuns(c),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			c.Unlock(ctx, a)
			o.Password = c.Getenv(cli.WorkbookVariable)
			return answerSent(c, runAgain(ctx, c, a, args[0], o))
		}),
	}
	cmd.Flags().BoolVar(&o.answers.yes, "yes", false, "do it without asking")
	cmd.Flags().BoolVar(&o.InParts, "in-parts", false, "allow the table to be incomplete while waiting for limits")
	cmd.Flags().StringVar(&o.answers.replace, "yes-replace", "", "`NAME` of the dataset whose rows a production connection may delete first, without asking")
	return cmd
}

func runAgain(ctx context.Context, c *cli.Env, a *app.App, id string, o againOptions) outcome {
	was, err := a.Runs.Get(ctx, id)
	if err != nil {
		return outcome{err: err}
	}
	to, err := a.RunConnection(ctx, id)
	if err != nil {
		return outcome{err: err}
	}
	if was.Mode == plan.ModeReplace {
		err = mayDelete(c, to, was.Dataset, fmt.Sprintf("All rows of %q in %q will be deleted and sent again.", was.Table, was.Dataset), o.answers)
	} else if !o.answers.yes && !c.Agrees(fmt.Sprintf("%s were sent to %q in %q on %s and will be added once more. Continue?",
		humanize.Count(was.RowsSent, "row"), was.Table, was.Dataset, humanize.DateTime(was.Started))) {
		err = cli.Unanswered("Nothing was sent: say yes when asked, or give --yes")
	}
	if err != nil {
		return outcome{err: err}
	}
	o.Control = c.Control()
	on, done := c.Sending(was.RowsTotal)
	receipt, err := a.Again(ctx, id, o.AgainOptions, on)
	done()
	return outcome{document: sent{Receipt: receipt}, err: err}
}
