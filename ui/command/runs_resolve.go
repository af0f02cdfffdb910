package command

import (
	"context"
	"fmt"
	"io"
	"pushdesk/powerbi/push/words"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsResolve(c *cli.Env) *cobra.Command {
	var batch int
	cmd := &cobra.Command{
		Use:   "resolve ID [stored|resend]",
		Short: "List the unknown batches of a run, or answer for one of them",
		Long: `When the reply to a batch was lost and nobody can say whether its rows were saved, the
batch is unknown. Without an answer, this lists the unknown batches of a run with their
rows and the values of the first and the last row, so that you can look for them in
Power BI.

With --batch N, stored says that the rows of that batch are in the table, and resend
that they are not. Answer for each batch, then continue the run with: pushdesk runs
resume ID. It looks for the rows once more; your answer counts where it still cannot
tell, and the receipt says so.`,
		Example: `  pushdesk runs resolve ID
  pushdesk runs resolve ID --batch 7 stored`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 {
				return cli.Usage("Give the run's ID, and with --batch the answer: stored or resend")
			}
			return nil
		},
		ValidArgsFunction: completeRuns(c),
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		answer := push.UnknownKeep
		if len(args) == 2 {
			answer = push.OnUnknown(strings.ToLower(args[1]))
		}
		switch chosen := cmd.Flags().Changed("batch"); {
		case answer != push.UnknownKeep && answer != push.UnknownStored && answer != push.UnknownResend:
			return cli.Usage("The answer is stored or resend, not %q", args[1])
		case chosen && answer == push.UnknownKeep:
			return cli.Usage("Give the answer for batch %d: stored or resend", batch)
		case !chosen && answer != push.UnknownKeep:
			return cli.Usage("Name the batch: --batch N. They are listed by: pushdesk runs resolve %s", args[0])
		}
		id, err := history.Find(ctx, a.Runs, args[0])
		if err != nil {
			return err
		}
		return runResolve(ctx, c, a, id, batch, answer)
	})
	cmd.Flags().IntVar(&batch, "batch", 0, "`number` of the batch to answer for")
	return cmd
}

// resolved is the document of runs resolve.
type resolved struct {
	RunID   string                 `json:"runId"`
	Batches []history.UnknownBatch `json:"unknownBatches"`
	Left    int                    `json:"unanswered"`
}

func runResolve(ctx context.Context, c *cli.Env, a *app.App, id string, batch int, answer push.OnUnknown) error {
	c.Unlock(ctx, a)
	if answer != push.UnknownKeep {
		if err := a.AnswerBatch(ctx, id, batch, answer == push.UnknownStored); err != nil {
			return err
		}
	}
	list, err := a.UnknownBatches(ctx, id, c.Getenv(cli.WorkbookVariable))
	if err != nil {
		return err
	}
	d := resolved{RunID: id, Batches: list}
	if d.Batches == nil {
		d.Batches = []history.UnknownBatch{}
	}
	for _, u := range list {
		if u.Stored == nil {
			d.Left++
		}
	}
	return c.Answer(d, func(w io.Writer) { printUnknown(w, d) })
}

// printUnknown lists unknown batches, and what has been answered.
func printUnknown(w io.Writer, d resolved) {
	if len(d.Batches) == 0 {
		fmt.Fprintln(w, "This run has no unknown batches.")
		return
	}
	var rows [][]string
	for _, u := range d.Batches {
		answer := words.Answered(u)
		if answer == "" {
			answer = "not answered"
		}
		rows = append(rows, []string{humanize.Number(u.Batch), humanize.Number(u.Rows), fmt.Sprintf("%s to %s", humanize.Number(u.FirstRow), humanize.Number(u.LastRow)),
			text.Shorten(u.FirstKey, 60), text.Shorten(u.LastKey, 60), humanize.DateTime(u.Sent), answer})
	}
	cli.Table(w, []string{"BATCH", "ROWS", "IN THE SHEET", "FIRST ROW", "LAST ROW", "SENT", "ANSWER"}, rows)
	for _, u := range d.Batches {
		if u.Looked != "" {
			fmt.Fprintf(w, "Batch %s: %s\n", humanize.Number(u.Batch), u.Looked)
		}
	}
	if d.Left > 0 {
		fmt.Fprintf(w, "\nCheck in Power BI whether the rows are there, then answer for each batch:\n  pushdesk runs resolve %s --batch N stored|resend\n", d.RunID)
		return
	}
	fmt.Fprintf(w, "\nTo continue the run: pushdesk runs resume %s\n", d.RunID)
}
