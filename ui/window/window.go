// Package window is Pushdesk's window: the shell with its sidebar, and the pages.
// It decides nothing about connections, workbooks or sending; that lives in
// ui/desk and below, and is shared with the command line.
package window

import (
	"errors"
	"os"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/ui/window/page"
	"pushdesk/ui/window/prefs"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// What is kept in preferences: only how the window looks.
const (
	prefTheme  = "theme"
	prefWidth  = "window.width"
	prefHeight = "window.height"
	prefPlace  = "window.place"
	prefTest   = "connections.testAtStart"
	prefByName = "connections.byName"
)

// Keep returns an app that keeps how the window looks in the program's home. What earlier
// versions have kept elsewhere is taken over once.
func Keep(a fyne.App, home string) *prefs.App {
	before, kept := a.Preferences(), prefs.Keep(a, home)
	now := kept.Preferences()
	if now.String(prefPlace) != "" {
		return kept
	}
	for _, key := range []string{prefTheme, prefPlace} {
		now.SetString(key, now.StringWithFallback(key, before.String(key)))
	}
	for _, key := range []string{prefWidth, prefHeight} {
		if size := before.Float(key); size > 0 {
			now.SetFloat(key, now.FloatWithFallback(key, size))
		}
	}
	for _, key := range []string{prefTest, prefByName} {
		now.SetBool(key, now.BoolWithFallback(key, before.Bool(key)))
	}
	return kept
}

// The size at first start, and the least the pages are drawn for.
var (
	startSize    = fyne.NewSize(1180, 760)
	leastSize    = fyne.NewSize(860, 560)
	leastContent = leastSize.SubtractWidthHeight(0, 44) // below the menu bar, which Fyne adds
)

// pageOfOthers is opened from other pages: the sidebar does not list it.
const pageOfOthers = page.Table

// Window is the program's one window.
type Window struct {
	app     fyne.App
	win     fyne.Window
	work    *task.Work
	toasts  *widget.Toasts
	sidebar *sidebar
	places  []page.Place
	pages   map[page.Place]page.Page
	area    *fyne.Container
	current page.Place
	choice  theme.Choice
	keys    fyne.ShortcutHandler // the shortcuts of the menus
}

var _ page.Host = (*Window)(nil)

// newShell makes the window without pages.
func newShell(a fyne.App, p task.Poster) *Window {
	w := &Window{app: a, win: a.NewWindow("Pushdesk"), work: task.NewWork(p), pages: map[page.Place]page.Page{}}
	w.choice = theme.ParseChoice(a.Preferences().String(prefTheme))
	a.Settings().SetTheme(theme.New(w.choice))
	w.toasts = widget.NewToasts(w.work)
	w.win.SetIcon(theme.Logo())
	w.win.SetPadded(false)
	w.win.SetMaster()
	return w
}

// fill puts the pages in; a place without a page is left out of the sidebar.
func (w *Window) fill(pages map[page.Place]page.Page, first page.Place) {
	var contents []fyne.CanvasObject
	for _, place := range append(slices.Clone(page.Places), page.Table) {
		if page, ok := pages[place]; ok {
			w.places = append(w.places, place)
			w.pages[place] = page
			content := page.Content()
			content.Hide()
			contents = append(contents, content)
		}
	}
	listed := slices.DeleteFunc(slices.Clone(w.places), func(p page.Place) bool { return !slices.Contains(page.Places, p) })
	w.sidebar = newSidebar(listed, w.Open)
	w.area = container.NewStack(contents...)
	w.win.SetContent(widget.Fixed(leastContent, container.NewStack(
		container.NewBorder(nil, nil, w.sidebar.content, nil, w.area), w.toasts.Object())))
	w.win.SetMainMenu(w.menu())
	w.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { w.dropped(uris) })
	w.win.SetCloseIntercept(w.close)
	prefs := w.app.Preferences()
	w.win.Resize(fyne.NewSize(
		float32(prefs.FloatWithFallback(prefWidth, float64(startSize.Width))),
		float32(prefs.FloatWithFallback(prefHeight, float64(startSize.Height)))))
	for _, wish := range []page.Place{page.Place(os.Getenv("PUSHDESK_PAGE")), first, w.places[0]} {
		if _, ok := w.pages[wish]; ok {
			w.Open(wish)
			break
		}
	}
}

// Work implements Host.
func (w *Window) Work() *task.Work { return w.work }

// Window implements Host.
func (w *Window) Window() fyne.Window { return w.win }

// Toast implements Host.
func (w *Window) Toast(text string) { w.toasts.Show(text) }

// Offer says that something is done, with a button that does something about it.
func (w *Window) Offer(text, action string, do func()) { w.toasts.Offer(text, action, do) }

// Open implements Host.
func (w *Window) Open(p page.Place) {
	page, ok := w.pages[p]
	if !ok || w.current == p {
		return
	}
	for i, place := range w.places {
		if place == p {
			w.area.Objects[i].Show()
		} else {
			w.area.Objects[i].Hide()
		}
	}
	w.current = p
	if p != pageOfOthers { // it belongs to the page that it was opened from
		w.sidebar.choose(p)
	}
	w.win.SetTitle(p.Label() + " - Pushdesk")
	w.win.Canvas().Unfocus()
	if p != pageOfOthers {
		w.app.Preferences().SetString(prefPlace, string(p))
	}
	page.Shown()
}

// Choice is the theme the person asked for.
func (w *Window) Choice() theme.Choice { return w.choice }

// Choose changes the theme and remembers it.
func (w *Window) Choose(c theme.Choice) {
	w.choice = c
	w.app.Preferences().SetString(prefTheme, string(c))
	w.app.Settings().SetTheme(theme.New(c))
}

// SortedByName tells whether the list of connections is in the order of their names,
// not of their last use.
func (w *Window) SortedByName() bool { return w.app.Preferences().Bool(prefByName) }

// SetSortedByName changes that.
func (w *Window) SetSortedByName(on bool) { w.app.Preferences().SetBool(prefByName, on) }

// TestAtStart tells whether all connections are tested when the window opens.
func (w *Window) TestAtStart() bool { return w.app.Preferences().Bool(prefTest) }

// SetTestAtStart changes that, from the next start on.
func (w *Window) SetTestAtStart(on bool) { w.app.Preferences().SetBool(prefTest, on) }

// dropped hands files to the page in front if it takes them, else to the first
// page that does.
func (w *Window) dropped(uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	switch {
	case len(uris) == 0:
		return
	case len(paths) == 0:
		w.Toast("Only files of this computer can be dropped here.")
		return
	case len(w.win.Canvas().Overlays().List()) > 0:
		w.Toast("Close what is open in front first, then drop the file again.")
		return
	}
	for _, place := range append([]page.Place{w.current}, w.places...) {
		if d, ok := w.pages[place].(dropper); ok {
			w.Open(place)
			d.Dropped(paths)
			return
		}
	}
}

// close asks first when a page has work that would stop.
func (w *Window) close() {
	for _, place := range w.places {
		b, ok := w.pages[place].(busy)
		if !ok {
			continue
		}
		if question := b.Busy(); question != "" {
			widget.Confirm(w.win, "Close Pushdesk?", question, "Stop and close", w.end)
			return
		}
	}
	w.end()
}

func (w *Window) end() {
	for _, place := range w.places {
		if c, ok := w.pages[place].(closer); ok {
			c.Closing()
		}
	}
	s := w.win.Canvas().Size()
	w.app.Preferences().SetFloat(prefWidth, float64(s.Width))
	w.app.Preferences().SetFloat(prefHeight, float64(s.Height))
	w.win.Hide() // what is on its way is waited for, but not looked at
	w.work.Close()
	w.win.Close()
}

// Close ends the window's background work and waits for it. It may be called from
// any goroutine, and again.
func (w *Window) Close() error {
	w.work.Close()
	return nil
}

// ShowAndRun shows the window and returns when it is closed, by a person or by a
// signal, which Fyne listens for. It is followed by Close. Fyne's hook for the end
// (SetOnStopped) is not used: it is run when the loop that should run it has ended,
// and about once in a hundred times Fyne then waits for good.
// The error says that no window can be made here.
func (w *Window) ShowAndRun() error {
	w.watched()
	started := false
	w.app.Lifecycle().SetOnStarted(func() { started = true })
	var err error
	return errors.Join(opening(func() bool { return started }, func() {
		if err = shown(w.win); err == nil {
			w.app.Run()
		}
	}), err)
}
