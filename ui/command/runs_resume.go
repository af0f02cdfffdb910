package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/plan"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsResume(c *cli.Env) *cobra.Command {
	var o job.ResumeOptions
	var unknown, badRows string
	cmd := &cobra.Command{
		Use:   "resume ID",
		Short: "Send the rest of a run that stopped",
		Long: `Reads the same file in the same way, skips the rows that Power BI has accepted, and
sends the rest. The file must not have changed.

When the reply to a batch was lost and nobody can say whether its rows were saved, the
run stays unknown until --unknown says what to do: stored takes them as saved, resend
sends them again and may save them twice.`,
		Args:              cli.OneArgument("run"),
		ValidArgsFunction: completeRuns(c),
		RunE: withRun(c, func(ctx context.Context, a *app.App, id string, _ []string) error {
			o.Password, o.Unknown, o.Control = c.Getenv(cli.WorkbookVariable), push.OnUnknown(strings.ToLower(unknown)), c.Control()
			if badRows != "" {
				var err error
				if o.Policy, _, err = policyOf(badRows, ""); err != nil {
					return err
				}
			}
			return runResume(ctx, c, a, id, o)
		}),
	}
	s := cmd.Flags()
	s.StringVar(&o.File, "file", "", "`path` of the file, if it was moved")
	s.StringVar(&o.Table, "table", "", "`name` of the run's table now, if it was renamed")
	s.StringVar(&badRows, "bad-rows", "", "`"+strings.Join(policyWords(), "|")+"`: what to do from now on if rows cannot be sent (default: as the run began)")
	s.BoolVar(&o.OneHour, "one-hour", false, "stop instead of waiting when the hourly limit is reached")
	s.BoolVar(&o.InParts, "in-parts", false, "allow the table to be incomplete while waiting for limits")
	s.StringVar(&unknown, "unknown", "", "`stored|resend`: take rows that may have been saved as saved, or send them again")
	return cmd
}

func runResume(ctx context.Context, c *cli.Env, a *app.App, id string, o job.ResumeOptions) error {
	switch o.Unknown {
	case push.UnknownKeep, push.UnknownStored, push.UnknownResend:
	default:
		return cli.Usage("--unknown is stored or resend, not %q", o.Unknown)
	}
	was, err := a.Runs.Info(ctx, id)
	if err != nil {
		return err
	}
	receipt, err := a.Runs.Get(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case o.InParts && was.Mode != plan.ModeReplace:
		return cli.NoEffect("--in-parts", "the run does not replace the rows of the table")
	case o.InParts && receipt.Deleted:
		return cli.NoEffect("--in-parts", "the run has deleted the earlier rows already")
	case o.Unknown != push.UnknownKeep && receipt.RowsUnknown == 0 && !receipt.Status.Finished():
		return cli.NoEffect("--unknown", "no rows of the run are unknown")
	}
	on, done := c.Sending(was.TotalRows)
	receipt, err = a.Resume(ctx, id, o, on)
	done()
	if receipt.RunID == "" && err != nil { // nothing was done, so there is no new receipt
		return err
	}
	return answerSent(c, outcome{document: sent{Receipt: receipt, Remarks: cli.Remarks(receipt.Remarks)}, err: err})
}
