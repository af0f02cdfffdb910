//go:build display

package windowtest

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/widget"
)

// A program built with the tag display tells the tests of the real window what
// stands where on it, so that they can click with a real pointer on what a person
// would click on. The program people use has none of this.

// Kind is what an item is to a person.
type Kind string

const (
	KindText   Kind = "text"
	KindButton Kind = "button" // whatever is pressed and names what it does
	KindEntry  Kind = "entry"
	KindSelect Kind = "select"
	KindOther  Kind = "other" // what else takes the keyboard, such as a list; what it says is in it as text
)

// Box is a place in the window, in pixels from its top left.
type Box struct{ X, Y, Width, Height float32 }

// Centre is the middle of a box.
func (b Box) Centre() (x, y int) { return int(b.X + b.Width/2), int(b.Y + b.Height/2) }

// Empty tells whether nothing of it is left.
func (b Box) Empty() bool { return b.Width <= 0 || b.Height <= 0 }

func (b Box) within(o Box) Box {
	right, bottom := min(b.X+b.Width, o.X+o.Width), min(b.Y+b.Height, o.Y+o.Height)
	x, y := max(b.X, o.X), max(b.Y, o.Y)
	return Box{x, y, max(right-x, 0), max(bottom-y, 0)}
}

// Item is one thing on the screen.
type Item struct {
	Kind    Kind
	Text    string // what it says; of a hidden secret only dots
	Label   string // of the form row it stands in, or what an entry says while it is empty
	Off     bool   // disabled
	Focused bool   // the keyboard is on it
	Box     Box
	Seen    Box // what is left of Box where it is scrolled; may be empty
	View    Box // the part of the window it scrolls in
}

// Screen is everything on the window; with a dialog or menu open, what is on that.
type Screen struct {
	Title         string
	Width, Height float32
	Over          bool // a dialog or a menu is open
	Items         []Item
}

// Words is all text of the screen, also what is scrolled out of sight.
func (s Screen) Words() string {
	var b strings.Builder
	for _, i := range s.Items {
		b.WriteString(i.Text + "\n")
	}
	return b.String()
}

// ScreenOf returns what is on a window. It runs on the widgets' goroutine.
func ScreenOf(w fyne.Window) Screen {
	c := w.Canvas()
	size := c.Size()
	scale := c.Scale()
	s := Screen{Title: w.Title(), Width: size.Width * scale, Height: size.Height * scale}
	root := c.Content()
	if over := c.Overlays().List(); len(over) > 0 {
		root, s.Over = over[len(over)-1], true
	}
	e := eye{canvas: c, scale: scale, screen: &s}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(root)
	e.visit(root, at, Box{0, 0, s.Width, s.Height}, "", false)
	return s
}

type eye struct {
	canvas fyne.Canvas
	scale  float32
	screen *Screen
}

// visit sees an object and what is in it. at is the object's place, view what its
// surroundings leave in sight; pressed is set inside something that was seen as
// a whole already.
func (e *eye) visit(o fyne.CanvasObject, at fyne.Position, view Box, label string, pressed bool) {
	if o == nil || !o.Visible() {
		return
	}
	box := Box{at.X * e.scale, at.Y * e.scale, o.Size().Width * e.scale, o.Size().Height * e.scale}
	see := func(k Kind, text string) {
		i := Item{Kind: k, Text: text, Label: label, Box: box, Seen: box.within(view), View: view}
		if d, ok := o.(fyne.Disableable); ok {
			i.Off = d.Disabled()
		}
		if f, ok := o.(fyne.Focusable); ok {
			i.Focused = e.canvas.Focused() == f
		}
		e.screen.Items = append(e.screen.Items, i)
	}
	switch t := o.(type) {
	case *fyne.Container:
		for _, child := range t.Objects {
			e.visit(child, at.Add(child.Position()), view, label, pressed)
		}
		return
	case *canvas.Text:
		if !pressed {
			see(KindText, t.Text)
		}
		return
	case *widget.Text:
		see(KindText, t.Text())
		return
	case *widget.Paragraph:
		see(KindText, t.Text())
		return
	case *widget.Field:
		label = t.Label()
	case *widget.Entry:
		label = or(label, t.PlaceHolder)
		see(KindEntry, shown(&t.Entry))
		pressed = true
	case *fynewidget.Entry:
		label = or(label, t.PlaceHolder)
		see(KindEntry, shown(t))
		pressed = true
	case *widget.List:
		see(KindSelect, t.Selected)
		return
	case *container.Scroll:
		view = view.within(box)
	case *widget.Button:
		see(KindButton, t.AccessibilityLabel())
		return
	case fyne.Accessible:
		switch _, keys := o.(fyne.Focusable); {
		case pressed:
		case t.AccessibilityRole() == fyne.AccessibleRoleButton:
			see(KindButton, t.AccessibilityLabel())
		case keys:
			see(KindOther, "")
		}
	case fyne.Focusable:
		see(KindOther, "")
	}
	if w, ok := o.(fyne.Widget); ok {
		for _, child := range test.WidgetRenderer(w).Objects() {
			e.visit(child, at.Add(child.Position()), view, label, pressed)
		}
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// shown is the text of an entry; a secret never leaves the program.
func shown(e *fynewidget.Entry) string {
	if e.Password {
		return strings.Repeat("•", len([]rune(e.Text)))
	}
	return e.Text
}
