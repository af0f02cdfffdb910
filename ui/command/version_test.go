package command

import (
	"runtime"
	"testing"

	"pushdesk/ui/command/cli"
)

// TestVersion says what the program was built from, in words and as JSON.
func TestVersion(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "version")
	x.says("Pushdesk", "test", "Commit", runtime.Version(), runtime.GOOS)
	for _, line := range [][]string{{"version", "--json"}, {"--version", "--json"}, {"--json", "--version"}} {
		x.want(cli.ExitDone, line...)
		var v struct{ Version, Go, System, Architecture string }
		x.document(&v)
		if v.Version != "test" || v.Go != runtime.Version() || v.System != runtime.GOOS || v.Architecture != runtime.GOARCH {
			t.Errorf("%v: %+v", line, v)
		}
	}
}
