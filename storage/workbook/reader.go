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

	seen      int64 // rows that were read
	blank     int64 // counted so far
	pending   int64 // blank rows that count only when another row follows
	hidden    int64
	outside   cell.Tally // values beside the layout's columns
	outsideAt int        // the column of the first
	beyond    int        // the column of the last
	named     int        // the last column with a name of its own
	long      cell.Tally // records with values behind it
	short     cell.Tally // records with fewer fields than columns
}

// Rows streams every row of a layout. Close the reader when done with it.
func (b *Book) Rows(ctx context.Context, l Layout) (*Reader, error) {
	if len(l.Headers) == 0 {
		return nil, noValues(b, l.Source)
	}
	rows, err := b.rows(ctx, l.Source.Sheet, l.request())
	if err != nil {
		return nil, err
	}
	r := &Reader{book: b, ctx: ctx, layout: l, rows: rows, row: cell.Row{Number: l.FirstRow - 1}, named: len(l.Headers)}
	if b.format.Lines && l.HeaderRow > 0 {
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
		if n, column, last := rows.Beside(); n > 0 && r.layout.open() {
			if r.outside.N == 0 {
				r.outside.Row, r.outsideAt = number, column
			}
			r.outside.N += int64(n)
			r.beyond = max(r.beyond, last)
		}
		if rows.Empty() {
			r.pending++
			continue
		}
		if r.book.format.Lines {
			r.blank += r.pending
		} else { // a row that the sheet does not store is blank, too
			r.blank += int64(max(0, number-r.row.Number-1))
		}
		r.pending = 0
		if n := rows.Fields(); n >= 0 && n < r.layout.FirstCol+r.named {
			r.short.Add(number)
		}
		r.row = cell.Row{Number: number, Cells: rows.Cells()}
		for i := r.named; i < len(r.row.Cells); i++ {
			if r.row.Cells[i].Kind != cell.Blank {
				r.long.Add(number)
				break
			}
		}
		if r.layout.types != nil {
			infer.ReadTexts(r.row.Cells, r.layout.types)
		}
		if rows.Hidden() {
			r.hidden++
		}
		return true
	}
	r.finish()
	return false
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
	n = min(n, max(20, previewCells/len(l.Headers)))
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
