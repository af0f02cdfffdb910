//go:build unix

package attack

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/xuri/excelize/v2"
)

// workbook is a small workbook of Excel.
func workbook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"Region", "Amount"}, {"West", 1.5}, {"East", 2}, {"North", 3}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packed makes a zip of parts; each is repeated as often as it says.
func packed(t testing.TB, parts map[string]string, times int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		head, piece, cut := strings.Cut(text, "\x00")
		if _, err := io.WriteString(w, head); err != nil {
			t.Fatal(err)
		}
		piece, tail, _ := strings.Cut(piece, "\x00")
		for i := 0; cut && i < times; i++ {
			if _, err := io.WriteString(w, piece); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := io.WriteString(w, tail); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// replacing returns a workbook with other parts.
func replacing(t testing.TB, book []byte, parts map[string]string, times int) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
	}
	for name, text := range parts {
		all[name] = text
	}
	return packed(t, all, times)
}

const (
	sheetHead = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetTail = `</sheetData></worksheet>`
)

// TestAttackFiles reads files that are damaged, bombs, or no files at all. inspect and a
// send without sending end, with an error that says what is wrong or without one.
func TestAttackFiles(t *testing.T) {
	dir := t.TempDir()
	book := workbook(t)
	ods := packed(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>Region</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type="float" office:value="2"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`}, 0)
	csv := []byte("Region,Amount,Day\nWest,\"1,5\",2024-03-05\nEast,2,2024-03-06\n" + strings.Repeat("North,3,2024-03-07\n", 50))
	originals := map[string][]byte{
		"a.xlsx": book, "a.ods": ods, "a.csv": csv,
		"a.json":  []byte(`[{"Region":"West","Amount":1.5,"Sub":{"a":[1,2,{"b":null}]}},{"Region":"East","Amount":2}]`),
		"a.html":  []byte("<html><table><tr><th>Region<th>Amount<tr><td>West<td>1<tr><td colspan=3>East</table></html>"),
		"a.xml":   []byte(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="String">Region</Data></Cell></Row><Row><Cell><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>`),
		"a.jsonl": []byte("{\"a\":1}\n{\"a\":2,\"b\":\"x\"}\n"),
	}
	damages := []struct {
		name string
		do   func(was []byte, rnd *rand.Rand) []byte
	}{
		{"cut early", func(b []byte, _ *rand.Rand) []byte { return b[:len(b)/5] }},
		{"cut late", func(b []byte, _ *rand.Rand) []byte { return b[:len(b)-len(b)/9-1] }},
		{"with other bytes", func(b []byte, rnd *rand.Rand) []byte {
			b = bytes.Clone(b)
			for range 1 + len(b)/80 {
				b[rnd.IntN(len(b))] = byte(rnd.IntN(256))
			}
			return b
		}},
		{"with zeros in it", func(b []byte, _ *rand.Rand) []byte {
			return append(append(bytes.Clone(b[:len(b)/2]), make([]byte, 5000)...), b[len(b)/2:]...)
		}},
		{"twice", func(b []byte, _ *rand.Rand) []byte { return append(bytes.Clone(b), b...) }},
		{"shuffled", func(b []byte, rnd *rand.Rand) []byte {
			b = bytes.Clone(b)
			rnd.Shuffle(len(b)/16, func(i, j int) {
				for k := range 16 {
					b[16*i+k], b[16*j+k] = b[16*j+k], b[16*i+k]
				}
			})
			return b
		}},
		{"with escapes", func(b []byte, _ *rand.Rand) []byte {
			return bytes.ReplaceAll(b, []byte("West"), []byte("W\x1b[2J\x07\xc2\x9b31m\xe2\x80\xaet\x7f"))
		}},
		{"in UTF-16 without a mark", func(b []byte, _ *rand.Rand) []byte {
			wide := make([]byte, 0, 2*len(b))
			for _, c := range b {
				wide = append(wide, c, 0)
			}
			return wide
		}},
	}
	var list []attack
	add := func(name string, make func(t *testing.T, path string) error) {
		path := filepath.Join(dir, fmt.Sprint(len(list)), name)
		which := len(list)
		list = append(list, attack{name, func(t *testing.T) {
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := make(t, path); err != nil {
				t.Fatal(err)
			}
			commands := [][]string{{"inspect", path, "--json"}, {"send", path, "--practice", "--dry-run", "--json"}}
			if !*long {
				commands = commands[which%2 : which%2+1]
			}
			for _, args := range commands {
				survived(t, name, run(t, t.TempDir(), nil, args...))
			}
		}})
	}
	content := func(name string, make func(t *testing.T) []byte) {
		add(name, func(t *testing.T, path string) error { return os.WriteFile(path, make(t), 0o600) })
	}
	for _, name := range []string{"a.xlsx", "a.ods", "a.csv", "a.json", "a.html", "a.xml", "a.jsonl"} {
		for i, d := range damages {
			rnd := rand.New(rand.NewPCG(uint64(i), uint64(len(name))))
			content(d.name+" "+name, func(*testing.T) []byte { return d.do(originals[name], rnd) })
		}
	}
	// What is no file.
	add("pipe.csv", func(_ *testing.T, p string) error { return syscall.Mkfifo(p, 0o600) })
	add("pipe.xlsx", func(_ *testing.T, p string) error { return syscall.Mkfifo(p, 0o600) })
	add("folder.xlsx", func(_ *testing.T, p string) error { return os.Mkdir(p, 0o700) })
	add("endless.csv", func(_ *testing.T, p string) error { return os.Symlink("/dev/zero", p) })
	add("random.csv", func(_ *testing.T, p string) error { return os.Symlink("/dev/urandom", p) })
	add("null.csv", func(_ *testing.T, p string) error { return os.Symlink("/dev/null", p) })
	add("itself.csv", func(_ *testing.T, p string) error { return os.Symlink(p, p) })
	add("memory.csv", func(_ *testing.T, p string) error { return os.Symlink("/proc/self/mem", p) })
	add("missing.xlsx", func(*testing.T, string) error { return nil })
	for _, name := range []string{"holes.csv", "holes.xlsx", "holes.json", "holes.xls"} {
		add(name, func(_ *testing.T, p string) error {
			if err := os.WriteFile(p, []byte("Region,Amount\nWest,1\n"), 0o600); err != nil {
				return err
			}
			return os.Truncate(p, 30<<30)
		})
	}
	// Bombs.
	bomb := func(name, part, text string, times int) {
		content(name, func(t *testing.T) []byte { return replacing(t, book, map[string]string{part: text}, times) })
	}
	bomb("rows.xlsx", "xl/worksheets/sheet1.xml", sheetHead+"\x00<row><c><v>1</v></c></row>\x00"+sheetTail, 2_000_000)
	bomb("cells.xlsx", "xl/worksheets/sheet1.xml", sheetHead+"<row>\x00<c><v>1</v></c>\x00</row>"+sheetTail, 2_000_000)
	bomb("far.xlsx", "xl/worksheets/sheet1.xml", sheetHead+`\x00<row><c r="XFD1"><v>1</v></c></row>`+"\x00"+sheetTail, 200_000)
	bomb("text.xlsx", "xl/worksheets/sheet1.xml", sheetHead+"<row><c t=\"inlineStr\"><is><t>\x00"+strings.Repeat("x", 1000)+"\x00</t></is></c></row>"+sheetTail, 300_000)
	bomb("deep.xlsx", "xl/worksheets/sheet1.xml", sheetHead+"\x00<a>\x00", 3_000_000)
	bomb("attribute.xlsx", "xl/worksheets/sheet1.xml", sheetHead+"<row r=\"\x001111111111\x00\"/>"+sheetTail, 5_000_000)
	bomb("strings.xlsx", "xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`+"\x00<si><t/></si>\x00</sst>", 5_000_000)
	bomb("styles.xlsx", "xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>`+"\x00<xf numFmtId=\"14\"/>\x00</cellXfs></styleSheet>", 5_000_000)
	bomb("sheets.xlsx", "xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`+"\x00<sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/>\x00</sheets></workbook>", 1_000_000)
	bomb("relationships.xlsx", "xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+"\x00<Relationship Id=\"rId1\" Target=\"../../../../etc/passwd\"/>\x00</Relationships>", 1_000_000)
	bomb("laughs.xlsx", "xl/worksheets/sheet1.xml", `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>`+sheetHead+"<row><c t=\"inlineStr\"><is><t>&c;</t></is></c></row>"+sheetTail, 0)
	bomb("outside.xlsx", "xl/worksheets/sheet1.xml", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`+sheetHead+"<row><c t=\"inlineStr\"><is><t>&a;</t></is></c></row>"+sheetTail, 0)
	odsBomb := func(name, row string) {
		content(name, func(t *testing.T) []byte {
			return packed(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">` + row + `</table:table></office:spreadsheet></office:body></office:document-content>`}, 500_000)
		})
	}
	odsBomb("repeated.ods", `<table:table-row table:number-rows-repeated="2000000000"><table:table-cell table:number-columns-repeated="2000000000" office:value-type="float" office:value="1"/></table:table-row>`)
	odsBomb("rows.ods", "\x00"+`<table:table-row><table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/></table:table-row>`+"\x00")
	// Text.
	content("line.csv", func(*testing.T) []byte { return bytes.Repeat([]byte("x"), 120<<20) })
	content("fields.csv", func(*testing.T) []byte { return bytes.Repeat([]byte("a,"), 10<<20) })
	content("quote.csv", func(*testing.T) []byte { return append([]byte("a,b\n\""), bytes.Repeat([]byte("x,y\n"), 5<<20)...) })
	content("lines.csv", func(*testing.T) []byte { return bytes.Repeat([]byte("\n"), 20<<20) })
	content("names.csv", func(*testing.T) []byte {
		return []byte(strings.Repeat("Name,", 20_000) + "Name\n" + strings.Repeat("1,", 20_000) + "1\n")
	})
	content("deep.json", func(*testing.T) []byte { return bytes.Repeat([]byte("[{\"a\":"), 5<<20) })
	content("value.json", func(*testing.T) []byte {
		return append(append([]byte(`[{"a":"`), bytes.Repeat([]byte("x"), 100<<20)...), `"}]`...)
	})
	content("keys.json", func(*testing.T) []byte {
		var b bytes.Buffer
		b.WriteString("[{")
		for i := range 400_000 {
			fmt.Fprintf(&b, "\"k%d\":1,", i)
		}
		b.WriteString("\"z\":1}]")
		return b.Bytes()
	})
	content("number.json", func(*testing.T) []byte {
		return []byte(`[{"a":1e999999999},{"a":-0},{"a":` + strings.Repeat("9", 100_000) + `}]`)
	})
	content("nested.html", func(*testing.T) []byte { return bytes.Repeat([]byte("<table><tr><td>"), 2<<20) })
	content("spans.html", func(*testing.T) []byte {
		return []byte("<table>" + strings.Repeat(`<tr><td colspan=1000000000 rowspan=1000000000>x`, 2000) + "</table>")
	})
	content("gzip.csv", func(*testing.T) []byte { return append([]byte("\x1f\x8b\x08\x00"), bytes.Repeat([]byte{0}, 1000)...) })
	content("program.xlsx", func(*testing.T) []byte {
		return append([]byte("\x7fELF\x02\x01\x01"), bytes.Repeat([]byte("\x90"), 100_000)...)
	})
	content("compound.xls", func(*testing.T) []byte {
		return append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), bytes.Repeat([]byte("\xfe\xff\xff\xff\x00\x00\x00\x00"), 60_000)...)
	})
	content("name\n\x1b[31m\u202e.csv", func(*testing.T) []byte { return csv })
	try(t, 6, list)
	if len(list) < 90 {
		t.Errorf("%d kinds of files", len(list))
	}
}
