package command

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/storage"
)

func (c *commander) runsExport() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write all runs as a CSV file, for an audit",
		Long: `One line for each run: who sent what, when, from which file, where to, and what
became of it. The file can be opened in Excel.`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			list, err := d.Runs.List(context.Background())
			if err != nil {
				return err
			}
			data, err := job.Audit(list)
			if err != nil {
				return err
			}
			if out == "" {
				_, err := c.Out.Write(data)
				return err
			}
			if _, err := os.Stat(out); err == nil {
				return usage("%s exists already: give another name", out)
			}
			if err := storage.WriteFile(out, data); err != nil {
				return err
			}
			fmt.Fprintf(c.Out, "Wrote %s to %s.\n", plural(int64(len(list)), "run", "runs"), out)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`file` to write (default: the terminal)")
	return cmd
}
