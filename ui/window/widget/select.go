package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/theme"
)

// Select is Fyne's select with the border that inputs have.
type Select struct {
	fynewidget.BaseWidget
	Inner *List
	ring  *Rect
}

// NewSelect makes one; changed is not called for SetSelected made by code.
func NewSelect(options []string, placeholder string, changed func(index int)) *Select {
	s := &Select{ring: NewRect("", "inputBorder", theme.RadiusInput)}
	s.Inner = newList(options, placeholder)
	s.Inner.OnChanged = func(string) {
		if changed != nil {
			changed(s.Inner.SelectedIndex())
		}
	}
	s.ExtendBaseWidget(s)
	return s
}

// List is Fyne's select, which leaves to others the keys that it has no use for.
type List struct{ fynewidget.Select }

func newList(options []string, placeholder string) *List {
	l := &List{fynewidget.Select{Options: options, PlaceHolder: placeholder}}
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey passes Escape and Enter on: they close a dialog or leave a form.
func (l *List) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter:
		PassKey(l, e)
	default:
		l.Select.TypedKey(e)
	}
}

// SetSelected shows an option without calling changed; -1 shows none.
func (s *Select) SetSelected(index int) {
	s.Inner.Selected = ""
	if index >= 0 && index < len(s.Inner.Options) {
		s.Inner.Selected = s.Inner.Options[index]
	}
	s.Inner.Refresh()
}

// SetOptions changes the options and keeps the selected one if it is still there.
func (s *Select) SetOptions(options []string) {
	s.Inner.Options = options
	if s.Inner.SelectedIndex() < 0 {
		s.Inner.Selected = ""
	}
	s.Inner.Refresh()
}

// Selected is the index of the option shown, -1 for none.
func (s *Select) Selected() int { return s.Inner.SelectedIndex() }

// SetEnabled enables or disables.
func (s *Select) SetEnabled(on bool) {
	if on {
		s.Inner.Enable()
	} else {
		s.Inner.Disable()
	}
}

// CreateRenderer implements fyne.Widget. The border lies over the select, where
// it takes no clicks.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(&fyne.Container{Layout: overlay{}, Objects: []fyne.CanvasObject{s.Inner, s.ring}})
}

// overlay gives every object the whole size, and the first one decides it.
type overlay struct{}

func (overlay) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().Max(fyne.NewSize(0, buttonHeight))
}

func (overlay) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
		o.Move(fyne.Position{})
	}
}

// Menu opens a menu below a button.
func Menu(w fyne.Window, under fyne.CanvasObject, items ...*fyne.MenuItem) {
	m := fynewidget.NewPopUpMenu(fyne.NewMenu("", items...), w.Canvas())
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(under)
	size := under.Size()
	x := min(at.X, w.Canvas().Size().Width-m.MinSize().Width-8)
	m.ShowAtPosition(fyne.NewPos(x, at.Y+size.Height+fynetheme.Padding()))
}
