package cli

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// fyneModule is the toolkit of the window. The program for terminals is built without it.
const fyneModule = "fyne.io/fyne/v2"

// build is what `version` answers.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
	Fyne    string `json:"fyne"`
	System  string `json:"system"`
	Arch    string `json:"architecture"`
}

// buildOf puts together what this program was built from.
func (c *Env) buildOf() build {
	b := build{Version: c.Version, Commit: c.Commit, Go: runtime.Version(), System: runtime.GOOS, Arch: runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == fyneModule {
				b.Fyne = m.Version
			}
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && b.Commit == "" {
				b.Commit = s.Value
			}
		}
	}
	return b
}

// VersionCommand says what the program was built from.
func VersionCommand(c *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version, and what the program was built from",
		Args:  NoArguments,
		RunE: func(*cobra.Command, []string) error {
			b := c.buildOf()
			return c.Answer(b, func(w io.Writer) {
				fyne, commit := b.Fyne, b.Commit
				if fyne == "" {
					fyne = "none: this program has no window"
				}
				if commit == "" {
					commit = "not known"
				}
				Facts(w, "Pushdesk", b.Version, "Commit", commit, "Go", b.Go, "Fyne", fyne, "System", fmt.Sprintf("%s, %s", b.System, b.Arch))
			})
		},
	}
}
