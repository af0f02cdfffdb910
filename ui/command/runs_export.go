package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"pushdesk/powerbi/job/audit"

	"github.com/spf13/cobra"

	"pushdesk/storage"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func runsExport(c *cli.Env) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write all runs as a CSV file, for an audit",
		Long: `One line for each run: who sent what, when, from which file, where to, and the result.
The file can be opened in Excel.`,
		Args: cli.NoArguments,
		RunE: c.With(func(ctx context.Context, a *app.App, _ []string) error { return runExport(ctx, c, a, out) }),
	}
	cmd.Flags().StringVar(&out, "out", "", "`file` to write (default: the terminal)")
	return cmd
}

func runExport(ctx context.Context, c *cli.Env, a *app.App, out string) error {
	if c.JSON && out == "" {
		return cli.Usage("runs export prints CSV: leave out --json, or name a file with --out")
	}
	list, err := a.Runs.List(ctx)
	if err != nil {
		return err
	}
	data, err := audit.CSV(list)
	if err != nil {
		return err
	}
	if out == "" {
		_, err := c.Out.Write(data)
		return err
	}
	if _, err := os.Stat(out); err == nil {
		return cli.Usage("%s exists already: give another name", out)
	}
	if err := storage.Export(out, data); err != nil {
		return err
	}
	return c.Answer(map[string]any{"runs": len(list), "file": out}, func(w io.Writer) {
		fmt.Fprintf(w, "Wrote %s to %s.\n", humanize.Count(len(list), "run"), out)
	})
}
