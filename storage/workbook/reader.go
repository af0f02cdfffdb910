package workbook

import (
	"context"
	"fmt"

	"pushdesk/storage/cell"
)

// Row is a row of a source.
type Row struct {
	Number int         // in the sheet, one-based; in a text file the record's first line
	Cells  []cell.Cell // one for each header of the layout
}

// Reader streams the rows of a layout. Rows that are blank in every column of the
// layout are counted and not delivered. It belongs to one goroutine.
type Reader struct {
	book   *Book
	ctx    context.Context
	layout Layout
	rows   rowReader
	row    Row
	err    error
	done   bool

	seen        int64 // rows that were looked at
	blank       int64 // counted so far
	pending     int64 // blank rows that count only when another row follows
	hidden      int64
	outside     int64 // values beside the layout's columns
	outsideAt   string
	short       tally // records with fewer fields than columns
	spreadsheet bool
}

// Rows streams every row of a layout. Close the reader when done with it.
func (b *Book) Rows(ctx context.Context, l Layout) (*Reader, error) {
	if len(l.Headers) == 0 {
		return nil, b.noValues(l.Source)
	}
	rows, err := b.open(ctx, l.Source.Sheet, l.FirstCol, l.LastCol)
	if err != nil {
		return nil, err
	}
	return &Reader{book: b, ctx: ctx, layout: l, rows: rows, spreadsheet: b.format != FormatCSV,
		row: Row{Number: l.FirstRow - 1}}, nil
}

// Next moves to the next row and tells whether there is one. After false, Err tells
// whether the end was reached or something went wrong.
func (r *Reader) Next() bool {
	if r.done {
		return false
	}
	for r.rows.next() {
		if r.seen++; r.seen%64 == 0 && r.ctx.Err() != nil {
			break
		}
		number := r.rows.number()
		if number < r.layout.FirstRow || r.layout.LastRow > 0 && number > r.layout.LastRow {
			continue
		}
		if n, column := r.rows.beside(); n > 0 && r.layout.open() {
			if r.outside == 0 {
				r.outsideAt = cell.Address(number, column)
			}
			r.outside += int64(n)
		}
		if r.rows.empty() {
			r.pending++
			continue
		}
		if r.spreadsheet { // a row that the sheet does not store is blank, too
			r.blank += int64(max(0, number-r.row.Number-1))
		} else {
			r.blank += r.pending
		}
		r.pending = 0
		if d, ok := r.rows.(*delimitedRows); ok && d.fields() <= r.layout.LastCol {
			r.short.add(number)
		}
		r.row = Row{Number: number, Cells: r.rows.content()}
		if r.layout.types != nil {
			r.layout.types.convert(r.row.Cells)
		}
		if r.rows.rowHidden() {
			r.hidden++
		}
		return true
	}
	r.finish()
	return false
}

func (r *Reader) finish() {
	r.done = true
	r.book.addNotes(r.rows.notes())
	err := r.ctx.Err()
	if err == nil {
		err = r.rows.failure()
	}
	if err == nil && !r.book.memory {
		err = r.book.unchanged()
	}
	r.err = r.book.explain(err, r.layout.Source.Sheet, r.rows.number())
	r.rows.close()
}

// Row is the row that Next moved to. Its cells are valid until the next call of
// Next; their texts stay valid.
func (r *Reader) Row() Row { return r.row }

// Err tells why Next gave false: nil at the end of the rows, an *Error when they
// could not all be read, or the error of the context.
func (r *Reader) Err() error { return r.err }

// Close ends reading at any point.
func (r *Reader) Close() error {
	r.done = true
	r.rows.close()
	return nil
}

// Fraction tells how much of the source was read, from 0 to 1.
func (r *Reader) Fraction() float64 { return r.rows.fraction() }

// Blank counts the blank rows between the rows delivered so far.
func (r *Reader) Blank() int64 { return r.blank }

// Hidden counts the delivered rows that the sheet hides, for example by a filter.
func (r *Reader) Hidden() int64 { return r.hidden }

// Outside counts the values beside the layout's columns, in sources whose columns
// were found and not defined, and gives the address of the first one.
func (r *Reader) Outside() (count int64, first string) { return r.outside, r.outsideAt }

// previewCells bounds a preview of very wide sheets, at 40 bytes a cell.
const previewCells = 1 << 20

// Preview reads the first n rows, only as far as needed; of sheets with thousands
// of columns it gives fewer. The rows stay valid.
func (b *Book) Preview(ctx context.Context, l Layout, n int) ([]Row, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r, err := b.Rows(ctx, l)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	n = min(n, max(20, previewCells/len(l.Headers)))
	var all []Row
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
