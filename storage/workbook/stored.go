package workbook

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pushdesk/storage/cell"
)

// Stored is one cell of a sheet as it is meant and as the file stores it.
type Stored struct {
	Sheet       string
	Row, Column int // one-based and zero-based, as cell.Address takes them
	Cell        cell.Cell
	Raw         string // the number or the text in the file
}

// Cells gives every cell with a value, of every sheet in the order of the file and
// hidden ones too, without a thought to headers or tables. Rows of a text file are its
// records. sheet names one sheet,
// "" means all; rows ends each sheet after that row, 0 means none is left out. It
// ends at the first error of yield or of the file (*Error): then not every cell was
// given.
func (b *Book) Cells(ctx context.Context, sheet string, rows int, yield func(Stored) error) error {
	found, some := false, false
	for _, name := range b.content.sheetNames() {
		if sheet != "" && !strings.EqualFold(name, sheet) {
			continue
		}
		found = true
		err := b.cells(ctx, name, rows, func(s Stored) error {
			some = true
			return yield(s)
		})
		if err != nil {
			return err
		}
	}
	if what, _ := b.elsewhere(); !some && sheet == "" && what != "" {
		return b.noValues(Source{Kind: KindSheet, Name: strings.Join(b.content.sheetNames(), ", ")})
	}
	if !found && sheet != "" {
		return b.noSource(b.Sources(), sheet)
	}
	return nil
}

// errEnough ends a sheet early.
var errEnough = errors.New("enough rows")

func (b *Book) cells(ctx context.Context, name string, rows int, yield func(Stored) error) error {
	r, err := b.open(ctx, name, 0, -1)
	if err != nil {
		return err
	}
	defer r.close()
	var raw func(column int) string
	switch s := r.(type) {
	case *sheetRows:
		s.keepRaw = true
		raw = func(column int) string { return s.raws[column] }
	case *odsRows:
		raw = func(column int) string { return s.raws[column] }
	default:
		raw = func(column int) string { return r.content()[column].Text }
	}
	err = b.cellsOf(ctx, r, name, rows, raw, yield)
	b.addNotes(r.notes())
	switch {
	case errors.Is(err, errEnough):
		return nil
	case err != nil:
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("read the cells: %w", ctx.Err())
	case r.failure() != nil:
		return b.explain(r.failure(), name, r.number())
	case !b.memory:
		return b.explain(b.unchanged(), name, r.number())
	}
	return nil
}

func (b *Book) cellsOf(ctx context.Context, r rowReader, name string, rows int, raw func(int) string, yield func(Stored) error) error {
	_, isText := r.(*delimitedRows)
	for record := 1; r.next(); record++ {
		if ctx.Err() != nil {
			return nil
		}
		number := r.number()
		if isText {
			number = record // where the record stands when a spreadsheet program opens the file
		}
		if rows > 0 && number > rows {
			return errEnough
		}
		content := r.content()
		columns := len(content)
		sheet, ordered := r.(*sheetRows)
		if ordered {
			columns = len(sheet.stored)
		}
		for i := range columns {
			column := i
			if ordered {
				column = sheet.stored[i]
			}
			c := content[column]
			if c.Kind == cell.Blank {
				continue
			}
			if err := yield(Stored{Sheet: name, Row: number, Column: column, Cell: c, Raw: raw(column)}); err != nil {
				return err
			}
		}
	}
	return nil
}
