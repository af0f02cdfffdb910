package grid

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
)

// Scrolled implements fyne.Scrollable.
func (g *Grid) Scrolled(e *fyne.ScrollEvent) {
	dx, dy := e.Scrolled.DX, e.Scrolled.DY
	if _, maxY := g.room(); maxY == 0 && dx == 0 {
		dx, dy = dy, 0 // nothing to scroll down to: the wheel goes sideways
	}
	g.scrollTo(g.x-float64(dx), g.y-float64(dy))
}

// cellAt is the cell under a point of the grid.
func (g *Grid) cellAt(p fyne.Position) (row, column int, ok bool) {
	at := p.Subtract(g.body.clip.Position())
	view := g.body.Size()
	if at.X < 0 || at.Y < 0 || at.X >= view.Width || at.Y >= view.Height {
		return -1, -1, false
	}
	row = int((g.y + float64(at.Y)) / rowHeight)
	for column = range g.columns {
		if at.X < g.left(column+1) {
			return row, column, row < g.rows
		}
	}
	return -1, -1, false
}

// Tapped makes a cell the current one.
func (g *Grid) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil {
		c.Focus(g)
	}
	if row, column, ok := g.cellAt(e.Position); ok {
		g.Select(row, column)
	}
}

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (g *Grid) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }
func (g *Grid) MouseMoved(e *desktop.MouseEvent) {
	row, column, ok := g.cellAt(e.Position)
	if !ok {
		row, column = -1, -1
	}
	if now := [2]int{row, column}; now != g.hover {
		g.hover = now
		g.body.placeMarks()
		g.placeTip()
		g.body.hover.Refresh()
	}
}
func (g *Grid) MouseOut() {
	g.hover = [2]int{-1, -1}
	g.body.placeMarks()
	g.placeTip()
	g.body.hover.Refresh()
}

// FocusGained and FocusLost implement fyne.Focusable.
func (g *Grid) FocusGained() {
	g.focused = true
	g.ring.Show()
	if g.row < 0 {
		g.Select(int(g.y/rowHeight), 0)
	}
}
func (g *Grid) FocusLost() { g.focused = false; g.ring.Hide() }

// TypedRune implements fyne.Focusable.
func (g *Grid) TypedRune(rune) {}

// TypedKey moves the current cell.
func (g *Grid) TypedKey(e *fyne.KeyEvent) {
	page := max(int(g.body.Size().Height/rowHeight)-1, 1)
	switch e.Name {
	case fyne.KeyUp:
		g.Select(g.row-1, g.column)
	case fyne.KeyDown:
		g.Select(g.row+1, g.column)
	case fyne.KeyLeft:
		g.Select(g.row, g.column-1)
	case fyne.KeyRight:
		g.Select(g.row, g.column+1)
	case fyne.KeyPageUp:
		g.Select(g.row-page, g.column)
	case fyne.KeyPageDown:
		g.Select(g.row+page, g.column)
	case fyne.KeyHome:
		g.Select(g.row, 0)
	case fyne.KeyEnd:
		g.Select(g.row, len(g.columns)-1)
	default:
		part.PassKey(g, e)
	}
}

// TypedShortcut copies the current cell's whole text, and goes to the first and
// last row with Ctrl+Home and Ctrl+End.
func (g *Grid) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		if g.row >= 0 {
			s.Clipboard.SetContent(g.source.Cell(g.row, g.column).Text)
		}
	case *desktop.CustomShortcut:
		switch s.KeyName {
		case fyne.KeyHome:
			g.Select(0, g.column)
		case fyne.KeyEnd:
			g.Select(g.rows-1, g.column)
		}
	}
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

// first is the first n letters of s.
func first(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// tip is the small text beside the pointer.
type tip struct {
	widget.BaseWidget
	text *part.Paragraph
	box  fyne.CanvasObject
}

func newTip() *tip {
	t := &tip{text: part.NewParagraph("", part.Style{Size: look.TextCaption, Color: look.ColorToastText})}
	back := part.NewRect(look.ColorToast, "", look.RadiusInput)
	back.Floats = true
	t.box = container.NewStack(back, part.Margins(6, 10, 6, 10, t.text))
	t.ExtendBaseWidget(t)
	t.Hide()
	return t
}

func (t *tip) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.box) }

// say changes the text and gives the size it needs.
func (t *tip) say(text string) fyne.Size {
	t.text.SetText(text)
	width := min(fyne.MeasureText(first(text, 80), look.TextCaption, fyne.TextStyle{}).Width+1, 320) + 20
	for range 2 { // wrapped text knows its height only once it has its width
		t.Resize(fyne.NewSize(width, t.MinSize().Height))
	}
	return t.Size()
}

// scrollbar is a thumb in a corner of the grid.
type scrollbar struct {
	widget.BaseWidget
	g       *Grid
	across  bool
	hovered bool
	thumb   *part.Rect
	grip    float32 // where on the thumb the drag began
	dragged bool
}

func newScrollbar(g *Grid, across bool) *scrollbar {
	s := &scrollbar{g: g, across: across, thumb: part.NewRect(theme.ColorNameScrollBar, "", 3)}
	s.ExtendBaseWidget(s)
	return s
}

func (s *scrollbar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(layer(s.thumb))
}

// measure is the bar's length, the thumb's length, the scroll position and its most.
func (s *scrollbar) measure() (length, thumb, at, most float64) {
	maxX, maxY := s.g.room()
	view := s.g.body.Size()
	if s.across {
		length, at, most = float64(s.Size().Width), s.g.x, maxX
		thumb = length * float64(view.Width) / (float64(view.Width) + maxX)
	} else {
		length, at, most = float64(s.Size().Height), s.g.y, maxY
		thumb = length * float64(view.Height) / (float64(view.Height) + maxY)
	}
	return length, max(thumb, 32), at, most
}

func (s *scrollbar) place() {
	length, thumb, at, most := s.measure()
	if most <= 0 || length <= thumb {
		s.Hide()
		return
	}
	s.Show()
	along, thick, inset := float32((length-thumb)*at/most), float32(5), float32(3)
	if s.hovered || s.dragged {
		thick, inset = 8, 1
	}
	s.thumb.Radius = thick / 2
	if s.across {
		s.thumb.Move(fyne.NewPos(along, inset))
		s.thumb.Resize(fyne.NewSize(float32(thumb), thick))
	} else {
		s.thumb.Move(fyne.NewPos(inset, along))
		s.thumb.Resize(fyne.NewSize(thick, float32(thumb)))
	}
	s.thumb.Refresh()
}

func (s *scrollbar) along(p fyne.Position) float64 {
	if s.across {
		return float64(p.X)
	}
	return float64(p.Y)
}

func (s *scrollbar) to(at float64) {
	if s.across {
		s.g.scrollTo(at, s.g.y)
	} else {
		s.g.scrollTo(s.g.x, at)
	}
}

// Tapped beside the thumb goes there.
func (s *scrollbar) Tapped(e *fyne.PointEvent) {
	length, thumb, _, most := s.measure()
	s.to((s.along(e.Position) - thumb/2) / (length - thumb) * most)
}

// Dragged moves the thumb with the pointer.
func (s *scrollbar) Dragged(e *fyne.DragEvent) {
	length, thumb, at, most := s.measure()
	if most <= 0 || length <= thumb {
		return
	}
	start := (length - thumb) * at / most
	if !s.dragged {
		before := s.along(e.Position.Subtract(fyne.NewPos(e.Dragged.DX, e.Dragged.DY)))
		s.dragged, s.grip = true, float32(min(max(before-start, 0), thumb))
	}
	s.to((s.along(e.Position) - float64(s.grip)) / (length - thumb) * most)
}

// DragEnd implements fyne.Draggable.
func (s *scrollbar) DragEnd() { s.dragged = false; s.place() }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (s *scrollbar) MouseIn(*desktop.MouseEvent)    { s.hovered = true; s.place() }
func (s *scrollbar) MouseMoved(*desktop.MouseEvent) {}
func (s *scrollbar) MouseOut()                      { s.hovered = false; s.place() }
