package ooxml

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/stream/streamtest"
	"pushdesk/storage/workbook/internal/styles"
	"pushdesk/storage/workbook/internal/texts"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// readSheetXML reads a sheet's XML without a file around it.
func readSheetXML(document []byte, pieces *rand.Rand) (rows int64, err error) {
	src := stream.New(context.Background(), bytes.NewReader(document))
	defer src.Close()
	s := &sheetRows{styles: &styles.Table{}, strings: texts.New(context.Background(), nil), ctx: context.Background(), stream: src, t: xmlscan.New(src), Buffer: format.NewBuffer(format.Request{Last: -1})}
	if pieces != nil {
		s.t = xmlscan.New(&streamtest.Pieces{Text: string(document), Random: pieces})
	}
	for s.Next() {
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
