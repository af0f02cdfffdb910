package workbook

import (
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"pushdesk/storage/cell"
)

// archive makes a web archive of pages; an even one is carried as quoted-printable, an
// odd one as base64.
func archive(pages ...string) string {
	var b strings.Builder
	b.WriteString("From: <Saved by a program>\r\nSubject: Rows\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"--=_Next\"; type=\"text/html\"\r\n\r\nThis is a message in several parts.\r\n")
	for i, page := range pages {
		b.WriteString("\r\n----=_Next\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Location: file:///C:/book_files/sheet00" + string(rune('0'+i)) + ".htm\r\n")
		if i%2 == 0 {
			b.WriteString("Content-Transfer-Encoding: quoted-printable\r\n\r\n" + strings.NewReplacer("=", "=3D", "é", "=C3=A9", "</tr>", "</tr>=\r\n").Replace(page))
		} else {
			b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(page)))
		}
	}
	b.WriteString("\r\n----=_Next\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0=\r\n\r\n----=_Next--\r\n")
	return b.String()
}

const xml2003Head = `<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
<Styles><Style ss:ID="Default"/><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="d2" ss:Parent="d"/>
<Style ss:ID="h"><NumberFormat ss:Format="[h]:mm"/></Style><Style ss:ID="t"><NumberFormat ss:Format="Short Time"/></Style><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>
`

// TestWhatOnlyPretends: web pages, web archives, XML and JSON with rows are read, under
// whatever name they come.
func TestWhatOnlyPretends(t *testing.T) {
	latin, err := charmap.Windows1252.NewEncoder().String(`<html><head><meta charset="windows-1252"></head><table><tr><th>Ville</th><th>Nb</th></tr><tr><td>Nîmes</td><td>3</td></tr><tr><td>Orléans</td><td>4</td></tr></table>`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, names, types, rows, note string }{
		{"a page", "<!DOCTYPE html>\n<html><body><h1>Stock</h1><table border=1><tr><th>Item<th>Units<th>Day\n<tr><td>Nut &amp; bolt<td>1,200.5<td>2024-03-05\n<tr><td><b>Screw</b> <br>long</td><td> 7.25&nbsp;</td><td>2024-03-06</td></tr></table></body></html>",
			"Item|Units|Day", "text|decimal|datetime", "2|Nut & bolt|1200.5|2024-03-05 / 3|Screw\nlong|7.25|2024-03-06", "web page"},
		{"what Excel says of its cells", `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>Code</td><td>Amount</td><td>Share</td><td>Day</td></tr>
<tr><td x:str>0042</td><td x:num="1234.5678">1,234.57</td><td x:num="0.125">13%</td><td x:num="45356">05/03/2024</td></tr>
<tr><td x:str>0043</td><td x:num>5</td><td x:num="0.5">50%</td><td x:num="45376">25/03/2024</td></tr></table></html>`,
			"Code|Amount|Share|Day", "text|decimal|decimal|datetime", "2|0042|1234.5678|12.5%|2024-03-05 / 3|0043|5|50%|2024-03-25", "web page"},
		{"a small table before the rows", `<table><tr><td>Report of today</td></tr></table><table><tr><td>A</td><td>B</td></tr><tr><td>x</td><td>1</td></tr><tr><td>y</td><td>2</td></tr></table>`,
			"A|B", "text|whole", "2|x|1 / 3|y|2", "2 tables"},
		{"tables that arrange", `<table><tr><td>Menu</td><td><table><tr><td>A</td><td>B</td></tr><tr><td>x</td><td>1</td></tr></table></td></tr></table>`,
			"A|B", "text|whole", "2|x|1", "Its table is read"},
		{"cells over several rows", `<table><tr><td>Region</td><td>City</td><td>Units</td></tr><tr><td rowspan=2>North</td><td>Oslo</td><td>1</td></tr><tr><td>Bergen</td><td>2</td></tr><tr><td>South</td><td>Rome</td><td>3</td></tr></table>`,
			"Region|City|Units", "text|text|whole", "2|North|Oslo|1 / 3|North|Bergen|2 / 4|South|Rome|3", "covered by a cell of a row above"},
		{"a code page", latin, "Ville|Nb", "text|whole", "2|Nîmes|3 / 3|Orléans|4", "web page"},
		{"an archive", archive("<table><tr><td>Café</td><td>N</td></tr><tr><td>é</td><td>1</td></tr></table>"), "Café|N", "text|whole", "2|é|1", "web archive"},
		{"an archive of Excel", archive(`<html><!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>Sales &amp; more</x:Name><x:WorksheetSource HRef="book_files/sheet001.htm"/></x:ExcelWorksheet></xml><![endif]--></html>`,
			"<table><tr><td>A</td><td>B</td></tr><tr><td>x</td><td>1</td></tr></table>"), "A|B", "text|whole", "2|x|1", "web archive"},
		{"xml 2003", xml2003Head + `<Worksheet ss:Name="Data"><Table><Row><Cell><Data ss:Type="String">Name</Data></Cell><Cell><Data ss:Type="String">Day</Data></Cell><Cell><Data ss:Type="String">Amount</Data></Cell><Cell><Data ss:Type="String">Share</Data></Cell><Cell><Data ss:Type="String">Took</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Ann &amp; Bo</Data><Comment><ss:Data>no</ss:Data></Comment></Cell><Cell ss:StyleID="d"><Data ss:Type="DateTime">2024-03-05T00:00:00.000</Data></Cell><Cell><Data ss:Type="Number">12.5</Data></Cell><Cell ss:StyleID="p"><Data ss:Type="Number">0.25</Data></Cell><Cell ss:StyleID="h"><Data ss:Type="DateTime">1900-01-01T06:15:00.000</Data></Cell></Row>
<Row ss:Index="5"><Cell ss:Index="2" ss:StyleID="d2"><Data ss:Type="Number">45357</Data></Cell><Cell><Data ss:Type="Number">-3</Data></Cell><Cell ss:StyleID="p"><Data ss:Type="Number">1</Data></Cell><Cell ss:StyleID="h"><Data ss:Type="DateTime">1899-12-31T02:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>`,
			"Name|Day|Amount|Share|Took", "text|datetime|decimal|decimal|duration", "2|Ann & Bo|2024-03-05|12.5|25%|30:15:00 / 5||2024-03-06|-3|100%|02:00:00", "XML spreadsheet"},
		{"json lines", "{\"id\": 1, \"name\": \"Ann\", \"at\": {\"city\": \"Oslo\"}}\n\n{\"id\": 2, \"paid\": true, \"tags\": [\"a\", 1]}\n", "id|name|at.city|paid|tags", "whole|text|text|boolean|text", "2|1|Ann|Oslo|| / 3|2|||TRUE|[\"a\",1]", "an object a line"},
		{"a json list", "\ufeff [ {\"day\": \"2024-03-05\", \"n\": 1.5}, {\"day\": \"2024-03-06\", \"n\": null} ] ", "day|n", "datetime|decimal", "2|2024-03-05|1.5 / 3|2024-03-06|", "a list of objects"},
		{"a list in an object", `{"count": 2, "next": {"a": [1, {"b": 2}]}, "value": [ {"a": "x"}, {"a": "y"} ], "more": [3]}`, "a", "text", "2|x / 3|y", `the list "value"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := readAll(t, put(t, "report.xls", []byte(c.text)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var types []string
			for _, p := range r.profile.Columns {
				types = append(types, string(p.Type))
			}
			said := strings.Join(r.notes, " ")
			if got := shown(r.rows); names(r.layout) != c.names || strings.Join(types, "|") != c.types || got != c.rows || !strings.Contains(said, c.note) {
				t.Errorf("%s\n%s\n%s\n%s\nwant %s\n%s\n%s", names(r.layout), types, got, said, c.names, c.types, c.rows)
			}
		})
	}
}

// cutBefore is text up to a mark.
func cutBefore(text, mark string) string {
	before, _, _ := strings.Cut(text, mark)
	return before
}

// TestDamagedPretenders: what is cut or wrong ends with an error that says so, and loses
// nothing in silence.
func TestDamagedPretenders(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		kind ErrorKind
	}{
		"json that is cut":        {`[{"a": 1}, {"a": `, ErrorTruncated},
		"json with something odd": {`[{"a": 1}, 7]`, ErrorUnsupported},
		"json and more":           {`[{"a": 1}] [{"a": 2}]`, ErrorCorrupt},
		"xml that is cut":         {xml2003Head + `<Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="String">x`, ErrorTruncated},
		"xml with an entity bomb": {`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&a;</Workbook>`, ErrorCorrupt},
		"an archive that is cut":  {cutBefore(archive("<table><tr><td>A</td></tr></table>"), "</td>"), ErrorTruncated},
		"a text without an end":   {"<table><tr><td>A</td></tr><tr><td>" + strings.Repeat("x", 5<<20), ErrorTooLarge},
		"tables in tables":        {strings.Repeat("<table><tr><td>", 300) + "x", ErrorTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(t, put(t, "report.xls", []byte(c.text)), Options{})
			wantKind(t, err, c.kind)
		})
	}
}

// FuzzPretender: neither panics nor hangs, whatever comes.
// TestMergedInXML2003: values that stand once for several rows are said, and can be filled down.
func TestMergedInXML2003(t *testing.T) {
	cells := func(values ...string) (xml string) {
		for _, v := range values {
			xml += "<Cell><Data ss:Type=\"String\">" + v + "</Data></Cell>"
		}
		return "<Row>" + xml + "</Row>"
	}
	data := xml2003Head + `<Worksheet ss:Name="A"><Table>` + cells("Team", "Person") +
		`<Row><Cell ss:MergeDown="1"><Data ss:Type="String">A</Data></Cell><Cell><Data ss:Type="String">Ann</Data></Cell></Row>
<Row><Cell ss:Index="2"><Data ss:Type="String">Bob</Data></Cell></Row>` + cells("B", "Cyd") + `</Table></Worksheet></Workbook>`
	r, err := readSource(t, put(t, "x.xls", []byte(data)), Options{}, "", "", 1)
	if err != nil || len(r.rows) != 3 || r.rows[1].Cells[0].Kind != cell.Blank || noteKinds(r.profile.Columns[0].Remarks) != "merged" {
		t.Errorf("%v: %v, %+v", err, r.rows, r.profile.Columns)
	}
}

func FuzzPretender(f *testing.F) {
	f.Add("<table><tr><td rowspan=3 colspan=2>a<td>b<tr><td>c</table>")
	f.Add(archive("<table><tr><td>a</td></tr></table>"))
	f.Add(xml2003Head + `<Worksheet ss:Name="A"><Table><Row ss:Index="3"><Cell ss:Index="2" ss:MergeAcross="1"><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>`)
	f.Add("{\"a\": [1, {\"b\": null}]}\n{\"a\": {\"c\": 1e400}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := readAll(t, put(t, "x.xls", []byte(text)), Options{})
		if err == nil && len(r.profile.Columns) != len(r.layout.Headers) {
			t.Errorf("%d columns of %d", len(r.profile.Columns), len(r.layout.Headers))
		}
	})
}

// TestNullWords: what a database writes for nothing is blank in a text file, and said.
func TestNullWords(t *testing.T) {
	t.Parallel()
	r, err := readAll(t, put(t, "rows.csv", []byte("id,day,name\n1,2024-03-05,Ann\n2,NULL,(null)\n3,2024-03-07,Null\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(r.rows); got != "2|1|2024-03-05|Ann / 3|2|| / 4|3|2024-03-07|Null" || r.profile.Columns[1].Type != "datetime" {
		t.Errorf("%s, %s", got, r.profile.Columns[1].Type)
	}
	if said := strings.Join(r.notes, " "); !strings.Contains(said, "2 values are NULL") {
		t.Error(said)
	}
}
