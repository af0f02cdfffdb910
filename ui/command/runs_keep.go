package command

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsKeep(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "keep [DAYS]",
		Short: "Show or set for how many days runs stay in the history (0: forever)",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return cli.Usage("Give one number of days, or 0 to keep them forever")
			}
			return nil
		},
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error { return runKeep(ctx, c, a, args) }),
	}
}

func runKeep(ctx context.Context, c *cli.Env, a *app.App, args []string) error {
	deleted := 0
	if len(args) == 1 {
		days, err := strconv.Atoi(args[0])
		if err != nil || days < 0 || days > 36_500 {
			return cli.Usage("%q is not a number of days; 0 keeps them forever", args[0])
		}
		if deleted, err = a.SetKeepRuns(ctx, time.Duration(days)*24*time.Hour); err != nil {
			return err
		}
	}
	keep, err := a.KeepRuns()
	if err != nil {
		return err
	}
	days := int(keep / (24 * time.Hour))
	return c.Answer(map[string]any{"keepDays": days, "deleted": deleted}, func(w io.Writer) {
		said := "forever"
		if days > 0 {
			said = "for " + humanize.Count(days, "day")
		}
		fmt.Fprintf(w, "Runs stay in the history %s.\n", said)
		if len(args) == 1 {
			fmt.Fprintf(w, "Deleted now: %s.\n", humanize.Count(deleted, "run"))
		}
	})
}
