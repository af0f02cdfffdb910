package workbook

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
)

// far is a sheet with three columns and a value in the last one that Excel has, in each row.
func far(rows int) parts {
	var b strings.Builder
	b.WriteString(sheetOf(row("Key", "Units", "Price")))
	head := b.String()
	b.Reset()
	for i := range rows {
		fmt.Fprintf(&b, `<row r="%[1]d"><c r="A%[1]d"><v>%[1]d</v></c><c r="B%[1]d"><v>7</v></c><c r="C%[1]d"><v>1.5</v></c><c r="XFD%[1]d"><v>3</v></c></row>`, i+2)
	}
	return book(head + b.String())
}

// TestSparseWideRows: a value in the last column of every row makes a sheet wide, but a row
// costs what it holds. Reading 30,000 such rows cell by cell takes half a billion looks.
func TestSparseWideRows(t *testing.T) {
	const rows = 30_000
	b, l := open(t, far(rows).file(t))
	p, pages, err := b.ProfilePages(t.Context(), l, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Rows != rows || len(p.Columns) != cell.MaxColumns || len(l.Headers) != cell.MaxColumns {
		t.Fatalf("%d rows, %d columns", p.Rows, len(p.Columns))
	}
	for at, want := range map[int]infer.Type{0: infer.TypeWhole, 1: infer.TypeWhole, 2: infer.TypeDecimal, 3: infer.TypeText, 5000: infer.TypeText, cell.MaxColumns - 1: infer.TypeWhole} {
		if c := p.Columns[at]; c.Type != want || c.Counts[cell.Blank] == rows != (want == infer.TypeText) || c.Header.Column != at {
			t.Errorf("column %d: %+v", at, c)
		}
	}
	if r, ok := pages.Row(rows - 1); !ok || len(r.Cells) != cell.MaxColumns || r.Cells[cell.MaxColumns-1].Float != 3 || r.Cells[1].Float != 7 || r.Cells[3].Kind != cell.Blank {
		t.Error("the last row is not shown as it is")
	}
	read, err := b.Rows(t.Context(), l.WithTypes(p))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for read.Next() {
		c := read.Row().Cells
		if n++; c[2].Float != 1.5 || c[3].Kind != cell.Blank || c[cell.MaxColumns-1].Float != 3 {
			t.Fatalf("row %d: %+v", read.Row().Number, c[:4])
		}
	}
	if read.Err() != nil || n != rows {
		t.Errorf("%d rows, %v", n, read.Err())
	}
}

// TestSparseRowsDiffer: what one row holds is not in the next.
func TestSparseRowsDiffer(t *testing.T) {
	var rows strings.Builder
	for i := range 400 {
		column := cell.Column(i * 41 % cell.MaxColumns)
		fmt.Fprintf(&rows, `<row r="%[1]d"><c r="A%[1]d"><v>%[1]d</v></c><c r="%[2]s%[1]d"><v>5</v></c></row>`, i+1, column)
	}
	b, _ := open(t, book(rows.String()).file(t))
	src, err := b.Find(t.Context(), "", "Data!A1:XFD400")
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.Layout(t.Context(), src, -1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Profile(t.Context(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	filled := int64(0)
	for _, c := range p.Columns {
		filled += c.Counts[cell.Number]
	}
	if p.Rows != 400 || filled != 799 || len(p.Columns) != cell.MaxColumns { // one cell stands twice
		t.Errorf("%d rows of %d columns hold %d values", p.Rows, len(p.Columns), filled)
	}
}

func BenchmarkSparseWideRows(b *testing.B) {
	path := filepath.Join(b.TempDir(), "far.xlsx")
	if err := os.WriteFile(path, far(300_000).zip(b), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		book, l := openLarge(b, path)
		if p, err := book.Profile(b.Context(), l, nil); err != nil || p.Rows != 300_000 {
			b.Fatal(err)
		}
		book.Close()
	}
}
