package command

import (
	"github.com/spf13/cobra"

	"pushdesk/ui/command/cli"
)

func runsCommand(c *cli.Env) *cobra.Command {
	return cli.Group("runs", "List, show, resume, undo and delete what was sent from this computer", `A run is named by its ID, by the beginning or the end of the ID (at least 4 characters,
as far as only one run has it), or as last.`,
		runsList(c), runsShow(c), runsResume(c), runsResolve(c), runsUndo(c), runsAgain(c), runsRejects(c), runsResend(c), runsExport(c), runsDelete(c), runsKeep(c))
}
