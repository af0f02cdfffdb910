package workbook

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/biff/bifftest"
)

// allCells returns what every sheet of a file holds, by address, as its kind and how it is
// shown.
func allCells(t *testing.T, path string, opts Options) (map[string]string, *Book) {
	t.Helper()
	b, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	got := map[string]string{}
	if err := b.Cells(t.Context(), "", 0, func(s Stored) error {
		got[s.Sheet+"!"+cell.Address(s.Row, s.Column)] = s.Cell.Kind.String() + " " + cell.Display(s.Cell)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return got, b
}

func wantCells(t *testing.T, got, want map[string]string) {
	t.Helper()
	for _, at := range slices.Sorted(maps.Keys(want)) {
		if got[at] != want[at] {
			t.Errorf("%s is %q, want %q", at, got[at], want[at])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d cells, want %d: %v", len(got), len(want), got)
	}
}

var oldFormats = []string{"yyyy\\-mm\\-dd", "[h]:mm:ss", "0.00%", `"$"#,##0.00`, "00000", "TT.MM.JJJJ"}

const (
	xlsDate = 1 + iota
	xlsDuration
	xlsPercent
	xlsMoney
	xlsPadded
	xlsForeign
)

func xlsNumber(row, column, style int, n float64) []byte {
	return bifftest.Record(0x203, uint16(row), uint16(column), uint16(style), n)
}

func xlsLabel(row, column int, text string) []byte {
	return bifftest.Record(0x204, uint16(row), uint16(column), uint16(0), bifftest.Text(text))
}

func xlsFormula(row, column, style int, result []byte, flags int) []byte {
	return bifftest.Record(0x06, uint16(row), uint16(column), uint16(style), result, uint16(flags), uint32(0), uint16(1), byte(0x1e))
}

func rk(n int, times100 bool) uint32 {
	packed := uint32(n)<<2 | 2
	if times100 {
		packed |= 1
	}
	return packed
}

// TestXLSCells: every way in which a cell is stored.
func TestXLSCells(t *testing.T) {
	sst := bifftest.Record(0xfc, uint32(3), uint32(3), uint16(5), byte(0), "plain",
		uint16(5), byte(1|4|8), uint16(1), uint32(6), bifftest.Units("東京 ö!"), uint32(0), "phonic", uint16(3), byte(0), "caf")
	half := math.Float64bits(0.5)
	records := [][]byte{
		bifftest.Record(0x208, uint16(1), uint16(0), uint16(9), uint16(255), uint32(0), uint16(1<<5), uint16(0)), // row 2 is hidden
		bifftest.Record(0x7d, uint16(3), uint16(4), uint16(2000), uint16(0), uint16(1), uint16(0)),
		bifftest.Record(0xfd, uint16(0), uint16(0), uint16(0), uint32(0)), bifftest.Record(0xfd, uint16(0), uint16(1), uint16(0), uint32(1)),
		xlsLabel(0, 2, "läbel 😀"), bifftest.Record(0xd6, uint16(0), uint16(3), uint16(0), bifftest.Text("rich"), uint16(1), uint32(0)),
		xlsNumber(1, 0, 0, 12.5), xlsNumber(1, 1, xlsDate, 45000), bifftest.Record(0x27e, uint16(1), uint16(2), uint16(xlsPercent), uint32(half>>32)),
		bifftest.Record(0xbd, uint16(1), uint16(3), uint16(0), rk(-7, false), uint16(xlsMoney), rk(999, true), uint16(xlsPadded), rk(123, false), uint16(5)),
		bifftest.Record(0xbe, uint16(1), uint16(6), uint16(0), uint16(0), uint16(7)), bifftest.Record(0x201, uint16(1), uint16(8), uint16(0)),
		bifftest.Record(0x205, uint16(2), uint16(0), uint16(0), byte(1), byte(0)), bifftest.Record(0x205, uint16(2), uint16(1), uint16(0), byte(0x2a), byte(1)),
		xlsNumber(2, 2, xlsDuration, 1.5), xlsNumber(2, 3, 0, 1e15+1), xlsNumber(2, 4, xlsForeign, 45000),
		xlsFormula(3, 0, 0, bifftest.Bytes(43.0), 0),
		xlsFormula(3, 1, 0, bifftest.Bytes(byte(0), make([]byte, 5), uint16(0xffff)), 8), bifftest.Record(0x4bc, make([]byte, 20)), bifftest.Record(0x207, bifftest.Text("result")),
		xlsFormula(3, 2, 0, bifftest.Bytes(byte(1), byte(0), byte(1), make([]byte, 3), uint16(0xffff)), 0),
		xlsFormula(3, 3, 0, bifftest.Bytes(byte(2), byte(0), byte(7), make([]byte, 3), uint16(0xffff)), 0),
		xlsFormula(3, 4, 0, bifftest.Bytes(byte(3), make([]byte, 5), uint16(0xffff)), 0),                                     // an empty text
		xlsFormula(3, 5, 0, bifftest.Bytes(0.0), 3),                                                                          // never calculated
		bifftest.Record(0x809, uint16(0x600), uint16(0x20), make([]byte, 12)), xlsNumber(9, 9, 0, 99), bifftest.Record(0x0a), // a chart on the sheet
		bifftest.Record(0xe5, uint16(1), uint16(4), uint16(4), uint16(0), uint16(2)),
	}
	book := &bifftest.Book{Formats: oldFormats, Globals: [][]byte{sst}, Sheets: []bifftest.Sheet{{Name: "Dätä", Records: records},
		{Name: "Chart", Kind: 2}, {Name: "Macro", Kind: 1}, {Name: "Dialog", Records: [][]byte{bifftest.Record(0x81, uint16(0x10))}},
		{Name: "Off", Hidden: 1, Records: [][]byte{xlsNumber(0, 0, 0, 1)}}, {Name: "Far off", Hidden: 2}}}
	want := map[string]string{
		"Dätä!A1": "text plain", "Dätä!B1": "text 東京 ö!", "Dätä!C1": "text läbel 😀", "Dätä!D1": "text rich",
		"Dätä!A2": "number 12.5", "Dätä!B2": "date 2023-03-15", "Dätä!C2": "number 50%", "Dätä!D2": "number -7", "Dätä!E2": "number 9.99", "Dätä!F2": "number 00123",
		"Dätä!A3": "boolean TRUE", "Dätä!B3": "error #N/A", "Dätä!C3": "duration 36:00:00", "Dätä!D3": "number 1000000000000001", "Dätä!E3": "number 45000",
		"Dätä!A4": "number 43", "Dätä!B4": "text result", "Dätä!C4": "boolean TRUE", "Dätä!D4": "error #DIV/0!", "Off!A1": "number 1",
	}
	for name, data := range map[string][]byte{"in a container": book.File(), "bare": book.Stream()} {
		t.Run(name, func(t *testing.T) {
			got, b := allCells(t, put(t, "book.xls", data), Options{})
			wantCells(t, got, want)
			if !remark.Has(b.Remarks(), "foreign-date-format") {
				t.Errorf("%+v", b.Remarks())
			}
			var names []string
			for _, s := range b.Sources() {
				names = append(names, fmt.Sprint(s.Name, s.Hidden))
			}
			if got := strings.Join(names, ","); got != "Dätäfalse,Offtrue,Far offtrue" || b.Format() != "xls" {
				t.Errorf("%s: %s", b.Format(), got)
			}
			if merged := b.content.Merges(t.Context(), 0); len(merged) != 1 || merged[0].FirstRow != 5 || merged[0].LastRow != 5 {
				t.Errorf("%v", merged)
			}
			src, err := b.Find(t.Context(), "Dätä", "")
			if err != nil {
				t.Fatal(err)
			}
			layout, err := b.Layout(t.Context(), src, 1)
			if err != nil {
				t.Fatal(err)
			}
			p, err := b.Profile(t.Context(), layout, nil)
			if err != nil || p.Rows != 3 || p.HiddenRows != 1 || !remark.Has(p.Columns[5].Remarks, infer.NoteUncalculated) {
				t.Errorf("%v: %+v", err, p)
			}
		})
	}
}

// TestXLSContinued cuts a text table and the text of a formula into records at any place,
// where the width of the characters changes.
func TestXLSContinued(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	letters := []rune("abcäöü€東京😀xyz")
	for range 80 {
		var texts []string
		for range 1 + random.IntN(4) {
			var text []rune
			for range random.IntN(12) {
				text = append(text, letters[random.IntN(len(letters))])
			}
			texts = append(texts, string(text))
		}
		table := cutText(random, 0xfc, bifftest.Bytes(uint32(len(texts)), uint32(len(texts))), texts...)
		var cells [][]byte
		want := map[string]string{}
		for i, text := range texts {
			cells = append(cells, bifftest.Record(0xfd, uint16(i), uint16(0), uint16(0), uint32(i)))
			cells = append(cells, xlsFormula(i, 1, 0, bifftest.Bytes(byte(0), make([]byte, 5), uint16(0xffff)), 0), cutText(random, 0x207, nil, text))
			if text != "" {
				want[fmt.Sprintf("S!A%d", i+1)], want[fmt.Sprintf("S!B%d", i+1)] = "text "+text, "text "+text
			}
		}
		book := &bifftest.Book{Globals: [][]byte{table}, Sheets: []bifftest.Sheet{{Name: "S", Records: cells}}}
		got, _ := allCells(t, put(t, "book.xls", book.File()), Options{})
		if wantCells(t, got, want); t.Failed() {
			return
		}
	}
}

// cutText writes texts into a record and random continuations of it. Where one begins
// inside the characters of a text, it says again how wide they are.
func cutText(random *rand.Rand, id int, head []byte, texts ...string) []byte {
	var out []byte
	data := head
	next := func() {
		out = append(out, bifftest.Record(id, data)...)
		id, data = 0x3c, nil
	}
	for _, text := range texts {
		units := bifftest.Units(text)
		kind, runs, sound := byte(0), random.IntN(3), random.IntN(5)
		if runs > 0 {
			kind |= 8
		}
		if sound > 0 {
			kind |= 4
		}
		narrow := func(from, to int) bool {
			for i := from + 1; i < to; i += 2 {
				if units[i] != 0 {
					return false
				}
			}
			return true
		}
		cuts := []int{len(units)} // where the record ends, in bytes of two a character
		if len(units) > 2 && random.IntN(3) > 0 {
			at := 2 + 2*random.IntN(len(units)/2-1)
			cuts = []int{at, len(units)}
		}
		width := func(from, to int) byte {
			if narrow(from, to) && random.IntN(4) > 0 {
				return 0
			}
			return 1
		}
		if random.IntN(3) == 0 && len(data) > 8 {
			next() // between two texts
		}
		w := width(0, cuts[0])
		data = append(data, bifftest.Bytes(uint16(len(units)/2), kind|w)...)
		if runs > 0 {
			data = append(data, bifftest.Bytes(uint16(runs))...)
		}
		if sound > 0 {
			data = append(data, bifftest.Bytes(uint32(sound))...)
		}
		for i, from := 0, 0; i < len(cuts); i++ {
			if i > 0 {
				next()
				w = width(from, cuts[i])
				data = append(data, w)
			}
			for at := from; at < cuts[i]; at += 2 {
				if data = append(data, units[at]); w == 1 {
					data = append(data, units[at+1])
				}
			}
			from = cuts[i]
		}
		for i := range 4*runs + sound {
			if random.IntN(9) == 0 && i > 0 {
				next()
			}
			data = append(data, byte(0xee))
		}
	}
	next()
	return out
}

// TestXLSOld reads the form of Excel 5 and 95, whose texts are in a code page.
func TestXLSOld(t *testing.T) {
	label := func(row, column int, text string) []byte {
		return bifftest.Record(0x204, uint16(row), uint16(column), uint16(0), uint16(len(text)), text)
	}
	for _, c := range []struct {
		page  int // 0 = none is named
		text  string
		shown string
	}{{0, "Z\xfcrich \x80", "Zürich €"}, {1252, "\xe9", "é"}, {1251, "\xcf\xf0\xe8", "При"}, {1250, "\x8c\xea", "Śę"}, {932, "\x93\x8c\x8b\x9e", "東京"},
		{936, "\xb6\xab", "东"}, {949, "\xb0\xa1", "가"}, {950, "\xaa\x46", "東"}, {10000, "\x8a", "ä"}, {32769, "\xe4", "ä"}, {437, "\x84", "ä"}} {
		book := &bifftest.Book{Old: true, Formats: oldFormats, Sheets: []bifftest.Sheet{{Name: "S" + c.text, Records: [][]byte{
			label(0, 0, c.text), bifftest.Record(0xd6, uint16(0), uint16(1), uint16(0), uint16(len(c.text)), c.text, byte(1), uint16(0)),
			xlsFormula(0, 2, 0, bifftest.Bytes(byte(0), make([]byte, 5), uint16(0xffff)), 0), bifftest.Record(0x207, uint16(len(c.text)), c.text),
			xlsNumber(1, 0, xlsDate, 45000), bifftest.Record(0xbd, uint16(1), uint16(1), uint16(0), rk(5, false), uint16(0), rk(6, false), uint16(2))}}},
			Globals: [][]byte{bifftest.Record(0x18, uint16(0), byte(0), byte(5), uint16(21), uint32(0), uint32(0), "Block",
				byte(0x3b), uint16(0xffff), make([]byte, 8), uint16(0), uint16(0), uint16(0), uint16(1), byte(0), byte(2))}}
		if c.page > 0 {
			book.First = [][]byte{bifftest.Record(0x42, uint16(c.page))}
		}
		got, b := allCells(t, put(t, "book.xls", book.File()), Options{})
		s := "S" + c.shown
		wantCells(t, got, map[string]string{s + "!A1": "text " + c.shown, s + "!B1": "text " + c.shown, s + "!C1": "text " + c.shown,
			s + "!A2": "date 2023-03-15", s + "!B2": "number 5", s + "!C2": "number 6"})
		if sources := b.Sources(); len(sources) != 2 || sources[1].Name != "Block" || sources[1].Range.String() != "A1:C2" {
			t.Errorf("%+v", sources)
		}
	}
}

// TestXLSNames: named ranges are sources, and the filter is known.
func TestXLSNames(t *testing.T) {
	area := func(reference, first, last, from, to int) []byte {
		return bifftest.Bytes(byte(0x3b), uint16(reference), uint16(first), uint16(last), uint16(from), uint16(to))
	}
	named := func(name string, flags int, code []byte) []byte {
		return bifftest.Record(0x18, uint16(flags), byte(0), byte(len(name)), uint16(len(code)), uint32(0), uint32(0), byte(0), name, code)
	}
	book := &bifftest.Book{Globals: [][]byte{
		bifftest.Record(0x1ae, uint16(1), uint16(4), byte(0), "else"), bifftest.Record(0x1ae, uint16(2), uint16(0x0401)),
		bifftest.Record(0x17, uint16(3), uint16(1), uint16(1), uint16(1), uint16(0), uint16(1), uint16(1), uint16(1), uint16(0), uint16(1)),
		named("Prices", 0, area(0, 2, 9, 1, 3)), named("Elsewhere", 0, area(1, 2, 9, 1, 3)), named("Both", 0, area(2, 2, 9, 1, 3)),
		named("Secret", 1, area(0, 2, 9, 1, 3)), named("One", 0, area(0, 2, 2, 1, 1)), named("Columns", 0, area(0, 0, 0xffff, 1, 3)),
		named("\x0d", 0x21, area(0, 2, 9, 1, 3)), named("Formula", 0, bifftest.Bytes(byte(0x1e), uint16(3)))},
		Sheets: []bifftest.Sheet{{Name: "Chart", Kind: 2}, {Name: "Data", Records: [][]byte{xlsNumber(2, 1, 0, 1)}}}}
	_, b := allCells(t, put(t, "book.xls", book.File()), Options{})
	var got []string
	for _, s := range b.Sources() {
		got = append(got, fmt.Sprintf("%s %s!%s", s.Name, s.Sheet, s.Range))
	}
	if all := strings.Join(got, "; "); !strings.Contains(all, "Prices Data!B3:D10") || !strings.Contains(all, "Columns Data!B:D") || len(got) > 4 ||
		b.listing.Sheets[0].Filter.String() != "B3:D10" {
		t.Errorf("%s; filter %s", all, b.listing.Sheets[0].Filter)
	}
}

// TestXLSOrder: programs that write column by column are read row by row, and of a cell
// that is stored twice the last value counts.
func TestXLSOrder(t *testing.T) {
	var records [][]byte
	want := map[string]string{}
	for column := range 3 {
		for row := range 50 {
			records = append(records, xlsLabel(row, column, "first"))
			if column == 1 {
				records = append(records, xlsFormula(row, 5, 0, bifftest.Bytes(byte(0), make([]byte, 5), uint16(0xffff)), 0), bifftest.Record(0x207, bifftest.Text("f")))
				want[fmt.Sprintf("S!F%d", row+1)] = "text f"
			}
			want["S!"+cell.Address(row+1, column)] = "text first"
		}
	}
	records = append(records, xlsNumber(7, 0, 0, 9))
	want["S!A8"] = "number 9"
	book := &bifftest.Book{Sheets: []bifftest.Sheet{{Name: "S", Records: records}}}
	got, b := allCells(t, put(t, "book.xls", book.File()), Options{})
	wantCells(t, got, want)
	if !remark.Has(b.Remarks(), "cell-order") {
		t.Errorf("%+v", b.Remarks())
	}
}

// TestXLSFrom1904 reads dates that are counted from 1904, and a sheet whose formulas were
// never calculated.
func TestXLSFrom1904(t *testing.T) {
	empty := bifftest.Bytes(byte(3), make([]byte, 5), uint16(0xffff))
	book := &bifftest.Book{Formats: oldFormats, Globals: [][]byte{bifftest.Record(0x22, uint16(1))},
		Sheets: []bifftest.Sheet{{Name: "S", Records: [][]byte{xlsLabel(0, 0, "When"), xlsLabel(0, 1, "Sum"), xlsNumber(1, 0, xlsDate, 43538), xlsFormula(1, 1, 0, empty, 0), xlsNumber(2, 0, xlsDate, 43539), xlsFormula(2, 1, 0, empty, 0)}}}}
	r, err := readAll(t, put(t, "book.xls", book.File()), Options{})
	if err != nil || !strings.Contains(shown(r.rows), "2|2023-03-15|") || !remark.Has(r.profile.Columns[1].Remarks, infer.NoteUncalculated) {
		t.Errorf("%v: %s %+v", err, shown(r.rows), r.profile.Columns)
	}
	if !slices.ContainsFunc(r.notes, func(note string) bool { return strings.Contains(note, "1904") }) {
		t.Errorf("%+v", r.notes)
	}
}

// TestXLSDamage cuts a workbook and changes its bytes: an error or all rows, and never a
// panic.
func TestXLSDamage(t *testing.T) {
	var records [][]byte
	for row := range 300 {
		records = append(records, bifftest.Record(0xfd, uint16(row), uint16(0), uint16(0), uint32(row%2)), xlsNumber(row, 1, 0, float64(row)))
	}
	book := &bifftest.Book{Globals: [][]byte{bifftest.Record(0xfc, uint32(2), uint32(2), bifftest.Text("a"), bifftest.Text("b"))}, Sheets: []bifftest.Sheet{{Name: "S", Records: records}}}
	whole := book.File()
	read := func(data []byte) (int, error) {
		b, err := Open(t.Context(), put(t, "book.xls", data), Options{})
		if err != nil {
			return 0, err
		}
		defer b.Close()
		n := 0
		err = b.Cells(t.Context(), "", 0, func(Stored) error { n++; return nil })
		return n, err
	}
	if n, err := read(whole); n != 600 || err != nil {
		t.Fatalf("%d cells, %v", n, err)
	}
	for cut := 8; cut < len(whole); cut += 1021 {
		if n, err := read(whole[:cut]); err == nil && n != 600 { // what is left of the last sector is not used
			t.Errorf("cut after %d bytes: %d cells and no error", cut, n)
		}
	}
	stream := book.Stream()
	for cut := 16; cut < len(stream); cut += 503 {
		if n, err := read(stream[:cut]); err == nil {
			t.Errorf("bare, cut after %d bytes: %d cells and no error", cut, n)
		} else {
			wantKind(t, err, ErrorTruncated)
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		bad := bytes.Clone(whole)
		for range 1 + random.IntN(4) {
			bad[random.IntN(len(bad))] ^= byte(1 + random.IntN(255))
		}
		_, _ = read(bad)
	}
}
