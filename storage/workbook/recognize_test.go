package workbook

import (
	"bytes"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/compound"

	"github.com/xuri/excelize/v2"
)

// TestOtherFormats: every format is known by its content, whatever its name says.
func TestOtherFormats(t *testing.T) {
	zipWith := func(names ...string) []byte {
		p := parts{}
		for _, name := range names {
			name, content, _ := strings.Cut(name, "=")
			p[name] = content
		}
		return p.zip(t)
	}
	biff := append([]byte{0x09, 0x08, 0x10, 0x00}, make([]byte, 60)...)
	for _, c := range []struct {
		name     string
		data     []byte
		sentence string
	}{
		{"docx", zipWith("word/document.xml"), "Word"},
		{"pptx", zipWith("ppt/presentation.xml"), "PowerPoint"},
		{"numbers", zipWith("Index/Document.iwa"), "Numbers"},
		{"other zip", zipWith("readme.txt"), "holds no workbook"},
		{"a part of an xls", biff, ".xls"},
		{"Excel 2", []byte("\x09\x00\x04\x00\x02\x00\x10\x00\x0a\x00\x00\x00"), "Excel 2"},
		{"Excel 3", []byte("\x09\x02\x06\x00\x00\x00\x10\x00\x00\x00\x0a\x00\x00\x00"), "Excel 3"},
		{"Excel 4", []byte("\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00\x0a\x00\x00\x00"), "Excel 4"},
		{"html without a table", []byte("\ufeff \r\n<!DOCTYPE html><p>Sign in</p>"), "web page without a table"},
		{"a table without rows", []byte("<html><table></table>"), "web page without a table"},
		{"rows of markup behind text", []byte("Report of today\n<div><tr><td>1</td></tr></div>\n"), "with a web page in it"},
		{"mail", []byte("Received: from a by b\r\nFrom: ann@example.com\r\nSubject: Rows\r\n\r\nPlease find them here.\r\n"), "e-mail"},
		{"rich text", []byte(`{\rtf1\ansi Rows}`), "rich text"},
		{"sylk", []byte("ID;PWXL;N;E\r\nC;Y1;X1;K\"Name\"\r\nE\r\n"), "SYLK"},
		{"dif", []byte("TABLE\r\n0,1\r\n\"EXCEL\"\r\n"), "DIF"},
		{"a dump", []byte("-- rows\nDROP TABLE IF EXISTS t;\nCREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n"), "dump of a database"},
		{"a console", []byte("-[ RECORD 1 ]-\nid   | 1\nname | Ann\n-[ RECORD 2 ]-\nid   | 2\nname | Bob\n"), "on its console"},
		{"dBase", append([]byte("\x03\x7c\x01\x05\x02\x00\x00\x00\x41\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00ID\x00\x00\x00\x00\x00\x00\x00\x00\x00N\x00\x00\x00\x00\x0a\x00"), "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0d          1          2\x1a"...), "dBase"},
		{"arff", []byte("% about\n@RELATION iris\n@ATTRIBUTE a NUMERIC\n@DATA\n1\n"), "ARFF"},
		{"git log", []byte("commit 1a2b3c\nAuthor: Jo <a@b.c>\nDate:   Fri Jan 5 10:00:00 2024\n\n    fix, and more\n"), "git log"},
		{"power bi report", zipWith("DataModel", "Report/Layout"), "Power BI report"},
		{"access", []byte("\x00\x01\x00\x00Standard ACE DB\x00"), "Access"},
		{"xml", []byte(`<?xml version="1.0"?><data/>`), "XML file"},
		{"pdf", []byte("%PDF-1.7\n..."), "PDF"},
		{"png", []byte("\x89PNG\r\n\x1a\n...."), "picture"},
		{"gzip", []byte("\x1f\x8b\x08...."), "packed"},
		{"parquet", []byte("PAR1..."), "Parquet"},
		{"sqlite", []byte("SQLite format 3\x00"), "SQLite"},
		{"binary", bytes.Repeat([]byte{0, 1, 2, 3, 200, 7}, 50), "neither"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(t.Context(), put(t, "book.xlsx", c.data), Options{})
			if e := wantKind(t, err, ErrorUnsupported); !strings.Contains(e.Failure().Sentence, c.sentence) {
				t.Errorf("the sentence is %q, want %q in it", e.Failure().Sentence, c.sentence)
			}
		})
	}
}

func TestContentNotName(t *testing.T) {
	workbook := book(`<row r="1"><c t="inlineStr"><is><t>Name</t></is></c></row><row r="2"><c><v>1</v></c></row>`).zip(t)
	for name, data := range map[string][]byte{"book.csv": workbook, "book.xlsm": workbook, "book": workbook, "rows.xlsx": []byte("Name\n1\n"), "rows.xls": []byte("Name\n1\n"), "sylk": []byte("ID;Price\n1;C\n")} {
		r, err := readAll(t, put(t, name, data), Options{})
		if err != nil || len(r.rows) != 1 || cell.Display(r.rows[0].Cells[0]) != "1" {
			t.Errorf("%s: %v, %v", name, err, r.rows)
		}
	}
}

// protected makes a workbook that needs a password.
func protected(t *testing.T, password string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for address, value := range map[string]any{"A1": "Name", "B1": "Units", "A2": "Anna", "B2": 7} {
		if err := f.SetCellValue("Sheet1", address, value); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: password}); err != nil {
		t.Fatal(err)
	}
	return put(t, "book.xlsx", b.Bytes())
}

func TestPasswords(t *testing.T) {
	path := protected(t, "s3cret")
	_, err := Open(t.Context(), path, Options{})
	if e := wantKind(t, err, ErrorPassword); !strings.Contains(e.Failure().Sentence, "protected with a password") {
		t.Errorf("the sentence is %q", e.Failure().Sentence)
	}
	_, err = Open(t.Context(), path, Options{Password: "wrong"})
	if e := wantKind(t, err, ErrorPassword); !strings.Contains(e.Failure().Sentence, "does not open") || strings.Contains(e.Failure().Details+e.Error(), "wrong") {
		t.Errorf("the sentence is %q, the details %q", e.Failure().Sentence, e.Failure().Details)
	}
	for _, c := range [][2]string{{path, "s3cret"}, {protected(t, compound.OfficePassword), ""}} {
		r, err := readAll(t, c[0], Options{Password: c[1]})
		if err != nil || shown(r.rows) != "2|Anna|7" {
			t.Errorf("%v: %s", err, shown(r.rows))
		}
	}
}

// TestDamagedContainers cuts and changes a protected file: an error each time, and
// never a panic.
func TestDamagedContainers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	whole := readFile(t, protected(t, "s3cret"))
	for cut := 8; cut < len(whole); cut += 2503 {
		if _, err := Open(t.Context(), put(t, "x.xlsx", whole[:cut]), Options{}); err == nil {
			t.Errorf("cut after %d bytes: opened", cut)
		}
	}
	for at := 8; at < 1024; at += 41 {
		bad := bytes.Clone(whole)
		bad[at] ^= 0xff
		if _, err := Open(t.Context(), put(t, "x.xlsx", bad), Options{}); err == nil {
			t.Errorf("byte %d changed: opened", at)
		}
	}
}
