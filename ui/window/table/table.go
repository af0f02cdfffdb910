// Package table shows a table of any size. Only the cells in sight exist: they
// are canvas texts cut by us, kept in slots and moved as one scrolls. Rows are
// counted in integers and the scroll position in float64, so the millionth row
// stands exactly where the first did; Fyne's table keeps positions in float32
// and makes one object a row before it has a size.
package table

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Grid is the widget. Change the source's content and call Reload.
//
// Large: a field for each thing that can be scrolled, chosen or dragged.
type Grid struct {
	fynewidget.BaseWidget
	// OnSelected is called when a cell becomes the current one.
	OnSelected func(row, column int)
	// OnCopied is called when cells were copied: how many of the rows that were chosen.
	OnCopied func(rows, of int)
	// OnHead is called when a column's head is clicked, with the place of the
	// click on the canvas, for a menu.
	OnHead func(column int, at fyne.Position)

	*view
	dragging     bool
	focused      bool
	body         *body
	head         *head
	side         *side
	across, down *scrollbar
	tip          *tip
	back         *widget.Rect
	ring         *widget.Rect
}

var (
	_ fyne.Focusable    = (*Grid)(nil)
	_ fyne.Scrollable   = (*Grid)(nil)
	_ fyne.Tappable     = (*Grid)(nil)
	_ fyne.Shortcutable = (*Grid)(nil)
	_ fyne.Draggable    = (*Grid)(nil)
	_ desktop.Hoverable = (*Grid)(nil)
)

// New makes a grid of a source.
func New(source Source) *Grid {
	g := &Grid{view: &view{source: source, row: -1, column: -1, hover: [2]int{-1, -1}}}
	g.body, g.head, g.side = newBody(g.view), newHead(g.view, g), newSide(g.view)
	g.across, g.down = newScrollbar(g.view, true, g.scrollTo), newScrollbar(g.view, false, g.scrollTo)
	g.tip = newTip()
	g.back = widget.NewRect(theme.ColorSurface, theme.ColorHairline, theme.RadiusCard)
	g.ring = widget.NewRect("", theme.ColorFocusRing, theme.RadiusCard)
	g.ring.Width = 2
	g.ring.Hide()
	g.ExtendBaseWidget(g)
	g.load()
	return g
}

// SetSource shows another source from its beginning.
func (g *Grid) SetSource(s Source) {
	g.source = s
	g.x, g.y, g.row, g.column = 0, 0, -1, -1
	g.edges = nil
	g.Reload()
}

// Reload shows what the source says now and stays where it is.
func (g *Grid) Reload() {
	g.load()
	g.Refresh()
}

func (g *Grid) load() {
	g.generation++
	old, oldEdges := g.columns, g.edges
	g.columns, g.rows = g.source.Columns(), g.source.Rows()
	g.edges = make([]float32, 1, len(g.columns)+1)
	for i, c := range g.columns {
		width := float32(0)
		if i < len(old) && i+1 < len(oldEdges) && old[i].Name == c.Name {
			width = oldEdges[i+1] - oldEdges[i] // the person may have dragged it
		}
		if width == 0 {
			width = g.fit(i)
		}
		g.edges = append(g.edges, g.edges[i]+width)
	}
	longest := g.source.RowName(max(g.rows-1, 0))
	g.names = fyne.MeasureText(longest, theme.TextCaption, fyne.TextStyle{}).Width + 2*cellPad
	g.names = max(g.names, 44)
	if g.row >= g.rows || g.column >= len(g.columns) {
		g.row, g.column = -1, -1
	}
}

// fit is a width in which a column's head and its first values can be read. Only
// the longest value is measured.
func (g *Grid) fit(column int) float32 {
	longest, letters := "", -1
	sampled := func(row int) {
		if text := g.source.Cell(row, column).Text; len(text) > letters {
			longest, letters = text, len(text)
		}
	}
	for row := range min(g.rows, fitRows) {
		sampled(row)
	}
	// Numbers and names often grow further down: a look at some rows there as well.
	for part := 1; part <= fitPlaces && g.rows > fitRows; part++ {
		for row := range fitRows / 8 {
			sampled(max((g.rows-1)*part/fitPlaces-row, 0))
		}
	}
	if len(longest) > 200 {
		longest = longest[:200]
	}
	c := g.columns[column]
	value := fyne.MeasureText(longest, cellText, fyne.TextStyle{}).Width
	name := fyne.MeasureText(c.Name, cellText, fyne.TextStyle{Bold: true}).Width
	kind := fyne.MeasureText(c.Type, theme.TextCaption, fyne.TextStyle{}).Width + 18
	return min(max(value, name, kind)+2*cellPad+2, maxColumn)
}

// SetColumnWidth changes the width of one column.
func (g *Grid) SetColumnWidth(column int, width float32) {
	if column < 0 || column >= len(g.columns) {
		return
	}
	by := max(width, minColumn) - (g.edges[column+1] - g.edges[column])
	for i := column + 1; i < len(g.edges); i++ {
		g.edges[i] += by
	}
	g.generation++
	g.Refresh()
}

func (g *Grid) headTaps() bool { return g.OnHead != nil }

func (g *Grid) headTapped(column int, at fyne.Position) { g.OnHead(column, at) }

// Current is the current cell; ok is false when there is none.
func (g *Grid) Current() (row, column int, ok bool) { return g.row, g.column, g.row >= 0 }

// Select makes a cell the current one and brings it into sight.
func (g *Grid) Select(row, column int) {
	if g.rows == 0 || len(g.columns) == 0 {
		return
	}
	row, column = min(max(row, 0), g.rows-1), min(max(column, 0), len(g.columns)-1)
	changed := row != g.row || column != g.column
	g.row, g.column, g.from = row, column, [2]int{row, column}
	g.reveal(row, column)
	g.place()
	if changed && g.OnSelected != nil {
		g.OnSelected(row, column)
	}
}

func (g *Grid) reveal(row, column int) {
	view := g.inner()
	top := float64(row) * rowHeight
	g.y = min(g.y, top)
	g.y = max(g.y, top+rowHeight-float64(view.Height))
	left, right := float64(g.edges[column]), float64(g.edges[column+1])
	g.x = max(g.x, right-float64(view.Width))
	g.x = min(g.x, left)
}

// clear leaves room for the scroll bars that a view needs, so that they cover no
// cell. One bar may make the other necessary.
func (g *Grid) clear(view fyne.Size) fyne.Size {
	free := view
	for range 2 {
		x, y := g.beyond(free)
		if x > 0 {
			free.Height = max(view.Height-barWidth, 0)
		}
		if y > 0 {
			free.Width = max(view.Width-barWidth, 0)
		}
	}
	return free
}

func (g *Grid) scrollTo(x, y float64) {
	maxX, maxY := g.room()
	x, y = min(max(x, 0), maxX), min(max(y, 0), maxY)
	if x == g.x && y == g.y {
		return
	}
	g.x, g.y = x, y
	g.hover = [2]int{-1, -1}
	g.place()
}

// place brings every part of the grid to the scroll position.
func (g *Grid) place() {
	maxX, maxY := g.room()
	g.x, g.y = min(max(g.x, 0), maxX), min(max(g.y, 0), maxY)
	g.body.place()
	g.side.place()
	g.head.place()
	g.across.place()
	g.down.place()
	g.placeTip()
}

// CreateRenderer implements fyne.Widget.
func (g *Grid) CreateRenderer() fyne.WidgetRenderer {
	return &gridRenderer{g: g, objects: []fyne.CanvasObject{
		g.back, g.head.clip, g.head, g.side.clip, g.body.clip, g.across, g.down, g.ring, g.tip,
	}}
}

type gridRenderer struct {
	g       *Grid
	objects []fyne.CanvasObject
}

func (r *gridRenderer) Destroy()                     {}
func (r *gridRenderer) MinSize() fyne.Size           { return fyne.NewSize(200, headHeight+3*rowHeight) }
func (r *gridRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *gridRenderer) Layout(s fyne.Size) {
	g := r.g
	g.back.Resize(s)
	g.ring.Resize(s)
	const edge = 1 // inside the border
	width, height := s.Width-2*edge, s.Height-2*edge
	body := g.clear(fyne.NewSize(max(width-g.names, 0), max(height-headHeight, 0)))
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(edge+x, edge+y))
		o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
	}
	place(g.head.clip, 0, 0, width, headHeight)
	place(g.head, g.names, 0, body.Width, headHeight)
	place(g.side.clip, 0, headHeight, g.names, body.Height)
	place(g.body.clip, g.names, headHeight, body.Width, body.Height)
	place(g.across, g.names, height-barWidth, body.Width, barWidth)
	place(g.down, width-barWidth, headHeight, barWidth, body.Height)
	g.place()
}

func (r *gridRenderer) Refresh() {
	r.g.generation++
	r.g.back.Refresh()
	r.Layout(r.g.Size())
	canvas.Refresh(r.g)
}

// placeTip shows the note of the cell under the pointer, or the whole of a value
// that is cut.
func (g *Grid) placeTip() {
	row, column := g.hover[0], g.hover[1]
	if row < 0 || row >= g.rows || column < 0 || column >= len(g.columns) {
		g.tip.Hide()
		return
	}
	cell := g.source.Cell(row, column)
	text := cell.Note
	room := g.edges[column+1] - g.edges[column] - 2*cellPad
	if text == "" && fyne.MeasureText(oneLine(first(cell.Text, 400)), cellText, fyne.TextStyle{}).Width > room+0.5 {
		text = first(cell.Text, 400)
	}
	if text == "" {
		g.tip.Hide()
		return
	}
	size := g.tip.say(text)
	origin := g.body.clip.Position()
	at := origin.AddXY(g.left(column)+8, g.top(row)+rowHeight+2)
	if at.Y+size.Height > g.Size().Height {
		at.Y = origin.Y + g.top(row) - size.Height - 2
	}
	at.X = max(min(at.X, g.Size().Width-size.Width-4), 4)
	g.tip.Move(at)
	g.tip.Show()
}
