package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/look"
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
	return [...]fyne.ThemeColorName{look.ColorNeutralTint, look.ColorInfoTint, look.ColorSuccessTint, look.ColorWarningTint, look.ColorErrorTint}[t]
}

func (t Tone) ink() fyne.ThemeColorName {
	return [...]fyne.ThemeColorName{look.ColorNeutralText, look.ColorInfoText, look.ColorSuccessText, look.ColorWarningText, look.ColorErrorText}[t]
}

func (t Tone) icon() look.Icon {
	return [...]look.Icon{look.IconInfo, look.IconInfo, look.IconPass, look.IconWarning, look.IconFail}[t]
}

// Chip is an icon and a word on a tint.
type Chip struct {
	widget.BaseWidget
	tone  Tone
	icon  look.Icon
	back  *Rect
	glyph *Glyph
	text  *Text
	box   *fyne.Container
}

// NewChip makes a chip; icon may be "".
func NewChip(tone Tone, icon look.Icon, word string) *Chip {
	c := &Chip{
		back:  NewRect(tone.tint(), "", 12),
		glyph: NewGlyph(look.IconInfo, tone.ink(), 14),
		text:  NewText(word, Style{Size: look.TextCaption, Bold: true}),
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
func (c *Chip) Set(tone Tone, icon look.Icon, word string) {
	if c.tone == tone && c.icon == icon && c.text.Text() == word {
		return
	}
	c.tone, c.icon = tone, icon
	c.back.SetColors(tone.tint(), "")
	c.text.SetStyle(Style{Size: look.TextCaption, Bold: true, Color: tone.ink()})
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
func (c *Chip) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.box) }
