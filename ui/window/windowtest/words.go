package windowtest

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/widget"
)

// Walk visits what is visible from root down; visit returns false to stay out of
// an object's inside.
func Walk(root fyne.CanvasObject, visit func(fyne.CanvasObject) bool) {
	if root == nil || !root.Visible() || !visit(root) {
		return
	}
	switch o := root.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			Walk(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			Walk(child, visit)
		}
	}
}

// roots are the content and what lies over it; an open dialog is in front.
func roots(c fyne.Canvas) []fyne.CanvasObject {
	if over := c.Overlays().List(); len(over) > 0 {
		return over[len(over)-1:]
	}
	return []fyne.CanvasObject{c.Content()}
}

// All gives every visible object of a type on the canvas, in reading order; with
// a dialog open, those of the dialog.
func All[T fyne.CanvasObject](c fyne.Canvas) []T {
	var found []T
	for _, root := range roots(c) {
		Walk(root, func(o fyne.CanvasObject) bool {
			if t, ok := o.(T); ok {
				found = append(found, t)
			}
			return true
		})
	}
	return found
}

// Words is all text on the canvas, one piece a line, uncut.
func Words(c fyne.Canvas) string {
	var b strings.Builder
	for _, root := range roots(c) {
		Walk(root, func(o fyne.CanvasObject) bool {
			switch t := o.(type) {
			case *widget.Text:
				b.WriteString(t.Text() + "\n")
				return false
			case *widget.Paragraph:
				b.WriteString(t.Text() + "\n")
				return false
			case *widget.Button:
				b.WriteString(t.Text() + "\n")
				return false
			case *canvas.Text:
				b.WriteString(t.Text + "\n")
			case *widget.Entry:
				b.WriteString(t.Text + "\n")
				return false
			case *fynewidget.Entry:
				b.WriteString(t.Text + "\n")
				return false
			}
			return true
		})
	}
	return b.String()
}

// Sees fails the test unless every piece of text is on the canvas.
func Sees(t *testing.T, c fyne.Canvas, pieces ...string) {
	t.Helper()
	words := Words(c)
	for _, p := range pieces {
		if !strings.Contains(words, p) {
			t.Errorf("%q is not on the screen, which says:\n%s", p, words)
		}
	}
}

// SeesNot fails the test when a piece of text is on the canvas.
func SeesNot(t *testing.T, c fyne.Canvas, pieces ...string) {
	t.Helper()
	words := Words(c)
	for _, p := range pieces {
		if strings.Contains(words, p) {
			t.Errorf("%q is on the screen, which says:\n%s", p, words)
		}
	}
}

// Button is the button that says text, or of an icon button what it does.
func Button(t *testing.T, c fyne.Canvas, text string) *widget.Button {
	t.Helper()
	for _, b := range All[*widget.Button](c) {
		if b.AccessibilityLabel() == text {
			return b
		}
	}
	t.Fatalf("there is no button %q on the screen, which says:\n%s", text, Words(c))
	return nil
}

// Press taps the button that says text; a disabled one fails the test.
func Press(t *testing.T, c fyne.Canvas, text string) {
	t.Helper()
	b := Button(t, c, text)
	if b.Disabled() {
		t.Fatalf("the button %q is disabled", text)
	}
	test.Tap(b)
}

// Pick taps the entry of the open menu that says word.
func Pick(t *testing.T, c fyne.Canvas, word string) {
	t.Helper()
	var entry fyne.Tappable
	found := false
	for _, root := range roots(c) {
		Walk(root, func(o fyne.CanvasObject) bool {
			if text, ok := o.(*canvas.Text); ok && text.Text == word && !found {
				found = true
			}
			if tappable, ok := o.(fyne.Tappable); ok && !found {
				entry = tappable
			}
			return !found
		})
	}
	if !found || entry == nil {
		t.Fatalf("there is no menu with %q on the screen, which says:\n%s", word, Words(c))
	}
	entry.Tapped(&fyne.PointEvent{})
}

// Field is the form row with a label.
func Field(t *testing.T, c fyne.Canvas, label string) *widget.Field {
	t.Helper()
	for _, f := range All[*widget.Field](c) {
		if f.Label() == label {
			return f
		}
	}
	t.Fatalf("there is no field %q on the screen, which says:\n%s", label, Words(c))
	return nil
}

// Fill replaces what the entry of a form row holds by typing.
func Fill(t *testing.T, c fyne.Canvas, label, text string) {
	t.Helper()
	e, ok := Field(t, c, label).Input.(*widget.Entry)
	if !ok {
		t.Fatalf("%q is not filled by typing", label)
	}
	c.Focus(e)
	e.SetText("")
	test.Type(e, text)
}

// Choose picks an option of the select in a form row.
func Choose(t *testing.T, c fyne.Canvas, label, option string) {
	t.Helper()
	s, ok := Field(t, c, label).Input.(*widget.Select)
	if !ok {
		t.Fatalf("%q is not a choice from a list", label)
	}
	s.Inner.SetSelected(option)
	if s.Inner.Selected != option {
		t.Fatalf("%q does not offer %q but %q", label, option, s.Inner.Options)
	}
}

// Drawn is the text that is really drawn in an object, cut and wrapped as it is, with
// a space between its pieces.
func Drawn(root fyne.CanvasObject) string {
	var pieces []string
	Walk(root, func(o fyne.CanvasObject) bool {
		if t, ok := o.(*canvas.Text); ok && t.Text != "" {
			pieces = append(pieces, strings.TrimSpace(t.Text))
		}
		return true
	})
	return strings.Join(pieces, " ")
}
