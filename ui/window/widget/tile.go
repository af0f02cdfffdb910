package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/theme"
)

// NewTile is a number with its name below it. A tone other than Neutral tints it.
func NewTile(number, name string, tone Tone) fyne.CanvasObject {
	fill, ink, soft := fynetheme.ColorNameBackground, fynetheme.ColorNameForeground, theme.ColorMuted
	if tone != Neutral {
		fill, ink, soft = tone.tint(), tone.ink(), tone.ink()
	}
	return container.NewStack(NewRect(fill, "", theme.RadiusInput), Margins(10, 12, 10, 12,
		Column(2, NewCut(number, Style{Size: 20, Bold: true, Color: ink}), NewCut(name, Style{Size: theme.TextCaption, Color: soft}))))
}
