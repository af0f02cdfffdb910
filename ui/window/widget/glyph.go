package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Glyph is one of our icons in a colour of the theme. Fyne reads and recolours an
// SVG at every refresh of its picture, so the picture is refreshed only when it
// really changes.
type Glyph struct {
	fynewidget.BaseWidget
	icon theme.Icon
	tint fyne.ThemeColorName
	size float32
}

// NewGlyph makes an icon of the given size.
func NewGlyph(icon theme.Icon, tint fyne.ThemeColorName, size float32) *Glyph {
	g := &Glyph{icon: icon, tint: tint, size: size}
	g.ExtendBaseWidget(g)
	return g
}

// Set changes icon and colour.
func (g *Glyph) Set(icon theme.Icon, tint fyne.ThemeColorName) {
	if g.icon == icon && g.tint == tint {
		return
	}
	g.icon, g.tint = icon, tint
	g.Refresh()
}

// Icon tells which icon is shown.
func (g *Glyph) Icon() theme.Icon { return g.icon }

// MinSize is the icon's size.
func (g *Glyph) MinSize() fyne.Size { return fyne.NewSquareSize(g.size) }

// CreateRenderer implements fyne.Widget.
func (g *Glyph) CreateRenderer() fyne.WidgetRenderer {
	r := &glyphRenderer{g: g, image: &canvas.Image{FillMode: canvas.ImageFillContain}}
	r.Refresh()
	return r
}

type glyphRenderer struct {
	g     *Glyph
	image *canvas.Image
	icon  theme.Icon  // what the picture shows
	ink   color.Color // and its colour
}

func (r *glyphRenderer) Destroy()                     {}
func (r *glyphRenderer) MinSize() fyne.Size           { return r.g.MinSize() }
func (r *glyphRenderer) Layout(s fyne.Size)           { r.image.Resize(s) }
func (r *glyphRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.image} }

func (r *glyphRenderer) Refresh() {
	ink := theme.Color(r.g.tint)
	if r.icon == r.g.icon && r.ink == ink {
		return
	}
	r.icon, r.ink = r.g.icon, ink
	r.image.Resource = r.g.icon.Resource(r.g.tint)
	r.image.Refresh()
}
