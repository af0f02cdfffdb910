package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Field is a row of a form: a label above an input, and below it a hint, or as
// long as something is wrong, what that is.
type Field struct {
	fynewidget.BaseWidget
	Input fyne.CanvasObject

	hint  string
	tone  Tone   // of what is said,
	said  string // "" while it is the hint
	label *Text
	note  *Paragraph
	glyph *Glyph
	below *fyne.Container
	box   *fyne.Container
}

// NewField makes a row; hint may be "".
func NewField(label string, input fyne.CanvasObject, hint string) *Field {
	f := &Field{
		Input: input, hint: hint,
		label: NewText(label, StyleLabel),
		note:  NewParagraph(hint, StyleCaption),
		glyph: NewGlyph(theme.IconInfo, theme.ColorMuted, 14),
	}
	if e, ok := input.(*Entry); ok {
		input = Bare(e)
	}
	f.below = TopRow(5, f.glyph, Fill(f.note))
	f.box = Column(5, f.label, AtLeast(0, buttonHeight, input), f.below)
	f.glyph.Hide()
	ShowIf(f.below, hint != "")
	f.ExtendBaseWidget(f)
	return f
}

// Label is the label's text.
func (f *Field) Label() string { return f.label.Text() }

// Say shows a finding below the input; an empty sentence brings the hint back.
func (f *Field) Say(tone Tone, sentence, remedy string) {
	style, text := StyleCaption, join(sentence, remedy)
	if f.tone == tone && f.said == text && (text != "" || f.note.Text() == f.hint) {
		return // said at every key that is typed
	}
	f.tone, f.said = tone, text
	if sentence == "" {
		text = f.hint
		f.glyph.Hide()
	} else {
		style.Color = tone.ink()
		f.glyph.Set(tone.icon(), tone.ink())
		f.glyph.Show()
	}
	f.note.SetStyle(style)
	f.note.SetText(text)
	ShowIf(f.below, text != "")
	f.box.Refresh()
	f.Refresh()
}

// SetHint changes the hint.
func (f *Field) SetHint(hint string) {
	if f.hint != hint {
		f.hint = hint
		f.Say(Neutral, "", "")
	}
}

// Note is what stands below the input.
func (f *Field) Note() string { return f.note.Text() }

// Wrong reports whether an error is said.
func (f *Field) Wrong() bool { return f.said != "" && f.tone == Error }

// CreateRenderer implements fyne.Widget.
func (f *Field) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(f.box) }

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}
