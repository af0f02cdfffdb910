// Package connections holds the commands that manage connections and what they stand on:
// their secrets, the vault and the network settings.
package connections

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func ConnectionCommand(c *cli.Env) *cobra.Command {
	return cli.Group("connection", "Add, edit, list, remove, test and import connections; replace their secrets", "",
		connectionAdd(c), connectionEdit(c), connectionList(c), connectionShow(c), connectionRemove(c), connectionTest(c),
		connectionSignIn(c), connectionRotate(c), connectionImport(c), connectionLabel(c))
}

// atConnection makes the body of a command of what it does with the connection that its
// argument names.
func atConnection(c *cli.Env, run func(ctx context.Context, a *app.App, conn connection.Connection) error) func(*cobra.Command, []string) error {
	return c.With(func(ctx context.Context, a *app.App, args []string) error {
		conn, err := a.Connections.Find(args[0])
		if err != nil {
			return err
		}
		return run(ctx, a, conn)
	})
}

// named returns the connections of some names or IDs, each once.
func named(a *app.App, names []string) (all []connection.Connection, err error) {
	for _, name := range names {
		conn, err := a.Connections.Find(name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(all, func(x connection.Connection) bool { return x.ID == conn.ID }) {
			all = append(all, conn)
		}
	}
	return all, nil
}

func CompleteConnections(c *cli.Env) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		if a, err := c.Open(); err == nil {
			for _, conn := range a.Connections.List() {
				names = append(names, conn.Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
