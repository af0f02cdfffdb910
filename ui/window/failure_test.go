package window

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"pushdesk/storage"
	"pushdesk/ui/window/windowtest"
)

// A start that fails is said in a window.
func TestAFailedStartIsShown(t *testing.T) {
	a := test.NewTempApp(t)
	w := newFailure(a, &storage.FileError{Path: "/home/ann/pushdesk/connections.json", Full: true, Err: errors.New("no space left")})
	defer w.Close()
	w.Show()
	c := w.Canvas()
	windowtest.Sees(t, c, "The disk is full", "Free some space", "Pushdesk cannot start", "Close")
	windowtest.Press(t, c, "Copy details")
	if text := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(text, "no space left") {
		t.Errorf("copied %q", text)
	}
}
