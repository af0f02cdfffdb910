//go:build display

package windowtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/file"
)

// TestTheWindowKeepsItsSize goes over the pages in a small window, and in a large one on
// a screen with large points: the window never grows, and chips stay in their card.
func TestTheWindowKeepsItsSize(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int
		env           []string
	}{
		{"least", 860, 560, nil},
		{"small", 880, 580, nil},
		{"large points", 1440, 900, []string{"FYNE_SCALE=1.5"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := t.TempDir()
			store, err := file.Open(filepath.Join(home, "connections.json"))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"Marketing", "Sales EU"} {
				if _, err := store.Add(connection.Connection{Name: name, Cloud: connection.CloudPractice, Credential: connection.CredentialPractice,
					Environment: connection.EnvironmentProduction, Tags: []string{"finance", "month end", "controlling", "sales and marketing"}}); err != nil {
					t.Fatal(err)
				}
			}
			p := Start(t, Options{Home: home, Width: c.width, Height: c.height, Env: c.env})
			same := func(where string) {
				t.Helper()
				if s := p.Screen(); int(s.Width) != c.width || int(s.Height) != c.height {
					t.Errorf("on %s the window is %v x %v", where, s.Width, s.Height)
				}
			}
			p.WaitFor("2 connections")
			same("the list")
			p.Press("Test")
			p.WaitFor("Copy report")
			p.calm()
			same("the test")
			p.Press("Edit")
			p.WaitFor("Edit Marketing")
			same("the form")
			p.Key("Escape")
			p.Press("Upload")
			p.Press("Use the sample workbook")
			p.WaitFor("Next: Destination")
			p.calm()
			same("the source")
			p.Press("Next: Destination")
			p.WaitFor("Next: Columns")
			p.calm()
			same("the destination")
			p.Press("Activity")
			p.Press("Settings")
			p.WaitFor("Appearance")
			p.calm()
			same("the settings")
		})
	}
}

// TestADisplayThatDoesNotAnswer is one sentence, what to do, and exit code 1.
func TestADisplayThatDoesNotAnswer(t *testing.T) {
	c := exec.Command(os.Getenv(binaryVariable))
	c.Env = append(os.Environ(), "DISPLAY=:999", "WAYLAND_DISPLAY=", "PUSHDESK_HOME="+t.TempDir())
	out, err := c.CombinedOutput()
	said := string(out)
	if c.ProcessState == nil || c.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v", err)
	}
	if !strings.Contains(said, `The display ":999" does not answer`) || !strings.Contains(said, "pushdesk send FILE --practice") || strings.Contains(said, "goroutine") {
		t.Errorf("it says:\n%s", said)
	}
}
