package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
)

// listed returns every cell of a workbook in the order in which Cells gives them.
func listed(t *testing.T, path string) ([]string, *Book, error) {
	t.Helper()
	b, err := Open(t.Context(), path, Options{})
	if err != nil {
		return nil, nil, err
	}
	t.Cleanup(func() { b.Close() })
	var got []string
	err = b.Cells(t.Context(), "", 0, func(s Stored) error {
		got = append(got, fmt.Sprintf("%s!%s=%s", s.Sheet, cell.Address(s.Row, s.Column), cell.Display(s.Cell)))
		return nil
	})
	return got, b, err
}

// TestSheetsOfOneName: both are read, each once.
func TestSheetsOfOneName(t *testing.T) {
	sheet := func(n int) string {
		return fmt.Sprintf(`<worksheet %s><sheetData><row r="1"><c r="A1"><v>%d</v></c></row></sheetData></worksheet>`, mainNS, n)
	}
	p := bookOf(sheet(1), sheet(2))
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "Data2", "Data", 1)
	got, b, err := listed(t, p.file(t))
	if err != nil || strings.Join(got, " ") != "Data!A1=1 Data (2)!A1=2" {
		t.Errorf("%v, %v", got, err)
	}
	if !strings.Contains(strings.Join(remark.Sentences(b.Remarks()), " "), `Two sheets have the name "Data"`) {
		t.Errorf("%+v", b.Remarks())
	}
	got, _, err = listed(t, odsFile(t, `<table:table table:name="S"><table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>`+
		`<table:table table:name="S"><table:table-row><table:table-cell office:value-type="float" office:value="2"/></table:table-row></table:table>`))
	if err != nil || strings.Join(got, " ") != "S!A1=1 S (2)!A1=2" {
		t.Errorf("%v, %v", got, err)
	}
}

// TestWhereSheetsLie: a sheet is read from where its relationship leads, or not at all.
func TestWhereSheetsLie(t *testing.T) {
	sheet := func(n int) string {
		return fmt.Sprintf(`<worksheet %s><sheetData><row r="1"><c r="A1"><v>%d</v></c></row></sheetData></worksheet>`, mainNS, n)
	}
	base := bookOf(sheet(1), sheet(2))
	const links = "xl/_rels/workbook.xml.rels"
	swap := func(from, to string) parts { return base.with(links, strings.Replace(base[links], from, to, 1)) }
	for _, c := range []struct {
		name, want string
		kind       ErrorKind
		p          parts
	}{
		{name: "an unusual kind of relationship", want: "Data!A1=1 Data2!A1=2", p: swap(`relationships/worksheet" Target="worksheets/sheet2.xml"`, `relationships/data" Target="worksheets/sheet2.xml"`)},
		{name: "no kind", want: "Data!A1=1 Data2!A1=2", p: swap(`Type="`+relTypes+`worksheet" Target="worksheets/sheet2.xml"`, `Target="worksheets/sheet2.xml"`)},
		{name: "a chart", want: "Data!A1=1", p: swap(`worksheet" Target="worksheets/sheet2.xml"`, `chartsheet" Target="chartsheets/sheet1.xml"`)},
		{name: "a macro sheet", want: "Data!A1=1", p: swap(`worksheet" Target="worksheets/sheet2.xml"`, `xlMacrosheet" Target="macrosheets/sheet1.xml"`)},
		{name: "the part is missing", kind: ErrorCorrupt, want: "Data!A1=1", p: swap("worksheets/sheet2.xml", "worksheets/other.xml")},
		{name: "no relationship, and the usual name is another sheet's", kind: ErrorCorrupt, p: swap(`Id="rId1"`, `Id="rId9"`)},
		{name: "no slash at the root", want: "Data!A1=1 Data2!A1=2", p: swap("worksheets/sheet2.xml", "xl/worksheets/sheet2.xml")},
		{name: "escaped", want: "Data!A1=1 Data2!A1=2", p: swap("worksheets/sheet2.xml", "worksheets/my%20sheet.xml").with("xl/worksheets/sheet2.xml", "").with("xl/worksheets/my sheet.xml", base["xl/worksheets/sheet2.xml"])},
		{name: "UTF-8 that says it is UTF-16", want: "Data!A1=1 Data2!A1=2", p: base.with("xl/worksheets/sheet2.xml", `<?xml version="1.0" encoding="utf-16"?>`+sheet(2))},
		{name: "rows in an element of another kind", kind: ErrorCorrupt, p: base.with("xl/worksheets/sheet1.xml", `<worksheet `+mainNS+`><sheetData><mc:AlternateContent xmlns:mc="m"><mc:Choice><row r="1"><c r="A1"><v>1</v></c></row></mc:Choice></mc:AlternateContent></sheetData></worksheet>`)},
		{name: "cells in an element of another kind", kind: ErrorCorrupt, p: base.with("xl/worksheets/sheet1.xml", `<worksheet `+mainNS+`><sheetData><row r="1"><x><c r="A1"><v>1</v></c></x></row></sheetData></worksheet>`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _, err := listed(t, c.p.file(t))
			if c.kind != "" {
				wantKind(t, err, c.kind)
			} else if err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

// TestCellsInTheOrderOfTheFile: --cells gives cells as they are stored, of repeated
// ones the last.
func TestCellsInTheOrderOfTheFile(t *testing.T) {
	v := func(at string, n int) string { return fmt.Sprintf(`<c r="%s"><v>%d</v></c>`, at, n) }
	got, _, err := listed(t, book(`<row r="2">`+v("C2", 1)+v("A2", 2)+v("B2", 3)+v("A2", 4)+`</row><row r="1">`+v("B1", 5)+v("A1", 6)+`</row>`).file(t))
	if want := "Data!C2=1 Data!B2=3 Data!A2=4 Data!B1=5 Data!A1=6"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s (%v)", got, want, err)
	}
}

// TestRawValues are those of the file, without the blanks around a number.
func TestRawValues(t *testing.T) {
	b, err := Open(t.Context(), book(`<row r="1"><c r="A1"><v> 1.50 </v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" s="1"><v>45000</v></c><c r="E1" t="inlineStr"><is><t> a </t></is></c></row>`).file(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var raws []string
	if err := b.Cells(t.Context(), "", 0, func(s Stored) error { raws = append(raws, s.Raw); return nil }); err != nil {
		t.Fatal(err)
	}
	if want := []string{"1.50", "one", "1", "45000", " a "}; !slices.Equal(raws, want) {
		t.Errorf("%q, want %q", raws, want)
	}
}

// TestControlCharacters: those of a workbook's texts are dropped and said with their cells,
// and its line breaks and tabs stay.
func TestControlCharacters(t *testing.T) {
	var rows strings.Builder
	for n := 1; n <= 8; n++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%[1]d" t="inlineStr"><is><t>a_x0000_b_x0007__x000A__x0009_%[1]d</t></is></c><c r="B%[1]d"><v>%[1]d</v></c></row>`, n)
	}
	r, err := readAll(t, book(rows.String()).file(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.rows[2].Cells[0].Text; got != "ab\n\t"+strconv.Itoa(r.rows[2].Number) {
		t.Errorf("%q", got)
	}
	if want := "control characters were dropped (A1, A2, A3, A4, A5 and more)"; !strings.Contains(strings.Join(r.notes, " "), want) {
		t.Errorf("%q", r.notes)
	}
}

// TestStoredDatesWithFormats: a cell of the type d is what its format shows of it, as
// one that holds a serial is.
func TestStoredDatesWithFormats(t *testing.T) {
	const hour = 3_600_000
	for xml, want := range map[string]cell.Cell{
		`<c r="A1" t="d" s="1"><v>2023-03-15T00:00:00</v></c>`:              date("2023-03-15"),
		`<c r="A1" t="d" s="2"><v>2023-03-15</v></c>`:                       dateTime("2023-03-15 00:00:00"),
		`<c r="A1" t="d" s="1"><v>2023-03-15T18:00:00</v></c>`:              dateTime("2023-03-15 18:00:00"),
		`<c r="A1" t="d" s="3"><v>T18:30:00</v></c>`:                        {Kind: cell.Time, Int: 18*hour + hour/2},
		`<c r="A1" t="d" s="4"><v>PT26H30M</v></c>`:                         {Kind: cell.Duration, Int: 26*hour + hour/2},
		`<c r="A1" t="d" s="4"><v>PT1H</v></c>`:                             {Kind: cell.Duration, Int: hour},
		`<c r="A1" s="3"><v>0.9999999999</v></c>`:                           {Kind: cell.Time, Int: 24*hour - 1},
		`<c r="A1" s="3"><v>0.9999999999999999</v></c>`:                     {Kind: cell.Time},
		`<c r="A1" t="str"><f>B1</f></c>`:                                   {Flags: cell.Uncalculated},
		`<c r="A1" t="str"><f>B1</f><v></v></c>`:                            {},
		`<c r="A1"><v>9.98999999999999999979</v></c>`:                       number(9.99),
		`<c r="A1" t="d" s="1"><v>2023-03-15T23:59:59.9999999</v></c>`:      {Kind: cell.DateTime, Int: date("2023-03-16").Int - 1},
		`<c r="A1" t="inlineStr"><is><t>_x005f_x000d_ _X000D_</t></is></c>`: text("_x000d_ _X000D_"),
	} {
		if got := cellsOf(t, book(`<row r="1">`+xml+`</row>`))["A1"]; got != want {
			t.Errorf("%s\n got %+v\nwant %+v", xml, got, want)
		}
	}
}

// TestLanguageFormats are built-in formats that are a day in one language of Excel and
// a time in another.
func TestLanguageFormats(t *testing.T) {
	p := book(`<row r="1"><c r="A1" s="0"><v>45000</v></c><c r="B1" s="0"><v>0.5</v></c><c r="C1" s="1"><v>45000</v></c><c r="D1" s="2"><v>0.5</v></c></row>`)
	p["xl/styles.xml"] = `<styleSheet ` + mainNS + `><cellXfs><xf numFmtId="55"/><xf numFmtId="81"/><xf numFmtId="33"/></cellXfs></styleSheet>`
	cells := cellsOf(t, p)
	for at, want := range map[string]cell.Cell{"A1": date("2023-03-15"), "B1": {Kind: cell.Time, Int: 43_200_000}, "C1": date("2023-03-15"), "D1": {Kind: cell.Time, Int: 43_200_000}} {
		if cells[at] != want {
			t.Errorf("%s is %+v, want %+v", at, cells[at], want)
		}
	}
}

// TestManyPartsExpand: 10 GB in parts that are each within the limit of one are
// refused at once, and so is a directory in which they lie over one another.
func TestManyPartsExpand(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range 110 {
		f, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), Method: zip.Deflate, CompressedSize64: 150_000, UncompressedSize64: 95 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(make([]byte, 150_000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), put(t, "bomb.xlsx", b.Bytes()), Options{})
	wantKind(t, err, ErrorTooLarge)
}

// TestOpenDocumentOddities are sheets that would lose rows to a careless reader.
func TestOpenDocumentOddities(t *testing.T) {
	const number = `<table:table-cell office:value-type="float" office:value="%d"/>`
	row := func(n int) string { return fmt.Sprintf(`<table:table-row>`+number+`</table:table-row>`, n) }
	nested := `<table:shapes><draw:frame><table:table table:name="inner">` + row(9) + `</table:table></draw:frame></table:shapes>`
	got, _, err := listed(t, odsFile(t, `<table:table table:name="S">`+nested+row(1)+`<table:table-row-group>`+row(2)+`<table:table-row-group>`+row(3)+`</table:table-row-group></table:table-row-group></table:table><table:table table:name="T">`+row(4)+`</table:table>`))
	if want := "S!A1=1 S!A2=2 S!A3=3 T!A1=4"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s (%v)", got, want, err)
	}
	got, _, err = listed(t, odsFile(t, `<table:table table:name="S"><table:table-row><table:table-cell office:value-type="date" office:date-value="12024-02-29"/><table:table-cell office:value-type="date" office:date-value="-0044-03-15"/></table:table-row></table:table>`))
	if want := "S!A1=12024-02-29 S!B1=-0044-03-15"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s (%v)", got, want, err)
	}
}

// TestDataElsewhere: a workbook whose rows lie in a data model or behind a pivot table
// says so, and does not look like an empty one.
func TestDataElsewhere(t *testing.T) {
	for part, word := range map[string]string{"xl/model/item.data": "data model", "xl/pivotCache/pivotCacheRecords1.xml": "pivot"} {
		_, _, err := listed(t, book("").with(part, "x").file(t))
		if e := wantKind(t, err, ErrorEmpty); !strings.Contains(e.Failure().Sentence, word) {
			t.Errorf("%s: %s", part, e.Failure().Sentence)
		}
	}
	if got, _, err := listed(t, book("").file(t)); err != nil || len(got) > 0 {
		t.Errorf("an empty workbook: %v, %v", got, err)
	}
}
