package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
)

func (c *commander) runsRejects() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "rejects ID",
		Short: "Save the rows that a run left out, to be corrected",
		Long: `Writes the rows that a run left out into a new Excel workbook or CSV file: the
original cells, the row in the sheet, and what is wrong. Correct the values there and
send the file with: pushdesk runs resend ID FILE`,
		Args:              oneArgument("the run's ID"),
		ValidArgsFunction: c.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			c.unlock(cmd.Context(), d)
			r, err := d.Runs.Get(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = job.SuggestRejects(r)
			}
			n, err := d.SaveRejects(cmd.Context(), args[0], out, c.Getenv(passwordVariable))
			if err != nil {
				return err
			}
			if c.json {
				c.printJSON(map[string]any{"runId": args[0], "rows": n, "file": out})
				return nil
			}
			fmt.Fprintf(c.Out, "Wrote %s to %s.\nCorrect them there and send them with: pushdesk runs resend %s %q\n", plural(n, "row", "rows"), out, args[0], out)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`file` to write, .xlsx or .csv (default: named after the run's file, here)")
	return cmd
}

func (c *commander) runsResend() *cobra.Command {
	var f sendFlags
	cmd := &cobra.Command{
		Use:   "resend ID FILE",
		Short: "Send the corrected rows of a run",
		Long: `Reads a file that pushdesk runs rejects has written, after its values were corrected,
and adds its rows to the table of the run, with the run's mapping. Everything is
checked first, as with send.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("two things are needed: the run's ID, and the file with the corrected rows")
			}
			return nil
		},
		ValidArgsFunction: c.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			policy := mapping.Policy(strings.ToLower(f.badRows))
			switch policy {
			case mapping.PolicyStop, mapping.PolicySkip, mapping.PolicyBlank:
			default:
				return usage("--bad-rows is stop, skip or blank, not %q", f.badRows)
			}
			d, err := c.open()
			if err != nil {
				return err
			}
			c.unlock(cmd.Context(), d)
			u, err := d.Corrected(cmd.Context(), args[0], args[1], c.Getenv(passwordVariable))
			if err != nil {
				return c.answered(outcome{err: err})
			}
			defer u.Reading.Book.Close()
			u.Policy = policy
			return c.answered(c.carryOut(cmd.Context(), d, u, f))
		},
	}
	s := cmd.Flags()
	s.StringVar(&f.badRows, "bad-rows", "stop", "`what` to do when values still cannot be sent: stop (nothing is sent), skip, blank")
	s.BoolVar(&f.dryRun, "dry-run", false, "read and check everything, say the plan, send nothing")
	s.BoolVar(&f.sure, "yes", false, "send with a production connection without asking")
	s.BoolVar(&f.again, "again", false, "send the same rows once more without asking")
	return cmd
}
