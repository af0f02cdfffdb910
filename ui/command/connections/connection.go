// Package connections holds the commands that manage connections and what they stand on:
// their secrets, the vault and the network settings.
package connections

import (
	"github.com/spf13/cobra"

	"pushdesk/ui/command/cli"
)

func ConnectionCommand(c *cli.Env) *cobra.Command {
	return cli.Group("connection", "Add, edit, list, remove, test, import and export connections; replace their secrets", "",
		connectionAdd(c), connectionEdit(c), connectionList(c), connectionShow(c), connectionRemove(c), connectionTest(c),
		connectionSignIn(c), connectionRotate(c), connectionImport(c), connectionExport(c), connectionLabel(c), connectionBrowse(c))
}
