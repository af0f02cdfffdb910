package table

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/storage/text"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Column is how a column is headed.
type Column struct {
	Name  string
	Type  string      // under the name; "" leaves the line out
	Icon  theme.Icon  // before the type; may be ""
	Right bool        // numbers stand at the right
	Muted bool        // the column is left out
	Tone  widget.Tone // Warning and Error tint the head
}

// Cell is one value as it is shown.
type Cell struct {
	Text  string
	Muted bool        // blanks and placeholders
	Tone  widget.Tone // Warning and Error tint the cell
	Note  string      // shown when the pointer rests on the cell
}

// Source is what a grid shows. It is only asked on the widgets' goroutine, for
// cells in sight, and must answer at once.
type Source interface {
	Rows() int
	Columns() []Column
	RowName(row int) string // the number at the left
	Cell(row, column int) Cell
}

const (
	rowHeight          = 30
	headHeight         = 50
	cellPad            = 10
	barWidth           = 10
	minColumn          = 56
	maxColumn          = 280
	cellText   float32 = 13
	fitRows            = 40 // rows whose values decide the width of a column
	fitPlaces          = 4  // further places that are looked at
)

// view is what the parts of a grid share: what is shown, where it stands, and which
// cells are marked.
type view struct {
	source  Source
	columns []Column
	edges   []float32 // edges[i] is the left edge of column i, edges[n] the right end
	rows    int
	names   float32         // the width of the row numbers
	clip    *container.Clip // the part in which the cells lie

	x, y        float64 // the scroll position
	row, column int     // the current cell, -1 for none
	from        [2]int  // where the chosen block of cells begins: the current cell, unless it was extended
	hover       [2]int  // row and column under the pointer, -1 for none
	generation  int     // counts reloads, so that slots know what is stale
}

// inner is the size of the part in which the cells lie.
func (v *view) inner() fyne.Size { return v.clip.Size() }

// room is how far one can scroll.
func (v *view) room() (x, y float64) { return v.beyond(v.inner()) }

// beyond is how much of the cells a part of some size does not show.
func (v *view) beyond(size fyne.Size) (x, y float64) {
	x = float64(v.edges[len(v.edges)-1]) - float64(size.Width)
	y = float64(v.rows)*rowHeight - float64(size.Height)
	return max(x, 0), max(y, 0)
}

// inSight are the first row and column in sight and those after the last.
func (v *view) inSight() (row, rowEnd, column, columnEnd int) {
	size := v.inner()
	if size.Width <= 0 || size.Height <= 0 {
		return 0, 0, 0, 0
	}
	row = int(v.y / rowHeight)
	rowEnd = min(int((v.y+float64(size.Height))/rowHeight)+1, v.rows)
	for column < len(v.columns) && float64(v.edges[column+1]) <= v.x {
		column++
	}
	columnEnd = column
	for columnEnd < len(v.columns) && float64(v.edges[columnEnd]) < v.x+float64(size.Width) {
		columnEnd++
	}
	return row, rowEnd, column, columnEnd
}

// top is where a row stands in the body.
func (v *view) top(row int) float32 { return float32(float64(row)*rowHeight - v.y) }

// left is where a column stands in the body.
func (v *view) left(column int) float32 { return float32(float64(v.edges[column]) - v.x) }

// loose leaves its objects where they are and asks for no room.
type loose struct{}

func (loose) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

func (loose) Layout([]fyne.CanvasObject, fyne.Size) {}

func layer(objects ...fyne.CanvasObject) *fyne.Container { return container.New(loose{}, objects...) }

// block is a rectangle of cells, both corners included.
type block struct{ row, column, lastRow, lastColumn int }

// chosen is the block between where the selection began and the current cell.
func (v *view) chosen() block {
	return block{min(v.row, v.from[0]), min(v.column, v.from[1]), max(v.row, v.from[0]), max(v.column, v.from[1])}
}

// oneLine keeps a value of several lines on one.
func oneLine(s string) string {
	return text.Visible(lineEnds.Replace(s))
}

var lineEnds = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")
