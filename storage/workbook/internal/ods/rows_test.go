package ods

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
)

// sheet makes a sheet of rows, and starts reading its columns from first to last.
func sheet(t *testing.T, content string, first, last int) *odsRows {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(odsContent)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(`<office:document-content xmlns:office="urn:o" xmlns:table="urn:t"><table:table table:name="S">` + content + `</table:table></office:document-content>`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	x, err := openOpenDocument(t.Context(), format.File{ReaderAt: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}, format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := x.Rows(t.Context(), format.Request{First: first, Last: last})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rows.Close)
	return rows.(*odsRows)
}

// numbers is a row that is repeated, with a number that is.
func numbers(rows, columns int) string {
	return fmt.Sprintf(`<table:table-row table:number-rows-repeated="%d"><table:table-cell table:number-columns-repeated="%d" office:value-type="float" office:value="1"/></table:table-row>`, rows, columns)
}

// TestRepeatedCellsAreBounded: cells that stand for millions of others end with an
// error before they take as many. Columns that are filled down to the last row, and rows
// whose cells stand for some others each, are read whole.
func TestRepeatedCellsAreBounded(t *testing.T) {
	for _, c := range []struct {
		name, content string
		last, want    int // the rows that are read; -1: refused
	}{
		{"cells", strings.Repeat(numbers(1, 16_000), 2000), 15_999, -1},
		{"cells in columns that are not read", strings.Repeat(numbers(1, 16_000), 2000), 0, -1},
		{"rows", numbers(cell.MaxRows, 1000), 999, -1},
		{"rows of a wide sheet", numbers(cell.MaxRows, 1000), 16_000, -1},
		{"some rows of cells, often", strings.Repeat(numbers(1000, 100), 1000), 99, -1},
		{"ten columns to the last row", numbers(cell.MaxRows, 10), 9, cell.MaxRows},
		{"many cells for some others", strings.Repeat(numbers(1, 40), 300_000), 39, 300_000},
		{"blank cells", `<table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>` + numbers(1, 1), 9, 1},
	} {
		rows, n := sheet(t, c.content, 0, c.last), 0
		for rows.Next() {
			n++
		}
		if refused := fault.KindOf(rows.Err()) == fault.TooMuch; refused != (c.want < 0) || !refused && (rows.Err() != nil || n != c.want) {
			t.Errorf("%s: %d rows, %v", c.name, n, rows.Err())
		}
	}
}

// TestRepeatedWideRows: a row that is repeated costs what it holds, however far to the right
// that is (a million copies of 16,384 cells are a terabyte), and is whole each time.
func TestRepeatedWideRows(t *testing.T) {
	const value = `<table:table-cell office:value-type="float" office:value="%d"/>`
	rows := sheet(t, `<table:table-row table:number-rows-repeated="1000000">`+fmt.Sprintf(value, 7)+`<table:table-cell table:number-columns-repeated="16382"/>`+fmt.Sprintf(value, 8)+`</table:table-row>`+
		`<table:table-row><table:table-cell/>`+fmt.Sprintf(value, 9)+`</table:table-row>`, 0, cell.MaxColumns-1)
	n := 0
	for rows.Next() {
		c := rows.Cells()
		if n++; n <= 1_000_000 && (c[0].Float != 7 || c[1].Kind != cell.Blank || c[cell.MaxColumns-1].Float != 8 || rows.Number() != n) {
			t.Fatalf("row %d: %+v", n, c[:2])
		} else if n > 1_000_000 && (c[0].Kind != cell.Blank || c[1].Float != 9 || c[cell.MaxColumns-1].Kind != cell.Blank) {
			t.Fatalf("the last row: %+v", c[:2])
		}
		c[0] = cell.Cell{} // who reads a row may change its cells
	}
	if rows.Err() != nil || n != 1_000_001 {
		t.Errorf("%d rows, %v", n, rows.Err())
	}
}
