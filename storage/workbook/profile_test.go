package workbook

import (
	"fmt"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
)

// column writes a one-column sheet under a header.
func column(header string, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>`, header)
	for i, xml := range cells {
		fmt.Fprintf(&b, `<row r="%d">%s</row>`, i+2, xml)
	}
	return b.String()
}

// Cells as XML, for columns of many kinds.
func num(v string, style int) string { return fmt.Sprintf(`<c s="%d"><v>%s</v></c>`, style, v) }
func str(v string) string            { return `<c t="inlineStr"><is><t>` + v + `</t></is></c>` }
func boolean(v int) string           { return fmt.Sprintf(`<c t="b"><v>%d</v></c>`, v) }
func errorCell(v string) string      { return `<c t="e"><v>` + v + `</v></c>` }

func repeat(n int, xml string) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = xml
	}
	return all
}

func join(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

func one(cells ...string) []string { return cells }

func noteKinds(notes []remark.Remark) string {
	var all []string
	for _, n := range notes {
		all = append(all, n.Code)
	}
	return strings.Join(all, " ")
}

// TestExcelTypes holds the rules for columns whose cells have types.
func TestExcelTypes(t *testing.T) {
	for _, c := range []struct {
		name, header string
		cells        []string
		want         infer.Type
		offer        infer.Type
		misfits      string // rows
		notes        string
	}{
		{"text", "Name", one(str("a"), str("b")), infer.TypeText, "", "", ""},
		{"whole", "Units", one(num("1", 0), num("-20", 0)), infer.TypeWhole, "", "", ""},
		{"decimal by one row", "Units", join(repeat(50, num("7", 0)), one(num("7.5", 0))), infer.TypeDecimal, "", "", ""},
		{"one text among numbers", "Units", join(repeat(30, num("7", 0)), one(str("n/a"))), infer.TypeText, infer.TypeWhole, "32", "nothing"},
		{"one text among decimals", "Units", join(one(str("-")), repeat(30, num("7.5", 0))), infer.TypeText, infer.TypeDecimal, "2", "nothing"},
		{"some texts", "Units", join(repeat(5, num("7", 0)), repeat(3, str("x"))), infer.TypeText, infer.TypeWhole, "7 8 9", ""},
		{"too many texts", "Units", join(repeat(15, num("7", 0)), repeat(10, str("x"))), infer.TypeText, "", "", "mixed"},
		{"numbers stored as text", "Year", repeat(20, str("2014")), infer.TypeText, infer.TypeWhole, "", ""},
		{"texts that are dates", "Day", repeat(20, str("2014-05-06")), infer.TypeText, infer.TypeDateTime, "", ""},
		{"boolean", "Paid", one(boolean(1), boolean(0)), infer.TypeBoolean, "", "", ""},
		{"boolean and numbers", "Paid", one(boolean(1), num("1", 0), num("5", 0)), infer.TypeText, infer.TypeWhole, "", ""},
		{"0 and 1", "Paid", one(num("0", 0), num("1", 0)), infer.TypeWhole, infer.TypeBoolean, "", ""},
		{"dates", "Day", one(num("45000", sDate), num("45001.5", sDateTime)), infer.TypeDateTime, "", "", ""},
		{"dates and a few numbers", "Day", join(repeat(20, num("45000", sDate)), one(num("45000", 0))), infer.TypeDateTime, "", "22", ""},
		{"dates and many numbers", "Day", join(repeat(5, num("45000", sDate)), repeat(5, num("45000", 0))), infer.TypeText, "", "", ""},
		{"a date beyond all dates", "Day", join(repeat(20, num("45000", sDate)), one(num("3000000", sDate))), infer.TypeDateTime, "", "22", "bad-date"},
		{"times", "At", one(num("0.5", sTime), num("0.25", sTime)), infer.TypeText, "", "", "time"},
		{"durations", "Took", one(num("1.5", sDuration), num("0.25", sDuration)), infer.TypeDuration, "", "", "duration"},
		{"times and durations", "Took", one(num("0.5", sTime), num("1.25", sTime)), infer.TypeDuration, "", "", "duration"},
		{"percent", "Share", one(num("0.25", sPercent), num("0.5", sPercent)), infer.TypeDecimal, "", "", "percent"},
		{"whole percent", "Share", one(num("0", sPercent), num("1", sPercent)), infer.TypeDecimal, "", "", "percent"},
		{"money", "Price", one(num("3", sMoney), num("4", sMoney)), infer.TypeDecimal, "", "", "currency"},
		{"padded", "Number", one(num("7", sPadded), num("12345", sPadded)), infer.TypeText, "", "", "zero-padded"},
		{"text format", "Number", one(num("7", sText), num("12345", sText)), infer.TypeText, "", "", ""},
		{"16 digits", "Card", one(num("1234567890123456", 0), num("1", 0)), infer.TypeText, "", "", "rounded"},
		{"beyond 64 bits", "Big", one(num("1E+20", 0), num("1", 0)), infer.TypeText, "", "", "rounded"},
		{"codes of one length", "Customer code", one(num("1001", 0), num("1002", 0)), infer.TypeText, infer.TypeWhole, "", ""},
		{"codes of one length in one word", "customerCode", one(num("1001", 0), num("1002", 0)), infer.TypeText, infer.TypeWhole, "", ""},
		{"numbers of rows", "Customer ID", one(num("1001", 0), num("1002", 0)), infer.TypeWhole, "", "", ""},
		{"codes of different length", "Customer code", one(num("999", 0), num("1002", 0)), infer.TypeWhole, "", "", ""},
		{"not a code", "Middle", one(num("100", 0), num("100", 0)), infer.TypeWhole, "", "", ""},
		{"not a code but like one", "Valid", one(num("100", 0), num("101", 0)), infer.TypeWhole, "", "", ""},
		{"errors do not decide", "Units", one(num("1", 0), errorCell("#N/A"), num("2", 0), errorCell("#REF!")), infer.TypeWhole, "", "", "errors"},
		{"only errors", "Units", repeat(3, errorCell("#N/A")), infer.TypeText, "", "", "errors"},
		{"formulas without results", "Units", one(num("1", 0), `<c><f>A1</f></c>`, num("3", 0)), infer.TypeWhole, "", "", "uncalculated"},
		{"29 February 1900", "Day", one(num("60", sDate), num("45000", sDate)), infer.TypeDateTime, "", "", "bad-date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := readSource(t, book(column(c.header, c.cells...)).file(t), Options{}, "", "", 1)
			if err != nil {
				t.Fatal(err)
			}
			p := r.profile.Columns[0]
			var rows []string
			for _, m := range p.Misfits {
				rows = append(rows, fmt.Sprint(m.Row))
			}
			if p.Type != c.want || p.OfferType != c.offer || strings.Join(rows, " ") != c.misfits || noteKinds(p.Remarks) != c.notes || p.Why == "" {
				t.Errorf("got %s, offer %q, misfits %v, notes %q; want %s, %q, %s, %q\n%s", p.Type, p.OfferType, rows, noteKinds(p.Remarks), c.want, c.offer, c.misfits, c.notes, p.Why)
			}
			for i := range r.rows {
				if r.rows[i].Cells[0].Kind == cell.Number && strings.Contains(c.cells[i], "inlineStr") {
					t.Error("the text cells of Excel were converted without being asked")
				}
			}
		})
	}
}

func TestProfileFigures(t *testing.T) {
	rows := join(one(str("short"), str("😀😀 wide"), num("12", 0), errorCell("#N/A"), "<c/>"), repeat(7, str("x")))
	r, err := readSource(t, book(column("Mixed", rows...)).file(t), Options{}, "", "", 1)
	if err != nil {
		t.Fatal(err)
	}
	p := r.profile.Columns[0]
	if p.Counts[cell.Text] != 9 || p.Counts[cell.Number] != 1 || p.Counts[cell.Error] != 1 || p.Longest != 9 || p.LongestRow != 3 || p.Min != 12 || p.Max != 12 {
		t.Errorf("got %+v", p)
	}
	if strings.Join(p.Samples, "|") != "short|😀😀 wide|12|x" {
		t.Errorf("samples are %q", p.Samples)
	}
	if r.profile.Rows != 11 || r.profile.BlankRows != 1 || r.profile.Provisional {
		t.Errorf("%d rows, %d blank", r.profile.Rows, r.profile.BlankRows)
	}
}

func TestMixedCurrencies(t *testing.T) {
	p := book(column("Price", num("1", 0), num("2", 1), num("3", 1))).with("xl/styles.xml", styleSheet(`"$"0.00`, `0.00 "€"`))
	r, err := readAll(t, p.file(t), Options{})
	if err != nil || noteKinds(r.profile.Columns[0].Remarks) != "currency mixed-currency" {
		t.Errorf("%v: %+v", err, r.profile.Columns)
	}
}

func TestMixedCurrenciesOfOpenDocument(t *testing.T) {
	price := func(code string) string {
		return `<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="currency" office:currency="` + code + `" office:value="2.5"/></table:table-row>`
	}
	const name = `<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>Price</text:p></table:table-cell></table:table-row>`
	for want, rows := range map[string]string{
		"currency":                price("EUR") + price("EUR"),
		"currency mixed-currency": price("EUR") + price("SEK"),
	} {
		r, err := readAll(t, odsFile(t, name+rows+`</table:table>`), Options{})
		if err != nil || noteKinds(r.profile.Columns[0].Remarks) != want {
			t.Errorf("%v: %+v", err, r.profile.Columns)
		}
	}
}

func TestRowNotes(t *testing.T) {
	head := `<row r="1"><c t="inlineStr"><is><t>Name</t></is></c><c t="inlineStr"><is><t>Units</t></is></c><c t="inlineStr"><is><t>Price</t></is></c></row>`
	data := `<row r="2" hidden="1">` + str("a") + num("1", 0) + num("1.5", 0) + `</row><row r="3">` + str("b") + num("2", 0) + num("1.5", 0) + `</row>`
	for _, c := range []struct{ name, rows, want string }{
		{"hidden rows", data, "hidden"},
		{"total", data + `<row r="4">` + str("Grand Total:") + num("3", 0) + `</row>`, "hidden total-left-out"},
		{"note below", data + `<row r="7">` + str("Source: us") + `</row>`, "hidden note-left-out"},
		{"data below a gap", data + `<row r="7">` + str("c") + num("1", 0) + num("1", 0) + `</row>`, "hidden"},
	} {
		r, err := readAll(t, book(head+c.rows).file(t), Options{})
		if err != nil || noteKinds(r.profile.Remarks) != c.want {
			t.Errorf("%s: %v, notes %+v", c.name, err, r.profile.Remarks)
		}
	}
	hidden := bookOf(`<worksheet ` + mainNS + `><cols><col min="2" max="2" hidden="1"/></cols><sheetData>` + head + data + `</sheetData></worksheet>`)
	r, err := readAll(t, hidden.file(t), Options{})
	if err != nil || noteKinds(r.profile.Columns[1].Remarks) != "hidden" || noteKinds(r.profile.Columns[0].Remarks) != "" {
		t.Errorf("hidden column: %v, %+v", err, r.profile.Columns)
	}
}

// TestFormulasOnly: rows of formulas that were never calculated are rows.
func TestFormulasOnly(t *testing.T) {
	r, err := readSource(t, book(column("Sum", repeat(3, `<c><f>1+1</f></c>`)...)).file(t), Options{}, "", "", 1)
	if err != nil || len(r.rows) != 3 || r.profile.Columns[0].Remarks[len(r.profile.Columns[0].Remarks)-1].Count != 3 {
		t.Errorf("%v: %d rows, %+v", err, len(r.rows), r.profile.Columns)
	}
}

func TestProvisional(t *testing.T) {
	b, err := Open(t.Context(), book(column("Units", join(repeat(300, num("1", 0)), one(num("1.5", 0)))...)).file(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	src, _ := b.Find(t.Context(), "", "")
	layout, err := b.Layout(t.Context(), src, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Preview(t.Context(), layout, 100)
	if err != nil || len(rows) != 100 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if p := ProfileRows(layout, rows); !p.Provisional || p.Columns[0].Type != infer.TypeWhole || p.Rows != 100 {
		t.Errorf("got %+v", p)
	}
	calls := 0
	p, err := b.Profile(t.Context(), layout, func(rows int64, fraction float64) {
		if calls++; fraction < 0 || fraction > 1 {
			t.Errorf("fraction %v", fraction)
		}
	})
	if err != nil || p.Columns[0].Type != infer.TypeDecimal || p.Rows != 301 || calls == 0 {
		t.Errorf("%v: %+v after %d calls", err, p, calls)
	}
}

// TestWordsForNothing: n/a and the like are blank among numbers, and said; among texts they
// are texts.
func TestWordsForNothing(t *testing.T) {
	data := "price\n" + strings.Repeat("1.5\n", 6) + strings.Repeat("n/a\n", 4)
	r, err := readAll(t, put(t, "p.csv", []byte(data)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := r.profile.Columns[0]
	if c.Type != infer.TypeDecimal || c.OfferType != "" || noteKinds(c.Remarks) != "nothing" || c.Remarks[0].Count != 4 || r.rows[9].Cells[0].Kind != cell.Blank {
		t.Errorf("%s, offered %s, %d misfits, %+v", c.Type, c.OfferType, c.MisfitCount, c.Remarks)
	}
	r, err = readAll(t, put(t, "p.csv", []byte("name\nAnna\nn/a\nBert\n")), Options{})
	if err != nil || r.profile.Columns[0].OfferType != "" || len(r.profile.Columns[0].Remarks) != 0 {
		t.Errorf("%v: %+v", err, r.profile.Columns[0])
	}
}

// TestNothingInAColumnOfText: what means nothing and is sent as text is not said to be blank,
// and one of blanks is named, not quoted.
func TestNothingInAColumnOfText(t *testing.T) {
	r, err := readAll(t, put(t, "x.json", []byte("[{\"a\":\"\u00a0\"},{\"a\":2},{\"a\":3}]")), Options{})
	if err != nil || len(r.profile.Columns[0].Remarks) == 0 {
		t.Fatalf("%v: %+v", err, r.profile)
	}
	const want = "1 value means that nothing is known, such as one of blanks, first in row 2. They are sent as text, as written. With the suggested type they are sent as blank."
	if got := r.profile.Columns[0].Remarks[0].Sentence; got != want {
		t.Error(got)
	}
}
