package workbook

import (
	"context"
	"fmt"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
)

// Reader streams the rows of a layout. Rows that are blank in every column of the
// layout are counted and not delivered. It belongs to one goroutine.
type Reader struct {
	book   *Book
	ctx    context.Context
	layout Layout
	rows   *guarded
	row    cell.Row
	err    error
	done   bool

	seen    int64 // rows that were read
	pending int64 // blank rows that count only when another row follows
	about   infer.About
	above   []cell.Cell // of the columns that are filled down
	cells   []cell.Cell // of the columns that are picked
	money   []uint8     // beside them
	unseen  int64       // hidden rows that were left out
	named   int         // the last column with a name of its own
}

// Rows streams every row of a layout. Close the reader when done with it.
func (b *Book) Rows(ctx context.Context, l Layout) (*Reader, error) {
	if len(l.Headers) == 0 && !b.format.Lines {
		return nil, noValues(b, l.Source)
	}
	rows, err := b.rows(ctx, l.Source.Sheet, l.request())
	if err != nil {
		return nil, err
	}
	r := &Reader{book: b, ctx: ctx, layout: l, rows: rows, row: cell.Row{Number: l.FirstRow - 1}, named: len(l.Headers)}
	if b.format.Lines && l.HeaderRow > 0 && l.fewNames == 0 {
		for r.named > 0 && l.Headers[r.named-1].Raw == "" {
			r.named--
		}
	}
	return r, nil
}

// Next moves to the next row and reports whether there is one. After false, Err tells
// whether the end was reached or something went wrong.
func (r *Reader) Next() bool {
	if r.done {
		return false
	}
	rows := r.rows
	for rows.Next() {
		if r.seen++; r.seen%64 == 0 && r.ctx.Err() != nil {
			break
		}
		number := rows.Number()
		if number < r.layout.FirstRow || r.layout.LastRow > 0 && number > r.layout.LastRow {
			continue
		}
		if left := r.layout.left; len(left) > 0 {
			if end := left.End(); end > 0 && number >= end {
				break
			}
			if left.Has(number) {
				r.row.Number, r.pending = number, 0
				continue
			}
		}
		if r.layout.Source.SkipHidden && rows.Hidden() {
			r.row.Number = number
			if !rows.Empty() {
				r.unseen++
			}
			continue
		}
		if rows.Empty() {
			r.pending++
			continue
		}
		blank := r.pending
		if !r.book.format.Lines { // a row that the sheet does not store is blank, too
			blank = int64(max(0, number-r.row.Number-1))
		}
		r.pending = 0
		r.about = infer.About{Gap: blank > 0, Blank: blank, Hidden: rows.Hidden(), Currencies: rows.Currencies()}
		if n := rows.Fields(); n >= 0 && n < r.layout.FirstCol+r.named {
			r.about.Short = true
		}
		if n, column, last := rows.Beside(); n > 0 && r.layout.open() && !r.layout.apart && column >= r.layout.Source.Range.FirstCol {
			r.about.Beside, r.about.BesideAt, r.about.BesideTo = n, column, last
		}
		r.row = cell.Row{Number: number, Cells: rows.Cells()}
		if r.layout.pick != nil && !r.picked() {
			r.pending++
			continue
		}
		for i := r.named; i < len(r.row.Cells); i++ {
			r.about.Long = r.about.Long || r.row.Cells[i].Kind != cell.Blank
		}
		if r.layout.fill != nil && !r.layout.totals.Has(number) {
			r.above = infer.FillDown(r.row.Cells, r.layout.fill, r.above)
		}
		if r.layout.types != nil {
			infer.ReadTexts(r.row.Cells, r.layout.types)
		}
		return true
	}
	r.finish()
	return false
}

// picked keeps the cells of the columns that are read, and reports whether one holds
// something.
func (r *Reader) picked() (some bool) {
	cells, money := r.row.Cells, r.about.Currencies
	r.cells, r.money = r.cells[:0], r.money[:0]
	for _, from := range r.layout.pick {
		c, currency := cell.Cell{}, uint8(0)
		if from < len(cells) {
			c = cells[from]
		}
		if from < len(money) {
			currency = money[from]
		}
		r.cells, r.money = append(r.cells, c), append(r.money, currency)
		some = some || !infer.IsBlank(&c)
	}
	r.row.Cells, r.about.Currencies = r.cells, r.money
	return some
}

func (r *Reader) finish() {
	r.done = true
	r.book.remark(r.rows.Remarks()...)
	err := r.ctx.Err()
	if err == nil {
		err = r.rows.Err()
	}
	if err == nil && !r.book.memory {
		err = r.book.unchanged()
	}
	r.err = r.book.explain(err, r.layout.Source.Sheet, r.rows.Number())
	r.rows.Close()
}

// Row is the row that Next moved to. Its cells are valid until the next call of
// Next; their texts stay valid.
func (r *Reader) Row() cell.Row { return r.row }

// Err tells why Next gave false: nil at the end of the rows, an *Error when they
// could not all be read, or the error of the context.
func (r *Reader) Err() error { return r.err }

// Close ends reading at any point.
func (r *Reader) Close() error {
	r.done = true
	r.rows.Close()
	return nil
}

// Fraction returns how much of the source was read, from 0 to 1.
func (r *Reader) Fraction() float64 { return r.rows.Fraction() }

// previewCells bounds a preview of very wide sheets, at 40 bytes a cell.
const previewCells = 1 << 20

// Preview reads the first n rows, only as far as needed; of sheets with thousands
// of columns it gives fewer. The rows stay valid.
func (b *Book) Preview(ctx context.Context, l Layout, n int) ([]cell.Row, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r, err := b.Rows(ctx, l)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	n = min(n, max(20, previewCells/max(1, len(l.Headers))))
	var all []cell.Row
	for len(all) < n && r.pending < emptyRun && r.Next() {
		row := r.Row()
		row.Cells = append([]cell.Cell(nil), row.Cells...)
		all = append(all, row)
	}
	if err := r.Err(); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	return all, nil
}
