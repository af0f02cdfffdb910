package workbook

import "pushdesk/storage/cell"

// How many rows are handed on at once, and how many such batches there are. The first one
// is small, so that little is read in vain.
const (
	batchCells = 1 << 13
	batches    = 4
)

// batch are rows that were read and wait to be looked at.
type batch struct {
	rows     []cell.Row
	cells    []cell.Cell // of all rows
	money    []uint8     // beside cells
	fraction float64
}

// add copies a row.
func (b *batch) add(row cell.Row, money []uint8) {
	from := len(b.cells)
	b.cells = append(b.cells, row.Cells...)
	b.money = append(b.money, money...)
	for len(b.money) < len(b.cells) {
		b.money = append(b.money, 0)
	}
	b.money = b.money[:len(b.cells)]
	b.rows = append(b.rows, cell.Row{Number: row.Number, Cells: b.cells[from:len(b.cells):len(b.cells)]})
}

// each calls look for every row, while the next ones are read on another core. A row is
// valid until look returns; fraction is how much of the source was read.
func (r *Reader) each(look func(row cell.Row, money []uint8, fraction float64)) {
	full, free := make(chan *batch, batches), make(chan *batch, batches)
	for range batches {
		free <- &batch{}
	}
	go func() {
		defer close(full)
		b := <-free
		for r.Next() {
			b.add(r.row, r.rows.Currencies())
			if len(b.cells) >= batchCells {
				b.fraction = r.Fraction()
				full <- b
				b = <-free
				b.rows, b.cells, b.money = b.rows[:0], b.cells[:0], b.money[:0]
			}
		}
		b.fraction = r.Fraction()
		full <- b
	}()
	for b := range full {
		at := 0
		for _, row := range b.rows {
			look(row, b.money[at:at+len(row.Cells)], b.fraction)
			at += len(row.Cells)
		}
		free <- b
	}
}
