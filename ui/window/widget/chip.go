package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Tone is what a chip, banner or check means. It always comes with an icon and
// words, never as a colour alone.
type Tone int

const (
	Neutral Tone = iota
	Info
	Success
	Warning
	Error
)

func (t Tone) tint() fyne.ThemeColorName {
	return [...]fyne.ThemeColorName{theme.ColorNeutralTint, theme.ColorInfoTint, theme.ColorSuccessTint, theme.ColorWarningTint, theme.ColorErrorTint}[t]
}

func (t Tone) ink() fyne.ThemeColorName {
	return [...]fyne.ThemeColorName{theme.ColorNeutralText, theme.ColorInfoText, theme.ColorSuccessText, theme.ColorWarningText, theme.ColorErrorText}[t]
}

func (t Tone) icon() theme.Icon {
	return [...]theme.Icon{theme.IconInfo, theme.IconInfo, theme.IconPass, theme.IconWarning, theme.IconFail}[t]
}

// Chip is an icon and a word on a tint.
type Chip struct {
	fynewidget.BaseWidget
	tone  Tone
	icon  theme.Icon
	back  *Rect
	glyph *Glyph
	text  *Text
	box   *fyne.Container
}

// NewChip makes a chip; icon may be "".
func NewChip(tone Tone, icon theme.Icon, word string) *Chip {
	c := &Chip{
		back:  NewRect(tone.tint(), "", 12),
		glyph: NewGlyph(theme.IconInfo, tone.ink(), 14),
		text:  NewText(word, Style{Size: theme.TextCaption, Bold: true}),
	}
	inner := Row(5, c.glyph, c.text)
	c.box = container.NewStack(c.back, AtLeast(0, 24, Margins(3, 10, 3, 8, inner)))
	c.ExtendBaseWidget(c)
	c.text.SetText("")
	c.tone = -1
	c.Set(tone, icon, word)
	return c
}

// Set changes all of it.
func (c *Chip) Set(tone Tone, icon theme.Icon, word string) {
	if c.tone == tone && c.icon == icon && c.text.Text() == word {
		return
	}
	c.tone, c.icon = tone, icon
	c.back.SetColors(tone.tint(), "")
	c.text.SetStyle(Style{Size: theme.TextCaption, Bold: true, Color: tone.ink()})
	c.text.SetText(word)
	if icon == "" {
		c.glyph.Hide()
	} else {
		c.glyph.Set(icon, tone.ink())
		c.glyph.Show()
	}
	c.Refresh()
}

// Text is the chip's word.
func (c *Chip) Text() string { return c.text.Text() }

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(c.box) }
