package table

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"pushdesk/ui/window/widget"
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
		g.move(row, column)
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

// TypedKey moves the current cell; with Shift it chooses the cells between.
func (g *Grid) TypedKey(e *fyne.KeyEvent) {
	page := max(int(g.body.Size().Height/rowHeight)-1, 1)
	switch e.Name {
	case fyne.KeyUp:
		g.move(g.row-1, g.column)
	case fyne.KeyDown:
		g.move(g.row+1, g.column)
	case fyne.KeyLeft:
		g.move(g.row, g.column-1)
	case fyne.KeyRight:
		g.move(g.row, g.column+1)
	case fyne.KeyPageUp:
		g.move(g.row-page, g.column)
	case fyne.KeyPageDown:
		g.move(g.row+page, g.column)
	case fyne.KeyHome:
		g.move(g.row, 0)
	case fyne.KeyEnd:
		g.move(g.row, len(g.columns)-1)
	default:
		widget.PassKey(g, e)
	}
}

// TypedShortcut copies the whole text of the chosen cells, chooses all of them, and
// goes to the first and last row with Ctrl+Home and Ctrl+End.
func (g *Grid) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		if g.row >= 0 {
			text, rows := g.copied()
			s.Clipboard.SetContent(text)
			if b := g.chosen(); g.OnCopied != nil {
				g.OnCopied(rows, b.lastRow-b.row+1)
			}
		}
	case *fyne.ShortcutSelectAll:
		if g.rows > 0 && len(g.columns) > 0 {
			x, y := g.x, g.y
			g.Select(0, 0)
			g.Extend(g.rows-1, len(g.columns)-1)
			g.scrollTo(x, y)
		}
	case *desktop.CustomShortcut:
		switch s.KeyName {
		case fyne.KeyHome:
			g.move(0, g.column)
		case fyne.KeyEnd:
			g.move(g.rows-1, g.column)
		default:
			widget.PassShortcut(g, s)
		}
	}
}
