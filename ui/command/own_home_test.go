package command

import (
	"os"
	"path/filepath"
	"testing"

	"pushdesk/assets"
	"pushdesk/ui/command/cli"
)

// TestHomeOfItsOwn: what a command keeps is in the home that it was given, and not in that
// of the process.
func TestHomeOfItsOwn(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "connection", "add", "--name", "Try", "--cloud", "practice")
	x.want(cli.ExitDone, "inspect", "sample")
	for _, name := range []string{"connections.json", assets.SampleName} {
		if _, err := os.Stat(filepath.Join(x.home, name)); err != nil {
			t.Error(err)
		}
	}
}
