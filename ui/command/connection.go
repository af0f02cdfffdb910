package command

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/ui/app"
)

func connectionCommand(c *commander) *cobra.Command {
	return group("connection", "Add, edit, list, remove, test and import connections; replace their secrets", "",
		connectionAdd(c), connectionEdit(c), connectionList(c), connectionShow(c), connectionRemove(c), connectionTest(c),
		connectionSignIn(c), connectionRotate(c), connectionImport(c), connectionLabel(c))
}

// atConnection makes the body of a command of what it does with the connection that its
// argument names.
func atConnection(c *commander, run func(ctx context.Context, a *app.App, conn connection.Connection) error) func(*cobra.Command, []string) error {
	return c.with(func(ctx context.Context, a *app.App, args []string) error {
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

func completeConnections(c *commander) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		if a, err := c.open(); err == nil {
			for _, conn := range a.Connections.List() {
				names = append(names, conn.Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
