package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/file"
)

func (c *commander) connectionImport() *cobra.Command {
	var dry, custom bool
	var existing string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add many connections from a CSV or JSON file",
		Long: `Add many connections from a CSV or JSON file with the columns name, tenant, client
and, if you like, secret, workspace, cloud, environment, tags, expires and notes.
Rows that are wrong are left out and named. Secrets go where secrets are kept;
delete the file afterwards. Connections with addresses of their own are refused
unless --allow-custom is given: whoever wrote the file says there where secrets are
sent.`,
		Example: `  pushdesk connection import team.csv --dry-run
  pushdesk connection import team.csv --existing update`,
		Args: oneArgument("the file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			how := file.Existing(existing)
			if how != file.ExistingSkip && how != file.ExistingUpdate && how != file.ExistingBoth {
				return usage("%q is no choice for --existing: use skip, update or both", existing)
			}
			d, err := c.open()
			if err != nil {
				return err
			}
			c.unlock(cmd.Context(), d)
			plan, err := d.PlanImport(cmd.Context(), args[0], file.ImportOptions{AllowCustom: custom})
			if err != nil {
				return err
			}
			for _, remark := range plan.Remarks {
				c.say("%s", remark)
			}
			var done account.ImportResult
			if !dry {
				if done, err = d.Import(cmd.Context(), plan, how); err != nil {
					if done.Added+done.Updated > 0 {
						c.say("The connections are kept (%d added, %d updated) with %s.", done.Added, done.Updated, plural(done.Secrets, "client secret", "client secrets"))
					}
					return err
				}
			}
			return c.imported(plan, done, how, dry)
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what would be done")
	cmd.Flags().StringVar(&existing, "existing", string(file.ExistingSkip), "what becomes of connections that are there: `choice` skip, update or both")
	cmd.Flags().BoolVar(&custom, "allow-custom", false, "let connections with addresses of their own in: secrets are sent where the file says")
	return cmd
}

// imported prints what an import did, or would do.
func (c *commander) imported(plan account.ImportPlan, done account.ImportResult, how file.Existing, dry bool) error {
	wrong := plan.Count(account.ImportWrong)
	for _, w := range done.Warnings {
		c.say("Warning: %s", w)
	}
	if c.json {
		rows := []any{}
		for _, r := range plan.Rows {
			rows = append(rows, map[string]any{"row": r.Row, "name": r.Name, "state": r.State, "secret": r.Secret, "says": r.Says, "findings": findings(r.Findings)})
		}
		c.printJSON(map[string]any{"rows": rows, "added": done.Added, "updated": done.Updated, "skipped": done.Skipped, "secrets": done.Secrets, "wrong": wrong, "dryRun": dry})
	} else {
		var rows [][]string
		for _, r := range plan.Rows {
			secret := "no"
			if r.Secret {
				secret = "yes"
			}
			rows = append(rows, []string{fmt.Sprint(r.Row), r.Name, string(r.State), secret, r.Says})
		}
		table(c.Out, []string{"ROW", "NAME", "STATE", "SECRET", "REMARK"}, rows)
		if dry {
			fmt.Fprintf(c.Out, "Nothing was written: %d new, %d there already (%s), %d wrong.\n", plan.Count(account.ImportNew), plan.Count(account.ImportThere), how, wrong)
		} else {
			fmt.Fprintf(c.Out, "%d added, %d updated, %d left out.\n", done.Added, done.Updated, done.Skipped)
		}
	}
	if wrong > 0 {
		return reported(exitData)
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
