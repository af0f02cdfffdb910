package widget

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/theme"
)

// Select is Fyne's select with the border that inputs have.
type Select struct {
	fynewidget.BaseWidget
	Inner *List
	all   []string // the options, also those that are not shown
	words string   // of which those that are shown have each
	ring  *Rect
}

// NewSelect makes one; changed is not called for SetSelected made by code.
func NewSelect(options []string, placeholder string, changed func(index int)) *Select {
	s := &Select{all: options, ring: NewRect("", "inputBorder", theme.RadiusInput)}
	s.Inner = newList(options, placeholder)
	s.Inner.OnChanged = func(string) {
		if changed != nil {
			changed(s.Selected())
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
	if index >= 0 && index < len(s.all) {
		s.Inner.Selected = s.all[index]
	}
	s.Inner.Refresh()
}

// SetOptions changes the options and keeps the selected one if it is still there.
func (s *Select) SetOptions(options []string) {
	s.all = options
	if s.Selected() < 0 {
		s.Inner.Selected = ""
	}
	s.narrow()
}

// Selected is the index of the option shown, -1 for none.
func (s *Select) Selected() int {
	if s.Inner.Selected == "" {
		return -1
	}
	return slices.Index(s.all, s.Inner.Selected)
}

// Narrow offers only the options that have each word of a text, and returns how many.
func (s *Select) Narrow(text string) int {
	s.words = text
	s.narrow()
	return len(s.Inner.Options)
}

// Only selects the option that is offered alone, as a person does.
func (s *Select) Only() {
	if len(s.Inner.Options) == 1 {
		s.Inner.Select.SetSelected(s.Inner.Options[0])
	}
}

func (s *Select) narrow() {
	s.Inner.Options = s.all
	if words := strings.Fields(strings.ToLower(s.words)); len(words) > 0 {
		s.Inner.Options = slices.DeleteFunc(slices.Clone(s.all), func(option string) bool {
			return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(strings.ToLower(option), w) })
		})
	}
	s.Inner.Refresh()
}

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
