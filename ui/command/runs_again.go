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

func runsAgain(c *cli.Env) *cobra.Command {
	var o sendOptions
	cmd := &cobra.Command{
		Use:   "again ID",
		Short: "Repeat a run: the same file as it is now, with the same mapping",
		Long: `Reads the file of an earlier run as it is now and sends its rows with the same mapping
to the same table. Everything is checked, planned and asked about first, as with send. A
run that added rows adds them once more; one that replaced the rows replaces them.`,
		Args:              cli.OneArgument("run"),
		ValidArgsFunction: completeRuns(c),
		RunE: withRun(c, func(ctx context.Context, a *app.App, id string, _ []string) error {
			return answerSent(c, runAgain(ctx, c, a, id, o))
		}),
	}
	s := cmd.Flags()
	o.answers.flags = s
	s.BoolVar(&o.dryRun, "dry-run", false, "read and check everything, show the plan, send nothing")
	s.BoolVar(&o.answers.yes, "yes", false, "do it without asking, also if the same rows were sent before")
	s.BoolVar(&o.onlyNew, "only-new", false, "leave out the rows at the start of the file that were sent to this table before")
	s.BoolVar(&o.inParts, "in-parts", false, "if the run replaced the rows: allow the table to be incomplete while waiting for limits")
	s.StringVar(&o.answers.replace, "yes-replace", "", "`NAME` of the dataset whose rows a production connection may delete first, without asking")
	return cmd
}

func runAgain(ctx context.Context, c *cli.Env, a *app.App, id string, o sendOptions) outcome {
	c.Unlock(ctx, a)
	d, err := a.Again(ctx, id, c.Getenv(cli.WorkbookVariable))
	if err != nil {
		return outcome{err: err}
	}
	defer d.Reading.Book.Close()
	if o.inParts && d.Mode != plan.ModeReplace {
		return outcome{err: cli.NoEffect("--in-parts", "the run does not replace the rows of the table")}
	}
	if o.answers.replace != "" && d.Mode != plan.ModeReplace {
		return outcome{err: cli.NoEffect("--yes-replace", "the run does not replace the rows of the table")}
	}
	if o.onlyNew && d.Mode == plan.ModeReplace {
		return outcome{err: cli.NoEffect("--only-new", "the run replaces the rows of the table")}
	}
	d.InParts = o.inParts
	o.answers.again = o.answers.yes
	o.confirm = func(d job.Draft) string {
		return fmt.Sprintf("%s will be sent to %q in %q once more.", humanize.Count(d.ToSend(), "row"), d.Place.Target.Table, d.Place.Target.DatasetName)
	}
	return carryOut(ctx, c, d, o)
}
