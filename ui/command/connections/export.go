package connections

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/file"
	"pushdesk/storage"
	"pushdesk/storage/humanize"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// exportOptions say what an export gives along.
type exportOptions struct {
	to         string
	with       string
	recipients []string
	days       int
	overwrite  bool
}

// exportWays are the ways by the words of the command line.
var exportWays = map[string]account.ExportHow{"definition": account.ExportDefinition, "reference": account.ExportReference, "people": account.ExportPeople, "passphrase": account.ExportPassphrase}

func connectionExport(c *cli.Env) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export NAME... --to FILE",
		Short: "Write connections to a file for others, without their secrets or with sealed ones",
		Long: `Write connections to a file that others can import. By default it holds no secret: the
fields, the CA file as text and the columns of the tables you have sent into. It is the
same file each time, so it can be kept in version control: an earlier export is replaced,
another file only with --overwrite.

--with reference adds where a secret manager keeps the secret. --with people seals the
secret to the public keys given with --recipient (pushdesk team key shows one's own).
--with passphrase seals it with a new passphrase, which is shown once: tell it by another
way than the file. A sealed secret is of use only with the addresses and the CA file that it
was sealed for. Everyone who can open a sealed secret can act as the Entra app, also
outside this program.`,
		Example: `  pushdesk connection export Sales Depots --to team.json
  pushdesk connection export Sales --to sales.json --with people --recipient age1...
  pushdesk connection export Sales --to sales.json --with passphrase --days 3`,
		Args:              cli.SomeArguments("connection"),
		ValidArgsFunction: CompleteConnections(c),
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		switch {
		case o.to == "":
			return cli.Usage("Name the file: --to FILE")
		case cmd.Flags().Changed("days") && o.with != "people" && o.with != "passphrase":
			return cli.Usage("--days works with --with people or --with passphrase only")
		case (len(o.recipients) > 0) != (o.with == "people"):
			return cli.Usage("--with people and --recipient KEY belong together")
		}
		return runConnectionExport(ctx, c, a, args, o)
	})
	s := cmd.Flags()
	s.StringVar(&o.to, "to", "", "the `file` to write")
	s.StringVar(&o.with, "with", "definition", "`definition|reference|people|passphrase`: what to give along")
	s.StringArrayVar(&o.recipients, "recipient", nil, "with --with people: public `key` of a person, age1... (repeatable)")
	s.BoolVar(&o.overwrite, "overwrite", false, "replace the file also if it is no earlier export")
	s.IntVar(&o.days, "days", 7, "for how many `days` a sealed secret should be used (advice to the recipient)")
	return cmd
}

func runConnectionExport(ctx context.Context, c *cli.Env, a *app.App, names []string, o exportOptions) error {
	how, ok := exportWays[o.with]
	if !ok {
		return cli.Usage("--with is definition, reference, people or passphrase, not %q", o.with)
	}
	all, err := named(a, names)
	if err != nil {
		return err
	}
	if err := file.MayReplace(o.to); err != nil && !o.overwrite {
		return err
	}
	options := account.ExportOptions{How: how, Recipients: o.recipients, Tables: a.TablesOf}
	if how == account.ExportPeople || how == account.ExportPassphrase {
		if o.days < 1 {
			return cli.Usage("--days is 1 or more")
		}
		options.ValidUntil = connection.DayOf(time.Now().AddDate(0, 0, o.days))
		c.Unlock(ctx, a)
	}
	if how == account.ExportPassphrase {
		options.Passphrase = keychain.SuggestPassphrase()
	}
	content, err := a.Export(ctx, all, options)
	if err != nil {
		return err
	}
	write := storage.Export
	if how == account.ExportPeople || how == account.ExportPassphrase { // it holds secrets, though sealed
		write = storage.WriteFile
	}
	if err := write(o.to, content); err != nil {
		return err
	}
	document := map[string]any{"file": o.to, "connections": len(all), "with": how}
	if options.Passphrase != "" {
		document["passphrase"] = options.Passphrase
	}
	if options.ValidUntil != "" {
		document["validUntil"] = options.ValidUntil
	}
	return c.Answer(document, func(w io.Writer) {
		fmt.Fprintf(w, "%s written to %s.\n", humanize.Count(len(all), "connection"), o.to)
		switch how {
		case account.ExportDefinition:
			fmt.Fprintln(w, "The file holds no secret. Each person enters it once, after the import.")
		case account.ExportReference:
			fmt.Fprintln(w, "The file says where the secret manager keeps the secrets. It holds none.")
		case account.ExportPeople:
			fmt.Fprintf(w, "The secrets are sealed to %s. They can act as the Entra app, also outside this program.\n", humanize.Count(len(o.recipients), "person", "people"))
		case account.ExportPassphrase:
			fmt.Fprintf(w, "Passphrase: %s\nIt is shown only now. Send it another way than the file; ask that it is used until %s.\nEveryone who has both can act as the Entra app, also outside this program.\n", options.Passphrase, options.ValidUntil)
		}
	})
}

// printChanges prints what an import would change in connections that exist, a field a
// line.
func printChanges(w io.Writer, plan account.ImportPlan) {
	for _, r := range plan.Rows {
		for _, change := range r.Changes {
			fmt.Fprintf(w, "  %s: %s: %s -> %s\n", r.Name, change.Field, orNone(change.From), orNone(change.To))
		}
	}
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return strings.Join(strings.Fields(s), " ")
}
