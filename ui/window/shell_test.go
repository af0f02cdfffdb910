package window

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"pushdesk/ui/window/page"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// TestTheWindowNeverChangesItsSize: whatever a page needs, the window needs no more
// than its least size, so that Fyne does not make it larger.
func TestTheWindowNeverChangesItsSize(t *testing.T) {
	s := openShell(t)
	s.win.Resize(fyne.NewSize(880, 580))
	for _, place := range page.Places {
		s.pages[place].content.(*fyne.Container).Add(widget.AtLeast(3000, 2000, widget.NewText("wide", widget.StyleBody)))
		s.Window.Open(place)
		if got := s.win.Content().MinSize(); got.Width > leastSize.Width || got.Height >= leastSize.Height {
			t.Errorf("with %s open the window wants to be %v", place, got)
		}
	}
}

// TestAToastLiesOnNoButton: not on those at the bottom right of a page, and it is read to
// its end, however long a name in it is.
func TestAToastLiesOnNoButton(t *testing.T) {
	s := openShell(t)
	next := widget.NewButton(widget.Primary, "", "Next: Destination", nil)
	foot := widget.Inset(theme.PageMargin, widget.Above(widget.Column(0), widget.Row(8, widget.Space(), next)))
	s.area.Objects[0] = foot
	s.area.Refresh()
	for _, size := range []fyne.Size{fyne.NewSize(860, 560), fyne.NewSize(1440, 900)} {
		s.win.Resize(size)
		s.Toast(strings.Repeat("A connection with a long name ", 5) + "is deleted.")
		at := func(o fyne.CanvasObject) (left, top, right, bottom float32) {
			p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
			return p.X, p.Y, p.X + o.Size().Width, p.Y + o.Size().Height
		}
		toast := s.toasts.Object().(*fyne.Container).Objects[0]
		left, top, right, bottom := at(toast)
		x, y, x2, y2 := at(next)
		if left < x2 && x < right && top < y2 && y < bottom {
			t.Errorf("at %v the toast (%v to %v, %v to %v) lies on the button (%v to %v, %v to %v)", size, left, right, top, bottom, x, x2, y, y2)
		}
		if left < 0 || top < 0 {
			t.Errorf("at %v the toast begins at %v, %v", size, left, top)
		}
		drawn := windowtest.Drawn(toast)
		if !strings.HasSuffix(drawn, "is deleted.") {
			t.Errorf("at %v the toast says only %q", size, drawn)
		}
	}
}

// TestShortcutsInMenusCanBeRead: they are part of the label, in its ink.
func TestShortcutsInMenusCanBeRead(t *testing.T) {
	s := openShell(t)
	for _, m := range s.win.MainMenu().Items {
		for _, item := range m.Items {
			if item.Shortcut != nil {
				t.Errorf("%q: Fyne draws its shortcut with a contrast of 1.5 to 1", item.Label)
			}
			if !item.IsSeparator && !strings.Contains(item.Label, "Ctrl+") {
				t.Errorf("%q does not say its shortcut", item.Label)
			}
		}
	}
}
