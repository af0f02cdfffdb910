package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/ui/window/theme"
)

// NewEmpty fills a place where there is nothing yet: icon, one bold line, one
// line of help, and the buttons that change it.
func NewEmpty(icon theme.Icon, headline, help string, actions ...fyne.CanvasObject) *fyne.Container {
	bold, soft := StyleSection, StyleMuted
	bold.Align, soft.Align = fyne.TextAlignCenter, fyne.TextAlignCenter
	objects := []fyne.CanvasObject{
		container.NewCenter(NewGlyph(icon, theme.ColorMuted, 40)),
		NewParagraph(headline, bold),
	}
	if help != "" {
		objects = append(objects, NewParagraph(help, soft))
	}
	if len(actions) > 0 {
		objects = append(objects, AtLeast(0, 4, container.NewStack()), container.NewCenter(Row(8, actions...)))
	}
	return Centred(420, Column(8, objects...))
}
