package command

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
)

func (c *commander) runs() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "runs",
		Short: "List, show, resume and undo what was sent from this computer",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.runsList(), c.runsShow(), c.runsResume(), c.runsUndo(), c.runsAgain(), c.runsRejects(), c.runsResend(), c.runsExport())
	return cmd
}

func (c *commander) runsList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the runs: those that go on first, then the newest",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			list, err := d.Runs.List(context.Background())
			if err != nil {
				return err
			}
			slices.SortStableFunc(list, job.LiveFirst)
			if c.json {
				c.printJSON(map[string]any{"runs": list})
				return nil
			}
			if len(list) == 0 {
				c.say("Nothing has been sent yet.")
				return nil
			}
			var rows [][]string
			for _, r := range list {
				rows = append(rows, []string{r.RunID, r.Started.Local().Format("2006-01-02 15:04"), string(r.Status), count(r.RowsSent), (time.Duration(r.DurationMs) * time.Millisecond).Round(time.Second).String(),
					clip(filepath.Base(r.File), 40), clip(r.Dataset, 40), clip(r.Table, 30)})
			}
			table(c.Out, []string{"RUN", "STARTED", "STATUS", "ROWS SENT", "TOOK", "FILE", "DATASET", "TABLE"}, rows)
			return nil
		},
	}
}

func (c *commander) runsShow() *cobra.Command {
	return &cobra.Command{
		Use:               "show ID",
		Short:             "Show the receipt of a run",
		Args:              oneArgument("the run's ID"),
		ValidArgsFunction: c.completeRuns,
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			r, err := d.Runs.Get(context.Background(), args[0])
			if err != nil {
				return err
			}
			if c.json {
				c.printJSON(r)
				return nil
			}
			printReceipt(c.Out, r)
			return nil
		},
	}
}

func (c *commander) runsResume() *cobra.Command {
	var file, doubt, table string
	var oneHour, inParts bool
	cmd := &cobra.Command{
		Use:   "resume ID",
		Short: "Send the rest of a run that stopped",
		Long: `Reads the same file in the same way, skips the rows that the service has accepted,
and sends the rest. The file must not have changed.

When the answer to a batch was lost and nobody can say whether its rows were
stored, the run stays in doubt until --doubt says what to do: stored takes them as
stored, resend sends them again at the risk of doubled rows.`,
		Args:              oneArgument("the run's ID"),
		ValidArgsFunction: c.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			o := job.ResumeOptions{File: file, Password: c.Getenv(passwordVariable), Doubt: push.OnUnknown(strings.ToLower(doubt)), Table: table, OneHour: oneHour, InParts: inParts}
			switch o.Doubt {
			case push.UnknownKeep, push.UnknownStored, push.UnknownResend:
			default:
				return usage("--doubt is stored or resend, not %q", doubt)
			}
			d, err := c.open()
			if err != nil {
				return err
			}
			about, err := d.Runs.Info(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			shown := c.newProgress()
			receipt, err := d.Resume(cmd.Context(), args[0], o, shown.sending(about.TotalRows))
			shown.end()
			if receipt.RunID == "" && err != nil { // nothing was done, so that there is no new account
				return err
			}
			return c.answered(outcome{document: sent{Receipt: receipt}, err: err})
		},
	}
	cmd.Flags().StringVar(&file, "file", "", "`path` of the file, when it was moved")
	cmd.Flags().StringVar(&table, "table", "", "`name` of the run's table now, when it was renamed")
	cmd.Flags().BoolVar(&oneHour, "one-hour", false, "stop again where the run would have to wait for the hour's limits")
	cmd.Flags().BoolVar(&inParts, "in-parts", false, "replace although the limits leave the table partly filled for a while")
	cmd.Flags().StringVar(&doubt, "doubt", "", "what to do with rows that may have been stored: `stored` or resend")
	return cmd
}

func (c *commander) completeRuns(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var ids []string
	d, err := c.open()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	list, err := d.Runs.List(context.Background())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, r := range list {
		if r.Resumable || r.Status == history.StatusDone {
			ids = append(ids, fmt.Sprintf("%s\t%s, %s", r.RunID, filepath.Base(r.File), r.Status))
		}
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
