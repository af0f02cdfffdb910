package workbook

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
)

// raw returns a cell as excelize gives raw values, so that both can be compared.
func raw(c cell.Cell) string {
	switch c.Kind {
	case cell.Boolean:
		return strconv.FormatInt(c.Int, 10)
	case cell.Number:
		if c.Text != "" {
			return c.Text
		}
		return strconv.FormatFloat(c.Float, 'g', -1, 64)
	case cell.Date, cell.DateTime, cell.Time, cell.Duration:
		return strconv.FormatFloat(serialOf(c), 'f', 8, 64)
	}
	return c.Text
}

// serialOf turns a date back into the number that the sheet stores.
func serialOf(c cell.Cell) float64 {
	serial := float64(c.Int) / numeric.DayMillis
	if c.Kind == cell.Date || c.Kind == cell.DateTime {
		if serial -= numeric.FirstDay; serial < 61 {
			serial--
		}
	}
	return serial
}

// sameRaw compares with what excelize read: numbers by value, all else by text.
func sameRaw(c cell.Cell, want string) bool {
	switch c.Kind {
	case cell.Number:
		f, err := strconv.ParseFloat(want, 64)
		return err == nil && f == c.Float
	case cell.Date, cell.DateTime, cell.Time, cell.Duration:
		f, err := strconv.ParseFloat(want, 64)
		return err == nil && math.Abs(f-serialOf(c)) < 0.51/numeric.DayMillis
	}
	return raw(c) == want
}

// randomCell puts a value of a random kind into a cell.
func randomCell(t *testing.T, f *excelize.File, random *rand.Rand, sheet, address string, styles []int) {
	t.Helper()
	texts := []string{"plain", " padded ", "Zoë & <b>", "line\nbreak", "tab\there", "_x000D_", "a_x0041_b", "😀", "007", "1,5", "=no formula", "", "'quoted'", "https://example.com/?a=1&b=2"}
	var err error
	switch random.IntN(11) {
	case 0:
		err = f.SetCellValue(sheet, address, random.IntN(1e6)-5e5)
	case 1:
		err = f.SetCellValue(sheet, address, random.NormFloat64()*math.Pow10(random.IntN(12)-4))
	case 2, 3:
		err = f.SetCellStr(sheet, address, texts[random.IntN(len(texts))])
	case 4:
		err = f.SetCellBool(sheet, address, random.IntN(2) == 1)
	case 5:
		err = f.SetCellValue(sheet, address, time.Date(1950+random.IntN(120), 1, 1+random.IntN(365), random.IntN(24), random.IntN(60), random.IntN(60), 0, time.UTC))
	case 6:
		err = f.SetCellValue(sheet, address, time.Duration(random.IntN(200_000))*time.Second)
	case 7:
		err = f.SetCellRichText(sheet, address, []excelize.RichTextRun{{Text: "rich ", Font: &excelize.Font{Bold: true}}, {Text: texts[random.IntN(len(texts))]}})
	case 8:
		if err = f.SetCellValue(sheet, address, float64(random.IntN(80_000))+random.Float64()); err == nil {
			err = f.SetCellStyle(sheet, address, address, styles[random.IntN(len(styles))])
		}
	case 9:
		err = f.SetCellStyle(sheet, address, address, styles[random.IntN(len(styles))]) // styled, empty
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAgainstExcelize reads generated workbooks with both readers, cell by cell.
func TestAgainstExcelize(t *testing.T) {
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 11))
		f := excelize.NewFile()
		var styles []int
		for _, code := range []string{"0.00", "yyyy-mm-dd", "hh:mm:ss", "[h]:mm", "0%", "00000", `"$"#,##0.00`, "@", "d.m.yy h:mm", `0.00"d"`} {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
			if err != nil {
				t.Fatal(err)
			}
			styles = append(styles, id)
		}
		if _, err := f.NewSheet("Second"); err != nil {
			t.Fatal(err)
		}
		for _, sheet := range f.GetSheetList() {
			for range 1500 {
				randomCell(t, f, random, sheet, cell.Address(1+random.IntN(120), random.IntN(30)), styles)
			}
		}
		if err := f.MergeCell("Second", "C3", "F9"); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		f.Close()
		compare(t, fmt.Sprintf("seed %d", seed), b.Bytes())
	}
}

func compare(t *testing.T, name string, data []byte) {
	t.Helper()
	second, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	ours, err := Open(t.Context(), put(t, "book.xlsx", data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	for _, sheet := range second.GetSheetList() {
		want, err := second.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := ours.rows(t.Context(), sheet, format.Request{Last: -1})
		if err != nil {
			t.Fatal(err)
		}
		seen, expected := 0, 0
		for rows.Next() {
			for i, c := range rows.Cells() {
				theirs := ""
				if n := rows.Number() - 1; n < len(want) && i < len(want[n]) {
					theirs = want[n][i]
				}
				if c.Kind != cell.Blank {
					seen++
				}
				if !sameRaw(c, theirs) {
					t.Errorf("%s, %s!%s: we read %s %q, excelize %q", name, sheet, cell.Address(rows.Number(), i), c.Kind, raw(c), theirs)
				}
			}
		}
		if rows.Err() != nil {
			t.Fatal(rows.Err())
		}
		for _, row := range want {
			for _, value := range row {
				if value != "" {
					expected++
				}
			}
		}
		if seen != expected {
			t.Errorf("%s, %s: %d cells, excelize has %d", name, sheet, seen, expected)
		}
	}
}

// TestStreamWriter reads what excelize's stream writer writes: inline texts, a table.
func TestStreamWriter(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.SetRow("A1", []any{"Name", "Units", "When"}); err != nil {
		t.Fatal(err)
	}
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		row := []any{fmt.Sprintf("name <%d>", i), i, excelize.Cell{StyleID: day, Value: 45000 + i}}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.AddTable(&excelize.Table{Range: "A1:C501", Name: "Orders"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	compare(t, "stream", b.Bytes())
	r, err := readAll(t, put(t, "book.xlsx", b.Bytes()), Options{})
	if err != nil || r.layout.Source.Name != "Orders" || len(r.rows) != 500 || r.rows[499].Cells[0].Text != "name <499>" || r.profile.Columns[2].Type != infer.TypeDateTime {
		t.Errorf("%v: %+v", err, r.profile)
	}
}

// TestMoneyWorkbook is modelled on a real workbook of a finance department: a table
// whose names are padded, accounting formats, dates, and years stored as text.
func TestMoneyWorkbook(t *testing.T) {
	const accounting = `_("$"* #,##0.00_);_("$"* \(#,##0.00\);_("$"* "-"??_);_(@_)`
	heads := []string{"Segment", "Country", " Product ", "Units Sold", " Manufacturing Price ", " Gross Sales ", "  Sales", "Date", "Month Number", " Month Name ", "Year"}
	texts := append([]string{"Government", "Canada", " Carretera ", "January", "2014", "Germany"}, heads...)
	var rows strings.Builder
	rows.WriteString(`<row r="1" spans="1:12">`)
	for i := range heads {
		fmt.Fprintf(&rows, `<c r="%s" s="1" t="s"><v>%d</v></c>`, cell.Address(1, i), 6+i)
	}
	rows.WriteString(`<c r="L1"/></row>`)
	for n := 2; n <= 301; n++ {
		fmt.Fprintf(&rows, `<row r="%d" spans="1:12"><c r="A%[1]d" t="s"><v>0</v></c><c r="B%[1]d" t="s"><v>%[2]d</v></c><c r="C%[1]d" s="1" t="s"><v>2</v></c>`, n, []int{1, 5}[n%2])
		fmt.Fprintf(&rows, `<c r="D%[1]d"><v>%[2]v</v></c><c r="E%[1]d" s="1"><v>3</v></c><c r="F%[1]d" s="1"><v>%[3]d</v></c><c r="G%[1]d" s="1"><f>F%[1]d*0.97</f><v>%[4]v</v></c>`, n, 1000+float64(n%4)/2, n*100, float64(n*9713)/100)
		fmt.Fprintf(&rows, `<c r="H%[1]d" s="3"><v>%[2]d</v></c><c r="I%[1]d" s="4"><v>%[3]d</v></c><c r="J%[1]d" s="1" t="s"><v>3</v></c><c r="K%[1]d" s="2" t="s"><v>4</v></c><c r="L%[1]d" s="2"/></row>`, n, 41640+n%360, 1+n%12)
	}
	p := withTable(book(rows.String()), `ref="A1:K301" totalsRowShown="0"`, "").with("xl/sharedStrings.xml", sst(texts...)).
		with("xl/styles.xml", strings.Replace(styleSheet("General", accounting, "@", "m/d/yyyy", "0"), `<xf numFmtId="167"/>`, `<xf numFmtId="14"/>`, 1))
	r, err := readAll(t, p.file(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.rows) != 300 || names(r.layout) != "Segment|Country|Product|Units Sold|Manufacturing Price|Gross Sales|Sales|Date|Month Number|Month Name|Year" {
		t.Fatalf("%d rows, %s", len(r.rows), names(r.layout))
	}
	want := []infer.Type{infer.TypeText, infer.TypeText, infer.TypeText, infer.TypeDecimal, infer.TypeDecimal, infer.TypeDecimal, infer.TypeDecimal, infer.TypeDateTime, infer.TypeWhole, infer.TypeText, infer.TypeText}
	for i, p := range r.profile.Columns {
		if p.Type != want[i] {
			t.Errorf("%s is %s, want %s (%s)", p.Header.Name, p.Type, want[i], p.Why)
		}
	}
	if year := r.profile.Columns[10]; year.OfferType != infer.TypeWhole || r.layout.Headers[2].Raw != " Product " {
		t.Errorf("the year is offered as %q; raw names %q", year.OfferType, r.layout.Headers[2].Raw)
	}
	if got := shown(r.rows[:1]); got != "2|Government|Canada| Carretera |1001|3|200|194.26|2014-01-03|3|January|2014" {
		t.Errorf("the first row is %s", got)
	}
}
