package connections

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/file"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// importOptions say how connections are imported.
type importOptions struct {
	dryRun, custom bool
	existing       string
}

func connectionImport(c *cli.Env) *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add many connections from a CSV or JSON file",
		Long: `Add many connections from a CSV or JSON file with the columns name, tenant, client
and, optionally, secret, workspace, cloud, environment, tags, expires and notes. Rows
with errors are skipped and listed. Secrets are stored where secrets are kept; delete
the file afterwards. Connections with their own addresses are refused unless
--allow-custom is given, because the file then decides where your secrets are sent.`,
		Example: `  pushdesk connection import team.csv --dry-run
  pushdesk connection import team.csv --existing update`,
		Args: cli.OneArgument("file"),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			return runConnectionImport(ctx, c, a, args[0], o)
		}),
	}
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "only show what would be done")
	cmd.Flags().StringVar(&o.existing, "existing", string(file.ExistingSkip), "`skip|update|both`: if the name already exists, skip it, update it, or keep both")
	cmd.Flags().BoolVar(&o.custom, "allow-custom", false, "allow connections with their own addresses: the file then decides where your secrets are sent")
	return cmd
}

func runConnectionImport(ctx context.Context, c *cli.Env, a *app.App, path string, o importOptions) error {
	how := file.Existing(o.existing)
	if how != file.ExistingSkip && how != file.ExistingUpdate && how != file.ExistingBoth {
		return cli.Usage("--existing is skip, update or both, not %q", o.existing)
	}
	c.Unlock(ctx, a)
	plan, err := a.PlanImport(ctx, path, file.ImportOptions{AllowCustom: o.custom})
	if err != nil {
		return err
	}
	for _, remark := range plan.Remarks {
		c.Say("%s", remark)
	}
	var done account.ImportResult
	if !o.dryRun {
		if done, err = a.Import(ctx, plan, how); err != nil {
			if done.Added+done.Updated > 0 {
				c.Say("The connections are stored (%d added, %d updated) with %s.", done.Added, done.Updated, humanize.Count(done.Secrets, "client secret"))
			}
			return err
		}
	}
	return printImported(c, plan, done, how, o.dryRun)
}

// printImported prints what an import did, or would do.
func printImported(c *cli.Env, plan account.ImportPlan, done account.ImportResult, how file.Existing, dry bool) error {
	wrong := plan.Count(account.ImportWrong)
	for _, w := range done.Warnings {
		c.Say("Warning: %s", w)
	}
	if c.JSON {
		rows := []any{}
		for _, r := range plan.Rows {
			rows = append(rows, map[string]any{"row": r.Row, "name": r.Name, "state": r.State, "secret": r.Secret, "says": r.Says, "findings": findings(r.Findings)})
		}
		c.PrintJSON(map[string]any{"rows": rows, "added": done.Added, "updated": done.Updated, "skipped": done.Skipped, "secrets": done.Secrets, "wrong": wrong, "dryRun": dry})
	} else {
		var rows [][]string
		for _, r := range plan.Rows {
			secret := "no"
			if r.Secret {
				secret = "yes"
			}
			rows = append(rows, []string{fmt.Sprint(r.Row), r.Name, string(r.State), secret, r.Says})
		}
		cli.Table(c.Out, []string{"ROW", "NAME", "STATE", "SECRET", "REMARK"}, rows)
		if dry {
			fmt.Fprintf(c.Out, "Nothing was written: %d new, %d existing (%s), %d with errors.\n", plan.Count(account.ImportNew), plan.Count(account.ImportThere), how, wrong)
		} else {
			fmt.Fprintf(c.Out, "%d added, %d updated, %d skipped.\n", done.Added, done.Updated, done.Skipped)
		}
	}
	if wrong > 0 {
		return cli.Reported(cli.ExitData)
	}
	return nil
}

// findings are what is wrong with the fields of a row, as JSON.
func findings(all []connection.Finding) []map[string]string {
	list := []map[string]string{}
	for _, f := range all {
		list = append(list, map[string]string{"field": string(f.Field), "level": string(f.Level), "sentence": f.Sentence, "remedy": f.Remedy})
	}
	return list
}
