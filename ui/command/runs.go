package command

import (
	"github.com/spf13/cobra"

	"pushdesk/ui/command/cli"
)

func runsCommand(c *cli.Env) *cobra.Command {
	return cli.Group("runs", "List, show, resume, undo and delete what was sent from this computer", "",
		runsList(c), runsShow(c), runsResume(c), runsResolve(c), runsUndo(c), runsAgain(c), runsRejects(c), runsResend(c), runsExport(c), runsDelete(c), runsKeep(c))
}
