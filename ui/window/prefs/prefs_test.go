package prefs

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestPreferencesAreKeptAtHome is situation L13: what the window remembers is in the program's
// home, and nowhere else.
func TestPreferencesAreKeptAtHome(t *testing.T) {
	home, config := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("HOME", config)
	a := Keep(test.NewTempApp(t), home)
	told := 0
	a.Preferences().AddChangeListener(func() { told++ })
	p := a.Preferences()
	if fyne.CurrentApp().Preferences() != p {
		t.Error("Fyne's dialogs use others")
	}
	p.SetString("theme", "dark")
	p.SetString("theme", "dark")
	p.SetFloat("width", 900.5)
	p.SetInt("view", 2)
	p.SetBool("test", true)
	p.SetStringList("recent", []string{"a", "b"})
	p.SetBool("gone", true)
	p.RemoveValue("gone")
	p.RemoveValue("never")
	if told != 7 || p.String("width") != "" || p.FloatWithFallback("none", 3) != 3 {
		t.Errorf("told %d times, %q", told, p.String("width"))
	}
	a.Close()
	again := Keep(test.NewTempApp(t), home).Preferences()
	if again.String("theme") != "dark" || again.Float("width") != 900.5 || again.Int("view") != 2 || !again.Bool("test") || again.Bool("gone") || len(again.StringList("recent")) != 2 {
		t.Errorf("%+v", again)
	}
	if list, err := os.ReadDir(config); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	if err := os.WriteFile(filepath.Join(home, Name), []byte("null"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := Keep(test.NewTempApp(t), home)
	broken.Preferences().SetString("theme", "light")
	broken.Close()
	if got := Keep(test.NewTempApp(t), home).Preferences().String("theme"); got != "light" {
		t.Errorf("%q", got)
	}
}
