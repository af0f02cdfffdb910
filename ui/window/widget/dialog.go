package widget

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Dialog asks for a decision. Escape closes it, Enter presses its default
// button, and closing gives the keyboard back to where it was.
type Dialog struct {
	canvas  fyne.Canvas
	popup   *fynewidget.PopUp
	buttons []*Button
	onEnter func()
	closed  func()
	before  func(*fyne.KeyEvent) // the canvas's key handler underneath
	focused fyne.Focusable
	width   float32
}

// NewDialog makes a dialog of the given width. The buttons stand at the right,
// the default one last.
func NewDialog(w fyne.Window, width float32, title string, body fyne.CanvasObject, buttons ...*Button) *Dialog {
	d := &Dialog{canvas: w.Canvas(), buttons: buttons, width: width}
	line := []fyne.CanvasObject{Space()}
	for _, b := range buttons {
		line = append(line, b)
	}
	content := Column(theme.GapLarge, NewParagraph(title, StyleSection), body, Row(8, line...))
	back := NewRect(theme.ColorSurface, theme.ColorHairline, theme.RadiusCard)
	d.popup = fynewidget.NewModalPopUp(container.NewStack(back, Inset(theme.GapLarge, content)), d.canvas)
	if n := len(buttons); n > 0 {
		d.onEnter = func() { buttons[n-1].Tapped(nil) }
	}
	return d
}

// OnClosed runs f once, whichever way the dialog is closed.
func (d *Dialog) OnClosed(f func()) *Dialog { d.closed = f; return d }

// Show opens it and puts the keyboard on first, or on nothing when that is nil.
func (d *Dialog) Show(first fyne.Focusable) {
	d.before, d.focused = d.canvas.OnTypedKey(), d.canvas.Focused()
	d.canvas.SetOnTypedKey(d.key)
	d.popup.Show()
	d.Fit()
	if first != nil {
		d.canvas.Focus(first)
	}
}

// Fit gives the dialog the height its content needs now.
func (d *Dialog) Fit() {
	width := min(d.width, d.canvas.Size().Width-2*theme.PageMargin)
	for range 2 { // wrapped text knows its height only once it has its width
		d.popup.Resize(fyne.NewSize(width, d.popup.MinSize().Height))
	}
}

// Close closes it.
func (d *Dialog) Close() {
	if !d.popup.Visible() {
		return
	}
	d.popup.Hide()
	d.canvas.SetOnTypedKey(d.before)
	if d.focused != nil {
		d.canvas.Focus(d.focused)
	}
	if d.closed != nil {
		d.closed()
	}
}

func (d *Dialog) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		d.Close()
	case fyne.KeyReturn, fyne.KeyEnter:
		if d.onEnter != nil {
			d.onEnter()
		}
	}
}

// Confirm asks before something that cannot be undone. yes names what will
// happen, as in "Delete connection".
func Confirm(w fyne.Window, title, text, yes string, do func()) *Dialog {
	var d *Dialog
	cancel := NewButton(Secondary, "", "Cancel", func() { d.Close() })
	accept := NewButton(Danger, "", yes, func() { d.Close(); do() })
	d = NewDialog(w, 440, title, NewParagraph(text, StyleBody), cancel, accept)
	d.onEnter = d.Close // what cannot be undone is never the default
	d.Show(nil)
	return d
}

// ConfirmTyped asks before something that would hurt: the button works once the
// name was typed, so that nobody does it in passing.
func ConfirmTyped(w fyne.Window, title, text, name, yes string, do func()) *Dialog {
	var d *Dialog
	typed := NewEntry(name)
	cancel := NewButton(Secondary, "", "Cancel", func() { d.Close() })
	accept := NewButton(Danger, "", yes, func() { d.Close(); do() })
	accept.SetEnabled(false)
	typed.OnChanged = func(s string) { accept.SetEnabled(strings.TrimSpace(s) == name) }
	d = NewDialog(w, 460, title, Column(theme.Gap, NewParagraph(text, StyleBody), NewField("Type “"+name+"” to continue", typed, "")), cancel, accept)
	d.onEnter = func() {
		if !accept.Disabled() {
			accept.Tapped(nil)
		}
	}
	d.Show(typed)
	return d
}
