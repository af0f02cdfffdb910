package workbook

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/biff/bifftest"
	"pushdesk/storage/workbook/internal/format"
)

const (
	binRK      = 2
	binError   = 3
	binBoolean = 4
	binReal    = 5
	binText    = 6
	binShared  = 7
	binRich    = 62
)

// TestXLSBCells: every way in which a cell is stored.
func TestXLSBCells(t *testing.T) {
	cell := bifftest.Cell
	rows := bifftest.Bytes(
		bifftest.Row(1, false, cell(binShared, 0, 0, uint32(0)), cell(binShared, 1, 0, uint32(1)), cell(binText, 2, 0, bifftest.Counted("läbel 😀")),
			cell(binRich, 3, 0, byte(1), bifftest.Counted("rich"), uint32(1), uint32(0))),
		bifftest.Row(2, true, cell(binReal, 0, 0, 12.5), cell(binReal, 1, xlsDate, 45000.0), cell(binRK, 2, xlsPercent, rk(50, true)), cell(binRK, 3, 0, rk(-7, false)),
			cell(binRK, 4, xlsMoney, rk(999, true)), cell(binRK, 5, xlsPadded, rk(123, false)), cell(1, 6, 0)),
		bifftest.Row(3, false, cell(binBoolean, 0, 0, byte(1)), cell(binError, 1, 0, byte(0x2a)), cell(binReal, 2, xlsDuration, 1.5), cell(binReal, 3, 0, 1e15+1), cell(binRK, 4, xlsForeign, rk(45000, false))),
		bifftest.Row(7, false, cell(9, 0, 0, 43.0, uint16(0), uint32(0), uint32(0)), cell(8, 1, 0, bifftest.Counted("result"), uint16(0), uint32(0), uint32(0)), cell(10, 2, 0, byte(0), uint16(0)), cell(11, 3, 0, byte(7), uint16(0)),
			cell(8, 4, 0, bifftest.Counted(""), uint16(0)), bifftest.Binary(13, uint32(0), rk(5, false)), bifftest.Binary(18, uint32(0), uint32(1))),
		bifftest.Row(9, false), bifftest.Binary(300, "what no version before has"), bifftest.Binary(2000, make([]byte, 70000)))
	columns := bifftest.Binary(60, uint32(3), uint32(4), uint32(2000), uint32(0), uint16(1))
	after := bifftest.Binary(176, uint32(4), uint32(4), uint32(0), uint32(2))
	names := bifftest.Bytes(bifftest.Binary(355, uint32(0)), bifftest.Binary(357), bifftest.Binary(362, uint32(2), uint32(1), uint32(1), uint32(1), uint32(0), uint32(1), uint32(1)))
	for i, n := range []struct {
		name    string
		flags   uint32
		rows    [2]uint32
		columns [2]uint16
	}{{"Prices", 0, [2]uint32{2, 9}, [2]uint16{1, 3}}, {"Columns", 0, [2]uint32{0, 1048575}, [2]uint16{0xc001, 0xc003}}, {"Secret", 1, [2]uint32{2, 9}, [2]uint16{1, 3}}, {"_FilterDatabase", 0x21, [2]uint32{0, 6}, [2]uint16{0, 3}}, {"Elsewhere", 0, [2]uint32{2, 9}, [2]uint16{1, 3}}} {
		code := bifftest.Bytes(byte(0x3b), uint16(i/4), n.rows[0], n.rows[1], n.columns[0], n.columns[1])
		names = append(names, bifftest.Binary(39, n.flags, byte(0), uint32(0xffffffff), bifftest.Counted(n.name), uint32(len(code)), code, uint32(0), uint32(0xffffffff))...)
	}
	parts := bifftest.Workbook(0, oldFormats, []string{"plain", "東京 ö!"}, names,
		bifftest.BinarySheet{Name: "Chart", Kind: "chartsheet"}, bifftest.BinarySheet{Name: "Dätä", Columns: columns, Rows: rows, After: after},
		bifftest.BinarySheet{Name: "Macro", Kind: "xlMacrosheet"}, bifftest.BinarySheet{Name: "Off", Hidden: 1, Rows: bifftest.Row(1, false, cell(binRK, 0, 0, rk(1, false)))}, bifftest.BinarySheet{Name: "Far off", Hidden: 2})
	parts["xl/worksheets/_rels/sheet2.bin.rels"] = bifftest.Relationships([3]string{"r1", "table", "../tables/table1.bin"})
	parts["xl/tables/table1.bin"] = string(bifftest.Bytes(bifftest.Binary(343, uint32(0), uint32(2), uint32(0), uint32(3), uint32(0), uint32(1), uint32(1), uint32(1), make([]byte, 32), bifftest.Counted("T1"), bifftest.Counted("Orders")),
		bifftest.Binary(347, make([]byte, 24), bifftest.Counted("a"), uint32(0xffffffff)), bifftest.Binary(347, make([]byte, 24), bifftest.Counted("b"), bifftest.Counted("B!"))))
	got, b := allCells(t, put(t, "book.xlsb", parts.File()), Options{})
	wantCells(t, got, map[string]string{
		"Dätä!A1": "text plain", "Dätä!B1": "text 東京 ö!", "Dätä!C1": "text läbel 😀", "Dätä!D1": "text rich",
		"Dätä!A2": "number 12.5", "Dätä!B2": "date 2023-03-15", "Dätä!C2": "number 50%", "Dätä!D2": "number -7", "Dätä!E2": "number 9.99", "Dätä!F2": "number 00123",
		"Dätä!A3": "boolean TRUE", "Dätä!B3": "error #N/A", "Dätä!C3": "duration 36:00:00", "Dätä!D3": "number 1000000000000001", "Dätä!E3": "number 45000",
		"Dätä!A7": "number 43", "Dätä!B7": "text result", "Dätä!C7": "boolean FALSE", "Dätä!D7": "error #DIV/0!", "Dätä!F7": "number 5", "Dätä!G7": "text 東京 ö!", "Off!A1": "number 1",
	})
	var names2 []string
	for _, s := range b.Sources() {
		names2 = append(names2, fmt.Sprint(s.Kind, " ", s.Name, " ", s.Range, " ", s.Hidden))
	}
	want := "sheet Dätä  false; table Orders A1:D3 false; range Prices B3:D10 false; range Columns B:D false; sheet Off  true; sheet Far off  true"
	if all := strings.Join(names2, "; "); all != want || b.Format() != "xlsb" {
		t.Errorf("%s:\n%s\n%s", b.Format(), all, want)
	}
	if table := b.listing.Areas[0].Table; table.HeaderRows != 1 || table.TotalsRows != 1 || strings.Join(table.Columns, ",") != "a,B!" {
		t.Errorf("%+v", table)
	}
	if b.listing.Sheets[0].Filter.String() != "A1:D7" {
		t.Errorf("filter %s", b.listing.Sheets[0].Filter)
	}
	if merged := b.content.Merges(t.Context(), 0); len(merged) != 1 || merged[0].FirstRow != 5 || merged[0].LastRow != 5 {
		t.Errorf("%v", merged)
	}
	r, err := readSource(t, b.Path(), Options{}, "Dätä", "", 1)
	if err != nil || r.profile.Rows != 3 || r.profile.HiddenRows != 1 || len(r.layout.Headers) != 7 {
		t.Errorf("%v: %+v", err, r.profile)
	}
	if !remark.Has(b.Remarks(), "foreign-date-format") {
		t.Errorf("%+v", b.Remarks())
	}
}

// TestXLSBFrom1904 reads dates that are counted from 1904.
func TestXLSBFrom1904(t *testing.T) {
	rows := bifftest.Bytes(bifftest.Row(1, false, bifftest.Cell(binText, 0, 0, bifftest.Counted("When"))), bifftest.Row(2, false, bifftest.Cell(binReal, 0, xlsDate, 43538.0)))
	r, err := readAll(t, put(t, "book.xlsb", bifftest.Workbook(1, oldFormats, nil, nil, bifftest.BinarySheet{Name: "S", Rows: rows}).File()), Options{})
	if err != nil || shown(r.rows) != "2|2023-03-15" || r.profile.Columns[0].Type != infer.TypeDateTime {
		t.Errorf("%v: %s", err, shown(r.rows))
	}
}

// TestXLSBDamage: rows are never lost in silence.
func TestXLSBDamage(t *testing.T) {
	var rows []byte
	for i := range 100 {
		rows = append(rows, bifftest.Row(i+1, false, bifftest.Cell(binShared, 0, 0, uint32(i%2)), bifftest.Cell(binReal, 1, 0, float64(i)))...)
	}
	whole := bifftest.Workbook(0, oldFormats, []string{"a", "b"}, nil, bifftest.BinarySheet{Name: "S", Rows: rows})
	read := func(p bifftest.Parts) (n int, err error) {
		b, err := Open(t.Context(), put(t, "book.xlsb", p.File()), Options{})
		if err != nil {
			return 0, err
		}
		defer b.Close()
		err = b.Cells(t.Context(), "", 0, func(Stored) error { n++; return nil })
		return n, err
	}
	if n, err := read(whole); n != 200 || err != nil {
		t.Fatalf("%d cells, %v", n, err)
	}
	with := func(part, content string) bifftest.Parts {
		p := parts(whole).with(part, content)
		return bifftest.Parts(p)
	}
	const sheet, table = "xl/worksheets/sheet1.bin", "xl/sharedStrings.bin"
	for cut := 0; cut < len(whole[sheet])-2; cut += 31 {
		if n, err := read(with(sheet, whole[sheet][:cut])); err == nil {
			t.Errorf("the sheet cut after %d bytes: %d cells and no error", cut, n)
		}
	}
	for name, p := range map[string]bifftest.Parts{
		"no text table":       with(table, ""),
		"a text too far":      with(table, string(bifftest.Bytes(bifftest.Binary(159), bifftest.Binary(19, byte(0), bifftest.Counted("a")), bifftest.Binary(160)))),
		"a text that is cut":  with(table, string(bifftest.Bytes(bifftest.Binary(159), bifftest.Binary(19, byte(0), uint32(9), "a")))),
		"no sheet":            with(sheet, ""),
		"a sheet of XML":      with(sheet, "<worksheet><sheetData/></worksheet>"),
		"rows beyond Excel":   with(sheet, string(bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145), bifftest.Row(1_048_577, false)))),
		"columns beyond":      with(sheet, string(bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145), bifftest.Row(1, false, bifftest.Cell(binRK, 16384, 0, uint32(2)))))),
		"cells without a row": with(sheet, string(bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145), bifftest.Cell(binRK, 1, 0, uint32(2)), bifftest.Binary(146)))),
		"two blocks of rows":  with(sheet, whole[sheet]+string(bifftest.Bytes(bifftest.Binary(145), bifftest.Binary(146)))),
		"an unknown error":    with(sheet, string(bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145), bifftest.Row(1, false, bifftest.Cell(binError, 0, 0, byte(99)))))),
		"a huge record":       with(sheet, string(bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145), bifftest.Binary(6, make([]byte, 2<<20)), bifftest.Binary(146)))),
	} {
		if n, err := read(p); err == nil {
			t.Errorf("%s: %d cells and no error", name, n)
		}
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		for _, part := range []string{sheet, table, "xl/workbook.bin", "xl/styles.bin"} {
			bad := []byte(whole[part])
			bad[random.IntN(len(bad))] ^= byte(1 + random.IntN(255))
			_, _ = read(with(part, string(bad)))
		}
	}
}

// TestXLSBBombs: parts that expand without end are refused in bounded memory.
func TestXLSBBombs(t *testing.T) {
	whole := bifftest.Workbook(0, oldFormats, []string{"a"}, nil, bifftest.BinarySheet{Name: "Data", Rows: bifftest.Row(1, false, bifftest.Cell(binShared, 0, 0, uint32(0)))})
	for _, c := range []struct{ name, part, head, piece string }{
		{"rows", "xl/worksheets/sheet1.bin", string(bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145))), string(bifftest.Row(1, false))},
		{"texts", "xl/sharedStrings.bin", string(bifftest.Binary(159)), string(bifftest.Binary(19, byte(0), bifftest.Counted("xxxxxxxxxxxxxxxxx")))},
		{"texts of a row", "xl/worksheets/sheet1.bin", string(bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145), bifftest.Row(1, false))),
			string(bifftest.Binary(17, uint32(0), bifftest.Counted(strings.Repeat("x", 32000))))},
		{"formats", "xl/styles.bin", string(bifftest.Binary(617)), string(bifftest.Binary(47, uint32(0)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := expandingIn(t, parts(whole), c.part, c.head, c.piece, "", (128<<20)/len(c.piece), true)
			peak := watchMemory(t)
			b, err := Open(t.Context(), path, Options{})
			if err == nil {
				defer b.Close()
				var rows *guarded
				if rows, err = b.rows(t.Context(), "Data", format.Request{}); err == nil {
					for rows.Next() {
					}
					err = b.explain(rows.Err(), "Data", 0)
				}
			}
			wantKind(t, err, ErrorTooLarge)
			if used := peak(); used > 160<<20 {
				t.Errorf("it took %d MB", used>>20)
			}
		})
	}
}

// TestXLSBRecognized: a binary workbook is known by its content.
func TestXLSBRecognized(t *testing.T) {
	data := bifftest.Workbook(0, oldFormats, []string{"a"}, nil, bifftest.BinarySheet{Name: "S", Rows: bifftest.Row(1, false, bifftest.Cell(binShared, 0, 0, uint32(0)))}).File()
	for _, name := range []string{"book.xlsx", "book.csv", "book"} {
		if got, b := allCells(t, put(t, name, bytes.Clone(data)), Options{}); got["S!A1"] != "text a" || b.Format() != "xlsb" {
			t.Errorf("%s: %v", name, got)
		}
	}
}
