package ods

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
)

// TestRepeatedCellsAreBounded: cells that stand for millions of others end with an
// error before they take as many.
func TestRepeatedCellsAreBounded(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(odsContent)
	if err != nil {
		t.Fatal(err)
	}
	wide := strings.Repeat(`<table:table-row><table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/></table:table-row>`, 70)
	if _, err := w.Write([]byte(`<office:document-content xmlns:office="urn:o" xmlns:table="urn:t"><table:table table:name="S">` + wide + `</table:table></office:document-content>`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	x, err := openOpenDocument(t.Context(), format.File{ReaderAt: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}, format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := x.Rows(t.Context(), format.Request{})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	rows.(*odsRows).most = 1_000_000
	for rows.Next() {
	}
	if fault.KindOf(rows.Err()) != fault.TooMuch {
		t.Errorf("got %v", rows.Err())
	}
}
