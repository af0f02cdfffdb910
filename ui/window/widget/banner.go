package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Banner says inside the page what happened and what to do about it, with one
// button at most, and codes and IDs behind Details.
type Banner struct {
	fynewidget.BaseWidget
	box      *fyne.Container
	back     *Rect
	glyph    *Glyph
	sentence *Paragraph
	remedy   *Paragraph
	action   *Button
	closer   *Button
	fold     *Fold
}

// NewBanner makes a hidden banner; Say shows it.
func NewBanner() *Banner {
	b := &Banner{
		back:     NewRect(theme.ColorInfoTint, "", theme.RadiusCard),
		glyph:    NewGlyph(theme.IconInfo, theme.ColorInfoText, 20),
		sentence: NewParagraph("", StyleStrong),
		remedy:   NewParagraph("", StyleBody),
		action:   NewButton(Secondary, "", "", nil),
		fold:     NewFold(""),
	}
	b.closer = NewIconButton(theme.IconClose, "Close this message", b.Hide)
	words := Column(4, b.sentence, b.remedy, b.fold)
	// The first line stands level with the buttons.
	b.box = container.NewStack(b.back, Margins(8, 10, 8, 14,
		TopRow(10, Margins(8, 0, 0, 0, b.glyph), Fill(Margins(8, 0, 4, 0, words)), b.action, b.closer)))
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// Message is what a banner says.
type Message struct {
	Tone     Tone
	Sentence string // what happened
	Remedy   string // what to do next; may be ""
	Details  string // codes and IDs to copy; may be ""
	Action   string // the button's word; "" is no button
	OnAction func()
	Stays    bool // it cannot be closed, because it tells a state
}

// Say shows the banner with a message.
func (b *Banner) Say(m Message) {
	b.back.SetColors(m.Tone.tint(), "")
	b.glyph.Set(m.Tone.icon(), m.Tone.ink())
	b.sentence.SetStyle(Style{Bold: true, Color: fynetheme.ColorNameForeground})
	b.sentence.SetText(m.Sentence)
	b.remedy.SetText(m.Remedy)
	ShowIf(b.remedy, m.Remedy != "")
	b.fold.SetText(m.Details)
	ShowIf(b.fold, m.Details != "")
	b.action.SetText(m.Action)
	b.action.OnTapped = m.OnAction
	ShowIf(b.action, m.Action != "")
	ShowIf(b.closer, !m.Stays)
	b.Show()
	b.Refresh()
}

// Sentence is what it says, "" while it is hidden.
func (b *Banner) Sentence() string {
	if !b.Visible() {
		return ""
	}
	return b.sentence.Text()
}

// Remedy is its second line.
func (b *Banner) Remedy() string { return b.remedy.Text() }

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(b.box) }

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
