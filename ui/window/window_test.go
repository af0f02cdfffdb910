package window

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// plain is a page that remembers what happened to it.
type plain struct {
	content  fyne.CanvasObject
	shown    int
	dropped  []string
	question string
	commands int
}

func newPlain(words string) *plain {
	return &plain{content: widget.Column(0, widget.NewText(words, widget.StyleBody))}
}

func (p *plain) Content() fyne.CanvasObject { return p.content }
func (p *plain) Shown()                     { p.shown++ }
func (p *plain) Busy() string               { return p.question }

// taker also takes files and has a command.
type taker struct{ *plain }

func (p taker) Dropped(paths []string) { p.dropped = append(p.dropped, paths...) }
func (p taker) Commands() []*fyne.MenuItem {
	item := fyne.NewMenuItem("Open workbook", func() { p.commands++ })
	item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyO, Modifier: fyne.KeyModifierShortcutDefault}
	return []*fyne.MenuItem{item}
}

type shell struct {
	*Window
	queue *task.Queue
	pages map[page.Place]*plain
}

func openShell(t *testing.T) shell {
	t.Helper()
	a := test.NewTempApp(t)
	q := &task.Queue{}
	w := newShell(a, q.Post)
	t.Cleanup(w.work.Close)
	s := shell{Window: w, queue: q, pages: map[page.Place]*plain{}}
	pages := map[page.Place]page.Page{}
	for _, p := range page.Places {
		page := newPlain("the page " + p.Label())
		s.pages[p] = page
		pages[p] = page
	}
	pages[page.Upload] = taker{s.pages[page.Upload]}
	w.fill(pages, page.Connections)
	return s
}

// shortcut runs the menu item of Ctrl and a key.
func (s shell) shortcut(t *testing.T, key fyne.KeyName) {
	t.Helper()
	for _, m := range s.win.MainMenu().Items {
		for _, item := range m.Items {
			if strings.HasSuffix(item.Label, "Ctrl+"+string(key)) {
				s.keys.TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault})
				return
			}
		}
	}
	t.Fatalf("no menu item has the shortcut %s", key)
}

func TestNavigation(t *testing.T) {
	s := openShell(t)
	c := s.win.Canvas()
	windowtest.Sees(t, c, "the page Connections", "Upload", "Activity", "Settings")
	windowtest.SeesNot(t, c, "the page Upload")
	for key, place := range map[fyne.KeyName]page.Place{fyne.Key2: page.Upload, fyne.Key3: page.Activity, fyne.Key4: page.Team, fyne.Key5: page.Settings, fyne.Key1: page.Connections} {
		before := s.pages[place].shown
		s.shortcut(t, key)
		windowtest.Sees(t, c, "the page "+place.Label())
		if s.current != place || place != page.Connections && s.pages[place].shown != before+1 {
			t.Errorf("Ctrl+%s: at %s, shown %d times", key, s.current, s.pages[place].shown)
		}
		if s.win.Title() != place.Label()+" - Pushdesk" {
			t.Errorf("the title is %q", s.win.Title())
		}
	}
	for _, item := range windowtest.All[*navItem](c) {
		test.Tap(item)
		windowtest.Sees(t, c, "the page "+item.place.Label())
		if !item.selected {
			t.Errorf("%s is not marked as open", item.place)
		}
	}
	if got := s.app.Preferences().String(prefPlace); got != string(s.current) {
		t.Errorf("remembered %q", got)
	}
	if size := c.Size(); size.Width < 1180 || size.Height < 760 {
		t.Errorf("the window starts at %v", size)
	}
}

func TestShortcutsRestUnderADialog(t *testing.T) {
	s := openShell(t)
	d := widget.Confirm(s.win, "Delete?", "For good.", "Delete", func() {})
	s.shortcut(t, fyne.Key2)
	s.shortcut(t, fyne.KeyO)
	if s.current != page.Connections || s.pages[page.Upload].commands != 0 {
		t.Error("a shortcut reached the page under a dialog")
	}
	d.Close()
	s.shortcut(t, fyne.KeyO)
	if s.pages[page.Upload].commands != 1 {
		t.Error("the page's command does not run")
	}
}

func TestDroppedFilesFindThePageThatTakesThem(t *testing.T) {
	s := openShell(t)
	web, err := storage.ParseURI("https://example.com/a.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	s.Window.dropped([]fyne.URI{web})
	if s.current != page.Connections {
		t.Error("an address on the web was taken for a file")
	}
	if got := s.toasts.Text(); !strings.Contains(got, "Only files of this computer") {
		t.Errorf("it says %q", got)
	}
	s.Window.dropped([]fyne.URI{storage.NewFileURI("/data/Größe 2026.xlsx"), web})
	front := s.pages[page.Upload]
	if s.current != page.Upload || len(front.dropped) != 1 || front.dropped[0] != "/data/Größe 2026.xlsx" {
		t.Errorf("at %s with %q", s.current, front.dropped)
	}
}

// TestAFileUnderADialogIsNotTaken says why not (situation W7).
func TestAFileUnderADialogIsNotTaken(t *testing.T) {
	s := openShell(t)
	d := widget.Confirm(s.win, "Delete?", "For good.", "Delete", func() {})
	s.Window.dropped([]fyne.URI{storage.NewFileURI("/data/one.xlsx")})
	d.Close()
	if got := s.toasts.Text(); len(s.pages[page.Upload].dropped) != 0 || !strings.Contains(got, "Close what is open in front first") {
		t.Errorf("%q, and it says %q", s.pages[page.Upload].dropped, got)
	}
}

func TestClosingAsksWhileWorkIsUnderWay(t *testing.T) {
	s := openShell(t)
	closed := false
	s.win.SetOnClosed(func() { closed = true })
	s.pages[page.Upload].question = "412 rows have been sent. You can continue later from Activity."
	s.close()
	windowtest.Sees(t, s.win.Canvas(), "Close Pushdesk?", "412 rows have been sent")
	windowtest.Press(t, s.win.Canvas(), "Cancel")
	if closed {
		t.Fatal("closed although it was cancelled")
	}
	s.close()
	windowtest.Press(t, s.win.Canvas(), "Stop and close")
	if !closed {
		t.Fatal("did not close")
	}
}

func TestTheThemeIsRemembered(t *testing.T) {
	s := openShell(t)
	s.Choose(theme.Dark)
	if got := s.app.Preferences().String(prefTheme); got != "dark" {
		t.Errorf("remembered %q", got)
	}
	again := newShell(s.app, s.queue.Post)
	t.Cleanup(again.work.Close)
	if again.Choice() != theme.Dark {
		t.Errorf("the next start is %q", again.Choice())
	}
}

func TestAPageCanBeAskedForFromOutside(t *testing.T) {
	t.Setenv("PUSHDESK_PAGE", "activity")
	if s := openShell(t); s.current != page.Activity {
		t.Errorf("opened %q", s.current)
	}
	t.Setenv("PUSHDESK_PAGE", "nowhere")
	if s := openShell(t); s.current != page.Connections {
		t.Errorf("opened %q", s.current)
	}
}

// TestPreferencesOfEarlierVersionsAreTakenOver once: what is changed afterwards stays.
func TestPreferencesOfEarlierVersionsAreTakenOver(t *testing.T) {
	home, a := t.TempDir(), test.NewTempApp(t)
	a.Preferences().SetString(prefTheme, "dark")
	a.Preferences().SetFloat(prefWidth, 1000)
	a.Preferences().SetString(prefPlace, string(page.Upload))
	a.Preferences().SetBool(prefByName, true)
	kept := Keep(a, home)
	p := kept.Preferences()
	if p.String(prefTheme) != "dark" || p.Float(prefWidth) != 1000 || p.FloatWithFallback(prefHeight, 7) != 7 || p.String(prefPlace) != string(page.Upload) || !p.Bool(prefByName) || p.Bool(prefTest) {
		t.Errorf("%+v", p)
	}
	p.SetString(prefTheme, "light")
	kept.Close()
	if again := Keep(a, home); again.Preferences().String(prefTheme) != "light" {
		t.Errorf("%q", again.Preferences().String(prefTheme))
	}
}
