package window

import (
	"runtime"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/page"
)

// menu carries every command with its shortcut.
func (w *Window) menu() *fyne.MainMenu {
	var file []*fyne.MenuItem
	for _, place := range w.places {
		if c, ok := w.pages[place].(commander); ok {
			for _, item := range c.Commands() {
				item.Action = w.unlessAsked(item.Action)
				file = append(file, item)
			}
		}
	}
	var view []*fyne.MenuItem
	for _, place := range w.places {
		if place == pageOfOthers {
			continue
		}
		item := fyne.NewMenuItem(place.Label(), w.unlessAsked(func() { w.Open(place) }))
		for i, p := range page.Places {
			if p == place {
				item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyName(strconv.Itoa(i + 1)), Modifier: fyne.KeyModifierShortcutDefault}
			}
		}
		view = append(view, item)
	}
	quit := fyne.NewMenuItem("Quit", w.unlessAsked(w.close))
	quit.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault}
	quit.IsQuit = true
	w.hear(view)
	w.hear(append(file[:len(file):len(file)], quit))
	if len(file) > 0 {
		file = append(file, fyne.NewMenuItemSeparator())
	}
	return fyne.NewMainMenu(fyne.NewMenu("File", append(file, quit)...), fyne.NewMenu("View", view...))
}

// hear makes the canvas hear the shortcuts of a menu and writes them into its labels:
// Fyne draws them with a fifth of the letters' strength, which cannot be read. The menu
// of macOS draws and hears its own.
func (w *Window) hear(items []*fyne.MenuItem) {
	if runtime.GOOS == "darwin" {
		return
	}
	size := fynetheme.Size(fynetheme.SizeNameText)
	width := func(s string) float32 { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width }
	var widest float32
	for _, item := range items {
		widest = max(widest, width(item.Label))
	}
	for _, item := range items {
		c, ok := item.Shortcut.(*desktop.CustomShortcut)
		if !ok {
			continue
		}
		act := item.Action
		w.keys.AddShortcut(c, func(fyne.Shortcut) { act() })
		w.win.Canvas().AddShortcut(c, w.keys.TypedShortcut)
		item.Shortcut = nil
		blanks := int((widest+32-width(item.Label))/width(" ") + 0.5)
		item.Label += strings.Repeat(" ", blanks) + "Ctrl+" + string(c.KeyName)
	}
}

// unlessAsked keeps shortcuts from reaching the pages under an open dialog.
func (w *Window) unlessAsked(f func()) func() {
	return func() {
		if len(w.win.Canvas().Overlays().List()) == 0 {
			f()
		}
	}
}
