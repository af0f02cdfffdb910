package command

import (
	"context"

	"github.com/spf13/cobra"

	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsResend(c *cli.Env) *cobra.Command {
	var o sendOptions
	cmd := &cobra.Command{
		Use:   "resend ID FILE",
		Short: "Send the corrected rows of a run",
		Long: `Reads a file that pushdesk runs rejects has written, after its values were corrected,
and adds its rows to the table of the run, with the run's mapping. Everything is
checked first, as with send.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return cli.Usage("Give two arguments: the run's ID, and the file with the corrected rows")
			}
			return nil
		},
		ValidArgsFunction: completeRuns(c),
		RunE: withRun(c, func(ctx context.Context, a *app.App, id string, rest []string) error {
			return runResend(ctx, c, a, id, rest[0], o)
		}),
	}
	s := cmd.Flags()
	o.answers.flags = s
	policyFlag(s, &o.badRows, "still ")
	maxLeftOutFlag(s, &o.maxLeftOut)
	s.BoolVar(&o.dryRun, "dry-run", false, "read and check everything, show the plan, send nothing")
	s.BoolVar(&o.answers.yes, "yes", false, "send with a production connection without asking")
	s.BoolVar(&o.answers.again, "again", false, "send the same rows once more without asking")
	return cmd
}

func runResend(ctx context.Context, c *cli.Env, a *app.App, id, path string, o sendOptions) error {
	policy, most, err := policyOf(o.badRows, o.maxLeftOut)
	if err != nil {
		return err
	}
	c.Unlock(ctx, a)
	d, err := a.Corrected(ctx, id, path, c.Getenv(cli.WorkbookVariable))
	if err != nil {
		return answerSent(c, outcome{err: err})
	}
	defer d.Reading.Book.Close()
	d.MaxLeftOut = most
	return answerSent(c, carryOut(ctx, c, d.Bad(policy), o))
}
