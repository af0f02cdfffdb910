// Package command is Pushdesk without a window: the same jobs for a terminal, a
// scheduler or a build. It holds no rules; it reads flags, calls ui/app and the
// packages below it, and prints what they answer.
//
// Every command takes --json and then prints exactly one JSON document on
// standard output. Progress and remarks go to standard error. Secrets are read
// from standard input, a prompt or the environment, never from an argument.
package command

import (
	"context"
	"sync"

	"pushdesk/ui/command/cli"
	"pushdesk/ui/command/connections"
	"pushdesk/ui/command/table"
	"pushdesk/ui/command/team"

	"github.com/spf13/cobra"
)

// Main runs one command line and returns the program's exit code.
func Main(ctx context.Context, args []string, w cli.World) int {
	c := &cli.Env{World: w}
	return c.Run(ctx, newRoot(c), args)
}

// noMousetrap keeps cobra from ending a program that was started with a double click on
// Windows.
var noMousetrap = sync.OnceFunc(func() { cobra.MousetrapHelpText = "" })

func newRoot(c *cli.Env) *cobra.Command {
	noMousetrap()
	root := &cobra.Command{
		Use:   "pushdesk",
		Short: "Test Power BI connections and send spreadsheet rows into push datasets",
		Long: `Pushdesk keeps named Power BI connections with their secrets in the system's
keychain, proves that they work, and sends the rows of a workbook into a push
dataset. Without a command it opens its window.

Screen readers cannot read the window; everything it does, the commands do.

Nothing to set up for a first try:
  pushdesk send sample --practice

Pages of the help: pushdesk help entra (what an administrator does first), schedule,
json, json-schema and practice-paths.

` + cli.ExitHelp(),
		Args:          cli.NoArguments,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       c.Version,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, flag := range []string{"json", "quiet", "log-times"} {
				if cmd.Flags().Changed(flag) {
					return cli.NoEffect("--"+flag, "without a command the window is opened")
				}
			}
			return c.OpenWindow(cmd.Context())
		},
	}
	root.AddCommand(practiceCommand(c), c.WithoutRuns(mappingCommand(c)), c.WithoutRuns(connections.ConnectionCommand(c)), c.WithoutRuns(team.Command(c)), inspectCommand(c), sendCommand(c), table.Command(c), runsCommand(c), c.WithoutRuns(connections.SecretsCommand(c)), c.WithoutRuns(connections.VaultCommand(c)), c.WithoutRuns(connections.NetworkCommand(c)), cli.VersionCommand(c))
	root.AddCommand(cli.Topics()...)
	root.SetHelpCommand(cli.Help(root, connections.EntraHelp(c)))
	return root
}
