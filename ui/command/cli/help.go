package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// Help shows the help of a command below root, and pages that are commands of its own.
func Help(root *cobra.Command, pages ...*cobra.Command) *cobra.Command {
	help := &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command, or a page such as: pushdesk help entra",
		RunE: func(help *cobra.Command, args []string) error {
			if err := TextOnly(help, args); err != nil {
				return err
			}
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return Usage("There is no help about %q\nSee: pushdesk --help", strings.Join(args, " "))
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
	help.AddCommand(pages...)
	return help
}
