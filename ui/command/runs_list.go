package command

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"pushdesk/powerbi/job"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// listOptions say which runs are listed.
type listOptions struct {
	failed bool
	since  string
	limit  int
}

func runsList(c *cli.Env) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the runs: those in progress first, then the newest",
		Long: `Lists the runs: those in progress first, then the newest. The columns stay as they are:
ID, short ID, status, rows sent, then the rest. Scripts take --json.`,
		Args: cli.NoArguments,
		RunE: c.With(func(ctx context.Context, a *app.App, _ []string) error { return runList(ctx, c, a, o) }),
	}
	cmd.Flags().BoolVar(&o.failed, "failed", false, "only runs that have not sent every row: partial, stopped, failed and unknown")
	cmd.Flags().StringVar(&o.since, "since", "", "only runs that began after this `time`: 2026-03-31, 2026-03-31T18:00:00Z, 12h or 7d")
	cmd.Flags().IntVar(&o.limit, "limit", 0, "list at most this many `runs`")
	return cmd
}

func runList(ctx context.Context, c *cli.Env, a *app.App, o listOptions) error {
	since, err := sinceWhen(o.since, time.Now())
	if err != nil {
		return err
	}
	if o.limit < 0 {
		return cli.Usage("--limit is a number of runs, not %d", o.limit)
	}
	list, err := a.Runs.List(ctx)
	if err != nil {
		return err
	}
	none := len(list) == 0
	list = slices.DeleteFunc(list, func(r history.Receipt) bool {
		sent := r.Status == history.StatusDone || r.Status == history.StatusUndone || r.Status == history.StatusRunning
		return o.failed && sent || r.Started.Before(since)
	})
	slices.SortStableFunc(list, job.LiveFirst)
	if o.limit > 0 {
		list = list[:min(len(list), o.limit)]
	}
	return c.Answer(map[string]any{"runs": list}, func(w io.Writer) {
		switch {
		case none:
			c.Say("Nothing has been sent yet.")
			return
		case len(list) == 0:
			c.Say("No such runs.")
			return
		}
		var rows [][]string
		for _, r := range list {
			rows = append(rows, []string{r.RunID, history.Short(r.RunID), string(r.Status), humanize.Number(r.RowsSent), humanize.DateTime(r.Started), humanize.Duration(time.Duration(r.DurationMs) * time.Millisecond),
				text.Shorten(filepath.Base(r.File), 40), text.Shorten(r.Dataset, 40), text.Shorten(r.Table, 30)})
		}
		cli.Table(w, []string{"RUN", "SHORT", "STATUS", "ROWS SENT", "STARTED", "TOOK", "FILE", "DATASET", "TABLE"}, rows)
	})
}

// sinceWhen reads a day, a moment, or how long ago it was.
func sinceWhen(word string, now time.Time) (time.Time, error) {
	if word == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, word, time.Local); err == nil {
			return t, nil
		}
	}
	if days, ok := strings.CutSuffix(word, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n < 100_000 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if d, err := time.ParseDuration(word); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, cli.Usage("--since is a day such as 2026-03-31, a time such as 2026-03-31T18:00:00Z, or a while such as 12h or 7d, not %q", word)
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
