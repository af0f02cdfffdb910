package workbook

import (
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
)

// How many rows are handed on at once, and how many such batches there are. The first one
// is small, so that little is read in vain.
const (
	batchCells = 1 << 13
	batches    = 4
)

// batch are rows that were read and wait to be looked at.
type batch struct {
	rows     []aheadRow
	cells    []cell.Cell // of all rows
	money    []uint8     // beside cells
	fraction float64
}

// aheadRow is a row, what is known of it, and how many rows the reader had passed over
// before it.
type aheadRow struct {
	cell.Row
	about         infer.About
	blank, unseen int64
}

// add copies the row that a reader is at.
func (b *batch) add(r *Reader) {
	from := len(b.cells)
	b.cells = append(b.cells, r.row.Cells...)
	b.money = append(b.money, r.about.Currencies...)
	for len(b.money) < len(b.cells) {
		b.money = append(b.money, 0)
	}
	to := len(b.cells)
	b.money = b.money[:to]
	about := r.about
	about.Currencies = b.money[from:to:to]
	b.rows = append(b.rows, aheadRow{cell.Row{Number: r.row.Number, Cells: b.cells[from:to:to]}, about, r.blank, r.unseen})
}

// each calls look for every row until it returns false, while the next ones are read on
// another core. A row is valid until look returns; fraction is how much of the source was
// read. What the reader counted is that up to the last row that was looked at.
func (r *Reader) each(look func(row cell.Row, about infer.About, fraction float64) bool) {
	full, free, over := make(chan *batch, batches), make(chan *batch, batches), make(chan struct{})
	for range batches {
		free <- &batch{}
	}
	go func() {
		defer close(full)
		b := <-free
		for r.Next() {
			b.add(r)
			if len(b.cells) >= batchCells {
				b.fraction = r.Fraction()
				full <- b
				select {
				case b = <-free:
				case <-over:
					return
				}
				b.rows, b.cells, b.money = b.rows[:0], b.cells[:0], b.money[:0]
			}
		}
		b.fraction = r.Fraction()
		full <- b
	}()
	ended := false
	var blank, unseen int64
	for b := range full {
		for _, row := range b.rows {
			if ended {
				break
			}
			if blank, unseen = row.blank, row.unseen; !look(row.Row, row.about, b.fraction) {
				ended = true
				close(over)
			}
		}
		free <- b
	}
	if ended {
		r.blank, r.unseen = blank, unseen
	}
}
