package table

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// mostCopied is how many cells are copied at once: more would hold up the window, and
// no clipboard is made for them.
const mostCopied = 200_000

// Extend makes a cell the current one and keeps those chosen between it and where the
// selection began.
func (g *Grid) Extend(row, column int) {
	from := g.from
	if g.row < 0 {
		from = [2]int{row, column}
	}
	g.Select(row, column)
	g.from = [2]int{min(max(from[0], 0), max(g.rows-1, 0)), min(max(from[1], 0), max(len(g.columns)-1, 0))}
	g.body.placeMarks()
	g.body.hover.Refresh()
}

// move makes a cell the current one, or extends the block when Shift is held.
func (g *Grid) move(row, column int) {
	if shifted() {
		g.Extend(row, column)
		return
	}
	g.Select(row, column)
}

// shifted tells whether Shift is held.
func shifted() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// Dragged and DragEnd implement fyne.Draggable: the cells between are chosen.
func (g *Grid) Dragged(e *fyne.DragEvent) {
	if !g.dragging {
		row, column, ok := g.cellAt(e.Position.SubtractXY(e.Dragged.DX, e.Dragged.DY))
		if !ok {
			return
		}
		g.dragging = true
		if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil {
			c.Focus(g)
		}
		g.Select(row, column)
	}
	if row, column, ok := g.cellAt(e.Position); ok {
		g.Extend(row, column)
	}
}

// DragEnd implements fyne.Draggable.
func (g *Grid) DragEnd() { g.dragging = false }

// copied gives the chosen cells as text that spreadsheet programs take: tabs between
// cells, a line for each row. rows is how many of the chosen ones are in it.
func (g *Grid) copied() (text string, rows int) {
	b := g.chosen()
	wide := b.lastColumn - b.column + 1
	if b.row == b.lastRow && wide == 1 {
		return g.source.Cell(b.row, b.column).Text, 1
	}
	var out strings.Builder
	for row := b.row; row <= b.lastRow && (rows+1)*wide <= mostCopied; row++ {
		for column := b.column; column <= b.lastColumn; column++ {
			if column > b.column {
				out.WriteByte('\t')
			}
			value := g.source.Cell(row, column).Text
			if strings.ContainsAny(value, "\t\n\r\"") {
				value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
			}
			out.WriteString(value)
		}
		out.WriteByte('\n')
		rows++
	}
	return out.String(), rows
}
