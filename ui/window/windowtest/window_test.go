//go:build display

package windowtest

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/file"
)

// TestFyneNoticesTheWrongThread proves that the checks which every other test
// relies on are switched on in the program under test.
func TestFyneNoticesTheWrongThread(t *testing.T) {
	p := Start(t, Options{})
	p.WaitFor("No connections yet")
	p.ask(Question{WrongThread: true})
	p.until("Fyne complains", func() bool { return strings.Contains(p.said(), threadError) })
	p.forgiven = true
}

// TestTheKeyboardIsEnough edits a connection and goes about without a pointer.
func TestTheKeyboardIsEnough(t *testing.T) {
	home := t.TempDir()
	store, err := file.Open(filepath.Join(home, "connections.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Marketing", "Sales EU"} {
		if _, err := store.Add(connection.Connection{Name: name, Cloud: connection.CloudPractice, Credential: connection.CredentialPractice}); err != nil {
			t.Fatal(err)
		}
	}
	p := Start(t, Options{Home: home})
	p.WaitFor("2 connections")
	p.TabTo("Search, or tag:finance")
	p.TabTo("other") // the list
	p.Key("Down")
	p.until("the second connection is shown", func() bool { return strings.Count(p.Screen().Words(), "Sales EU") == 2 })
	p.TabTo("Edit")
	p.Key("Return")
	p.WaitFor("Edit Sales EU")
	p.until("the keyboard is on the name", func() bool { return p.Focused() == "Name" })
	p.Key("ctrl+a")
	p.Type("Sales Europe")
	p.WaitFor("Sales Europe")
	p.Key("Return")
	p.WaitFor("2 connections", "Sales Europe")
	p.TabTo("Search, or tag:finance")
	p.Key("ctrl+n") // an input has the keyboard
	p.WaitFor("New connection", "Tenant ID")
	p.Key("Escape")
	p.WaitFor("2 connections")
	p.TabTo("More")
	p.Key("space")
	p.until("the menu is open", func() bool { return p.Screen().Over && p.Says("Rename") })
	p.Key("Escape")
	p.until("the menu is closed", func() bool { return !p.Screen().Over })
	p.Key("ctrl+3")
	p.WaitFor("Nothing has been sent yet")
	kept, err := file.Open(filepath.Join(home, "connections.json"))
	if err != nil {
		t.Fatal(err)
	}
	if list := kept.List(); len(list) != 2 || list[1].Name != "Sales Europe" {
		t.Errorf("kept %+v", list)
	}
	p.Key("ctrl+q")
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.fail("Ctrl+Q does not close the window")
	}
}
