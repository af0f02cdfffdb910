package workbook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/format"
)

// cellsOf reads every cell of the first sheet, by address.
func cellsOf(t *testing.T, p parts) map[string]cell.Cell {
	t.Helper()
	cells, err := tryCells(t, p)
	if err != nil {
		t.Fatal(err)
	}
	return cells
}

func tryCells(t *testing.T, p parts) (map[string]cell.Cell, error) {
	t.Helper()
	book, err := Open(t.Context(), p.file(t), Options{})
	if err != nil {
		return nil, err
	}
	defer book.Close()
	rows, err := book.rows(t.Context(), "Data", format.Request{Last: -1})
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cells := map[string]cell.Cell{}
	for rows.Next() {
		for i, c := range rows.Cells() {
			if !infer.IsBlank(&c) {
				cells[cell.Address(rows.Number(), i)] = c
			}
		}
	}
	return cells, book.explain(rows.Err(), "Data", rows.Number())
}

func millis(text string) int64 {
	at, err := time.Parse("2006-01-02 15:04:05.999", text)
	if err != nil {
		panic(err)
	}
	return at.UnixMilli()
}

func number(f float64) cell.Cell { return cell.Cell{Kind: cell.Number, Float: f} }
func text(s string) cell.Cell    { return cell.Cell{Kind: cell.Text, Text: s} }
func date(s string) cell.Cell {
	return cell.Cell{Kind: cell.Date, Int: millis(s + " 00:00:00")}
}
func dateTime(s string) cell.Cell { return cell.Cell{Kind: cell.DateTime, Int: millis(s)} }

// TestCells holds what a cell is in the file against what it has to become. The
// expected values are written by hand.
func TestCells(t *testing.T) {
	const hour = 3_600_000
	for _, c := range []struct {
		name, xml string
		want      cell.Cell
	}{
		{"whole", `<c r="A1"><v>42</v></c>`, number(42)},
		{"negative", `<c r="A1"><v>-0.5</v></c>`, number(-0.5)},
		{"exponent", `<c r="A1"><v>1.5E-7</v></c>`, number(1.5e-7)},
		{"blanks around a number", `<c r="A1"><v> 7
</v></c>`, number(7)},
		{"typed n", `<c r="A1" t="n"><v>3</v></c>`, number(3)},
		{"a double with 17 digits", `<c r="A1"><v>1618.5499999999999</v></c>`, number(1618.55)},
		{"16 digits", `<c r="A1"><v>1234567890123456</v></c>`, cell.Cell{Kind: cell.Number, Float: 1234567890123456, Text: "1234567890123456", Flags: cell.Rounded}},
		{"beyond 2^53", `<c r="A1"><v>9007199254740993</v></c>`, cell.Cell{Kind: cell.Number, Float: 9007199254740992, Text: "9007199254740993", Flags: cell.Rounded}},
		{"exponent beyond 15 digits", `<c r="A1"><v>1.2345678901234567E+18</v></c>`, cell.Cell{Kind: cell.Number, Float: 1234567890123456700, Text: "1234567890123456700", Flags: cell.Rounded}},
		{"no number", `<c r="A1"><v>abc</v></c>`, text("abc")},
		{"Go's idea of a number", `<c r="A1"><v>1_000</v></c>`, text("1_000")},
		{"infinity", `<c r="A1"><v>inf</v></c>`, text("inf")},
		{"too large", `<c r="A1"><v>1E+400</v></c>`, text("1E+400")},
		{"empty value", `<c r="A1"><v></v></c>`, cell.Cell{}},
		{"styled and empty", `<c r="A1" s="3"/>`, cell.Cell{}},

		{"shared", `<c r="A1" t="s"><v>1</v></c>`, text("one")},
		{"inline", `<c r="A1" t="inlineStr"><is><t>x &lt; y &amp; z &#233; &#x1F600;</t></is></c>`, text("x < y & z é 😀")},
		{"inline in v", `<c r="A1" t="inlineStr"><v>loose</v></c>`, text("loose")},
		{"rich", `<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> plain</t></r></is></c>`, text("bold plain")},
		{"phonetic", `<c r="A1" t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></is></c>`, text("東京")},
		{"CDATA", `<c r="A1" t="inlineStr"><is><t><![CDATA[a < b &amp; c]]></t></is></c>`, text("a < b &amp; c")},
		{"comment inside", `<c r="A1" t="inlineStr"><is><t>a<!-- no -->b</t></is></c>`, text("ab")},
		{"blanks kept", `<c r="A1" t="inlineStr"><is><t>  padded  </t></is></c>`, text("  padded  ")},
		{"only a blank", `<c r="A1" t="inlineStr"><is><t> </t></is></c>`, text(" ")},
		{"line ends", "<c r=\"A1\" t=\"inlineStr\"><is><t>a\r\nb\rc\nd</t></is></c>", text("a\nb\nc\nd")},
		{"escaped", `<c r="A1" t="inlineStr"><is><t>a_x000D_b_x005F_x000D__xD83D__xDE00_</t></is></c>`, text("a\rb_x000D_😀")},
		{"escaped formula text", `<c r="A1" t="str"><f>B1</f><v>a_x000A_b</v></c>`, text("a\nb")},
		{"no escape", `<c r="A1" t="inlineStr"><is><t>_x00zz_ _x000D</t></is></c>`, text("_x00zz_ _x000D")},
		{"formula text", `<c r="A1" t="str"><f>B1&amp;""</f><v>sum &amp; more</v></c>`, text("sum & more")},
		{"formula text, empty", `<c r="A1" t="str"><f>""</f><v></v></c>`, cell.Cell{}},
		{"formula", `<c r="A1"><f>1+1</f><v>2</v></c>`, number(2)},
		{"formula without result", `<c r="A1"><f>1+1</f></c>`, cell.Cell{Flags: cell.Uncalculated}},
		{"formula with an empty result", `<c r="A1"><f>1+1</f><v/></c>`, cell.Cell{Flags: cell.Uncalculated}},
		{"text in the text format", `<c r="A1" t="s" s="8"><v>1</v></c>`, cell.Cell{Kind: cell.Text, Text: "one", Style: cell.AsText}},

		{"true", `<c r="A1" t="b"><v>1</v></c>`, cell.Cell{Kind: cell.Boolean, Int: 1}},
		{"false", `<c r="A1" t="b"><v>0</v></c>`, cell.Cell{Kind: cell.Boolean}},
		{"true as a word", `<c r="A1" t="b"><v>true</v></c>`, cell.Cell{Kind: cell.Boolean, Int: 1}},
		{"true as a number of a careless writer", `<c r="A1" t="b"><v>1.0</v></c>`, cell.Cell{Kind: cell.Boolean, Int: 1}},
		{"error in small letters", `<c r="A1" t="e"><v>#n/a</v></c>`, cell.Cell{Kind: cell.Error, Text: "#N/A"}},
		{"error", `<c r="A1" t="e"><v>#DIV/0!</v></c>`, cell.Cell{Kind: cell.Error, Text: "#DIV/0!"}},
		{"new error", `<c r="A1" t="e"><f>X</f><v>#SPILL!</v></c>`, cell.Cell{Kind: cell.Error, Text: "#SPILL!"}},

		{"date", `<c r="A1" s="1"><v>45000</v></c>`, date("2023-03-15")},
		{"date with a time under a date format", `<c r="A1" s="1"><v>45000.75</v></c>`, dateTime("2023-03-15 18:00:00")},
		{"date-time at midnight", `<c r="A1" s="2"><v>45000</v></c>`, dateTime("2023-03-15 00:00:00")},
		{"the noise of a calculation", `<c r="A1" s="2"><v>45000.999999999993</v></c>`, dateTime("2023-03-16 00:00:00")},
		{"the last moment of SQL Server", `<c r="A1" s="2"><v>45000.999999965279</v></c>`, dateTime("2023-03-15 23:59:59.997")},
		{"the last millisecond of a day", `<c r="A1" s="2"><v>45000.999999988426</v></c>`, dateTime("2023-03-15 23:59:59.999")},
		{"the last microsecond of a day", `<c r="A1" s="2"><v>45000.999999999985</v></c>`, dateTime("2023-03-15 23:59:59.999")},
		{"seven decimals before midnight", `<c r="A1" s="2"><v>45000.9999999</v></c>`, dateTime("2023-03-16 00:00:00")},
		{"seven decimals before midnight, as a day", `<c r="A1" s="1"><v>45000.9999999</v></c>`, date("2023-03-16")},
		{"the last second of a day", `<c r="A1" s="2"><v>45000.999988425923</v></c>`, dateTime("2023-03-15 23:59:59")},
		{"milliseconds", `<c r="A1" s="2"><v>45000.500001</v></c>`, dateTime("2023-03-15 12:00:00.086")},
		{"first day of 1900", `<c r="A1" s="1"><v>1</v></c>`, date("1900-01-01")},
		{"28 February 1900", `<c r="A1" s="1"><v>59</v></c>`, date("1900-02-28")},
		{"29 February 1900", `<c r="A1" s="1"><v>60</v></c>`, cell.Cell{Kind: cell.Date, Int: millis("1900-02-28 00:00:00"), Flags: cell.FakeLeapDay}},
		{"1 March 1900", `<c r="A1" s="1"><v>61</v></c>`, date("1900-03-01")},
		{"last day", `<c r="A1" s="1"><v>2958465</v></c>`, date("9999-12-31")},
		{"beyond the last day", `<c r="A1" s="1"><v>2958466</v></c>`, cell.Cell{Kind: cell.Number, Float: 2958466, Flags: cell.NoDate}},
		{"negative date", `<c r="A1" s="1"><v>-1</v></c>`, cell.Cell{Kind: cell.Number, Float: -1, Flags: cell.NoDate}},
		{"time", `<c r="A1" s="3"><v>0.75</v></c>`, cell.Cell{Kind: cell.Time, Int: 18 * hour}},
		{"date under a time format", `<c r="A1" s="3"><v>45000.75</v></c>`, dateTime("2023-03-15 18:00:00")},
		{"more than a day under a time format", `<c r="A1" s="3"><v>1.25</v></c>`, cell.Cell{Kind: cell.Duration, Int: 30 * hour}},
		{"duration", `<c r="A1" s="4"><v>1.5</v></c>`, cell.Cell{Kind: cell.Duration, Int: 36 * hour}},
		{"negative duration", `<c r="A1" s="4"><v>-0.25</v></c>`, cell.Cell{Kind: cell.Duration, Int: -6 * hour}},
		{"percent", `<c r="A1" s="5"><v>0.25</v></c>`, cell.Cell{Kind: cell.Number, Float: 0.25, Style: cell.Percent}},
		{"money", `<c r="A1" s="6"><v>9.99</v></c>`, cell.Cell{Kind: cell.Number, Float: 9.99, Style: cell.Currency}},
		{"padded", `<c r="A1" s="7"><v>815</v></c>`, cell.Cell{Kind: cell.Number, Float: 815, Style: cell.ZeroPadded, Width: 5}},
		{"number in the text format", `<c r="A1" s="8"><v>12</v></c>`, cell.Cell{Kind: cell.Number, Float: 12, Style: cell.AsText}},
		{"style out of range", `<c r="A1" s="999"><v>45000</v></c>`, number(45000)},
		{"style that is no number", `<c r="A1" s=""><v>45000</v></c>`, number(45000)},
		{"ISO date", `<c r="A1" t="d"><v>2023-03-15</v></c>`, date("2023-03-15")},
		{"ISO date-time", `<c r="A1" t="d"><v>2023-03-15T18:00:00.250Z</v></c>`, dateTime("2023-03-15 18:00:00.250")},
		{"ISO with an offset", `<c r="A1" t="d"><v>2023-03-15T18:00:00+02:00</v></c>`, dateTime("2023-03-15 18:00:00")},
		{"ISO time", `<c r="A1" t="d"><v>18:30:00</v></c>`, cell.Cell{Kind: cell.Time, Int: 18*hour + hour/2}},
		{"no ISO date", `<c r="A1" t="d"><v>2023-02-30</v></c>`, text("2023-02-30")},
		{"unknown type", `<c r="A1" t="zz"><v>5</v></c>`, text("5")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := cellsOf(t, book(`<row r="1">`+c.xml+`</row>`))["A1"]
			if got != c.want {
				t.Errorf("%s\n got %+v\nwant %+v", c.xml, got, c.want)
			}
		})
	}
}

func Test1904(t *testing.T) {
	for _, flag := range []string{"1", "true"} {
		p := book(`<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="2"><v>43538.5</v></c><c r="C1" s="3"><v>0.5</v></c><c r="D1" s="1"><v>2957004</v></c></row>`)
		p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<sheets>", `<workbookPr date1904="`+flag+`"/><sheets>`, 1)
		cells := cellsOf(t, p)
		want := map[string]cell.Cell{
			"A1": date("1904-01-01"), "B1": dateTime("2023-03-15 12:00:00"), "C1": {Kind: cell.Time, Int: 12 * 3_600_000},
			"D1": {Kind: cell.Number, Float: 2957004, Flags: cell.NoDate},
		}
		for address, c := range want {
			if cells[address] != c {
				t.Errorf("date1904=%s: %s is %+v, want %+v", flag, address, cells[address], c)
			}
		}
	}
}

// TestPositions holds addresses against rows and cells that have none, wrong ones
// or come in another order.
func TestPositions(t *testing.T) {
	v := func(r string, n int) string { return fmt.Sprintf(`<c%s><v>%d</v></c>`, r, n) }
	for _, c := range []struct {
		name, rows, want, note string
	}{
		{"no r at all", `<row>` + v("", 1) + v("", 2) + `</row><row>` + v("", 3) + `</row>`, "A1=1 A2=3 B1=2", ""},
		{"r on cells only", `<row>` + v(` r="B5"`, 1) + `</row><row>` + v("", 2) + `</row>`, "A6=2 B5=1", ""},
		{"r on rows only", `<row r="3">` + v("", 1) + `</row>`, "A3=1", ""},
		{"gap, then none", `<row r="1">` + v(` r="C1"`, 1) + v("", 2) + `</row>`, "C1=1 D1=2", ""},
		{"cells out of order", `<row r="1">` + v(` r="C1"`, 3) + v(` r="A1"`, 1) + `</row>`, "A1=1 C1=3", "out of order"},
		{"repeated cell", `<row r="1">` + v(` r="A1"`, 1) + v(` r="B1"`, 2) + v(` r="A1"`, 9) + `</row>`, "A1=9 B1=2", "the last one is used"},
		{"repeated with text before", `<row r="1"><c r="A1" t="inlineStr"><is><t>gone</t></is></c>` + v(` r="A1"`, 9) + `</row>`, "A1=9", "twice"},
		{"rows out of order", `<row r="5">` + v(` r="A5"`, 5) + `</row><row r="2">` + v(` r="A2"`, 2) + `</row>`, "A2=2 A5=5", "is stored out of order"},
		{"cell of another row", `<row r="5">` + v(` r="A9"`, 5) + `</row>`, "A5=5", "another row"},
		{"small letters", `<row r="1">` + v(` r="b1"`, 1) + `</row>`, "B1=1", ""},
		{"last cell of all", `<row r="1048576">` + v(` r="XFD1048576"`, 1) + `</row>`, "XFD1048576=1", ""},
		{"no rows", ``, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			book, err := Open(t.Context(), book(c.rows).file(t), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			rows, err := book.rows(t.Context(), "Data", format.Request{Last: -1})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			byAddress := map[string]string{}
			for rows.Next() {
				for i, c := range rows.Cells() {
					if !infer.IsBlank(&c) {
						byAddress[cell.Address(rows.Number(), i)] = cell.Display(c)
					}
				}
			}
			if rows.Err() != nil {
				t.Fatal(rows.Err())
			}
			for address, value := range byAddress {
				got = append(got, address+"="+value)
			}
			if joined := sorted(got); joined != c.want {
				t.Errorf("got %s, want %s", joined, c.want)
			}
			if notes := strings.Join(remark.Sentences(rows.Remarks()), " "); !strings.Contains(notes, c.note) || c.note == "" && notes != "" {
				t.Errorf("notes are %q, want %q in them", notes, c.note)
			}
		})
	}
}
