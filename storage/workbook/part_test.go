package workbook

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
)

func utf16Text(text string, bigEndian, mark bool) string {
	var b strings.Builder
	put := func(u uint16) {
		if bigEndian {
			b.WriteByte(byte(u >> 8))
			b.WriteByte(byte(u))
		} else {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
	}
	if mark {
		put(0xfeff)
	}
	for _, u := range utf16.Encode([]rune(text)) {
		put(u)
	}
	return b.String()
}

// TestPackages: what differs between writers is where and how the parts are
// written, and must not matter.
func TestPackages(t *testing.T) {
	const sheet = "xl/worksheets/sheet1.xml"
	base := book(`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><t>é</t></is></c><c r="C1" s="1"><v>45000</v></c></row>`)
	want := map[string]cell.Cell{"A1": text("one"), "B1": text("é"), "C1": date("2023-03-15")}
	xml := strings.TrimPrefix(base[sheet], xmlHead)
	prefixed := strings.NewReplacer("<worksheet xmlns=", "<x:worksheet xmlns:x=", "</worksheet", "</x:worksheet", "<sheetData", "<x:sheetData", "</sheetData", "</x:sheetData",
		"<row", "<x:row", "</row", "</x:row", "<c ", "<x:c ", "</c>", "</x:c>", "<v>", "<x:v>", "</v>", "</x:v>", "<is>", "<x:is>", "</is>", "</x:is>", "<t>", "<x:t>", "</t>", "</x:t>").Replace(xml)
	move := func(p parts, from, to string) parts { return p.with(from, "").with(to, p[from]) }
	workbookRels := base["xl/_rels/workbook.xml.rels"]
	strict := parts{}
	for name, text := range base {
		strict[name] = strings.NewReplacer("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
			"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships").Replace(text)
	}
	for name, p := range map[string]parts{
		"plain":                   base,
		"strict":                  strict,
		"prefixes":                base.with(sheet, prefixed),
		"byte order mark":         base.with(sheet, "\ufeff"+base[sheet]),
		"UTF-16LE":                base.with(sheet, utf16Text(xml, false, true)),
		"UTF-16BE":                base.with(sheet, utf16Text(xml, true, true)),
		"UTF-16LE without a mark": base.with(sheet, utf16Text(`<?xml version="1.0" encoding="UTF-16"?>`+xml, false, false)),
		"Latin-1":                 base.with(sheet, `<?xml version="1.0" encoding='ISO-8859-1'?>`+strings.ReplaceAll(xml, "é", "\xe9")),
		"single quotes":           base.with(sheet, strings.ReplaceAll(base[sheet], `"`, `'`)),
		"blanks in tags":          base.with(sheet, strings.NewReplacer("<c ", "<c\n  ", "</c>", "</c >", "<row r=", "<row r = ").Replace(base[sheet])),
		"line ends between tags":  base.with(sheet, strings.ReplaceAll(base[sheet], "><", ">\r\n<")),
		"absolute target":         base.with("xl/_rels/workbook.xml.rels", strings.ReplaceAll(workbookRels, `Target="`, `Target="/xl/`)),
		"backslash target":        base.with("xl/_rels/workbook.xml.rels", strings.ReplaceAll(workbookRels, `worksheets/`, `worksheets\`)),
		"target of another case":  base.with("xl/_rels/workbook.xml.rels", strings.ReplaceAll(workbookRels, `worksheets/sheet1`, `Worksheets/SHEET1`)),
		"dots in the target":      base.with("xl/_rels/workbook.xml.rels", strings.ReplaceAll(workbookRels, `worksheets/`, `../xl/./worksheets/`)),
		"no workbook relations":   base.with("xl/_rels/workbook.xml.rels", ""),
		"no root relations":       base.with("_rels/.rels", ""),
		"backslash names":         move(move(base, sheet, `xl\worksheets\sheet1.xml`), "xl/sharedStrings.xml", `xl\sharedStrings.xml`),
		"texts elsewhere": move(base, "xl/sharedStrings.xml", "data/texts.xml").
			with("xl/_rels/workbook.xml.rels", strings.ReplaceAll(workbookRels, "sharedStrings.xml", "../data/texts.xml")),
		"workbook elsewhere": move(move(base, "xl/workbook.xml", "xl/book7.xml"), "xl/_rels/workbook.xml.rels", "xl/_rels/book7.xml.rels").
			with("_rels/.rels", rels(rel{"r", "officeDocument", "/xl/book7.xml"})),
		"comments everywhere": base.with(sheet, strings.NewReplacer("<sheetData>", "<!-- <row/> --><sheetData><!-- > -->", "<v>1", "<v><!--x-->1").Replace(base[sheet])),
		"extensions":          base.with(sheet, strings.Replace(base[sheet], "<sheetData>", `<extLst><ext><row r="9"/><sheetDataX/></ext></extLst><sheetData>`, 1)),
	} {
		t.Run(name, func(t *testing.T) {
			got := cellsOf(t, p)
			if len(got) != len(want) {
				t.Errorf("%d cells, want %d", len(got), len(want))
			}
			for address, c := range want {
				if got[address] != c {
					t.Errorf("%s is %+v, want %+v", address, got[address], c)
				}
			}
		})
	}
}

func TestNoFormatsIsSaid(t *testing.T) {
	p := book(`<row r="1"><c r="A1" s="1"><v>45000</v></c></row>`).with("xl/styles.xml", "")
	b, err := Open(t.Context(), p.file(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if notes := strings.Join(remark.Sentences(b.Remarks()), " "); !strings.Contains(notes, "no cell formats") {
		t.Errorf("notes are %q", notes)
	}
}
