package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Fold hides details until they are asked for, and copies them.
type Fold struct {
	fynewidget.BaseWidget
	toggle *Button
	text   *Paragraph
	inner  fyne.CanvasObject
	box    *fyne.Container
	open   bool
}

// NewFold makes a closed fold.
func NewFold(details string) *Fold {
	f := &Fold{text: NewParagraph(details, StyleMono)}
	f.toggle = NewButton(Quiet, theme.IconChevronRight, "Details", func() { f.SetOpen(!f.open) })
	copyButton := NewButton(Quiet, theme.IconCopy, "Copy", func() { CopyText(f.text.Text()) })
	f.inner = container.NewStack(NewRect(theme.ColorSurface, theme.ColorHairline, theme.RadiusInput),
		Margins(8, 4, 8, 12, TopRow(8, Fill(f.text), copyButton)))
	f.box = Column(4, Margins(0, 0, 0, -10, Row(0, f.toggle)), f.inner)
	f.inner.Hide()
	f.ExtendBaseWidget(f)
	return f
}

// SetText changes the details.
func (f *Fold) SetText(details string) { f.text.SetText(details) }

// Text is the details.
func (f *Fold) Text() string { return f.text.Text() }

// SetOpen opens or closes it.
func (f *Fold) SetOpen(open bool) {
	f.open = open
	ShowIf(f.inner, open)
	if open {
		f.toggle.SetIcon(theme.IconChevronDown)
	} else {
		f.toggle.SetIcon(theme.IconChevronRight)
	}
	f.box.Refresh()
	f.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (f *Fold) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(f.box) }

// CopyText puts text on the clipboard.
func CopyText(text string) { fyne.CurrentApp().Clipboard().SetContent(text) }
