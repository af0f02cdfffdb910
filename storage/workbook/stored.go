package workbook

import (
	"context"
	"fmt"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/format"
)

// Stored is one cell of a sheet as it is meant and as the file stores it.
type Stored struct {
	Sheet       string
	Row, Column int // one-based and zero-based, as cell.Address takes them
	Cell        cell.Cell
	Raw         string // the number or the text in the file
}

// Cells yields every cell with a value, of every sheet in the order of the file and of
// hidden ones too, whatever is a header or a table. Rows of a text file are its records.
// sheet names one sheet, "" means all; each sheet ends after so many rows, 0 means that
// none is left out. It ends at the first error of yield or of the file (*Error): then
// not every cell was yielded.
func (b *Book) Cells(ctx context.Context, sheet string, rows int, yield func(Stored) error) error {
	found, some := false, false
	for _, s := range b.listing.Sheets {
		if sheet != "" && !strings.EqualFold(s.Name, sheet) {
			continue
		}
		found = true
		err := b.cells(ctx, s.Name, rows, func(s Stored) error {
			some = true
			return yield(s)
		})
		if err != nil {
			return err
		}
	}
	if !some && sheet == "" && b.listing.Elsewhere != "" {
		if len(b.listing.Sheets) == 0 {
			return noWorksheet(b)
		}
		return noValues(b, Source{Kind: SourceSheet, Name: b.listing.Sheets[0].Name})
	}
	if !found && sheet != "" {
		return noSource(b, b.Sources(), sheet)
	}
	return nil
}

func (b *Book) cells(ctx context.Context, sheet string, last int, yield func(Stored) error) error {
	r, err := b.rows(ctx, sheet, format.Request{Last: -1, Raw: true})
	if err != nil {
		return err
	}
	defer r.Close()
	defer func() { b.remark(r.Remarks()...) }()
	for record := 1; r.Next(); record++ {
		if ctx.Err() != nil {
			break
		}
		number := r.Number()
		if b.format.Lines {
			number = record // where the record is when a spreadsheet program opens the file
		}
		if last > 0 && number > last {
			return nil
		}
		if err := yieldRow(r, Stored{Sheet: sheet, Row: number}, yield); err != nil {
			return err
		}
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("read the cells: %w", ctx.Err())
	case r.Err() != nil:
		return b.explain(r.Err(), sheet, r.Number())
	case !b.memory:
		return b.explain(b.unchanged(), sheet, r.Number())
	}
	return nil
}

// yieldRow yields the cells of a row in the order of the file.
func yieldRow(r format.Rows, at Stored, yield func(Stored) error) error {
	cells := r.Cells()
	order, raw := r.Stored()
	n := len(cells)
	if order != nil {
		n = len(order)
	}
	for i := range n {
		at.Column = i
		if order != nil {
			at.Column = order[i]
		}
		if at.Cell = cells[at.Column]; at.Cell.Kind == cell.Blank {
			continue
		}
		if at.Raw = at.Cell.Text; raw != nil {
			at.Raw = raw[at.Column]
		}
		if err := yield(at); err != nil {
			return err
		}
	}
	return nil
}
