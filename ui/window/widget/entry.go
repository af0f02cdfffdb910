package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Entry is Fyne's entry with four habits more: Escape and Enter reach the dialog
// around it, pasted text can be cleaned, Tab works as everywhere, and a ring shows
// that the keyboard is on it.
type Entry struct {
	fynewidget.Entry
	ring *Rect
	// Clean, when set, is applied to text as it is pasted.
	Clean  func(string) string
	search bool // Escape clears it
}

// NewEntry makes an entry of one line.
func NewEntry(placeholder string) *Entry {
	e := &Entry{ring: NewRect("", "", theme.RadiusInput)}
	e.ring.Width = 2
	e.PlaceHolder = placeholder
	e.ExtendBaseWidget(e)
	return e
}

// NewNotes makes an entry of several lines.
func NewNotes(placeholder string, rows int) *Entry {
	e := NewEntry(placeholder)
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(rows)
	return e
}

// NewPassword makes an entry whose text is hidden until its eye is pressed.
func NewPassword(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.Password = true
	var eye *Button
	eye = NewIconButton(theme.IconEye, "Show or hide", func() {
		e.Password = !e.Password
		if e.Password {
			eye.SetIcon(theme.IconEye)
		} else {
			eye.SetIcon(theme.IconEyeOff)
		}
		e.Refresh()
	})
	e.ActionItem = eye
	return e
}

// NewPath makes an entry for the path of a file, with a button that chooses one.
func NewPath(placeholder string, choose func()) *Entry {
	e := NewEntry(placeholder)
	e.ActionItem = NewIconButton(theme.IconFolder, "Choose a file", choose) // before the first text: Fyne looks once
	return e
}

// NewSearch makes an entry with a magnifying glass.
func NewSearch(placeholder string, changed func(string)) *Entry {
	e := NewEntry(placeholder)
	e.search = true
	e.Icon = theme.IconSearch.Resource(theme.ColorMuted)
	e.OnChanged = changed
	return e
}

// FocusGained and FocusLost implement fyne.Focusable.
func (e *Entry) FocusGained() { e.Entry.FocusGained(); e.ring.SetColors("", theme.ColorFocusRing) }
func (e *Entry) FocusLost()   { e.Entry.FocusLost(); e.ring.SetColors("", "") }

// AcceptsTab keeps Tab for going on, also in an entry of several lines: there
// would be no way out of it with the keyboard.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey passes on what an entry has no use for.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		if e.search && e.Text != "" {
			e.SetText("")
			return
		}
		PassKey(e, k)
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		if !e.MultiLine && e.OnSubmitted == nil {
			PassKey(e, k)
			return
		}
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut cleans what is pasted, and passes the shortcuts of the window on.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if p, ok := s.(*fyne.ShortcutPaste); ok && e.Clean != nil && p.Clipboard != nil {
		s = &fyne.ShortcutPaste{Clipboard: pasted(e.Clean(p.Clipboard.Content())), Secondary: p.Secondary}
	}
	if _, ours := s.(*desktop.CustomShortcut); ours { // of the window, which an input has no use for
		PassShortcut(e, s)
		return
	}
	e.Entry.TypedShortcut(s)
}

// pasted is a clipboard that holds one text.
type pasted string

func (p pasted) Content() string   { return string(p) }
func (p pasted) SetContent(string) {}

// Bare is an entry as it stands on a page: with its ring, and without the scroll
// bar that Fyne draws through a line that is longer than the entry. A Field does
// this by itself.
func Bare(e *Entry) fyne.CanvasObject {
	var inner fyne.CanvasObject = e
	if !e.MultiLine {
		inner = container.NewThemeOverride(e, noBars{})
	}
	return &fyne.Container{Layout: overlay{}, Objects: []fyne.CanvasObject{inner, e.ring}}
}

// noBars is the theme in use, without scroll bars.
type noBars struct{}

func current() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (noBars) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	return current().Color(n, v)
}
func (noBars) Font(s fyne.TextStyle) fyne.Resource     { return current().Font(s) }
func (noBars) Icon(n fyne.ThemeIconName) fyne.Resource { return current().Icon(n) }
func (noBars) Size(n fyne.ThemeSizeName) float32 {
	if n == fynetheme.SizeNameScrollBar || n == fynetheme.SizeNameScrollBarSmall {
		return 0
	}
	return current().Size(n)
}
