package connections

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func connectionRemove(c *cli.Env) *cobra.Command {
	var sure []string
	cmd := &cobra.Command{
		Use:   "remove NAME...",
		Short: "Remove connections and their stored secrets",
		Long: `Remove connections and their stored secrets from this computer. This cannot be undone.
For a production connection the name must be typed, or given with --yes-remove.`,
		Args:              cli.SomeArguments("connection"),
		ValidArgsFunction: CompleteConnections(c),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			all, err := named(a, args)
			if err != nil {
				return err
			}
			return runConnectionRemove(ctx, c, a, all, sure)
		}),
	}
	cmd.Flags().StringArrayVar(&sure, "yes-remove", nil, "`NAME` of a production connection that may be removed without asking (repeatable)")
	return cmd
}

func runConnectionRemove(ctx context.Context, c *cli.Env, a *app.App, all []connection.Connection, sure []string) error {
	for _, conn := range all {
		given := ""
		if slices.ContainsFunc(sure, func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), conn.Name) }) {
			given = conn.Name
		}
		if conn.Careful() && !c.Types(conn.Name, fmt.Sprintf("%q is a production connection.", conn.Name), given) {
			return cli.Unanswered("%q is a production connection, so nothing was removed: type its name, or give --yes-remove %q", conn.Name, conn.Name)
		}
	}
	removed, err := a.RemoveAll(ctx, all)
	if err != nil {
		return err
	}
	documents := []map[string]any{}
	for _, r := range removed {
		if r.Warning != "" {
			c.Say("Warning: %s", r.Warning)
		}
		documents = append(documents, connectionDocument(c, r.Connection, ""))
	}
	document := map[string]any{"removedAll": documents}
	if len(documents) == 1 {
		document = map[string]any{"removed": documents[0]}
	}
	return c.Answer(document, func(w io.Writer) {
		for _, r := range removed {
			what := " and its stored secret"
			if r.Warning != "" {
				what = ""
			}
			fmt.Fprintf(w, "Removed connection %q%s.\n", r.Connection.Name, what)
		}
	})
}
