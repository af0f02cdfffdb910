package workbook

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/storage/cell"
)

// readSheetXML reads a sheet's XML without a file around it.
func readSheetXML(document []byte, pieces *rand.Rand) (rows int64, err error) {
	x := &spreadsheet{styles: &styles{}, strings: &sharedStrings{life: context.Background()}}
	src := newStream(context.Background(), bytes.NewReader(document))
	defer src.close()
	s := &sheetRows{book: x, ctx: context.Background(), stream: src, t: newTokenizer(src), last: -1}
	if pieces != nil {
		s.t = newTokenizer(&slowBlocks{text: string(document), random: pieces})
	}
	for s.next() {
		rows++
	}
	return rows, s.err
}

// FuzzSheet: no panic; reading to the end without an error implies that the end of
// the rows was there, as many rows were delivered as the text has, and that the way
// the bytes arrive does not matter.
func FuzzSheet(f *testing.F) {
	for _, seed := range []string{
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1.5</v></c></row>`, `<row><c><v>1</v></c><c t="b"><v>1</v></c></row><row/>`,
		`<row r="2"><c r="C2" t="inlineStr"><is><t>a_x000D_&amp;</t></is></c></row>`, `<row r="9"><c r="A9" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`,
		`<row r="1" hidden="1"><c r="A1" t="d"><v>2024-01-01T10:00:00Z</v></c></row>`, `<x:row/>`, `<row><c t="str"><v><![CDATA[x]]></v></c></row>`,
	} {
		f.Add([]byte(`<worksheet><sheetData>` + seed + `</sheetData></worksheet>`))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		if len(document) > 1<<20 {
			return
		}
		rows, err := readSheetXML(document, nil)
		again, errAgain := readSheetXML(document, rand.New(rand.NewPCG(1, uint64(len(document)))))
		if (err == nil) != (errAgain == nil) || err == nil && rows != again {
			t.Fatalf("read whole: %d rows, %v; in pieces: %d rows, %v", rows, err, again, errAgain)
		}
		if err == nil && !bytes.Contains(document, []byte("sheetData")) {
			t.Fatalf("%d rows without an end of the rows", rows)
		}
		if err == nil && rows > int64(bytes.Count(document, []byte("row"))) {
			t.Fatalf("%d rows were made up", rows)
		}
	})
}

// FuzzFile: whatever the bytes, opening and profiling them neither panics nor hangs.
func FuzzFile(f *testing.F) {
	t := &testing.T{}
	f.Add(book(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`).zip(t))
	f.Add([]byte("a;b\n1,5;x\n"))
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 512)))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "fuzz.xlsx")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		b, err := Open(ctx, path, Options{})
		if err != nil {
			return
		}
		defer b.Close()
		src, err := b.Find("", "")
		if err != nil {
			return
		}
		l, err := b.Layout(ctx, src, 0)
		if err != nil {
			return
		}
		p, err := b.Profile(ctx, l, nil)
		if ctx.Err() != nil {
			t.Fatal("it takes too long")
		}
		if err == nil && len(p.Columns) != len(l.Headers) {
			t.Fatalf("%d columns of %d", len(p.Columns), len(l.Headers))
		}
	})
}

// FuzzRecords: no panic; a text that reads without an error and without stray quotes
// can be written again and reads the same.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\"a\nb\",c\r\n", "a\rb\r", `"x" y,z`, "\"", ",,\n\n,", "a,\"b\"\"c\"\n"} {
		f.Add(seed)
	}
	read := func(text string, src blocks) (all [][]string, stray bool, err error) {
		r := newRecords(src, ',')
		for r.next() {
			var record []string
			for i := range r.fields {
				record = append(record, string(r.field(i)))
			}
			all = append(all, record)
		}
		return all, r.stray.n > 0, kindError(r.err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, stray, err := read(text, &whole{r: strings.NewReader(text)})
		pieces, _, errPieces := read(text, &slowBlocks{text: text, random: rand.New(rand.NewPCG(2, 3))})
		if (err == nil) != (errPieces == nil) || err == nil && len(all) != len(pieces) {
			t.Fatalf("whole: %q, %v; in pieces: %q, %v", all, err, pieces, errPieces)
		}
		if err != nil || stray {
			return
		}
		var b strings.Builder
		for _, record := range all {
			for i, value := range record {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(`"` + strings.ReplaceAll(value, `"`, `""`) + `"`)
			}
			b.WriteByte('\n')
		}
		again, _, err := read(b.String(), &whole{r: strings.NewReader(b.String())})
		if err != nil || len(again) != len(all) {
			t.Fatalf("%q became %q: %v", all, again, err)
		}
		for i := range all {
			if strings.Join(all[i], "\x00") != strings.Join(again[i], "\x00") {
				t.Fatalf("record %d: %q became %q", i, all[i], again[i])
			}
		}
	})
}

// kindError drops the io.EOF with which records end.
func kindError(err error) error {
	d := delimitedRows{records: &records{err: err}}
	return d.failure()
}

// FuzzNumberFormat: no panic, and a meaning for every code.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range []string{"General", "yyyy-mm-dd", `[$-409]h:mm AM/PM;@`, `_("$"* #,##0.00_)`, "[h]:mm", "00000", `"`, "[", `\`} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		got := parseNumberFormat(code)
		if got.meaning > meansDuration || got.meaning != meansNumber && got.style != cell.General {
			t.Fatalf("%q is %+v", code, got)
		}
	})
}

// FuzzTextValue: no panic; what is read as a number is finite, what is read as a
// date lies in the years 1 to 9999.
func FuzzTextValue(f *testing.F) {
	for _, text := range []string{"1,234.50", "-.5", "31/12/2024 10:30 PM", "2024-03-31T10:00:00Z", "007", "1e5", "true"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []TextFormat{{Type: TypeDecimal, Decimal: '.'}, {Type: TypeWhole, Decimal: ','}, {Type: TypeBoolean, Words: true},
			{Type: TypeDateTime, Order: DayFirst}, {Type: TypeDateTime, Order: MonthFirst}, {Type: TypeDateTime, Order: YearFirst}} {
			c, ok := format.Read(text)
			switch {
			case !ok && (c.Kind != cell.Text || c.Text != text):
				t.Fatalf("%q as %+v does not fit and became %+v", text, format, c)
			case ok && c.Kind == cell.Number && (math.IsNaN(c.Float) || math.IsInf(c.Float, 0)):
				t.Fatalf("%q as %+v is %v", text, format, c.Float)
			case ok && (c.Kind == cell.Date || c.Kind == cell.DateTime) && (time.UnixMilli(c.Int).UTC().Year() < 1 || time.UnixMilli(c.Int).UTC().Year() > 9999):
				t.Fatalf("%q as %+v is %v", text, format, time.UnixMilli(c.Int).UTC())
			}
		}
	})
}
