package workbook

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/charset"
)

// shown joins the cells of rows as kind:value.
func shown(rows []cell.Row) string {
	var b strings.Builder
	for i, row := range rows {
		if i > 0 {
			b.WriteString(" / ")
		}
		fmt.Fprintf(&b, "%d", row.Number)
		for _, c := range row.Cells {
			fmt.Fprintf(&b, "|%s", cell.Display(c))
		}
	}
	return b.String()
}

func TestTextFiles(t *testing.T) {
	latin, err := charmap.Windows1252.NewEncoder().String("name;city\nJosé;Köln\nZoë;Århus\n")
	if err != nil {
		t.Fatal(err)
	}
	late := "name,n\n" + strings.Repeat("plain,1\n", 40_000) + "Zo\xeb,2\n"
	for _, c := range []struct {
		name, data, names, rows, notes string
	}{
		{"comma", "a,b\n1,x\n2,y\n", "a|b", "2|1|x / 3|2|y", "commas"},
		{"semicolon", "a;b\n1,5;x\n2,5;y\n", "a|b", "2|1.5|x / 3|2.5|y", "semicolons"},
		{"tab", "a\tb\n1\tx\n", "a|b", "2|1|x", "tabs"},
		{"bar", "a|b\n1|x\n2|y", "a|b", "2|1|x / 3|2|y", "'|'"},
		{"one column", "name\nAnna\nBert\n", "name", "2|Anna / 3|Bert", "one column"},
		{"sep line", "sep=;\na;b\n1;x\n", "a|b", "3|1|x", "as its first line says"},
		{"sep line in quotes", "\"sep=|\"\r\na|b\r\n1|x\r\n", "a|b", "3|1|x", "as its first line says"},
		{"no line end at the end", "a,b\n1,x", "a|b", "2|1|x", ""},
		{"Windows line ends", "a,b\r\n1,x\r\n2,y\r\n", "a|b", "2|1|x / 3|2|y", ""},
		{"old Mac line ends", "a,b\r1,x\r2,y", "a|b", "2|1|x / 3|2|y", ""},
		{"blank lines", "\na,b\n\n1,x\n\n\n2,y\n\n", "a|b", "4|1|x / 7|2|y", ""},
		{"quotes", "a,b\n\"1\",\"x, \"\"y\"\"\"\n2,\"\"\n", "a|b", `2|1|x, "y" / 3|2|`, ""},
		{"lines in quotes", "a,b\n1,\"x\ny\r\nz\"\n2,w\n", "a|b", "2|1|x\ny\r\nz / 5|2|w", ""},
		{"bare quote", "a,b\n5\" pipe,x\n", "a|b", `2|5" pipe|x`, ""},
		{"stray quote", "a,b\n\"x\" y,1\nz,2\n", "a|b", `2|"x" y|1 / 3|z|2`, "unexpected place"},
		{"quote that is never closed", "a,b\n\"x,1\nz,2\n", "a|b", `2|"x|1 / 3|z|2`, "never closed (line 2)"},
		{"blanks around quotes", "a,b\nx, \"y,\" \n\"z\" ,w\n", "a|b", `2|x|y, / 3|z|w`, "spaces around their quotation marks (lines 2 and 3)"},
		{"blanks behind delimiters", "a, b, \"c\"\n1, 2, \"x, y\"\n3, 4, z\n", "a|b|c", `2|1|2|x, y / 3|3|4|z`, "followed by a space"},
		{"a quote too many", "a,b,c\n\"x,y,\"z, w\"\nu,v,w\n", "a|b|c", `2|"x|y|z, w / 3|u|v|w`, "unexpected place"},
		{"escaped quotes", "a,b\n\"8\\\" pipe\",1\n\"x, y\",2\n", "a|b", `2|8" pipe|1 / 3|x, y|2`, "backslash"},
		{"formulas", "a,b\n=\"007\",1\n\"=\"\"00,8\"\"\",2\n", "a|b", `2|007|1 / 3|00,8|2`, "formulas"},
		{"database blanks", "a\tb\nx\t\\N\n\\N\t2\n", "a|b", `2|x| / 3||2`, "sign of databases for nothing"},
		{"line breaks without quotes", "a,b,c\r\n1,x\ny,2\r\n3,z\rw,4\r\n", "a|b|c", "2|1|x\ny|2 / 4|3|z\rw|4", "line break inside a value that is not in quotes (lines 2 and 4)"},
		{"mixed line ends", "a,b\r\n1,x\r\n2,y\n3,z\r\n", "a|b", "2|1|x / 3|2|y / 4|3|z", ""},
		{"line breaks that may be either", "a,b,c\r\n1,x,2\n3\r\n4,y\nz,5,6\r\n7,w,8\r\n", "a|b|c", "", "may end a row"},
		{"lines in quotes as a whole", "\"a,b\"\n\"1,\"\"x, y\"\"\"\n\"2,z\"\n", "a|b", "2|1|x, y / 3|2|z", "as a whole"},
		{"comments", "# made by a program\n# at 10:30, on Monday\na,b\n1,x\n# later\n2,y\n", "a|b", "4|1|x / 6|2|y", "3 lines are comments, beginning with #"},
		{"names with the mark of comments", "#a,b\n1,x\n2,y\n", "#a|b", "2|1|x / 3|2|y", ""},
		{"no name for the first column", "b\tc\nx\t1\t2\ny\t3\t4\n", "Column A|b|c", "2|x|1|2 / 3|y|3|4", "one fewer"},
		{"spaces as delimiter", "\"b\" \"c\"\n\"site A\" 1.5 2\n\"site B\" 3.5 4\n", "Column A|b|c", "2|site A|1.5|2 / 3|site B|3.5|4", "one fewer"},
		{"delimiters at the ends", "a,b\n1,x,\n2,y,\n", "a|b", "2|1|x / 3|2|y", ""},
		{"control characters", "a,b\n1,x\x00\n\x00\x002,\x07y\n\x1a", "a|b", "2|1|x / 3|2|y", "control characters were dropped (lines 2, 3 and 4)"},
		{"a mark inside", "a,b\n1,x\n\ufeffa,b\n2,y\n", "a|b", "2|1|x / 4|2|y", "byte order mark"},
		{"one bad byte", "a,b\nZürich,1\nGen\xe8ve,2\nKöln,3\n", "a|b", "2|Zürich|1 / 3|Genève|2 / 4|Köln|3", "(line 3)"},
		{"stray quote that ends well", "a,b\n\"x\" y\",1\nz,2\n", "a|b", `2|x" y|1 / 3|z|2`, "unexpected place"},
		{"quote at the end", "a,b\n1,\"x\"", "a|b", "2|1|x", ""},
		{"UTF-8 mark", "\ufeffa,b\n1,é\n", "a|b", "2|1|é", "UTF-8"},
		{"UTF-16LE mark", utf16Text("a;b\r\n1;é\r\n", false, true), "a|b", "2|1|é", "UTF-16LE"},
		{"UTF-16BE mark", utf16Text("a;b\r\n1;é\r\n", true, true), "a|b", "2|1|é", "UTF-16BE"},
		{"UTF-16LE without mark", utf16Text("a;b\r\n1;é\r\n2;xyz\r\n", false, false), "a|b", "2|1|é / 3|2|xyz", "UTF-16LE"},
		{"UTF-16BE without mark", utf16Text("a;b\r\n1;é\r\n2;xyz\r\n", true, false), "a|b", "2|1|é / 3|2|xyz", "UTF-16BE"},
		{"Windows-1252", latin, "name|city", "2|José|Köln / 3|Zoë|Århus", "Windows-1252"},
		{"first letter beyond ASCII comes late", late, "name|n", "", "Windows-1252"},
		{"short row", "a,b,c\n1,x\n2,y,z\n", "a|b|c", "2|1|x| / 3|2|y|z", ""},
		{"long row", "a,b\n1,x\n2,y,extra\n", "a|b|Column C", "2|1|x| / 3|2|y|extra", ""},
		{"only a header", "a,b\n", "a|b", "", ""},
		{"no header", "1,2\n3,4\n", "Column A|Column B", "1|1|2 / 2|3|4", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := readAll(t, put(t, "data.csv", []byte(c.data)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if names(r.layout) != c.names || c.rows != "" && shown(r.rows) != c.rows {
				t.Errorf("got %s: %s\nwant %s: %s", names(r.layout), shown(r.rows), c.names, c.rows)
			}
			if notes := strings.Join(r.notes, " "); !strings.Contains(notes, c.notes) {
				t.Errorf("notes are %q, want %q in them", notes, c.notes)
			}
			if c.name == "first letter beyond ASCII comes late" && (len(r.rows) != 40_001 || cell.Display(r.rows[40_000].Cells[0]) != "Zoë") {
				t.Errorf("the last of %d rows is %v", len(r.rows), r.rows[len(r.rows)-1])
			}
		})
	}
}

// TestQuotes: apostrophes around texts are found, and any choice holds.
func TestQuotes(t *testing.T) {
	const single = "'Name','Town'\n'Anna','Os,lo'\n'Bert','L''Aquila'\n'Carl','Bonn'\n"
	for _, c := range []struct {
		name, data string
		quote      rune
		want       string
		found      rune
	}{
		{"found", single, 0, "2|Anna|Os,lo / 3|Bert|L'Aquila / 4|Carl|Bonn", '\''},
		{"numbers beside them", "id;name\n1;'a'\n2;'b;c'\n3;'d'\n", 0, "2|1|a / 3|2|b;c / 4|3|d", '\''},
		{"only some texts", "a,b\n'x',y\nz,w\nv,'u'\n", 0, "2|'x'|y / 3|z|w / 4|v|'u'", '"'},
		{"inches", "a,b\n\"x\",5'\n\"y\",6'\n", 0, "2|x|5' / 3|y|6'", '"'},
		{"none chosen", "a,b\n\"x\",1\n", NoQuote, "2|\"x\"|1", NoQuote},
		{"double chosen", "a,b\n'x',1\n", '"', "2|'x'|1", '"'},
		{"single chosen", "a,b\n'x',1\n", '\'', "2|x|1", '\''},
	} {
		path := put(t, "q.csv", []byte(c.data))
		r, err := readSource(t, path, Options{Quote: c.quote}, "", "", 1)
		if err != nil || shown(r.rows) != c.want {
			t.Errorf("%s: %v, %s, want %s", c.name, err, shown(r.rows), c.want)
		}
		b, err := Open(t.Context(), path, Options{Quote: c.quote})
		if err != nil {
			t.Fatal(err)
		}
		if got := b.TextForm().Quote; got != c.found {
			t.Errorf("%s: the quote is %q", c.name, got)
		}
		b.Close()
	}
}

func TestChosenEncodingAndDelimiter(t *testing.T) {
	polish, err := charmap.Windows1250.NewEncoder().String("imię,n\nŁukasz,1\n")
	if err != nil {
		t.Fatal(err)
	}
	r, err := readAll(t, put(t, "p.csv", []byte(polish)), Options{Encoding: "windows-1250"})
	if err != nil || names(r.layout) != "imię|n" || shown(r.rows) != "2|Łukasz|1" {
		t.Errorf("%v: %s %s", err, names(r.layout), shown(r.rows))
	}
	r, err = readAll(t, put(t, "p.csv", []byte("a:b\n1:x\n2:y\n")), Options{Delimiter: ":"})
	if err != nil || shown(r.rows) != "2|1|x / 3|2|y" {
		t.Errorf("%v: %s", err, shown(r.rows))
	}
	for _, name := range Encodings {
		if _, err := charset.Decoder(name); err != nil {
			t.Errorf("%s is offered and not read: %v", name, err)
		}
	}
	_, err = Open(t.Context(), put(t, "p.csv", []byte("a,b\n")), Options{Encoding: "klingon"})
	wantKind(t, err, ErrorUnsupported)
}

// TestTextTypes: the columns of text files get their types from all values.
func TestTextTypes(t *testing.T) {
	for _, c := range []struct {
		name, header string
		values       []string
		want         infer.Type
		offer        infer.Type
		first, notes string // the first value as it is read; kinds of notes
	}{
		{"whole", "n", one("1", "-20", "0"), infer.TypeWhole, "", "number 1", ""},
		{"decimal", "n", one("1", "2.5", "-0.5"), infer.TypeDecimal, "", "number 1", ""},
		{"half without zero", "n", one(".5", "1.5"), infer.TypeDecimal, "", "number 0.5", ""},
		{"float noise", "n", one("0.30000000000000004", "1"), infer.TypeDecimal, "", "number 0.3", ""},
		{"grouped", "n", one("1,234.50", "12"), infer.TypeDecimal, "", "number 1234.5", ""},
		{"grouped twice", "n", one("1,234,567", "1"), infer.TypeWhole, "", "number 1234567", ""},
		{"comma", "n", one("1.234,50", "12,5"), infer.TypeDecimal, "", "number 1234.5", ""},
		{"comma by one value", "n", one("1,234", "12,5"), infer.TypeDecimal, "", "number 1.234", ""},
		{"ambiguous", "n", one("1,234", "5,678"), infer.TypeWhole, "", "number 1234", "ambiguous"},
		{"ambiguous dot", "n", one("1.234", "5.678"), infer.TypeDecimal, "", "number 1.234", "ambiguous"},
		{"wrong groups", "n", one("1,23", "1.5"), infer.TypeText, "", "text 1,23", ""},
		{"leading zeros", "n", one("007", "123"), infer.TypeText, "", "text 007", ""},
		{"leading plus", "n", one("+49301234", "+49301235"), infer.TypeText, "", "text +49301234", ""},
		{"16 digits", "n", one("1234567890123456"), infer.TypeText, "", "text 1234567890123456", ""},
		{"exponent", "n", one("1E5", "2E5"), infer.TypeText, infer.TypeWhole, "text 1E5", "reading"},
		{"code with an E", "n", one("32E0134", "32E0135"), infer.TypeText, "", "text 32E0134", ""},
		{"exponents of fractions", "n", one("1.5E-05", "2.50e+03", "7"), infer.TypeDecimal, "", "number 0.000015", "reading"},
		{"what others take for numbers", "n", one("0x1F", "1_000", "inf", "nan", "2-3", "1/2", "MAR1"), infer.TypeText, "", "text 0x1F", ""},
		{"blanks inside", "n", one("12 345", "1 000"), infer.TypeWhole, "", "number 12345", "reading"},
		{"telephones", "n", one("612 345 678", "698 765 432"), infer.TypeText, infer.TypeWhole, "text 612 345 678", "reading"},
		{"padded with blanks", "n", one(" 12 ", "7"), infer.TypeWhole, "", "number 12", ""},
		{"codes", "zip", one("10115", "20095"), infer.TypeText, infer.TypeWhole, "text 10115", ""},
		{"nearly numbers", "n", join(repeat(20, "5"), one("six")), infer.TypeText, infer.TypeWhole, "text 5", ""},
		{"numbers and words for nothing", "n", one("5", "n/a", "7"), infer.TypeWhole, "", "number 5", "nothing"},
		{"boolean", "b", one("true", "FALSE", "True"), infer.TypeBoolean, "", "boolean TRUE", ""},
		{"yes and no", "b", one("yes", "no", "No"), infer.TypeText, infer.TypeBoolean, "text yes", ""},
		{"ISO dates", "d", one("2024-03-31", "2024-12-01"), infer.TypeDateTime, "", "date 2024-03-31", ""},
		{"ISO times", "d", one("2024-03-31T10:30:00", "2024-12-01 08:00"), infer.TypeDateTime, "", "datetime 2024-03-31 10:30:00", ""},
		{"ISO with zone", "d", one("2024-03-31T10:30:00+02:00", "2024-04-01T10:30:00+02:00"), infer.TypeDateTime, "", "datetime 2024-03-31 10:30:00", "zone"},
		{"ISO with zones", "d", one("2024-03-31T10:30:00Z", "2024-03-31T10:30:00+02:00"), infer.TypeText, infer.TypeDateTime, "text 2024-03-31T10:30:00Z", "zones"},
		{"year with slashes", "d", one("2024/3/31", "2024/12/1"), infer.TypeDateTime, "", "date 2024-03-31", ""},
		{"day first", "d", one("05/03/2024", "31/03/2024"), infer.TypeDateTime, "", "date 2024-03-05", ""},
		{"month first", "d", one("05/03/2024", "03/31/2024"), infer.TypeDateTime, "", "date 2024-05-03", ""},
		{"dots", "d", one("31.03.2024", "1.4.2024"), infer.TypeDateTime, "", "date 2024-03-31", ""},
		{"two digits of the year", "d", one("31/03/29", "31/03/30"), infer.TypeDateTime, "", "date 2029-03-31", ""},
		{"two digits of the last century", "d", one("31/03/30", "31/03/99"), infer.TypeDateTime, "", "date 1930-03-31", ""},
		{"neither", "d", one("05/03/2024", "06/03/2024"), infer.TypeDateTime, "", "date 2024-03-05", "ambiguous"},
		{"both", "d", one("31/03/2024", "03/31/2024"), infer.TypeText, "", "text 31/03/2024", ""},
		{"AM and PM", "d", one("3/31/2024 9:05 PM", "4/1/2024 12:00 AM"), infer.TypeDateTime, "", "datetime 2024-03-31 21:05:00", ""},
		{"no such day", "d", one("2024-02-30", "2024-01-01"), infer.TypeText, "", "text 2024-02-30", ""},
		{"version numbers", "v", one("1.2.3", "1.2.4"), infer.TypeText, "", "text 1.2.3", ""},
		{"times only", "t", one("10:30", "11:00"), infer.TypeText, "", "text 10:30", "time"},
		{"blank ones do not matter", "n", one("1", "", "3"), infer.TypeWhole, "", "number 1", ""},
		{"nothing", "n", one("", ""), infer.TypeText, "", "blank ", "empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := "key;" + c.header + "\n"
			for i, v := range c.values {
				data += fmt.Sprintf("k%d;\"%s\"\n", i, v)
			}
			// A comma as delimiter, so that semicolons are no evidence for a decimal mark.
			r, err := readAll(t, put(t, "x.csv", []byte(strings.ReplaceAll(data, ";", "\t"))), Options{})
			if err != nil {
				t.Fatal(err)
			}
			p, got := r.profile.Columns[1], r.rows[0].Cells[1]
			if p.Type != c.want || p.OfferType != c.offer || got.Kind.String()+" "+cell.Display(got) != c.first || noteKinds(p.Remarks) != c.notes {
				t.Errorf("got %s, offer %q, first %s %s, notes %q\nwant %s, %q, %s, %q", p.Type, p.OfferType, got.Kind, cell.Display(got), noteKinds(p.Remarks), c.want, c.offer, c.first, c.notes)
			}
		})
	}
}

// TestEvidenceOfOtherColumns: one column decides for another, and so do semicolons.
func TestEvidenceOfOtherColumns(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"comma elsewhere", "a\tb\n1,234\t1,5\n", "number 1.234"},
		{"dot elsewhere", "a\tb\n1,234\t1.5\n", "number 1234"},
		{"semicolons", "a;b\n1,234;x\n", "number 1.234"},
		{"day first elsewhere", "a\tb\n01/02/2024\t31/12/2024\n", "date 2024-02-01"},
		{"month first elsewhere", "a\tb\n01/02/2024\t12/31/2024\n", "date 2024-01-02"},
	} {
		r, err := readAll(t, put(t, "x.csv", []byte(c.data)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.rows[0].Cells[0]; got.Kind.String()+" "+cell.Display(got) != c.want || r.profile.Columns[0].Text.Ambiguous {
			t.Errorf("%s: got %s %s, want %s", c.name, got.Kind, cell.Display(got), c.want)
		}
	}
}

// TestAcceptedOffer: when a person accepts the offer, what does not fit stays text.
func TestAcceptedOffer(t *testing.T) {
	data := "n\n" + strings.Repeat("5\n", 20) + "six\n"
	b, err := Open(t.Context(), put(t, "x.csv", []byte(data)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	src, _ := b.Find(t.Context(), "", "")
	layout, err := b.Layout(t.Context(), src, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Profile(t.Context(), layout, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Columns[0].Text = p.Columns[0].OfferText
	rows, err := b.Preview(t.Context(), layout.WithTypes(p), 100)
	if err != nil || rows[0].Cells[0] != number(5) || rows[20].Cells[0] != text("six") {
		t.Errorf("%v: %v", err, rows)
	}
}

func TestBlankCellsOfText(t *testing.T) {
	r, err := readAll(t, put(t, "x.csv", []byte("a,b\n1,\n,\n2,x\n")), Options{})
	if err != nil || len(r.rows) != 2 || r.rows[0].Cells[1].Kind != cell.Blank || r.profile.BlankRows != 1 {
		t.Errorf("%v: %s, %d blank", err, shown(r.rows), r.profile.BlankRows)
	}
}

// TestGuessedEncodings: scripts that look like nothing else are told from the default,
// and what is only alike is not.
func TestGuessedEncodings(t *testing.T) {
	const japaneseText, chineseText, koreanText, russianText = "名前;住所\n山田さん;とうきょうのまち\nすずきさん;おおさか\n", "姓名;城市\n张伟;北京市朝阳区\n王芳;上海市\n李娜;广州市\n", "이름;도시\n김철수;서울특별시\n이영희;부산광역시\n", "Имя;Город\nАнна;Москва\nБорис;Санкт-Петербург\n"
	for _, c := range []struct {
		name, text string
		e          encoding.Encoding
		want       string
	}{
		{"Japanese", japaneseText, japanese.ShiftJIS, "shift_jis"},
		{"Chinese", chineseText, simplifiedchinese.GB18030, "gb18030"},
		{"Korean", koreanText, korean.EUCKR, "euc-kr"},
		{"Russian", russianText, charmap.Windows1251, "windows-1251"},
		{"German", strings.Repeat("Größe;Straße\nMüller;Köln\nJäger;Düsseldorf\n", 9), charmap.Windows1252, "windows-1252"},
		{"French", strings.Repeat("Prénom;créée\nÉlodie;fiancée à Orléans\n", 9), charmap.Windows1252, "windows-1252"},
		{"Portuguese", strings.Repeat("Informação;não\nAvaliações;São João\n", 9), charmap.Windows1252, "windows-1252"},
		{"a few letters", "名;1\n", japanese.ShiftJIS, "shift_jis"},
	} {
		data, err := c.e.NewEncoder().String(c.text)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Open(t.Context(), put(t, "data.csv", []byte(data)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := b.TextForm().Encoding; got != c.want {
			t.Errorf("%s is read as %s, want %s", c.name, got, c.want)
		}
		b.Close()
	}
	for _, name := range Encodings {
		if EncodingName(name) == "" {
			t.Errorf("%s has no name", name)
		}
	}
	mac, err := charmap.Macintosh.NewEncoder().String("a,b\nJosé,1\n")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := readAll(t, put(t, "m.csv", []byte(mac)), Options{Encoding: "macintosh"}); err != nil || shown(r.rows) != "2|José|1" {
		t.Errorf("%v: %s", err, shown(r.rows))
	}
	dos, err := charmap.CodePage850.NewEncoder().String("a,b\nJosé,1\n")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := readAll(t, put(t, "d.csv", []byte(dos)), Options{Encoding: "ibm850"}); err != nil || shown(r.rows) != "2|José|1" {
		t.Errorf("%v: %s", err, shown(r.rows))
	}
	r, err := readAll(t, put(t, "lost.csv", []byte("a,b\n\x81\x20x,1\n")), Options{Encoding: "shift_jis"})
	if notes := strings.Join(r.notes, " "); err != nil || !strings.Contains(notes, "is no Shift_JIS (Japanese) (line 2)") {
		t.Errorf("%v: %q", err, notes)
	}
}

// TestColumnsOfText: columns of a fixed width, values behind the last name, columns
// without names, and texts that are no tables.
func TestColumnsOfText(t *testing.T) {
	far := "a,b\n" + strings.Repeat("1,x\n", 400) + "2,y,far\n"
	for _, c := range []struct{ name, data, names, rows, notes string }{
		{"fixed width", "ID     Name          Amount\n1      Anna Meyer     12.50\n22     Bért            3.25\n333    Carl           100.0\n", "ID|Name|Amount", "2|1|Anna Meyer|12.5 / 3|22|Bért|3.25 / 4|333|Carl|100", "columns of a fixed width"},
		{"words and numbers", "Item\n" + strings.Repeat("Thing 1\nThing 22\n", 20), "Item", "", "one column"},
		{"two words", strings.Repeat("Thing 1\nThing 2\n", 20), "", "", "one column"},
		{"a letter", "Dear Sir or Madam,\nplease find below the list of things we talked about, and more.\nKind regards, and have a nice day\nyour team of the office for lists\n", "", "", "does not look like a table"},
		{"far down", far, "a|b|Column C", "", `more values than there are names, first in line 402`},
		{"last column without names and values", "1,a,\n2,b,\n", "Column A|Column B|Column C", "1|1|a| / 2|2|b|", ""},
		{"names twice", "Tag,Day,Tag,day,n\nx,y,z,w,1\n", "Tag|Day|Tag (2)|day (2)|n", "2|x|y|z|w|1", `2 columns have the name of another one, so they were renamed: "Tag (2)" and "day (2)"`},
		{"far fewer names than values", "a,b,c\n1,x,2,y,7\n3,z,4,w,8\n", "Column A|Column B|Column C|Column D|Column E", "2|1|x|2|y|7 / 3|3|z|4|w|8", "Row 1 has 3 names for 5 columns"},
		{"padded", "id,name ,n\n  1,Anna   ,  2\n 10,Bert   , 30\n", "id|name|n", "2|1|Anna|2 / 3|10|Bert|30", "padded with spaces"},
	} {
		r, err := readAll(t, put(t, "x.csv", []byte(c.data)), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.names != "" && names(r.layout) != c.names || c.rows != "" && shown(r.rows) != c.rows {
			t.Errorf("%s: got %s: %s\nwant %s: %s", c.name, names(r.layout), shown(r.rows), c.names, c.rows)
		}
		if notes := strings.Join(append(r.notes, remark.Sentences(r.profile.Remarks)...), " "); !strings.Contains(notes, c.notes) {
			t.Errorf("%s: the notes are %q, want %q in them", c.name, notes, c.notes)
		}
	}
	r, err := readAll(t, put(t, "x.txt", []byte("a  b\nc  d\n")), Options{Delimiter: FixedWidth})
	if err != nil || len(r.layout.Headers) != 2 {
		t.Errorf("%v: %s", err, names(r.layout))
	}
	if r, err = readAll(t, put(t, "x.txt", []byte("a,b\nc,d\n")), Options{Delimiter: NoDelimiter}); err != nil || len(r.layout.Headers) != 1 {
		t.Errorf("%v: %s", err, names(r.layout))
	}
}
