package command

import (
	"github.com/spf13/cobra"

	"pushdesk/ui/command/cli"
)

func runsCommand(c *cli.Env) *cobra.Command {
	return cli.Group("runs", "List, show, resume, undo and delete what was sent from this computer", "",
		c.ReadingRuns(runsList(c)), c.ReadingRuns(runsShow(c)), runsResume(c), runsResolve(c), runsUndo(c), runsAgain(c), runsRejects(c), runsResend(c), c.ReadingRuns(runsExport(c)), runsDelete(c), runsKeep(c))
}
