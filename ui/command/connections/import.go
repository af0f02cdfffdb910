package connections

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/file"
	"pushdesk/storage/humanize"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// importOptions say how connections are imported.
type importOptions struct {
	dryRun, custom, yes, noTest bool
	existing                    string
}

func connectionImport(c *cli.Env) *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add many connections from a CSV or JSON file, an export or connection list --json",
		Long: `Add many connections from a file: an export (pushdesk connection export), what
pushdesk connection list --json printed, or a CSV or JSON file with the columns name,
tenant, client and, optionally, secret, workspace, dataset, table, cloud, environment,
tags, expires and notes. What is new, what would change and what is missing is shown first; a terminal asks
before anything is written (--yes). Then the connections that can sign in are tested
(--no-test). Rows with errors are skipped and listed. Secrets are stored where secrets
are kept; delete a file with secrets afterwards. The passphrase of a sealed export comes
from a prompt or from ` + cli.ExportVariable + `. Connections with their own addresses are
refused unless --allow-custom is given, because the file then decides where your secrets
are sent.`,
		Example: `  pushdesk connection import team.csv --dry-run
  pushdesk connection import team.csv --existing update`,
		Args: cli.OneArgument("file"),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			return runConnectionImport(ctx, c, a, args[0], o)
		}),
	}
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "only show what would be done")
	cmd.Flags().StringVar(&o.existing, "existing", string(file.ExistingSkip), "`skip|update|both`: if the name already exists, skip it, update it, or keep both")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "write without asking")
	cmd.Flags().BoolVar(&o.noTest, "no-test", false, "do not test the connections after the import")
	cmd.Flags().BoolVar(&o.custom, "allow-custom", false, "allow connections with their own addresses: the file then decides where your secrets are sent")
	return cmd
}

func runConnectionImport(ctx context.Context, c *cli.Env, a *app.App, path string, o importOptions) error {
	how := file.Existing(o.existing)
	if how != file.ExistingSkip && how != file.ExistingUpdate && how != file.ExistingBoth {
		return cli.Usage("--existing is skip, update or both, not %q", o.existing)
	}
	c.Unlock(ctx, a)
	plan, err := planImport(ctx, c, a, path, file.ImportOptions{AllowCustom: o.custom})
	if err != nil {
		return err
	}
	for _, remark := range plan.Remarks {
		c.Say("%s", remark)
	}
	if !c.JSON {
		printPlan(c, plan, how)
	}
	done := plan.Would(how)
	if !o.dryRun {
		would := plan.Would(how)
		writes := would.Added + would.Updated
		if writes > 0 && c.AskLine != nil && !o.yes && !c.Agrees(fmt.Sprintf("Import %s?", humanize.Count(writes, "connection"))) {
			return cli.Usage("Nothing was imported.")
		}
		if done, err = a.Import(ctx, plan, how); err != nil {
			if done.Added+done.Updated > 0 {
				c.Say("The connections are stored (%d added, %d updated) with %s.", done.Added, done.Updated, humanize.Count(done.Secrets, "client secret"))
			}
			return err
		}
	}
	after := afterImport(ctx, c, a, path, done, !o.noTest)
	return printImported(c, plan, done, after, how, o.dryRun)
}

// planImport reads the file, and asks for a passphrase where it wants one.
func planImport(ctx context.Context, c *cli.Env, a *app.App, path string, o file.ImportOptions) (account.ImportPlan, error) {
	o.Keys.Passphrase = c.Getenv(cli.ExportVariable)
	plan, err := a.PlanImport(ctx, path, o)
	if !errors.Is(err, file.ErrPassphraseNeeded) || c.AskSecret == nil {
		return plan, err
	}
	typed, asked := c.AskSecret("Passphrase of the file: ")
	if asked != nil {
		return plan, fmt.Errorf("ask for the passphrase: %w", asked)
	}
	o.Keys.Passphrase = strings.TrimSpace(typed)
	return a.PlanImport(ctx, path, o)
}

// lacking is a connection that cannot sign in yet, and the command that changes that.
type lacking struct {
	Name    string `json:"name"`
	Lacks   string `json:"lacks"`
	Command string `json:"command"`
}

// imported is what was seen after an import.
type imported struct {
	lacks []lacking
	tests []map[string]any
	rows  [][]string
}

// afterImport tests what was imported, and finds what cannot sign in yet.
func afterImport(ctx context.Context, c *cli.Env, a *app.App, path string, done account.ImportResult, test bool) (all imported) {
	all.lacks, all.tests = []lacking{}, []map[string]any{}
	var ids []string
	names := map[string]string{}
	unready := a.Unready(ctx, done.Written)
	for _, conn := range done.Written {
		err := unready[conn.ID]
		if err == nil {
			ids, names[conn.ID] = append(ids, conn.ID), conn.Name
			continue
		}
		l := lacking{Name: conn.Name, Lacks: cli.SentenceOf(err), Command: fmt.Sprintf("pushdesk connection edit %q --secret-stdin", conn.Name)}
		switch {
		case keychain.Silent(err) && slices.ContainsFunc(done.Unstored, func(x connection.Connection) bool { return x.ID == conn.ID }):
			l.Command = fmt.Sprintf("pushdesk connection import %q --existing update", path)
		case keychain.Silent(err):
			l.Command = "pushdesk connection list"
		case conn.Credential == connection.CredentialCertificate:
			l.Command = fmt.Sprintf("pushdesk connection edit %q --certificate FILE", conn.Name)
		case conn.Credential.User():
			l.Command = fmt.Sprintf("pushdesk connection sign-in %q", conn.Name)
		case conn.Reference != (connection.Reference{}):
			l.Command = allowManager(conn.Reference)
		}
		all.lacks = append(all.lacks, l)
	}
	if !test || len(ids) == 0 {
		return all
	}
	a.TestMany(ctx, ids, func(id string, r *doctor.Report) {
		if r == nil {
			return
		}
		all.tests = append(all.tests, map[string]any{"name": names[id], "ready": r.Ready, "verdict": r.Verdict, "summary": r.Summary})
		all.rows = append(all.rows, []string{names[id], string(r.Verdict), r.Summary})
		if !c.JSON && len(ids) > 1 {
			c.Say("%d of %d tested: %s", len(all.tests), len(ids), names[id])
		}
	})
	return all
}

// printPlan prints what a file holds, before anything is written.
func printPlan(c *cli.Env, plan account.ImportPlan, how file.Existing) {
	var rows [][]string
	for _, r := range plan.Rows {
		secret := "no"
		if r.Secret {
			secret = "yes"
		}
		rows = append(rows, []string{fmt.Sprint(r.Row), r.Name, string(r.State), secret, orNone(r.Missing(how)), r.Remark(how)})
	}
	cli.Table(c.Out, []string{"ROW", "NAME", "STATE", "SECRET", "MISSING", "REMARK"}, rows)
	if how != file.ExistingBoth {
		printChanges(c.Out, plan)
	}
}

// printImported prints what an import did, or would do.
func printImported(c *cli.Env, plan account.ImportPlan, done account.ImportResult, after imported, how file.Existing, dry bool) error {
	wrong := plan.Count(account.ImportWrong)
	for _, w := range done.Warnings {
		c.Say("Warning: %s", w)
	}
	if c.JSON {
		rows, unstored := []any{}, []string{}
		for _, x := range done.Unstored {
			unstored = append(unstored, x.Name)
		}
		for _, r := range plan.Rows {
			changes := r.Changes
			if changes == nil {
				changes = []account.ImportChange{}
			}
			rows = append(rows, map[string]any{"row": r.Row, "name": r.Name, "state": r.State, "secret": r.Secret, "missing": r.Missing(how), "changes": changes, "says": r.Remark(how), "findings": findings(r.Findings)})
		}
		c.PrintJSON(map[string]any{"rows": rows, "added": done.Added, "updated": done.Updated, "skipped": done.Skipped, "secrets": done.Secrets, "unstored": unstored, "wrong": wrong, "dryRun": dry,
			"lacking": after.lacks, "tests": after.tests})
	} else {
		if dry {
			fmt.Fprintf(c.Out, "Nothing was written: %d new, %d existing (%s), %d with errors. It would add %d, update %d and skip %d.\n", plan.Count(account.ImportNew), plan.Count(account.ImportThere), how, wrong, done.Added, done.Updated, done.Skipped)
		} else {
			fmt.Fprintf(c.Out, "%d added, %d updated, %d skipped.\n", done.Added, done.Updated, done.Skipped)
		}
		if len(after.rows) > 0 {
			cli.Table(c.Out, []string{"NAME", "RESULT", "SUMMARY"}, after.rows)
		}
		if len(after.lacks) > 0 {
			fmt.Fprintln(c.Out, "These cannot sign in yet:")
			printLacking(c.Out, after.lacks)
		}
	}
	switch {
	case wrong > 0:
		return cli.Reported(cli.ExitData)
	case len(done.Unstored) > 0:
		return cli.Reported(cli.ExitConnection)
	case dry:
		return cli.Ended(cli.ExitDone, cli.ReasonChecked)
	}
	return nil
}

// printLacking prints what connections lack, once for all that lack the same.
func printLacking(w io.Writer, all []lacking) {
	type lack struct{ says, command string }
	who := map[lack][]string{}
	for _, l := range all {
		x := lack{l.Lacks, l.Command}
		who[x] = append(who[x], l.Name)
	}
	for _, l := range all {
		x := lack{l.Lacks, l.Command}
		if names := who[x]; names[0] == l.Name {
			fmt.Fprintf(w, "  %s: %s\n    %s\n", humanize.ListSome(names, 8), l.Lacks, l.Command)
		}
	}
}

// findings are what is wrong with the fields of a row, as JSON.
func findings(all []connection.Finding) []map[string]string {
	list := []map[string]string{}
	for _, f := range all {
		list = append(list, map[string]string{"field": string(f.Field), "level": string(f.Level), "sentence": f.Sentence, "remedy": f.Remedy})
	}
	return list
}
