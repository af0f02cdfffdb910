package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/format"
)

func sorted(all []string) string {
	slices.Sort(all)
	return strings.Join(all, " ")
}

// TestDamagedSheets: no damage may end as fewer rows without an error.
func TestDamagedSheets(t *testing.T) {
	rows := func(n int) string {
		var b strings.Builder
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, `<row r="%d"><c r="A%d"><v>%d</v></c></row>`, i, i, i)
		}
		return b.String()
	}
	head := `<worksheet ` + mainNS + `><sheetData>`
	long := strings.Repeat("x", cell.MaxText+1)
	for _, c := range []struct {
		name, sheet string
		kind        ErrorKind
		row         int
	}{
		{"ends after a row", head + rows(3), ErrorTruncated, 3},
		{"ends inside a row", head + rows(3) + `<row r="4"><c r="A4"><v>4</v></c>`, ErrorTruncated, 3},
		{"ends inside a tag", head + rows(3) + `<row r="4"><c r="A`, ErrorCorrupt, 3},
		{"ends inside a text", head + rows(2) + `<row r="3"><c r="A3" t="inlineStr"><is><t>abc`, ErrorTruncated, 2},
		{"ends after the rows", head + rows(3) + `</sheetData>`, ErrorTruncated, 3},
		{"empty part", "", ErrorTruncated, 0},
		{"blank part", "  \n", ErrorTruncated, 0},
		{"no rows element", `<worksheet ` + mainNS + `><cols/></worksheet>`, ErrorCorrupt, 0},
		{"two values in a cell", head + rows(1) + `<row r="2"><c r="A2"><v>1</v><v>2</v></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"two texts in a cell", head + rows(1) + `<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is><is><t>b</t></is></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"a quote is missing", head + rows(1) + `<row r="2"><c r="A2><v>1</v></c><c r="B2" s="1"><v>2</v></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"no blank between attributes", head + rows(1) + `<row r="2"><c r="A2"s="1"><v>1</v></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"a name that is none", head + rows(1) + `<row r="2"><c&#65; r="A2"><v>1</v></c&#65;></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"another element among the rows", head + rows(1) + `<raw r="2"><c r="A2"><v>1</v></c></raw></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"another element among the cells", head + rows(1) + `<row r="2"><k r="A2"><v>1</v></k></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"two blocks of rows", head + rows(2) + `</sheetData><sheetData></sheetData></worksheet>`, ErrorCorrupt, 2},
		{"second block inside another", head + rows(2) + `</sheetData></worksheet><sheetData/>`, ErrorCorrupt, 2},
		{"closed in the wrong order", head + `<row r="1"><c r="A1"><v>1</c></v></row></sheetData></worksheet>`, ErrorCorrupt, 0},
		{"undefined entity", head + rows(1) + `<row r="2"><c r="A2" t="inlineStr"><is><t>&nbsp;</t></is></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"entity bomb", `<!DOCTYPE x [<!ENTITY a "aaaa">]>` + head + rows(1) + `</sheetData></worksheet>`, ErrorCorrupt, 0},
		{"control character", head + rows(1) + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>a\x01b</t></is></c></row></sheetData></worksheet>", ErrorCorrupt, 1},
		{"not UTF-8", head + rows(1) + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>a\xffb</t></is></c></row></sheetData></worksheet>", ErrorCorrupt, 1},
		{"control character in a number", head + "<row r=\"1\"><c r=\"A1\"><v>a\x01b</v></c></row></sheetData></worksheet>", ErrorCorrupt, 0},
		{"text index beyond the table", head + rows(1) + `<row r="2"><c r="A2" t="s"><v>3</v></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"text index that is none", head + rows(1) + `<row r="2"><c r="A2" t="s"><v>x</v></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"broken address", head + rows(1) + `<row r="2"><c r="2A"><v>3</v></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"broken row number", head + rows(1) + `<row r="two"><c><v>3</v></c></row></sheetData></worksheet>`, ErrorCorrupt, 1},
		{"row 0", head + `<row r="0"><c><v>3</v></c></row></sheetData></worksheet>`, ErrorTooLarge, 0},
		{"row beyond the last", head + rows(1) + `<row r="1048577"><c><v>3</v></c></row></sheetData></worksheet>`, ErrorTooLarge, 1},
		{"column beyond the last", head + rows(1) + `<row r="2"><c r="XFE2"><v>3</v></c></row></sheetData></worksheet>`, ErrorTooLarge, 1},
		{"text too long", head + rows(1) + `<row r="2"><c r="A2" t="inlineStr"><is><t>` + long + `</t></is></c></row></sheetData></worksheet>`, ErrorTooLarge, 1},
		{"huge token", head + rows(1) + `<row r="2"><c r="A2" x="` + strings.Repeat("y", 3<<20) + `"/></row></sheetData></worksheet>`, ErrorTooLarge, 1},
		{"another root", `<chartsheet ` + mainNS + `/>`, ErrorCorrupt, 0},
		{"text around", head + rows(1) + `</sheetData></worksheet>tail`, ErrorCorrupt, 1},
		{"nested too deep", head + `<row>` + strings.Repeat("<a>", 300), ErrorCorrupt, 0},
		{"unknown encoding", `<?xml version="1.0" encoding="klingon"?>` + head + `</sheetData></worksheet>`, ErrorUnsupported, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := book("")
			p["xl/worksheets/sheet1.xml"] = c.sheet
			_, err := tryCells(t, p)
			e := wantKind(t, err, c.kind)
			if e.Row != c.row || c.kind != ErrorUnsupported && e.Sheet != "Data" {
				t.Errorf("the place is sheet %q, row %d; want row %d", e.Sheet, e.Row, c.row)
			}
		})
	}
}

// TestDamagedFile cuts and changes a healthy file everywhere. It either reads with
// all rows or says what is wrong; it never reads with fewer.
func TestDamagedFile(t *testing.T) {
	var rows strings.Builder
	for i := 1; i <= 400; i++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c></row>`, i, i, i*7919%10007, i, i%3)
	}
	whole := book(rows.String()).zip(t)
	sum := func(data []byte) (total float64, n int, err error) {
		book, err := Open(t.Context(), put(t, "x.xlsx", data), Options{})
		if err != nil {
			return 0, 0, err
		}
		defer book.Close()
		all, err := book.rows(t.Context(), "Data", format.Request{Last: 1})
		if err != nil {
			return 0, 0, err
		}
		defer all.Close()
		for all.Next() {
			total += all.Cells()[0].Float
			n++
		}
		return total, n, all.Err()
	}
	wantSum, wantRows, err := sum(whole)
	if err != nil || wantRows != 400 {
		t.Fatalf("the healthy file: %d rows, %v", wantRows, err)
	}
	for cut := 0; cut < len(whole); cut += 101 {
		if _, _, err := sum(whole[:cut]); err == nil {
			t.Fatalf("cut after %d of %d bytes: read without an error", cut, len(whole))
		}
	}
	for at := 0; at < len(whole); at += 29 {
		bad := bytes.Clone(whole)
		bad[at] ^= 0x10
		if total, n, err := sum(bad); err == nil && (n != wantRows || total != wantSum) {
			t.Fatalf("byte %d changed: %d rows with sum %v and no error", at, n, total)
		}
	}
}

// TestWrongSums changes what the zip says about the sheet, not the sheet.
func TestWrongSums(t *testing.T) {
	whole := book(`<row r="1"><c r="A1"><v>1</v></c></row>`).zip(t)
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	directory := bytes.LastIndex(whole, []byte("PK\x01\x02"))
	for directory > 0 && !bytes.HasPrefix(whole[directory+46:], []byte("xl/worksheets/sheet1.xml")) {
		directory = bytes.LastIndex(whole[:directory], []byte("PK\x01\x02"))
	}
	if directory < 0 || len(z.File) == 0 {
		t.Fatal("the sheet is not in the directory")
	}
	for name, change := range map[string]func(entry []byte){
		"checksum":     func(e []byte) { binary.LittleEndian.PutUint32(e[16:], 0x12345678) },
		"longer":       func(e []byte) { binary.LittleEndian.PutUint32(e[24:], binary.LittleEndian.Uint32(e[24:])+1) },
		"shorter":      func(e []byte) { binary.LittleEndian.PutUint32(e[24:], binary.LittleEndian.Uint32(e[24:])-1) },
		"odd method":   func(e []byte) { binary.LittleEndian.PutUint16(e[10:], 9) },
		"zip password": func(e []byte) { e[8] |= 1 },
	} {
		bad := bytes.Clone(whole)
		change(bad[directory:])
		book, err := Open(t.Context(), put(t, "x.xlsx", bad), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		rows, err := book.rows(t.Context(), "Data", format.Request{Last: -1})
		if err == nil {
			for rows.Next() {
			}
			err = rows.Err()
		}
		if err == nil {
			t.Errorf("%s: read without an error", name)
		}
		book.Close()
	}
}

// TestDamagedParts breaks the parts around the sheets.
func TestDamagedParts(t *testing.T) {
	healthy := book(`<row r="1"><c r="A1" t="s"><v>1</v></c></row>`)
	for _, c := range []struct {
		name string
		p    parts
		kind ErrorKind
	}{
		{"no workbook", healthy.with("xl/workbook.xml", "").with("_rels/.rels", ""), ErrorUnsupported},
		{"broken workbook", healthy.with("xl/workbook.xml", "<workbook><sheets>"), ErrorTruncated},
		{"broken relationships", healthy.with("xl/_rels/workbook.xml.rels", "<Relationships"), ErrorCorrupt},
		{"no sheet part", healthy.with("xl/worksheets/sheet1.xml", ""), ErrorCorrupt},
		{"broken formats", healthy.with("xl/styles.xml", "<styleSheet><cellXfs>"), ErrorTruncated},
		{"no text table", healthy.with("xl/sharedStrings.xml", ""), ErrorCorrupt},
		{"broken text table", healthy.with("xl/sharedStrings.xml", "<sst><si><t>x</t></si>"), ErrorTruncated},
		{"text table cut after what is used", healthy.with("xl/sharedStrings.xml", "<sst><si><t>x</t></si><si><t>y</t></si>"), ErrorTruncated},
		{"another element among the texts", healthy.with("xl/sharedStrings.xml", "<sst><sj><t>x</t></sj><si><t>y</t></si><si><t>z</t></si></sst>"), ErrorCorrupt},
		{"text table with another root", healthy.with("xl/sharedStrings.xml", "<worksheet/>"), ErrorCorrupt},
		{"text too long", healthy.with("xl/sharedStrings.xml", "<sst><si><t/></si><si><t>"+strings.Repeat("é", cell.MaxText+1)+"</t></si></sst>"), ErrorTooLarge},
		{"two parts of one name", healthy.with("XL/Worksheets/Sheet1.XML", "<worksheet/>"), ErrorCorrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tryCells(t, c.p)
			wantKind(t, err, c.kind)
		})
	}
}

func TestLongestTextIsRead(t *testing.T) {
	longest := strings.Repeat("é", cell.MaxText)
	escaped := strings.Repeat("_x000D_", cell.MaxText)
	cells := cellsOf(t, book(`<row r="1"><c r="A1" t="inlineStr"><is><t>`+longest+`</t></is></c><c r="B1" t="inlineStr"><is><t>`+escaped+`</t></is></c></row>`))
	if cells["A1"].Text != longest || cells["B1"].Text != strings.Repeat("\r", cell.MaxText) {
		t.Errorf("got %d and %d bytes", len(cells["A1"].Text), len(cells["B1"].Text))
	}
}
