package workbook

import (
	"strings"
	"testing"
)

// TestTwoHeaderRows: names in two rows, with groups above columns, and rows that only
// look like it.
func TestTwoHeaderRows(t *testing.T) {
	merge := func(rows string, refs ...string) parts {
		all := ""
		for _, ref := range refs {
			all += `<mergeCell ref="` + ref + `"/>`
		}
		return bookOf(`<worksheet ` + mainNS + `><sheetData>` + rows + `</sheetData><mergeCells>` + all + `</mergeCells></worksheet>`)
	}
	quarters := sheetOf(row("Product", "2023", "", "2024", ""), row("", "Q1", "Q2", "Q1", "Q2"), row("a", "1", "2", "3", "4"), row("b", "5", "6", "7", "8"))
	for _, c := range []struct {
		name         string
		p            parts
		header, rows int
		names        string
		data         int
	}{
		{"repeated names", book(quarters), 2, 2, "Product|2023 – Q1|2023 – Q2|2024 – Q1|2024 – Q2", 2},
		{"names below only", book(sheetOf(row("", "", "North", "", "South", ""), row("Id", "Product", "Sold", "Left", "Sold", "Left"), row("1", "a", "1", "2", "3", "4"))), 2, 2, "Id|Product|North – Sold|North – Left|South – Sold|South – Left", 1},
		{"merged, different names", merge(sheetOf(row("Item", "Size", "", "Price"), row("", "Width", "Height", ""), row("a", "1", "2", "3")), "A1:A2", "B1:C1", "D1:D2"), 2, 2, "Item|Size – Width|Size – Height|Price", 1},
		{"merged, all texts", merge(sheetOf(row("Person", "", "Home"), row("First", "Last", ""), row("Anna", "Berg", "Oslo"), row("Carl", "Dahl", "Rome")), "A1:B1"), 2, 2, "Person – First|Person – Last|Home", 2},
		{"below a title", book("" + sheetOf(row("Sales by quarter"), nil, row("Product", "2023", "", "2024", ""), row("", "Q1", "Q2", "Q1", "Q2"), row("a", "1", "2", "3", "4"))), 4, 2, "Product|2023 – Q1|2023 – Q2|2024 – Q1|2024 – Q2", 1},
		{"a title that is merged over the table", merge(sheetOf(row("Sales", "", ""), row("Name", "Sold", "Left"), row("a", "1", "2")), "A1:C1"), 2, 1, "Name|Sold|Left", 1},
		{"one group", book(sheetOf(row("Section", "Item", ""), row("", "x", "y"), row("s", "1", "2"))), 2, 2, "Section|Item – x|Item – y", 1},
		{"a row of texts that repeats itself", book(sheetOf(row("Question", "", "Answer", "", "Note"), row("tea", "yes", "milk", "yes", "x"), row("rum", "no", "water", "yes", "y"))), 1, 1, "Question|Column B|Answer|Column D|Note", 2},
		{"a first row of texts", book(sheetOf(row("Name", "Score"), row("Anna", "n/a"), row("Bert", "5"))), 1, 1, "Name|Score", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := readAll(t, c.p.file(t), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.layout.HeaderRow != c.header || r.layout.HeaderRows != c.rows || names(r.layout) != c.names || len(r.rows) != c.data {
				t.Errorf("header to row %d in %d rows, %d rows of data, names %s\nwant %d, %d, %d, %s\n%s", r.layout.HeaderRow, r.layout.HeaderRows, len(r.rows), names(r.layout), c.header, c.rows, c.data, c.names, r.layout.Why)
			}
		})
	}

	b, err := Open(t.Context(), book(quarters).file(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	src, err := b.Find(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	one := src
	one.HeaderRows = 1
	if l, err := b.Layout(t.Context(), one, 0); err != nil || l.HeaderRow != 1 || l.HeaderRows != 1 {
		t.Errorf("one row chosen: %+v, %v", l, err)
	}
	two := src
	two.HeaderRows = 2
	if l, err := b.Layout(t.Context(), two, 2); err != nil || l.HeaderRows != 2 || names(l) != "Product|2023 – Q1|2023 – Q2|2024 – Q1|2024 – Q2" || l.FirstRow != 3 || !strings.Contains(l.Why, "rows 1 and 2") {
		t.Errorf("two rows chosen: %+v, %v", l, err)
	}
}
