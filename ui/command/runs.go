package command

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/push/history"
	"pushdesk/ui/command/cli"
)

func runsCommand(c *cli.Env) *cobra.Command {
	return cli.Group("runs", "List, show, resume, undo and delete what was sent from this computer", "",
		runsList(c), runsShow(c), runsResume(c), runsUndo(c), runsAgain(c), runsRejects(c), runsResend(c), runsExport(c), runsDelete(c), runsKeep(c))
}

func completeRuns(c *cli.Env) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		a, err := c.Open()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		list, err := a.Runs.List(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var ids []string
		for _, r := range list {
			if r.Resumable || r.Status == history.StatusDone {
				ids = append(ids, fmt.Sprintf("%s\t%s, %s", r.RunID, filepath.Base(r.File), r.Status))
			}
		}
		return ids, cobra.ShellCompDirectiveNoFileComp
	}
}
