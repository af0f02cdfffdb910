package command

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsList(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the runs: those in progress first, then the newest",
		Args:  cli.NoArguments,
		RunE: c.With(func(ctx context.Context, a *app.App, _ []string) error {
			list, err := a.Runs.List(ctx)
			if err != nil {
				return err
			}
			slices.SortStableFunc(list, job.LiveFirst)
			return c.Answer(map[string]any{"runs": list}, func(w io.Writer) {
				if len(list) == 0 {
					c.Say("Nothing has been sent yet.")
					return
				}
				var rows [][]string
				for _, r := range list {
					rows = append(rows, []string{r.RunID, humanize.DateTime(r.Started), string(r.Status), humanize.Number(r.RowsSent), humanize.Duration(time.Duration(r.DurationMs) * time.Millisecond),
						text.Shorten(filepath.Base(r.File), 40), text.Shorten(r.Dataset, 40), text.Shorten(r.Table, 30)})
				}
				cli.Table(w, []string{"RUN", "STARTED", "STATUS", "ROWS SENT", "TOOK", "FILE", "DATASET", "TABLE"}, rows)
			})
		}),
	}
}

// completeRuns completes the IDs of runs that can be resumed, undone or repeated.
func completeRuns(c *cli.Env) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		a, err := c.Open()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		list, err := a.Runs.List(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var ids []string
		for _, r := range list {
			if r.Resumable || r.Status.Finished() {
				ids = append(ids, fmt.Sprintf("%s\t%s, %s", r.RunID, filepath.Base(r.File), r.Status))
			}
		}
		return ids, cobra.ShellCompDirectiveNoFileComp
	}
}
