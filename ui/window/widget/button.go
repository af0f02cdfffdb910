package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Kind is how much a button asks for attention.
type Kind int

const (
	Secondary Kind = iota // a border
	Primary               // filled; at most one on a page
	Quiet                 // words only
	Danger                // filled red, for the last step of something that cannot be undone
)

// Button is a button with a visible focus ring, which Fyne's has not on a filled
// background.
type Button struct {
	fynewidget.DisableableWidget
	OnTapped func()

	text             string
	icon             theme.Icon
	trailing         bool // the icon follows the text
	kind             Kind
	label            string // what a screen reader says of a button with an icon only
	hovered, focused bool
	left             func() // the pointer or the keyboard has left it; may be nil
}

var (
	_ fyne.Focusable    = (*Button)(nil)
	_ fyne.Accessible   = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
)

// NewButton makes a button; icon may be "".
func NewButton(kind Kind, icon theme.Icon, text string, tapped func()) *Button {
	b := &Button{kind: kind, icon: icon, text: text, label: text, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// NewIconButton makes a quiet square button; label says in words what it does.
func NewIconButton(icon theme.Icon, label string, tapped func()) *Button {
	b := NewButton(Quiet, icon, "", tapped)
	b.label = label
	return b
}

// Trailing puts the icon behind the text.
func (b *Button) Trailing() *Button { b.trailing = true; return b }

// Text is the button's word.
func (b *Button) Text() string { return b.text }

// SetText changes the word.
func (b *Button) SetText(text string) {
	if b.text != text {
		b.text, b.label = text, text
		b.Refresh()
	}
}

// Icon is the button's icon.
func (b *Button) Icon() theme.Icon { return b.icon }

// SetIcon changes the icon.
func (b *Button) SetIcon(icon theme.Icon) {
	if b.icon != icon {
		b.icon = icon
		b.Refresh()
	}
}

// SetKind changes the kind.
func (b *Button) SetKind(kind Kind) {
	if b.kind != kind {
		b.kind = kind
		b.Refresh()
	}
}

// SetEnabled enables or disables.
func (b *Button) SetEnabled(on bool) {
	if on == b.Disabled() {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

// AccessibilityLabel says what the button does.
func (b *Button) AccessibilityLabel() string { return b.label }

// AccessibilityRole says that it is a button.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Tapped presses the button.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// FocusGained and FocusLost implement fyne.Focusable.
func (b *Button) FocusGained() { b.focused = true; b.Refresh() }
func (b *Button) FocusLost()   { b.focused = false; b.leave() }

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(rune) {}

// TypedKey presses the button with Space or Enter.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		PassKey(b, e)
	}
}

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *Button) MouseMoved(*desktop.MouseEvent) {}
func (b *Button) MouseOut()                      { b.hovered = false; b.leave() }

func (b *Button) leave() {
	if b.left != nil {
		b.left()
	}
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{
		b:    b,
		back: canvas.NewRectangle(color.Transparent), over: canvas.NewRectangle(color.Transparent),
		ring:  canvas.NewRectangle(color.Transparent),
		text:  canvas.NewText("", color.Transparent),
		glyph: NewGlyph(theme.IconTick, fynetheme.ColorNameForeground, theme.IconSize),
	}
	r.Refresh()
	return r
}

type buttonRenderer struct {
	b                *Button
	back, over, ring *canvas.Rectangle
	text             *canvas.Text
	glyph            *Glyph
}

const (
	buttonHeight = 36
	buttonPad    = 14
)

func (r *buttonRenderer) Destroy() {}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.over, r.text, r.glyph, r.ring}
}

func (r *buttonRenderer) content() (icon, gap, text float32) {
	if r.b.icon != "" {
		icon = theme.IconSize
	}
	if r.b.text != "" {
		text = fyne.MeasureText(r.b.text, theme.TextBody, fyne.TextStyle{Bold: true}).Width
	}
	if icon > 0 && text > 0 {
		gap = theme.GapSmall
	}
	return
}

func (r *buttonRenderer) MinSize() fyne.Size {
	icon, gap, text := r.content()
	if text == 0 {
		return fyne.NewSquareSize(buttonHeight)
	}
	pad := float32(buttonPad)
	if r.b.kind == Quiet {
		pad = 10
	}
	return fyne.NewSize(icon+gap+text+2*pad, buttonHeight)
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.over.Resize(s)
	// A gap keeps the ring apart from a fill of the same colour.
	r.ring.Resize(s.Add(fyne.NewSquareSize(8)))
	r.ring.Move(fyne.NewPos(-4, -4))
	icon, gap, text := r.content()
	x := (s.Width - icon - gap - text) / 2
	iconX, textX := x, x+icon+gap
	if r.b.trailing {
		textX, iconX = x, x+text+gap
	}
	r.glyph.Resize(fyne.NewSquareSize(theme.IconSize))
	r.glyph.Move(fyne.NewPos(iconX, (s.Height-theme.IconSize)/2))
	h := r.text.MinSize().Height
	r.text.Resize(fyne.NewSize(text, h))
	r.text.Move(fyne.NewPos(textX, (s.Height-h)/2))
}

func (r *buttonRenderer) Refresh() {
	b := r.b
	fill, stroke, ink := fyne.ThemeColorName(""), fyne.ThemeColorName(""), fynetheme.ColorNameForeground
	switch b.kind {
	case Primary:
		fill, ink = fynetheme.ColorNamePrimary, fynetheme.ColorNameForegroundOnPrimary
	case Danger:
		fill, ink = fynetheme.ColorNameError, fynetheme.ColorNameForegroundOnError
	case Secondary:
		fill, stroke = theme.ColorSurface, fynetheme.ColorNameInputBorder
	}
	if b.Disabled() {
		ink = fynetheme.ColorNameDisabled
		if b.kind != Quiet {
			fill, stroke = fynetheme.ColorNameDisabledButton, ""
		}
	}
	paint(r.back, fill, stroke)
	hover := fyne.ThemeColorName("")
	if b.hovered && !b.Disabled() {
		hover = fynetheme.ColorNameHover
		if b.kind == Primary || b.kind == Danger {
			hover = fynetheme.ColorNamePressed // a lighter veil would not be seen on a fill
		}
	}
	paint(r.over, hover, "")
	ring := fyne.ThemeColorName("")
	if b.focused {
		ring = theme.ColorFocusRing
	}
	paint(r.ring, "", ring)
	r.ring.StrokeWidth = 2
	r.ring.CornerRadius = theme.RadiusInput + 4
	r.text.Text, r.text.TextSize = b.text, theme.TextBody
	r.text.TextStyle = fyne.TextStyle{Bold: true}
	r.text.Color = theme.Color(ink)
	r.text.Hidden = b.text == ""
	r.glyph.Hidden = b.icon == ""
	if b.icon != "" {
		if b.kind == Quiet && b.text == "" && !b.Disabled() {
			ink = theme.ColorMuted
		}
		r.glyph.Set(b.icon, ink)
	}
	r.Layout(b.Size())
	canvas.Refresh(b)
}

// paint gives a rectangle colours of the theme and the radius of an input.
func paint(rect *canvas.Rectangle, fill, stroke fyne.ThemeColorName) {
	rect.FillColor, rect.StrokeColor, rect.StrokeWidth = color.Transparent, color.Transparent, 0
	rect.CornerRadius = theme.RadiusInput
	if fill != "" {
		rect.FillColor = theme.Color(fill)
	}
	if stroke != "" {
		rect.StrokeColor, rect.StrokeWidth = theme.Color(stroke), 1
	}
	rect.Refresh()
}

// PassShortcut hands a shortcut that a focused part does not use to the canvas, as
// PassKey does with a key.
func PassShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// PassKey hands a key that a focused part does not use to the canvas, where
// dialogs listen for Escape and Enter: Fyne gives keys to the focused part only.
func PassKey(o fyne.CanvasObject, e *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return
	}
	if f := c.OnTypedKey(); f != nil {
		f(e)
	}
}
