package format

import "pushdesk/storage/cell"

// MaxCurrencies is how many different currencies of a file can be distinguished.
const MaxCurrencies = 250

// Buffer is the row that a format fills, again and again. It implements the part of
// Rows that is the same for every format, which embeds it.
type Buffer struct {
	Request
	Row       []cell.Cell
	Money     []uint8  // beside Row: which currency the cell is shown in, 0 none
	Raws      []string // beside Row, when raw values are asked for
	Order     []int    // the columns in the order of the file; nil = from left to right
	Values    int      // cells of the row that hold something
	RowHidden bool
	// MergedCells are the blocks of merged cells so far.
	MergedCells []cell.Range

	// Dense says that the format fills Row without Slot.
	Dense bool

	touched     []int // slots of the row, where most stay blank
	outside     int   // values outside the columns
	outsideAt   int   // the column of the first
	outsideLast int   // and of the last
}

// NewBuffer makes the buffer for a request.
func NewBuffer(r Request) Buffer {
	b := Buffer{Request: r}
	if width := r.Last - r.First + 1; r.Last >= 0 && width > 0 {
		b.Row, b.Money = make([]cell.Cell, width), make([]uint8, width)
		if r.Raw {
			b.Raws = make([]string, width)
		}
	}
	return b
}

// wide is from how many columns on it is noted which of them a row touches, so that a row
// costs what it holds.
const wide = 256

// Reset empties the row.
func (b *Buffer) Reset() {
	switch {
	case b.Last < 0:
		b.Row, b.Money, b.Raws = b.Row[:0], b.Money[:0], b.Raws[:0]
	case len(b.Row) >= wide && !b.Dense:
		for _, at := range b.touched {
			b.Row[at], b.Money[at] = cell.Cell{}, 0
			if b.Raw {
				b.Raws[at] = ""
			}
		}
		b.touched = b.touched[:0]
	default:
		clear(b.Row)
		clear(b.Money)
		clear(b.Raws)
	}
	b.Order = b.Order[:0]
	b.Values, b.outside = 0, 0
}

// Slot returns the place in Row of a column, or -1 outside the columns asked for. When
// the columns are open the row grows.
func (b *Buffer) Slot(column int) int {
	if column < b.First || b.Last >= 0 && column > b.Last {
		return -1
	}
	at := column - b.First
	for len(b.Row) <= at {
		b.Row, b.Money = append(b.Row, cell.Cell{}), append(b.Money, 0)
		if b.Raw {
			b.Raws = append(b.Raws, "")
		}
	}
	if len(b.Row) >= wide && !b.Dense && b.Last >= 0 {
		b.touched = append(b.touched, at)
	}
	return at
}

// Touched returns the places in Row that may hold something; ok is false where every one
// may.
func (b *Buffer) Touched() (places []int, ok bool) {
	return b.touched, len(b.Row) >= wide && !b.Dense && b.Last >= 0
}

// Pass counts a value outside the columns asked for.
func (b *Buffer) Pass(column int) {
	if b.outside++; b.outside == 1 {
		b.outsideAt, b.outsideLast = column, column
	}
	b.outsideLast = max(b.outsideLast, column)
}

func (b *Buffer) Cells() []cell.Cell  { return b.Row }
func (b *Buffer) Currencies() []uint8 { return b.Money }
func (b *Buffer) Empty() bool         { return b.Values == 0 }

// Beside counts the values outside the columns.
func (b *Buffer) Beside() (cells, first, last int) { return b.outside, b.outsideAt, b.outsideLast }
func (b *Buffer) Hidden() bool                     { return b.RowHidden }
func (b *Buffer) Fields() int                      { return -1 }
func (b *Buffer) HiddenColumns() [][2]int          { return nil }

func (b *Buffer) Merges() []cell.Range { return b.MergedCells }

// Stored returns what the request for raw values kept.
func (b *Buffer) Stored() (columns []int, raw []string) { return b.Order, b.Raws }
