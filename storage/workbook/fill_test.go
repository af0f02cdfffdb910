package workbook

import (
	"fmt"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
)

// columnCodes are the codes of what is said of columns, with the number of rows.
func columnCodes(p infer.Profile) string {
	var all []string
	for _, c := range p.Columns {
		for _, r := range c.Remarks {
			all = append(all, fmt.Sprintf("%s:%s:%d", c.Header.Name, r.Code, r.Count))
		}
	}
	return strings.Join(all, " ")
}

// grid shows the rows of a source as they are sent.
func grid(t *testing.T, b *Book, src Source) string {
	t.Helper()
	l, err := b.Layout(t.Context(), src, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, pages, err := b.ProfilePages(t.Context(), l, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Preview(t.Context(), l.WithTypes(p), 100)
	if err != nil {
		t.Fatal(err)
	}
	show := func(r cell.Row) string {
		var all []string
		for _, c := range r.Cells {
			all = append(all, cell.Display(c))
		}
		return strings.Join(all, ",")
	}
	var all []string
	for i, r := range rows {
		all = append(all, show(r))
		if page, ok := pages.Row(int64(i)); !ok || show(page) != show(r) {
			t.Errorf("row %d is shown as %s and sent as %s", r.Number, show(page), show(r))
		}
	}
	return strings.Join(all, " / ")
}

// TestFillDown: labels of merged cells and of groups are left blank and said, and filled
// down where that is chosen, in each format.
func TestFillDown(t *testing.T) {
	rows := sheetOf(row("Region", "Team", "Hours"), row("North", "Sales", "1"), row("", "", "2"), row("", "Service", "3"), row("South", "Sales", "4"), row("", "", "5"))
	merged := bookOf(`<worksheet ` + mainNS + `><sheetData>` + rows + `</sheetData><mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="A5:A6"/><mergeCell ref="B2:B3"/><mergeCell ref="B5:B6"/></mergeCells></worksheet>`)
	odsRow := func(cells string) string { return `<table:table-row>` + cells + `</table:table-row>` }
	odsText := func(v, more string) string {
		return `<table:table-cell office:value-type="string"` + more + `><text:p>` + v + `</text:p></table:table-cell>`
	}
	odsNumber := func(v string) string { return `<table:table-cell office:value-type="float" office:value="` + v + `"/>` }
	covered := `<table:covered-table-cell/>`
	high := func(n int) string { return fmt.Sprintf(` table:number-rows-spanned="%d"`, n) }
	ods := odsFile(t, `<table:table table:name="S">`+odsRow(odsText("Region", "")+odsText("Team", "")+odsText("Hours", ""))+
		odsRow(odsText("North", high(3))+odsText("Sales", high(2))+odsNumber("1"))+odsRow(covered+covered+odsNumber("2"))+odsRow(covered+odsText("Service", "")+odsNumber("3"))+
		odsRow(odsText("South", high(2))+odsText("Sales", high(2))+odsNumber("4"))+odsRow(covered+covered+odsNumber("5"))+`</table:table>`)
	for _, c := range []struct{ name, path, codes string }{
		{"merged in .xlsx", merged.file(t), "Region:merged:3 Team:merged:2"},
		{"merged in .ods", ods, "Region:merged:3 Team:merged:2"},
		{"not merged", book(rows).file(t), "Region:group-labels:3 Team:group-labels:2"},
		{"text", put(t, "g.csv", []byte("Region,Team,Hours\nNorth,Sales,1\n,,2\n,Service,3\nSouth,Sales,4\n,,5\n")), "Region:group-labels:3 Team:group-labels:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := Open(t.Context(), c.path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			src, err := b.Find(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			p, _ := profiled(t, b, src)
			if got := columnCodes(p); got != c.codes {
				t.Errorf("said: %s, want %s", got, c.codes)
			}
			if got := grid(t, b, src); got != "North,Sales,1 / ,,2 / ,Service,3 / South,Sales,4 / ,,5" {
				t.Error(got)
			}
			src.FillDown = []string{"region", "B"}
			if got := grid(t, b, src); got != "North,Sales,1 / North,Sales,2 / North,Service,3 / South,Sales,4 / South,Sales,5" {
				t.Error(got)
			}
			if p, _ := profiled(t, b, src); columnCodes(p) != "Region:filled-down:3 Team:filled-down:2" || p.Columns[0].Counts[cell.Blank] != 0 {
				t.Errorf("%s, %v", columnCodes(p), p.Columns[0].Counts)
			}
			src.FillDown = []string{"Nowhere"}
			if _, err := b.Layout(t.Context(), src, 0); err == nil {
				t.Error("a column that is not there was filled")
			}
		})
	}
	// A total between the groups is none of them.
	b, err := Open(t.Context(), put(t, "p.csv", []byte("Region,Item,Sold\nEast,a,1\n,b,2\nEast Total,,3\nWest,a,4\n,b,5\nWest Total,,9\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	src, _ := b.Find(t.Context(), "", "")
	src.FillDown = []string{"Region"}
	if got := grid(t, b, src); got != "East,a,1 / East,b,2 / West,a,4 / West,b,5" {
		t.Error(got)
	}
}

// TestNoLabels: blanks in columns that are no labels offer nothing.
func TestNoLabels(t *testing.T) {
	for name, data := range map[string]string{
		"begins blank":      "A,B,C\n,x,1\na,y,2\n,z,3\nb,x,4\n",
		"values repeat":     "A,B,C\na,x,1\na,y,2\n,z,3\nb,x,4\n,y,5\n",
		"a few blanks":      "A,B,C\n" + strings.Repeat("a,x,1\nb,y,2\n", 20) + ",z,3\n",
		"not at the left":   "A,B,C\na,x,1\na,,2\nb,y,3\nb,,4\n",
		"numbers with gaps": "A,B\na,1.5\nb,\nc,2.5\n",
	} {
		r, err := readAll(t, put(t, "n.csv", []byte(data)), Options{})
		if got := columnCodes(r.profile); err != nil || strings.Contains(got, "group") {
			t.Errorf("%s: %v, %s", name, err, got)
		}
	}
}

// TestSkipHidden: hidden rows and columns are read and said, and left out where that is
// chosen.
func TestSkipHidden(t *testing.T) {
	head := `<row r="1">` + str("Name") + str("Cost") + str("Price") + `</row>`
	data := `<row r="2" hidden="1">` + str("a") + num("1", 0) + num("1.5", 0) + `</row><row r="3">` + str("b") + num("2", 0) + num("2.5", 0) + `</row><row r="4" hidden="1">` + str("c") + num("3", 0) + num("3.5", 0) + `</row>`
	xlsx := bookOf(`<worksheet ` + mainNS + `><cols><col min="2" max="2" hidden="1"/></cols><sheetData>` + head + data + `</sheetData></worksheet>`).file(t)
	cells := func(name, cost, price string) string {
		return `<table:table-cell office:value-type="string"><text:p>` + name + `</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="` + cost + `"/><table:table-cell office:value-type="float" office:value="` + price + `"/>`
	}
	names := `<table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Cost</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Price</text:p></table:table-cell>`
	ods := odsFile(t, `<table:table table:name="S"><table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/><table:table-row>`+names+`</table:table-row><table:table-row table:visibility="filter">`+cells("a", "1", "1.5")+
		`</table:table-row><table:table-row>`+cells("b", "2", "2.5")+`</table:table-row><table:table-row table:visibility="collapse">`+cells("c", "3", "3.5")+`</table:table-row></table:table>`)
	for _, path := range []string{xlsx, ods} {
		b, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		src, _ := b.Find(t.Context(), "", "")
		p, _ := profiled(t, b, src)
		if p.Rows != 3 || p.HiddenRows != 2 || !remark.Has(p.Remarks, infer.NoteHidden) || columnCodes(p) != "Cost:hidden:0" {
			t.Errorf("%d rows, %d hidden, %s, %q", p.Rows, p.HiddenRows, columnCodes(p), remark.Sentences(p.Remarks))
		}
		src.SkipHidden = true
		if got := grid(t, b, src); got != "b,2.5" {
			t.Error(got)
		}
		l, err := b.Layout(t.Context(), src, 0)
		if err != nil || len(l.Headers) != 2 || l.Headers[1].Column != 2 || !remark.Has(l.Remarks, infer.NoteHiddenLeft) {
			t.Errorf("%v: %+v", err, l)
		}
		if p, _ := profiled(t, b, src); p.HiddenRows != 0 || !remark.Has(p.Remarks, infer.NoteHiddenLeft) || p.Columns[1].Type != infer.TypeDecimal {
			t.Errorf("%+v", p)
		}
	}
}

// TestTablesBeside: a second table to the right is another one when its rows are others or
// it has the same names; else it is read together with the first, and said.
func TestTablesBeside(t *testing.T) {
	other := [][]string{row("SKU", "Qty", "", "Shop", "Town"), row("a", "1", "", "x", "Oslo"), row("b", "2", "", "y", "Rome"), row("c", "3")}
	same := [][]string{row("SKU", "Qty", "", "SKU", "Qty"), row("a", "1", "", "x", "5"), row("b", "2", "", "y", "6")}
	one := [][]string{row("SKU", "Qty", "", "Shop", "Town"), row("a", "1", "", "x", "Oslo"), row("b", "2", "", "y", "Rome")}
	for _, c := range []struct {
		rows    [][]string
		columns int
		kind    remark.Kind
	}{{other, 2, remark.Omit}, {same, 2, remark.Omit}, {one, 5, remark.Guess}} {
		b, err := Open(t.Context(), book(sheetOf(c.rows...)).file(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		src, _ := b.Find(t.Context(), "", "")
		l, err := b.Layout(t.Context(), src, 0)
		if err != nil || len(l.Headers) != c.columns || len(l.Remarks) != 1 || l.Remarks[0].Code != infer.NoteBeside || l.Remarks[0].Kind != c.kind {
			t.Fatalf("%v: %+v", err, l)
		}
		p, err := b.Profile(t.Context(), l, nil)
		if err != nil || remark.Has(p.Remarks, infer.NoteOutside) {
			t.Errorf("%v: %q", err, remark.Sentences(p.Remarks))
		}
		second, err := b.Find(t.Context(), "", l.Remarks[0].Options[0].Value)
		if err != nil {
			t.Fatal(err)
		}
		if l, err := b.Layout(t.Context(), second, 0); err != nil || len(l.Headers) != 2 || l.FirstCol != 3 {
			t.Errorf("the second: %v, %+v", err, l)
		}
	}
}

// TestTablesBelow: each of stacked tables says how the next one is read.
func TestTablesBelow(t *testing.T) {
	lines := []string{"Item,Sold", "a,1", "b,2", "c,3", "", "Shop,Town,Open", "x,Oslo,1", "y,Rome,2", "", "Rates", "Currency,Rate", "SEK,11.5", "NOK,11.7"}
	var sheet [][]string
	for _, line := range lines {
		if sheet = append(sheet, nil); line != "" {
			sheet[len(sheet)-1] = strings.Split(line, ",")
		}
	}
	for _, path := range []string{put(t, "s.csv", []byte(strings.Join(lines, "\n"))), book(sheetOf(sheet...)).file(t)} {
		b, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		src, _ := b.Find(t.Context(), "", "")
		for _, want := range []struct{ names, rows string }{{"Item|Sold", "2 3 4"}, {"Shop|Town|Open", "7 8"}, {"Currency|Rate", "12 13"}} {
			l, err := b.Layout(t.Context(), src, 0)
			if err != nil {
				t.Fatal(err)
			}
			p, rows := profiled(t, b, src)
			if names(l) != want.names || rows != want.rows {
				t.Errorf("%s: %s, rows %s, want %s, %s", path, names(l), rows, want.names, want.rows)
			}
			next := ""
			for _, r := range p.Remarks {
				if r.Code == infer.NoteTable {
					next = r.Options[0].Value
				}
			}
			if (next == "") != (want.names == "Currency|Rate") {
				t.Fatalf("%s: next is %q", want.names, next)
			}
			if next == "" {
				break
			}
			if src, err = b.Find(t.Context(), "", next); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestUnits: units below the names are left out, and joined to them where that is chosen.
func TestUnits(t *testing.T) {
	b, err := Open(t.Context(), put(t, "u.csv", []byte("time,temp,flow\nyyyy-mm-dd,°C,m3/h\n2024-01-01,0.5,1\n2024-01-02,0.7,2\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	src, _ := b.Find(t.Context(), "", "")
	p, rows := profiled(t, b, src)
	if rows != "3 4" || lineCodes(p) != "units" || p.Columns[0].Type != infer.TypeDateTime || p.Columns[1].Type != infer.TypeDecimal {
		t.Errorf("%s, %s, %+v", rows, lineCodes(p), p.Columns)
	}
	for _, data := range []string{"Sum\n($1,182.77)\n400\n500\n", "Sum\n(CHF 1,182.77)\n400\n500\n", "Sum\n(₹1,182)\n400\n500\n", "Sum\n(R$ 1.182,77)\n400\n500\n", "Name,Score\nAnna,n/a\nBert,5\nCarl,6\n", "key,n\nk0,007\nk1,123\nk2,124\n"} {
		if r, err := readAll(t, put(t, "d.csv", []byte(data)), Options{}); err != nil || len(r.rows) != 3 {
			t.Errorf("%q: %v, %d rows", data, err, len(r.rows))
		}
	}
	src.HeaderRows = 2
	l, err := b.Layout(t.Context(), src, 0)
	if err != nil || names(l) != "time (yyyy-mm-dd)|temp (°C)|flow (m3/h)" {
		t.Errorf("%v: %s", err, names(l))
	}
	if _, rows := profiled(t, b, src); rows != "3 4" {
		t.Error(rows)
	}
}
