package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
)

// odsFile writes an OpenDocument spreadsheet around the XML of its tables.
func odsFile(t testing.TB, tables string, more ...string) string {
	t.Helper()
	const head = `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:t" xmlns:text="urn:x" xmlns:style="urn:s" xmlns:number="urn:n" xmlns:calcext="urn:c">` +
		`<office:automatic-styles><number:time-style style:name="N1"/><number:time-style style:name="N2" number:truncate-on-overflow="false"/>` +
		`<style:style style:name="long" style:family="table-cell" style:data-style-name="N2"/><style:style style:name="short" style:family="table-cell" style:data-style-name="N1"/>` +
		`<style:style style:name="ta9" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>`
	const tail = `</office:spreadsheet></office:body></office:document-content>`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, text string, method uint16) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zip.Store)
	add("content.xml", head+tables+tail, zip.Deflate)
	for i := 0; i+1 < len(more); i += 2 {
		add(more[i], more[i+1], zip.Deflate)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "book.ods")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const odsCells = `<table:table table:name="Orders &amp; more"><table:table-column/><table:table-header-rows><table:table-row>` +
	`<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>Item</text:p></table:table-cell>` +
	`<table:table-cell office:value-type="string"><text:p>Price</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16382"/></table:table-row></table:table-header-rows>` +
	`<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>A<text:s text:c="2"/>b<text:tab/><text:span>c &lt;</text:span></text:p><text:p>second</text:p></table:table-cell>` +
	`<table:table-cell office:value-type="float" office:value="1.5"><text:p>1,50</text:p></table:table-cell></table:table-row>` +
	`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="3"/></table:table-row>` +
	`<table:table-row table:visibility="filter"><table:table-cell office:value-type="date" office:date-value="2024-02-29"/>` +
	`<table:table-cell office:value-type="date" office:date-value="2024-02-29T10:11:12.5"/>` +
	`<table:table-cell table:style-name="short" office:value-type="time" office:time-value="PT10H20M30S"/><table:table-cell table:style-name="long" office:value-type="time" office:time-value="PT10H00M00S"/>` +
	`<table:table-cell office:value-type="time" office:time-value="PT26H30M00.25S"/><table:table-cell office:value-type="boolean" office:boolean-value="true"/>` +
	`<table:table-cell office:value-type="percentage" office:value="0.25"/><table:table-cell office:value-type="currency" office:value="9.99"/>` +
	`<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>` +
	`<table:table-cell table:formula="of:=A1"/><table:table-cell office:value-type="float" office:value="12345678901234567890"/>` +
	`<table:covered-table-cell office:value-type="float" office:value="7"/><table:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p></office:annotation><text:p>seen</text:p></table:table-cell></table:table-row>` +
	`<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>` +
	`<table:table table:name="Hidden" table:style-name="ta9"><table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>` +
	`<table:named-expressions><table:named-range table:name="Area" table:base-cell-address="$'Orders &amp; more'.$A$1" table:cell-range-address="$'Orders &amp; more'.$A$1:.$B$3"/></table:named-expressions>`

func TestOpenDocument(t *testing.T) {
	b, err := Open(t.Context(), odsFile(t, odsCells), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var got []string
	err = b.Cells(t.Context(), "", 0, func(s Stored) error {
		got = append(got, fmt.Sprintf("%s!%s %s %s [%s]", s.Sheet, cell.Address(s.Row, s.Column), s.Cell.Kind, cell.Display(s.Cell), s.Raw))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Orders & more!A1 text Item [Item]", "Orders & more!B1 text Price [Price]",
		"Orders & more!A2 text A  b\tc <\nsecond [A  b\tc <\nsecond]", "Orders & more!B2 number 1.5 [1.5]",
		"Orders & more!A3 text A  b\tc <\nsecond [A  b\tc <\nsecond]", "Orders & more!B3 number 1.5 [1.5]",
		"Orders & more!A7 date 2024-02-29 [2024-02-29]", "Orders & more!B7 datetime 2024-02-29 10:11:12.5 [2024-02-29T10:11:12.5]",
		"Orders & more!C7 time 10:20:30 [PT10H20M30S]", "Orders & more!D7 duration 10:00:00 [PT10H00M00S]", "Orders & more!E7 duration 26:30:00.250 [PT26H30M00.25S]",
		"Orders & more!F7 boolean TRUE [true]", "Orders & more!G7 number 25% [0.25]", "Orders & more!H7 number 9.99 [9.99]",
		"Orders & more!I7 error #DIV/0! [#DIV/0!]", "Orders & more!K7 number 12345678901234567890 [12345678901234567890]", "Orders & more!L7 number 7 [7]",
		"Orders & more!M7 text seen [seen]", "Hidden!A1 number 1 [1]",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	sources := b.Sources()
	if len(sources) != 3 || sources[1].Name != "Area" || sources[1].Range.String() != "A1:B3" || !sources[2].Hidden || b.Format() != "ods" {
		t.Errorf("%+v", sources)
	}
	l, err := b.Layout(t.Context(), sources[0], 1)
	if err != nil || l.HeaderRow != 1 {
		t.Fatalf("%+v, %v", l, err)
	}
	p, err := b.Profile(t.Context(), l, nil)
	if err != nil || p.Rows != 3 || p.BlankRows != 3 {
		t.Errorf("%d rows, %d blank, %v", p.Rows, p.BlankRows, err)
	}
	if notes := strings.Join(remark.Sentences(b.Remarks()), " "); !strings.Contains(notes, "covered by merged cells") {
		t.Errorf("%q", notes)
	}
}

func TestOpenDocumentDamage(t *testing.T) {
	row := func(cells string) string {
		return `<table:table table:name="S"><table:table-row>` + cells + `</table:table-row></table:table>`
	}
	for name, c := range map[string]struct {
		tables string
		more   []string
		kind   ErrorKind
	}{
		"no sheet":        {tables: "", kind: ErrorCorrupt},
		"not closed":      {tables: `<table:table table:name="S"><table:table-row>`, kind: ErrorCorrupt},
		"bad number":      {tables: row(`<table:table-cell office:value-type="float" office:value="abc"/>`), kind: ErrorCorrupt},
		"bad date":        {tables: row(`<table:table-cell office:value-type="date" office:date-value="yesterday"/>`), kind: ErrorCorrupt},
		"bad time":        {tables: row(`<table:table-cell office:value-type="time" office:time-value="10:20"/>`), kind: ErrorCorrupt},
		"far column":      {tables: row(`<table:table-cell table:number-columns-repeated="20000"/><table:table-cell office:value-type="float" office:value="1"/>`), kind: ErrorTooLarge},
		"a billion rows":  {tables: `<table:table table:name="S"><table:table-row table:number-rows-repeated="1000000000"><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>`, kind: ErrorTooLarge},
		"a billion cells": {tables: `<table:table table:name="S"><table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/></table:table-row></table:table>`, kind: ErrorTooLarge},
		"password":        {tables: row(""), more: []string{"META-INF/manifest.xml", `<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>`}, kind: ErrorUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Open(t.Context(), odsFile(t, c.tables, c.more...), Options{})
			if err == nil {
				defer b.Close()
				n := 0
				err = b.Cells(t.Context(), "", 0, func(Stored) error { n++; return nil })
			}
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind && !(c.kind == ErrorCorrupt && e.Kind == ErrorTruncated) {
				t.Errorf("%v", err)
			}
		})
	}
}

func FuzzOpenDocument(f *testing.F) {
	f.Add(odsCells)
	f.Add(`<table:table table:name="S"><table:table-row table:number-rows-repeated="9"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`)
	f.Fuzz(func(t *testing.T, tables string) {
		if len(tables) > 1<<16 {
			return
		}
		b, err := Open(t.Context(), odsFile(t, tables), Options{})
		if err == nil {
			defer b.Close()
			n := 0
			err = b.Cells(t.Context(), "", 1000, func(s Stored) error {
				if n++; n > 1_000_000 {
					return errStopYield
				}
				return nil
			})
		}
		if err != nil && !errors.As(err, new(*Error)) && !errors.Is(err, errStopYield) {
			t.Errorf("%T %v", err, err)
		}
	})
}

// errStopYield ends a look at cells.
var errStopYield = errors.New("enough cells")
