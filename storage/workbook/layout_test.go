package workbook

import (
	"fmt"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/numeric"
)

// sheetOf writes a sheet from rows of values: text, or numbers, with "" for nothing.
// A value may name its style: 45000@1.
func sheetOf(rows ...[]string) string {
	var b strings.Builder
	for i, row := range rows {
		if row == nil {
			continue
		}
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for column, v := range row {
			address := cell.Address(i+1, column)
			number, style, styled := strings.Cut(v, "@")
			if _, ok := numeric.ParseNumber([]byte(number)); ok && v != "" {
				if !styled {
					style = "0"
				}
				fmt.Fprintf(&b, `<c r="%s" s="%s"><v>%s</v></c>`, address, style, number)
			} else if v != "" {
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, address, escape(v))
			}
		}
		b.WriteString(`</row>`)
	}
	return b.String()
}

func row(values ...string) []string { return values }

func names(l Layout) string {
	var all []string
	for _, h := range l.Headers {
		all = append(all, h.Name)
	}
	return strings.Join(all, "|")
}

func TestFindHeader(t *testing.T) {
	for _, c := range []struct {
		name   string
		rows   [][]string
		header int
		first  int
		names  string
		why    string
	}{
		{"first row", [][]string{row("Name", "Amount"), row("a", "1"), row("b", "2")}, 1, 2, "Name|Amount", "other kinds"},
		{"after a title", [][]string{row("Sales report 2024"), nil, row("Name", "Amount", "When"), row("a", "1", "45000@1")}, 3, 4, "Name|Amount|When", "other kinds"},
		{"after two notes", [][]string{row("Report", "draft"), row("by", "me"), row("Name", "Amount", "When", "Who"), row("a", "1", "45000@1", "x")}, 3, 4, "Name|Amount|When|Who", ""},
		{"leading blank rows and columns", [][]string{nil, nil, row("", "", "Name", "Amount"), row("", "", "a", "1")}, 3, 4, "Name|Amount", ""},
		{"all text is a guess", [][]string{row("Name", "City"), row("Anna", "Oslo"), row("Bert", "Rome")}, 1, 2, "Name|City", "guess"},
		{"numbers only", [][]string{row("1", "2"), row("3", "4")}, 0, 1, "Column A|Column B", "No row"},
		{"data without a header", [][]string{row("Anna", "12", "3"), row("Bert", "13", "4")}, 0, 1, "Column A|Column B|Column C", "No row"},
		{"years as headers", [][]string{row("Region", "2022", "2023", "2024"), row("North", "1.5", "2.5", "3.5"), row("South", "1", "2", "3")}, 1, 2, "Region|2022|2023|2024", ""},
		{"dates as headers", [][]string{row("Region", "45000@1", "45031@1"), row("North", "1", "2")}, 1, 2, "Region|2023-03-15|2023-04-15", ""},
		{"totals above the header", [][]string{row("", "300", "500"), row("Name", "Sold", "Left"), row("a", "100", "200"), row("b", "200", "300")}, 2, 3, "Name|Sold|Left", ""},
		{"one column", [][]string{row("Name"), row("Anna"), row("Bert")}, 1, 2, "Name", ""},
		{"one row", [][]string{row("Name", "Amount")}, 1, 2, "Name|Amount", "only row"},
		{"blank and repeated names", [][]string{row(" Sales ", "", "sales", "SALES (2)", "Line\nbreak  here", "Sales"), row("1", "2", "3", "4", "5", "6")}, 1, 2, "Sales|Column B|sales (3)|SALES (2)|Line break here|Sales (4)", ""},
		{"text in the middle of numbers", [][]string{row("1", "2"), row("x", "y"), row("3", "4")}, 2, 3, "x|y", ""},
		{"gaps in a data row are no header", [][]string{row("id", "a", "b"), row("1", "x", "2"), row("", "only", "text"), row("2", "y", "3")}, 1, 2, "id|a|b", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := readAll(t, book(sheetOf(c.rows...)).file(t), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.layout.HeaderRow != c.header || r.layout.FirstRow != c.first || names(r.layout) != c.names {
				t.Errorf("header in row %d, data from row %d, names %s; want %d, %d, %s\n%s", r.layout.HeaderRow, r.layout.FirstRow, names(r.layout), c.header, c.first, c.names, r.layout.Why)
			}
			if !strings.Contains(r.layout.Why, c.why) || r.layout.Why == "" {
				t.Errorf("the reason is %q, want %q in it", r.layout.Why, c.why)
			}
		})
	}
}

func TestChosenHeader(t *testing.T) {
	path := book(sheetOf(row("Title"), row("Name", "Amount"), row("a", "1"))).file(t)
	for _, c := range []struct {
		headerRow, header, first, rows int
		names                          string
	}{
		{0, 2, 3, 1, "Name|Amount"}, {2, 2, 3, 1, "Name|Amount"}, {3, 3, 4, 0, "a|1"}, {1, 1, 2, 2, "Title|Column B"}, {-1, 0, 1, 3, "Column A|Column B"},
	} {
		r, err := readSource(t, path, Options{}, "", "", c.headerRow)
		if err != nil {
			t.Fatal(err)
		}
		if r.layout.HeaderRow != c.header || r.layout.FirstRow != c.first || len(r.rows) != c.rows || names(r.layout) != c.names {
			t.Errorf("header row %d: got %d, data from %d, %d rows, %s", c.headerRow, r.layout.HeaderRow, r.layout.FirstRow, len(r.rows), names(r.layout))
		}
	}
}

// withTable adds a table definition to the first sheet.
func withTable(p parts, attributes, columns string) parts {
	return p.with("xl/worksheets/_rels/sheet1.xml.rels", rels(rel{"rId1", "table", "../tables/table1.xml"})).
		with("xl/tables/table1.xml", `<table `+mainNS+` id="1" displayName="Orders" `+attributes+`><tableColumns>`+columns+`</tableColumns></table>`)
}

func TestTables(t *testing.T) {
	sheet := sheetOf(row("Note"), nil, row("", "Name", "Amount", "beside"), row("", "a", "1"), row("", "b", "2"), row("", "Total", "3"))
	for _, c := range []struct {
		name, attributes, columns, names string
		header, first, last, rows        int
	}{
		{"plain", `ref="B3:C5"`, "", "Name|Amount", 3, 4, 5, 2},
		{"totals row", `ref="B3:C6" totalsRowCount="1"`, "", "Name|Amount", 3, 4, 5, 2},
		{"no header row", `ref="B4:C5" headerRowCount="0"`, `<tableColumn name="Who"/><tableColumn name="How_x000a_much"/>`, "Who|How much", 0, 4, 5, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := readAll(t, withTable(book(sheet), c.attributes, c.columns).file(t), Options{})
			if err != nil {
				t.Fatal(err)
			}
			l := r.layout
			if l.Source.Kind != SourceTable || l.Source.Name != "Orders" || names(l) != c.names || l.HeaderRow != c.header || l.FirstRow != c.first || l.LastRow != c.last || len(r.rows) != c.rows {
				t.Errorf("got %+v with %d rows", l, len(r.rows))
			}
		})
	}
	t.Run("the sheet of a table", func(t *testing.T) {
		r, err := readSource(t, withTable(book(sheet), `ref="B3:C5"`, "").file(t), Options{}, "data", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		if r.layout.Source.Kind != SourceSheet || r.layout.HeaderRow != 3 || !strings.Contains(r.layout.Why, `table "Orders"`) || len(r.rows) != 2 || !r.profile.Left.Has(6) {
			t.Errorf("got %+v with %d rows", r.layout, len(r.rows))
		}
	})
	t.Run("a broken table is no reason not to read", func(t *testing.T) {
		r, err := readAll(t, withTable(book(sheet), `ref="B3:C5"`, "<broken").file(t), Options{})
		if err != nil || len(r.rows) != 2 || !strings.Contains(strings.Join(r.notes, " "), "not listed") {
			t.Errorf("%v, %d rows, notes %q", err, len(r.rows), r.notes)
		}
	})
}

func TestSources(t *testing.T) {
	sheet := `<worksheet ` + mainNS + `><sheetData>` + sheetOf(row("Name", "Amount"), row("a", "1"), row("b", "2")) + `</sheetData></worksheet>`
	empty := `<worksheet ` + mainNS + `><sheetData/></worksheet>`
	p := bookOf(empty, sheet, sheet, sheet)
	p["xl/workbook.xml"] = `<workbook ` + mainNS + `><sheets><sheet name="Empty" sheetId="1" r:id="rId1"/><sheet name="Chart" sheetId="9" r:id="rIdC"/>` +
		`<sheet name="Secret" sheetId="2" state="veryHidden" r:id="rId2"/><sheet name="It's &amp; more" sheetId="3" r:id="rId3"/><sheet name="Last" sheetId="4" r:id="rId4"/></sheets>` +
		`<definedNames><definedName name="Block">'It''s &amp; more'!$A$1:$B$3</definedName><definedName name="Rate">Last!$B$2</definedName><definedName name="Gone">#REF!</definedName>` +
		`<definedName name="_xlnm.Print_Area" localSheetId="4">Last!$A$1:$B$2</definedName><definedName name="Hidden" hidden="1">Last!$A$1:$B$2</definedName>` +
		`<definedName name="_xlnm._FilterDatabase" localSheetId="4" hidden="1">Last!$A$2:$B$3</definedName></definedNames></workbook>`
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Relationships>", `<Relationship Id="rIdC" Type="`+relTypes+`chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`, 1)
	p["xl/chartsheets/sheet1.xml"] = `<chartsheet ` + mainNS + `/>`
	b, err := Open(t.Context(), p.file(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var got []string
	for _, s := range b.Sources() {
		got = append(got, fmt.Sprintf("%s %s %v %s", s.Kind, s.Name, s.Hidden, s.Range))
	}
	want := "sheet Empty false |sheet It's & more false |range Block false A1:B3|sheet Last false |sheet Secret true "
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
	for _, c := range []struct{ sheet, area, want, wantRange string }{
		{"", "", "It's & more", ""}, {"last", "", "Last", ""}, {"BLOCK", "", "Block", "A1:B3"}, {"secret", "", "Secret", ""},
		{"", "Last!A2:B3", "Last!A2:B3", "A2:B3"}, {"", "'It''s & more'!$B$1:A2", "It's & more!A1:B2", "A1:B2"}, {"Last", "A2:B3", "Last!A2:B3", "A2:B3"},
		{"", "b2:b3", "It's & more!B2:B3", "B2:B3"}, {"Last", "A:B", "Last!A:B", "A:B"}, {"Last", "2:3", "Last!2:3", "2:3"}, {"Last", "A2", "Last!A2:", "A2:"}, {"Last", "A2:B", "Last!A2:B", "A2:B"}, {"", "Block", "Block", "A1:B3"},
	} {
		s, err := b.Find(t.Context(), c.sheet, c.area)
		if err != nil || s.Name != c.want || s.Range.String() != c.wantRange {
			t.Errorf("Find(%q, %q) = %q %q, %v; want %q %q", c.sheet, c.area, s.Name, s.Range, err, c.want, c.wantRange)
		}
	}
	for _, c := range [][2]string{{"Chart", ""}, {"nope", ""}, {"", "Last!XFE1:XFE2"}, {"", "A0:B1"}, {"", "12x"}, {"", "nope!A1:B2"}, {"Last", "A1:B2:C3"}, {"Last", "A1048577"}} {
		_, err := b.Find(t.Context(), c[0], c[1])
		wantKind(t, err, ErrorNoSource)
	}
	filtered, err := b.Find(t.Context(), "Last", "")
	if err != nil {
		t.Fatal(err)
	}
	if l, err := b.Layout(t.Context(), filtered, 0); err != nil || l.HeaderRow != 2 || !strings.Contains(l.Why, "filter") {
		t.Errorf("the filter's header: %+v, %v", l, err)
	}
	nothing, _ := b.Find(t.Context(), "Empty", "")
	_, err = b.Layout(t.Context(), nothing, 0)
	wantKind(t, err, ErrorEmpty)
}

// TestNothingInSheets: a workbook that keeps its data elsewhere says where.
func TestNothingInSheets(t *testing.T) {
	for part, want := range map[string]string{"": "has no values", "xl/model/item.data": "Power Pivot", "xl/pivotCache/pivotCacheRecords1.xml": "pivot tables"} {
		_, err := readAll(t, book("").with(part, "x").with("", "").file(t), Options{})
		if e := wantKind(t, err, ErrorEmpty); !strings.Contains(e.Failure().Sentence, want) {
			t.Errorf("the sentence is %q, want %q in it", e.Failure().Sentence, want)
		}
	}
	_, err := readAll(t, bookOf().file(t), Options{})
	if e := wantKind(t, err, ErrorEmpty); !strings.Contains(e.Failure().Sentence, "no worksheet") {
		t.Errorf("the sentence is %q", e.Failure().Sentence)
	}
}

func TestRanges(t *testing.T) {
	path := book(sheetOf(row("Name", "Amount", "Note"), row("a", "1", "x"), row("b", "2"), nil, row("c", "3"), row("d", "4"))).file(t)
	r, err := readSource(t, path, Options{}, "", "A1:B5", 0)
	if err != nil {
		t.Fatal(err)
	}
	if names(r.layout) != "Name|Amount" || len(r.rows) != 3 || r.rows[2].Number != 5 || r.profile.BlankRows != 1 || len(r.profile.Remarks) != 0 {
		t.Errorf("%+v: %d rows, %d blank, %v", r.layout, len(r.rows), r.profile.BlankRows, r.profile.Remarks)
	}
	// A sheet whose later rows reach further than the first 200 says so.
	var wide [][]string
	wide = append(wide, row("Name", "Amount"))
	for range 300 {
		wide = append(wide, row("a", "1"))
	}
	wide = append(wide, row("z", "2", "", "late"))
	r, err = readAll(t, book(sheetOf(wide...)).file(t), Options{})
	if err != nil || len(r.profile.Remarks) != 1 || r.profile.Remarks[0].Code != infer.NoteOutside || !strings.Contains(r.profile.Remarks[0].Sentence, "D302") {
		t.Errorf("%v, notes %+v", err, r.profile.Remarks)
	}
}
