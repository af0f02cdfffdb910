package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/look"
)

// Glyph is one of our icons in a colour of the theme.
type Glyph struct {
	widget.BaseWidget
	icon  look.Icon
	tint  fyne.ThemeColorName
	size  float32
	image *canvas.Image
}

// NewGlyph makes an icon of the given size.
func NewGlyph(icon look.Icon, tint fyne.ThemeColorName, size float32) *Glyph {
	g := &Glyph{icon: icon, tint: tint, size: size}
	g.ExtendBaseWidget(g)
	return g
}

// Set changes icon and colour.
func (g *Glyph) Set(icon look.Icon, tint fyne.ThemeColorName) {
	if g.icon == icon && g.tint == tint {
		return
	}
	g.icon, g.tint = icon, tint
	if g.image != nil {
		g.image.Resource = icon.Resource(tint)
		g.image.Refresh()
	}
}

// Icon tells which icon is shown.
func (g *Glyph) Icon() look.Icon { return g.icon }

// MinSize is the icon's size.
func (g *Glyph) MinSize() fyne.Size { return fyne.NewSquareSize(g.size) }

// CreateRenderer implements fyne.Widget.
func (g *Glyph) CreateRenderer() fyne.WidgetRenderer {
	g.image = canvas.NewImageFromResource(g.icon.Resource(g.tint))
	g.image.FillMode = canvas.ImageFillContain
	return widget.NewSimpleRenderer(g.image)
}
