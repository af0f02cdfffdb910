package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// DropZone shows where a file can be dropped. Fyne gives drops to the window, so
// the page calls its own handler; the zone only shows and offers the button.
type DropZone struct {
	fynewidget.BaseWidget
	box fyne.CanvasObject
}

// NewDropZone makes one.
func NewDropZone(headline, help string, actions ...fyne.CanvasObject) *DropZone {
	d := &DropZone{box: container.NewStack(newDashes(), Margins(28, 20, 28, 20, NewEmpty(theme.IconFile, headline, help, actions...)))}
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer implements fyne.Widget.
func (d *DropZone) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(d.box) }

// dashes is a dashed border, which Fyne's rectangle cannot draw.
type dashes struct{ fynewidget.BaseWidget }

func newDashes() *dashes {
	d := &dashes{}
	d.ExtendBaseWidget(d)
	return d
}

func (d *dashes) CreateRenderer() fyne.WidgetRenderer {
	back := NewRect(theme.ColorSurface, "", theme.RadiusCard)
	return &dashesRenderer{back: back, objects: []fyne.CanvasObject{back}}
}

type dashesRenderer struct {
	back    *Rect
	objects []fyne.CanvasObject // the background, then the dashes
}

func (r *dashesRenderer) Destroy()                     {}
func (r *dashesRenderer) MinSize() fyne.Size           { return fyne.NewSize(60, 60) }
func (r *dashesRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *dashesRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	const dash, gap, radius = 7, 5, theme.RadiusCard
	r.objects = r.objects[:1]
	add := func(x1, y1, x2, y2 float32) {
		l := canvas.NewLine(theme.Color("inputBorder"))
		l.StrokeWidth = 1.5
		l.Position1, l.Position2 = fyne.NewPos(x1, y1), fyne.NewPos(x2, y2)
		r.objects = append(r.objects, l)
	}
	for x := float32(radius); x < s.Width-radius; x += dash + gap {
		end := min(x+dash, s.Width-radius)
		add(x, 1, end, 1)
		add(x, s.Height-1, end, s.Height-1)
	}
	for y := float32(radius); y < s.Height-radius; y += dash + gap {
		end := min(y+dash, s.Height-radius)
		add(1, y, 1, end)
		add(s.Width-1, y, s.Width-1, end)
	}
}

func (r *dashesRenderer) Refresh() {
	for _, l := range r.objects[1:] {
		l.(*canvas.Line).StrokeColor = theme.Color("inputBorder")
		l.Refresh()
	}
	r.back.Refresh()
}

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
