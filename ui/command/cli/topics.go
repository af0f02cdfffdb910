package cli

import (
	_ "embed"

	"github.com/spf13/cobra"
)

//go:embed json.md
var aboutJSON string

//go:embed practice.md
var aboutPractice string

//go:embed schedule.md
var aboutSchedule string

// Schema is the JSON Schema of what commands print with --json.
//
//go:embed schema.json
var Schema string

// Topics are pages of the help that are no commands.
func Topics() []*cobra.Command {
	return []*cobra.Command{
		topic("json", "The JSON that commands print with --json", aboutJSON),
		topic("json-schema", "Its JSON Schema", Schema),
		topic("practice-paths", "The paths of the practice service that change it and cause faults", aboutPractice),
		topic("schedule", "Pushdesk on a schedule: cron, systemd and Task Scheduler", aboutSchedule),
	}
}

// topic is a page of the help, which is printed as it is.
func topic(name, short, text string) *cobra.Command {
	cmd := &cobra.Command{Use: name, Short: short, Long: text}
	cmd.SetHelpFunc(func(cmd *cobra.Command, _ []string) { cmd.Print(text) })
	return cmd
}
