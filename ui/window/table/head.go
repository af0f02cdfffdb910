package table

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// headed is what the row of heads asks of its grid.
type headed interface {
	SetColumnWidth(column int, width float32)
	Scrolled(*fyne.ScrollEvent)
	// headTaps reports whether a click on a head does something, headTapped does it.
	headTaps() bool
	headTapped(column int, at fyne.Position)
}

// head is the row of column names with their types; it scrolls sideways. The
// widget itself is an invisible layer that takes clicks and drags; what is seen
// lies in clip.
type head struct {
	fynewidget.BaseWidget
	g       *view
	grid    headed
	clip    *container.Clip
	layer   *fyne.Container
	back    *canvas.Rectangle
	line    *canvas.Rectangle
	names   *container.Clip // the part right of the row numbers
	inner   *fyne.Container
	heads   []*headCell
	drag    int     // the column whose width is being dragged, -1 for none
	hovered int     // the column whose right edge is under the pointer, -1 for none
	over    int     // the column under the pointer
	width   float32 // of the dragged column, before it is kept to the least
}

var _ desktop.Cursorable = (*head)(nil)

type headCell struct {
	tint       *canvas.Rectangle
	hover      *canvas.Rectangle
	edge       *canvas.Rectangle
	name, kind *canvas.Text
	glyph      *widget.Glyph
	column     int
	generation int
}

func newHead(g *view, grid headed) *head {
	h := &head{g: g, grid: grid, drag: -1, hovered: -1, over: -1, back: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil)}
	h.inner = layer()
	h.names = container.NewClip(h.inner)
	h.layer = layer(h.back, h.names, h.line)
	h.clip = container.NewClip(h.layer)
	h.ExtendBaseWidget(h)
	return h
}

func (h *head) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(layer())
}

func (h *head) place() {
	g := h.g
	size := h.clip.Size()
	h.back.FillColor = theme.Color(fynetheme.ColorNameHeaderBackground)
	h.back.TopLeftCornerRadius, h.back.TopRightCornerRadius = theme.RadiusCard-1, theme.RadiusCard-1
	h.back.Resize(size)
	h.line.FillColor = theme.Color(theme.ColorHairline)
	h.line.Move(fyne.NewPos(0, size.Height-1))
	h.line.Resize(fyne.NewSize(size.Width, 1))
	h.names.Move(fyne.NewPos(g.names, 0))
	h.names.Resize(fyne.NewSize(max(size.Width-g.names, 0), size.Height))
	_, _, column, columnEnd := g.inSight()
	for len(h.heads) < columnEnd-column {
		c := &headCell{
			tint: canvas.NewRectangle(color.Transparent), hover: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent),
			name: canvas.NewText("", nil), kind: canvas.NewText("", nil),
			glyph: widget.NewGlyph(theme.IconText, theme.ColorMuted, 14),
		}
		h.heads = append(h.heads, c)
		h.inner.Objects = append(h.inner.Objects, c.tint, c.hover, c.edge, c.name, c.kind, c.glyph)
		for _, c := range h.heads {
			c.generation = -1 // the slots have moved
		}
	}
	for i := range h.heads {
		h.heads[i].hide(true)
	}
	for c := column; c < columnEnd; c++ {
		h.show(h.heads[c%len(h.heads)], c)
	}
	h.back.Refresh()
}

func (c *headCell) hide(hidden bool) {
	c.tint.Hidden, c.hover.Hidden, c.edge.Hidden, c.name.Hidden, c.kind.Hidden = hidden, hidden, hidden, hidden, hidden
	c.glyph.Hidden = hidden
}

func (h *head) show(c *headCell, column int) {
	g := h.g
	d := g.columns[column]
	width := g.edges[column+1] - g.edges[column]
	room := width - 2*cellPad
	glyph := float32(0)
	if d.Icon != "" {
		glyph = 18
	}
	c.hide(false)
	c.glyph.Hidden = d.Icon == ""
	if c.column != column || c.generation != g.generation {
		c.column, c.generation = column, g.generation
		c.tint.FillColor = tintOf(d.Tone)
		c.edge.FillColor = theme.Color(theme.ColorHairline)
		ink := fynetheme.ColorNameForeground
		if d.Muted {
			ink = fynetheme.ColorNamePlaceHolder
		}
		c.name.TextSize, c.name.TextStyle.Bold, c.name.Color = cellText, true, theme.Color(ink)
		c.name.Text = widget.Cut(oneLine(d.Name), room, cellText, fyne.TextStyle{Bold: true})
		c.kind.TextSize, c.kind.Color = theme.TextCaption, theme.Color(theme.ColorMuted)
		c.kind.Text = widget.Cut(d.Type, room-glyph, theme.TextCaption, fyne.TextStyle{})
		if d.Icon != "" {
			c.glyph.Set(d.Icon, theme.ColorMuted)
		}
		c.name.Refresh()
		c.kind.Refresh()
		c.tint.Refresh()
	}
	c.hover.FillColor = color.Transparent
	if h.over == column && h.grid.headTaps() {
		c.hover.FillColor = theme.Color(fynetheme.ColorNameHover)
	}
	x := g.left(column)
	c.tint.Move(fyne.NewPos(x, 0))
	c.tint.Resize(fyne.NewSize(width-1, headHeight-1))
	c.hover.Move(c.tint.Position())
	c.hover.Resize(c.tint.Size())
	c.edge.Move(fyne.NewPos(x+width-1, 10))
	c.edge.Resize(fyne.NewSize(1, headHeight-20))
	nameHeight := c.name.MinSize().Height
	y := float32(headHeight-nameHeight) / 2
	if d.Type != "" {
		y = 7
	}
	c.name.Move(fyne.NewPos(x+cellPad, y))
	c.name.Resize(fyne.NewSize(room, nameHeight))
	c.glyph.Move(fyne.NewPos(x+cellPad, y+nameHeight+2))
	c.glyph.Resize(fyne.NewSquareSize(14))
	c.kind.Move(fyne.NewPos(x+cellPad+glyph, y+nameHeight))
	c.kind.Resize(fyne.NewSize(room-glyph, c.kind.MinSize().Height))
}

// columnAt is the column under x, and the column whose right edge is close to x.
func (h *head) columnAt(x float32) (column, edge int) {
	column, edge = -1, -1
	for i := range h.g.columns {
		left, right := h.g.left(i), h.g.left(i+1)
		if x >= left && x < right {
			column = i
		}
		if x >= right-6 && x <= right+4 {
			edge = i
		}
	}
	return column, edge
}

// Tapped opens what the owner offers for a column.
func (h *head) Tapped(e *fyne.PointEvent) {
	column, edge := h.columnAt(e.Position.X)
	if column >= 0 && edge < 0 && h.grid.headTaps() {
		h.grid.headTapped(column, e.AbsolutePosition)
	}
}

// Dragged changes the width of the column whose edge was taken.
func (h *head) Dragged(e *fyne.DragEvent) {
	if h.drag < 0 {
		if _, h.drag = h.columnAt(e.Position.X - e.Dragged.DX); h.drag < 0 {
			return
		}
		h.width = h.g.edges[h.drag+1] - h.g.edges[h.drag]
	}
	h.width += e.Dragged.DX
	h.grid.SetColumnWidth(h.drag, h.width)
}

// DragEnd implements fyne.Draggable.
func (h *head) DragEnd() { h.drag = -1 }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (h *head) MouseIn(e *desktop.MouseEvent) { h.MouseMoved(e) }
func (h *head) MouseMoved(e *desktop.MouseEvent) {
	column, edge := h.columnAt(e.Position.X)
	if column != h.over || edge != h.hovered {
		h.over, h.hovered = column, edge
		h.place()
	}
}
func (h *head) MouseOut() { h.over, h.hovered = -1, -1; h.place() }

// Cursor shows that an edge can be dragged.
func (h *head) Cursor() desktop.Cursor {
	if h.hovered >= 0 || h.drag >= 0 {
		return desktop.HResizeCursor
	}
	if h.over >= 0 && h.grid.headTaps() {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// Scrolled lets the wheel work above the names, too.
func (h *head) Scrolled(e *fyne.ScrollEvent) { h.grid.Scrolled(e) }
