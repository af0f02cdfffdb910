package workbook

import (
	"sync/atomic"

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
	rows     []cell.Row
	about    []infer.About // beside rows
	cells    []cell.Cell   // of all rows
	money    []uint8       // beside cells
	fraction float64
}

// add copies a row and what is known of it.
func (b *batch) add(row cell.Row, about infer.About) {
	from := len(b.cells)
	b.cells = append(b.cells, row.Cells...)
	b.money = append(b.money, about.Currencies...)
	for len(b.money) < len(b.cells) {
		b.money = append(b.money, 0)
	}
	b.money = b.money[:len(b.cells)]
	about.Currencies = nil // its place may move until the batch is full
	b.rows = append(b.rows, cell.Row{Number: row.Number, Cells: b.cells[from:len(b.cells):len(b.cells)]})
	b.about = append(b.about, about)
}

// each calls look with some rows after others until it returns that it took fewer, while the
// next ones are read on another core. Rows are valid until look returns; fraction is how much
// of the source was read.
func (r *Reader) each(look func(rows []cell.Row, about []infer.About, fraction float64) int) {
	var enough atomic.Bool
	full, free := make(chan *batch, batches), make(chan *batch, batches)
	for range batches {
		free <- &batch{}
	}
	go func() {
		defer close(full)
		b := <-free
		for !enough.Load() && r.Next() {
			b.add(r.row, r.about)
			if len(b.cells) >= batchCells {
				b.fraction = r.Fraction()
				full <- b
				b = <-free
				b.rows, b.about, b.cells, b.money = b.rows[:0], b.about[:0], b.cells[:0], b.money[:0]
			}
		}
		b.fraction = r.Fraction()
		full <- b
	}()
	for b := range full {
		at := 0
		for i, row := range b.rows {
			b.about[i].Currencies = b.money[at : at+len(row.Cells)]
			at += len(row.Cells)
		}
		if !enough.Load() && look(b.rows, b.about, b.fraction) < len(b.rows) {
			enough.Store(true)
		}
		free <- b
	}
}
