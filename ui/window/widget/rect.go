package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Rect is a rectangle in colours of the theme.
type Rect struct {
	fynewidget.BaseWidget
	Fill   fyne.ThemeColorName // "" is see-through
	Stroke fyne.ThemeColorName // "" is no border
	Width  float32             // of the border; 0 is 1
	Radius float32
	Floats bool // casts a shadow
	min    fyne.Size
}

// NewRect makes one.
func NewRect(fill, stroke fyne.ThemeColorName, radius float32) *Rect {
	r := &Rect{Fill: fill, Stroke: stroke, Radius: radius}
	r.ExtendBaseWidget(r)
	return r
}

// SetMinSize makes the rectangle take room of its own.
func (r *Rect) SetMinSize(s fyne.Size) { r.min = s }

// SetColors changes both colours.
func (r *Rect) SetColors(fill, stroke fyne.ThemeColorName) {
	if r.Fill == fill && r.Stroke == stroke {
		return
	}
	r.Fill, r.Stroke = fill, stroke
	r.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *Rect) CreateRenderer() fyne.WidgetRenderer {
	d := &rectRenderer{r: r, rect: canvas.NewRectangle(color.Transparent)}
	d.Refresh()
	return d
}

type rectRenderer struct {
	r    *Rect
	rect *canvas.Rectangle
}

func (d *rectRenderer) Destroy()                     {}
func (d *rectRenderer) Layout(s fyne.Size)           { d.rect.Resize(s) }
func (d *rectRenderer) MinSize() fyne.Size           { return d.r.min }
func (d *rectRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{d.rect} }

func (d *rectRenderer) Refresh() {
	r := d.r
	d.rect.FillColor, d.rect.StrokeColor, d.rect.StrokeWidth = color.Transparent, color.Transparent, 0
	d.rect.CornerRadius = r.Radius
	if r.Fill != "" {
		d.rect.FillColor = theme.Color(r.Fill)
	}
	if r.Stroke != "" {
		d.rect.StrokeColor = theme.Color(r.Stroke)
		d.rect.StrokeWidth = max(r.Width, 1)
	}
	if r.Floats {
		d.rect.Shadow = canvas.Shadow{Color: theme.Color("shadow"), BlurRadius: 18, Offset: fyne.NewPos(0, 4)}
	}
	d.rect.Refresh()
}

// Card is a surface with a hairline border around a column of objects.
func Card(objects ...fyne.CanvasObject) *fyne.Container {
	return Panel(theme.CardPadding, Column(theme.Gap, objects...))
}

// Panel is a card around one object, with the padding given.
func Panel(padding float32, o fyne.CanvasObject) *fyne.Container {
	return container.NewStack(NewRect(theme.ColorSurface, theme.ColorHairline, theme.RadiusCard), Inset(padding, o))
}

// Rule is a soft line across its container.
func Rule() *Rect {
	r := NewRect(theme.ColorHairline, "", 0)
	r.SetMinSize(fyne.NewSize(1, 1))
	return r
}
