package workbook

import (
	"strings"
	"testing"
)

// TestRivals: what is found of the names and the types says how close the next best reading
// is.
func TestRivals(t *testing.T) {
	days := "Day\n" + strings.Repeat("03/04/2024\n", 37) + "13/04/2024\n14/04/2024\n"
	for _, c := range []struct{ data, header, column string }{
		{"Report\n\nDay,Qty,Item\n2024-01-05,1,Pen\n2024-01-06,2,Ink\n", "Row 1 as the column names would leave 2 names blank.", ""},
		{"Item,Qty\nPen,1\nInk,2\n", "As data, row 1 would be the only text in 1 column.", ""},
		{"Town,Land\nOslo,Norway\nRome,Italy\n", "As data, row 1 would be one more row of text.", ""},
		{"1,2024-01-05\n2,2024-01-06\n", `Row 1 as the column names would make a name of "1".`, ""},
		{days, "As data, row 1 would be the only text in 1 column.", "As dates with the month first, 37 of 39 values would fit."},
		{"Amount;n\n1,5;a\n2,25;b\n3,0;c\n", "As data, row 1 would be the only text in 1 column.", ""},
		{"Qty\n1\n2\n3.5\n", "As data, row 1 would be the only text in 1 column.", "As whole numbers, 2 of 3 values would fit."},
		{"Qty,n\n1,a\n2,b\nfew,c\n", "As data, row 1 would be one more row of text.", "As whole numbers, 2 of 3 values would fit."},
		{"Day\n20240101\n20240102\n", "As data, row 1 would be the only text in 1 column.", "As whole numbers, all of them would fit as well."},
		{"Day,No\n5/3/2024,1\n13/03/2024,2\n4/1/2024,3\n28/02/2024,4\n", "As data, row 1 would be the only text in 2 columns.", ""},
		{"Amount;x\n1.234;a\n2.500;b\n", "As data, row 1 would be the only text in 1 column.", "As numbers with the dot as the decimal mark, all of them would fit as well."},
	} {
		r, err := readAll(t, put(t, "x.csv", []byte(c.data)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p := r.profile.Columns[0]; r.layout.Rival != c.header || p.Rival != c.column {
			t.Errorf("%q: %q, %q (%s, %s)", c.data, r.layout.Rival, p.Rival, p.Type, p.Why)
		}
	}
}
