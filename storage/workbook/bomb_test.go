package workbook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/format"
)

// expanding makes a workbook one part of which repeats a piece many times. If not
// honest, the zip's list says that the part is short.
func expanding(t *testing.T, part, head, piece, tail string, times int, honest bool) string {
	t.Helper()
	return expandingIn(t, book(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`), part, head, piece, tail, times, honest)
}

// expandingIn does the same with the parts of any workbook.
func expandingIn(t *testing.T, base parts, part, head, piece, tail string, times int, honest bool) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range base.with(part, "") {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, text)
	}
	// Flushed blocks stand for themselves, so one compressed block can be repeated.
	packed := func(text string, final bool) []byte {
		var out bytes.Buffer
		z, err := flate.NewWriter(&out, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(z, text)
		if z.Flush(); final {
			z.Close()
		}
		return out.Bytes()
	}
	block := strings.Repeat(piece, 1+(4<<20)/len(piece))
	sum := crc32.NewIEEE()
	data, length := packed(head, false), len(head)+len(tail)
	io.WriteString(sum, head)
	for squeezed := packed(block, false); times > 0; times -= len(block) / len(piece) {
		data, length = append(data, squeezed...), length+len(block)
		io.WriteString(sum, block)
	}
	io.WriteString(sum, tail)
	data = append(data, packed(tail, true)...)
	if !honest {
		length = 1000
	}
	f, err := w.CreateRaw(&zip.FileHeader{Name: part, Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(length)})
	if err != nil {
		t.Fatal(err)
	}
	f.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return put(t, "bomb.xlsx", b.Bytes())
}

// TestBombs: small files that expand without end are refused, whatever their zip
// header says, in bounded memory.
func TestBombs(t *testing.T) {
	open := `<worksheet ` + mainNS + `><sheetData>`
	for _, c := range []struct {
		name, part, head, piece, tail string
		honest                        bool
	}{
		{"rows", "xl/worksheets/sheet1.xml", open, `<row/>`, `</sheetData></worksheet>`, true},
		{"rows, and the list lies", "xl/worksheets/sheet1.xml", open, `<row/>`, `</sheetData></worksheet>`, false},
		{"one row", "xl/worksheets/sheet1.xml", open + `<row>`, `<c/>`, `</row></sheetData></worksheet>`, true},
		{"comment", "xl/worksheets/sheet1.xml", open + `<!--`, `xxxxxxxxxxxxxxxxxxxxxxxx`, `--></sheetData></worksheet>`, true},
		{"one text", "xl/worksheets/sheet1.xml", open + `<row><c t="inlineStr"><is>`, `<t>xxxxxxxxxxxxxxxxxxxxxxxxxxx</t>`, `</is></c></row></sheetData></worksheet>`, false},
		{"texts", "xl/sharedStrings.xml", `<sst>`, `<si><t>xxxxxxxxxxxxxxxxxxxxxx</t></si>`, `</sst>`, true},
		{"formats", "xl/styles.xml", `<styleSheet><cellXfs>`, `<xf numFmtId="1"/>`, `</cellXfs></styleSheet>`, true},
		{"relationships", "xl/_rels/workbook.xml.rels", `<Relationships>`, `<Relationship Id="a" Type="b/c" Target="d"/>`, `</Relationships>`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := expanding(t, c.part, c.head, c.piece, c.tail, (128<<20)/len(c.piece), c.honest)
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
			if used := peak(); used > 96<<20 {
				t.Errorf("it took %d MB", used>>20)
			}
		})
	}
}

// watchMemory returns a function that tells how much was allocated and kept since.
func watchMemory(t *testing.T) func() int64 {
	t.Helper()
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	return func() int64 {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		return int64(now.HeapSys) - int64(before.HeapSys)
	}
}

// TestStyledEmptyRows: a sheet formatted to its last row has few rows.
func TestStyledEmptyRows(t *testing.T) {
	path := expanding(t, "xl/worksheets/sheet1.xml", `<worksheet `+mainNS+`><sheetData>`+sheetOf(row("Name", "Units"), row("a", "1")), `<row s="1" customFormat="1" ht="15"><c s="1"/><c s="2"/></row>`, `</sheetData></worksheet>`, 150_000, true)
	b, l := open(t, path)
	rows, err := b.Preview(t.Context(), l, 200)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	p, err := b.Profile(t.Context(), l, nil)
	if err != nil || p.Rows != 1 || p.BlankRows != 0 {
		t.Errorf("%v: %d rows, %d blank", err, p.Rows, p.BlankRows)
	}
}

func TestWidestSheet(t *testing.T) {
	var head, data []string
	for i := range cell.MaxColumns {
		head, data = append(head, fmt.Sprintf("Field %d", i)), append(data, fmt.Sprint(i))
	}
	b, l := open(t, book(sheetOf(head, data, data)).file(t))
	if len(l.Headers) != cell.MaxColumns || l.Headers[cell.MaxColumns-1].Name != "Field 16383" {
		t.Fatalf("%d headers", len(l.Headers))
	}
	rows, err := b.Preview(t.Context(), l, 200)
	if err != nil || len(rows) != 2 || rows[1].Cells[cell.MaxColumns-1].Float != cell.MaxColumns-1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}
