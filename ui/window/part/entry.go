package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/look"
)

// Entry is Fyne's entry with three habits more: Escape and Enter reach the
// dialog around it, pasted text can be cleaned, and Tab works as everywhere.
type Entry struct {
	widget.Entry
	// Clean, when set, is applied to text as it is pasted.
	Clean func(string) string
}

// NewEntry makes an entry of one line.
func NewEntry(placeholder string) *Entry {
	e := &Entry{}
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
	eye = NewIconButton(look.IconEye, "Show or hide", func() {
		e.Password = !e.Password
		if e.Password {
			eye.SetIcon(look.IconEye)
		} else {
			eye.SetIcon(look.IconEyeOff)
		}
		e.Refresh()
	})
	e.ActionItem = eye
	return e
}

// NewSearch makes an entry with a magnifying glass.
func NewSearch(placeholder string, changed func(string)) *Entry {
	e := NewEntry(placeholder)
	e.Icon = look.IconSearch.Resource(look.ColorMuted)
	e.OnChanged = changed
	return e
}

// TypedKey passes on what an entry has no use for.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
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

// TypedShortcut cleans what is pasted.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if p, ok := s.(*fyne.ShortcutPaste); ok && e.Clean != nil && p.Clipboard != nil {
		s = &fyne.ShortcutPaste{Clipboard: pasted(e.Clean(p.Clipboard.Content())), Secondary: p.Secondary}
	}
	e.Entry.TypedShortcut(s)
}

// pasted is a clipboard that holds one text.
type pasted string

func (p pasted) Content() string   { return string(p) }
func (p pasted) SetContent(string) {}

// Select is Fyne's select with the border that inputs have.
type Select struct {
	widget.BaseWidget
	Inner *widget.Select
	ring  *Rect
}

// NewSelect makes one; changed is not called for SetSelected made by code.
func NewSelect(options []string, placeholder string, changed func(index int)) *Select {
	s := &Select{ring: NewRect("", "inputBorder", look.RadiusInput)}
	s.Inner = widget.NewSelect(options, nil)
	s.Inner.PlaceHolder = placeholder
	s.Inner.OnChanged = func(string) {
		if changed != nil {
			changed(s.Inner.SelectedIndex())
		}
	}
	s.ExtendBaseWidget(s)
	return s
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
	return widget.NewSimpleRenderer(&fyne.Container{Layout: overlay{}, Objects: []fyne.CanvasObject{s.Inner, s.ring}})
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
