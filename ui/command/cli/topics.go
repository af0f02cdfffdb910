package cli

import (
	_ "embed"

	"github.com/spf13/cobra"
)

//go:embed json.md
var aboutJSON string

// Topics are pages of the help that are no commands.
func Topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "json", Short: "The JSON that commands print with --json", Long: aboutJSON},
	}
}
