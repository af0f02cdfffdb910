package command

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsRejects(c *cli.Env) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "rejects ID",
		Short: "Save the rows that a run rejected, to be corrected",
		Long: `Writes the rows that a run rejected into a new Excel workbook or CSV file: the
original cells, the row in the sheet, and what is wrong. Correct the values there and
send the file with: pushdesk runs resend ID FILE`,
		Args:              cli.OneArgument("run"),
		ValidArgsFunction: completeRuns(c),
		RunE: withRun(c, func(ctx context.Context, a *app.App, id string, _ []string) error {
			return runRejects(ctx, c, a, id, out)
		}),
	}
	cmd.Flags().StringVar(&out, "out", "", "`file` to write, .xlsx or .csv (default: named after the run's file, here)")
	return cmd
}

func runRejects(ctx context.Context, c *cli.Env, a *app.App, id, out string) error {
	c.Unlock(ctx, a)
	r, err := a.Runs.Get(ctx, id)
	if err != nil {
		return err
	}
	if out == "" {
		out = job.SuggestRejects(r)
	}
	n, err := a.SaveRejects(ctx, id, out, c.Getenv(cli.WorkbookVariable))
	if err != nil {
		return err
	}
	return c.Answer(map[string]any{"runId": id, "rows": n, "file": out}, func(w io.Writer) {
		fmt.Fprintf(w, "Wrote %s to %s.\nCorrect them there and send them with: pushdesk runs resend %s %q\n", humanize.Count(n, "row"), out, id, out)
	})
}
