package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Workbooks of the tests are written by hand, part by part: most traps are things
// that no library would write.

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relsNS   = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

type parts map[string]string

// book returns the parts of a workbook with one sheet, "Data", that has these rows.
func book(rows string) parts {
	return bookOf(`<worksheet ` + mainNS + `><sheetData>` + rows + `</sheetData></worksheet>`)
}

// bookOf returns the parts of a workbook whose sheets have these XML documents. They
// are called Data, Data2, Data3 ...
func bookOf(sheets ...string) parts {
	p := parts{
		"[Content_Types].xml":  `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":          rels(rel{"rId1", "officeDocument", "xl/workbook.xml"}),
		"xl/styles.xml":        styleSheet("General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm:ss", "0.00%", `"$"#,##0.00`, "00000", "@"),
		"xl/sharedStrings.xml": sst("zero", "one", "two"),
	}
	var list strings.Builder
	links := []rel{{"rIdS", "styles", "styles.xml"}, {"rIdT", "sharedStrings", "sharedStrings.xml"}}
	for i, sheet := range sheets {
		name := "Data"
		if i > 0 {
			name = fmt.Sprintf("Data%d", i+1)
		}
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, i+1, i+1)
		links = append(links, rel{fmt.Sprintf("rId%d", i+1), "worksheet", fmt.Sprintf("worksheets/sheet%d.xml", i+1)})
		p[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = xmlHead + sheet
	}
	p["xl/workbook.xml"] = xmlHead + `<workbook ` + mainNS + `><sheets>` + list.String() + `</sheets></workbook>`
	p["xl/_rels/workbook.xml.rels"] = rels(links...)
	return p
}

// The styles that book's workbooks have, by their index.
const (
	sGeneral = iota
	sDate
	sDateTime
	sTime
	sDuration
	sPercent
	sMoney
	sPadded
	sText
)

type rel struct{ id, kind, target string }

func rels(all ...rel) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships ` + relsNS + `>`)
	for _, r := range all {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s%s" Target="%s"/>`, r.id, relTypes, r.kind, r.target)
	}
	return b.String() + `</Relationships>`
}

// styleSheet returns styles.xml with one cell style for each format code.
func styleSheet(codes ...string) string {
	var formats, xfs strings.Builder
	for i, code := range codes {
		fmt.Fprintf(&formats, `<numFmt numFmtId="%d" formatCode="%s"/>`, 164+i, escape(code))
		fmt.Fprintf(&xfs, `<xf numFmtId="%d"/>`, 164+i)
	}
	return xmlHead + `<styleSheet ` + mainNS + `><numFmts>` + formats.String() + `</numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>` + xfs.String() + `</cellXfs></styleSheet>`
}

func sst(texts ...string) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<sst ` + mainNS + `>`)
	for _, text := range texts {
		b.WriteString(`<si><t xml:space="preserve">` + escape(text) + `</t></si>`)
	}
	return b.String() + `</sst>`
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}

// zip packs the parts in the order of their names.
func (p parts) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(p[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (p parts) file(t *testing.T) string {
	t.Helper()
	return put(t, "book.xlsx", p.zip(t))
}

// with returns the parts with one of them replaced, or left out when text is "".
func (p parts) with(name, text string) parts {
	p = maps.Clone(p)
	if text == "" {
		delete(p, name)
	} else {
		p[name] = text
	}
	return p
}
