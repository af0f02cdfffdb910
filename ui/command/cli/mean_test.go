package cli

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestDidYouMean: a slip in a command or a flag is answered with what was meant.
func TestDidYouMean(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"sned":             "Did you mean send?",
		"send --practise":  "Did you mean --practice?",
		"xyzzy":            "\"xyzzy\" is not a command of pushdesk\n",
		"send --qqqqqqqqq": "unknown flag: --qqqqqqqqq\n",
	} {
		root := &cobra.Command{Use: "pushdesk", Args: NoArguments, SilenceErrors: true, SilenceUsage: true, RunE: func(*cobra.Command, []string) error { return nil }}
		send := &cobra.Command{Use: "send", RunE: func(*cobra.Command, []string) error { return nil }}
		send.Flags().Bool("practice", false, "")
		root.AddCommand(send)
		root.SetFlagErrorFunc(flagError)
		root.SetArgs(strings.Fields(line))
		root.SetOut(io.Discard)
		root.SetErr(io.Discard)
		if err := root.Execute(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
}
