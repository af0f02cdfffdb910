package mapping

import (
	"math"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

func num(v float64) cell.Cell     { return cell.Cell{Kind: cell.Number, Float: v} }
func textCell(s string) cell.Cell { return cell.Cell{Kind: cell.Text, Text: s} }
func boolean(v int64) cell.Cell   { return cell.Cell{Kind: cell.Boolean, Int: v} }
func duration(ms int64) cell.Cell { return cell.Cell{Kind: cell.Duration, Int: ms} }
func timeOfDay(ms int64) cell.Cell {
	return cell.Cell{Kind: cell.Time, Int: ms}
}

// stored is a number with more digits than a float64 holds.
func stored(digits string, v float64) cell.Cell {
	return cell.Cell{Kind: cell.Number, Text: digits, Float: v, Flags: cell.Rounded}
}

func instant(s string) cell.Cell {
	t, err := time.Parse("2006-01-02T15:04:05.000", s)
	if err != nil {
		panic(err)
	}
	return cell.Cell{Kind: cell.DateTime, Int: t.UnixMilli()}
}

func date(s string) cell.Cell {
	c := instant(s + "T00:00:00.000")
	c.Kind = cell.Date
	return c
}

func padded(v float64, width uint8) cell.Cell {
	return cell.Cell{Kind: cell.Number, Float: v, Style: cell.ZeroPadded, Width: width}
}

func TestConvert(t *testing.T) {
	const s, i, d, m, b, dt = powerbi.String, powerbi.Int64, powerbi.Double, powerbi.Decimal, powerbi.Boolean, powerbi.DateTime
	blank, failed := cell.Cell{}, cell.Cell{Kind: cell.Error, Text: "#N/A"}
	for _, c := range []struct {
		to   powerbi.DataType
		cell cell.Cell
		want string // "" when it cannot be sent
		rule rule
	}{
		// Whole numbers: never rounded, never through a float that cannot hold them.
		{i, num(12), "12", 0},
		{i, num(math.Copysign(0, -1)), "0", 0},
		{i, num(12.5), "", ruleNotWhole},
		{i, num(1e15), "1000000000000000", 0},
		{i, num(9.3e18), "", ruleIntRange},
		{i, num(math.Pow(2, 63)), "", ruleIntRange},
		{i, num(-math.Pow(2, 63)), "", ruleIntRange},
		{i, num(math.NaN()), "", ruleNotFinite},
		{i, num(math.Inf(1)), "", ruleNotFinite},
		{i, stored("9007199254740993", 9007199254740992), "9007199254740993", ruleRounded},
		{i, cell.Cell{Kind: cell.Number, Text: "9007199254740993", Float: 9007199254740992}, "9007199254740993", 0},
		{i, stored("9223372036854775806", 9223372036854775807), "9223372036854775806", ruleRounded},
		{i, stored("9223372036854775807", 9223372036854775807), "", ruleIntRange},
		{i, stored("-9223372036854775807", -9223372036854775807), "", ruleIntRange},
		{i, stored("-9223372036854775808", -9223372036854775808), "", ruleIntRange},
		{i, stored("99999999999999999999", 1e20), "", ruleIntRange},
		{i, stored("1.2345678901234567E+17", 1.2345678901234567e17), "123456789012345670", ruleRounded},
		{i, stored("1.2345678901234567", 1.2345678901234567), "", ruleNotWhole},
		{i, boolean(1), "1", 0},
		{i, textCell(" 42 "), "42", 0},
		{i, textCell("-42"), "-42", 0},
		{i, textCell("9007199254740993"), "9007199254740993", 0},
		{i, textCell("12.0"), "12", 0},
		{i, textCell("12.5"), "", ruleNotWhole},
		{i, textCell("007"), "7", ruleLeadingZeros},
		{i, textCell("1E5"), "100000", 0},
		{i, textCell("32E0134"), "", ruleNotNumber},
		{i, textCell("0x1F"), "", ruleNotNumber},
		{i, textCell("1_000"), "", ruleNotNumber},
		{i, textCell("1,000"), "", ruleNumberMark},
		{i, textCell("12a"), "", ruleNotNumber},
		{i, textCell(""), "null", 0},
		{i, textCell("  "), "null", 0},
		{i, date("2026-11-20"), "", ruleDateNotNumber},
		{i, duration(hour), "", ruleDurationNotNumber},
		{i, cell.Cell{Kind: cell.Number, Float: 0.25, Style: cell.Percent}, "", ruleNotWhole},
		{i, blank, "null", 0},
		{i, failed, "null", ruleErrorValue},
		{i, cell.Cell{Flags: cell.Uncalculated}, "null", ruleUncalculated},

		{d, num(0.1), "0.1", 0},
		{d, num(12), "12", 0},
		{d, num(math.Copysign(0, -1)), "0", 0},
		{d, num(1e21), "1e+21", 0},
		{d, num(1e-7), "1e-07", 0},
		{d, num(123456789.125), "123456789.125", 0},
		{d, num(math.MaxFloat64), "", ruleDoubleRange},
		{d, num(math.Inf(-1)), "", ruleNotFinite},
		{d, num(math.NaN()), "", ruleNotFinite},
		{d, stored("0.30000000000000004", 0.30000000000000004), "0.30000000000000004", 0},
		{d, stored("9007199254740993", 9007199254740992), "9007199254740992", rulePrecision},
		{d, duration(90 * 60 * 1000), "1.5", 0},
		{d, timeOfDay(6 * hour), "6", 0},
		{d, boolean(0), "0", 0},
		{d, textCell("1234.5"), "1234.5", 0},
		{d, textCell("1.234"), "1.234", 0},
		{d, textCell("1,5"), "", ruleNumberMark},
		{d, textCell("1,234.5"), "", ruleNumberMark},
		{d, textCell("1,23,4"), "", ruleNotNumber},
		{d, textCell("1,5 kg"), "", ruleUnit},
		{d, textCell("inf"), "", ruleNotNumber},
		{d, textCell("NaN"), "null", ruleNothing},
		{d, textCell("25%"), "", ruleUnit},
		{d, textCell("30:15"), "30.25", 0},
		{d, textCell("n/a"), "null", ruleNothing},
		{d, textCell("12.5-"), "-12.5", 0},
		{d, textCell("1.5E-05"), "0.000015", 0},
		{d, textCell("$5"), "", ruleUnit},
		{d, textCell(strings.Repeat("9", 399)), "", ruleDoubleRange},
		{d, date("2026-11-20"), "", ruleDateNotNumber},

		{m, num(19.99), "19.99", 0},
		{m, num(-0.1), "-0.1", 0},
		{m, num(0.12345), "", ruleDecimalPlaces},
		{m, num(123456789.1234), "123456789.1234", 0},
		{m, num(1e15), "", ruleDecimalRange},
		{m, num(1e-10), "", ruleDecimalPlaces},
		{m, stored("922337203685477.5807", 922337203685477.6), "922337203685477.5807", 0},
		{m, stored("-922337203685477.5807", -922337203685477.6), "-922337203685477.5807", 0},
		{m, stored("922337203685477.5808", 922337203685477.6), "", ruleDecimalRange},
		{m, stored("19.990000000000002", 19.990000000000002), "19.99", ruleNoise},
		{m, stored("0.123456789012345678", 0.123456789012345678), "", ruleDecimalPlaces},
		{m, textCell("1234.5600"), "1234.56", 0},
		{m, textCell("1234.56001"), "", ruleDecimalPlaces},
		{m, boolean(1), "1", 0},
		{m, duration(hour), "", ruleDurationNotNumber},

		{b, boolean(1), "true", 0},
		{b, boolean(0), "false", 0},
		{b, num(1), "true", 0},
		{b, num(0), "false", 0},
		{b, num(2), "", ruleNotBoolean},
		{b, textCell("TRUE"), "true", 0},
		{b, textCell(" false"), "false", 0},
		{b, textCell("1"), "true", 0},
		{b, textCell("yes"), "true", 0},
		{b, textCell("нет"), "false", 0},
		{b, textCell("perhaps"), "", ruleNotBoolean},
		{b, date("2026-11-20"), "", ruleNotBoolean},
		{b, blank, "null", 0},

		{dt, date("2026-11-20"), `"2026-11-20T00:00:00"`, 0},
		{dt, instant("2026-11-20T08:15:30.000"), `"2026-11-20T08:15:30"`, 0},
		{dt, instant("2026-11-20T08:15:30.250"), `"2026-11-20T08:15:30.250"`, 0},
		{dt, instant("1900-01-01T00:00:00.000"), `"1900-01-01T00:00:00"`, 0},
		{dt, instant("9999-12-31T23:59:59.999"), `"9999-12-31T23:59:59.999"`, 0},
		{dt, date("1899-12-31"), "", ruleDateRange},
		{dt, cell.Cell{Kind: cell.Date, Int: lastInstant + 1}, "", ruleDateRange},
		{dt, num(45000), "", ruleNumberNotDate},
		{dt, timeOfDay(hour), "", ruleTimeNotDate},
		{dt, boolean(1), "", ruleNotDate},
		{dt, textCell("2026-11-20"), `"2026-11-20T00:00:00"`, 0},
		{dt, textCell("2026-11-20T08:15:30Z"), "", ruleZone},
		{dt, textCell("00000000"), "null", ruleNothing},
		{dt, textCell("03/04/2026"), "", ruleDateAmbiguous},
		{dt, textCell("hello"), "", ruleNotDate},
		{dt, textCell("0202-11-20"), "", ruleDateRange},

		{s, textCell("Gent"), `"Gent"`, 0},
		{s, textCell(""), `""`, 0},
		{s, textCell("a\"b\\c\n\t\r\x01/é\u2028"), "\"a\\\"b\\\\c\\n\\t\\r\\u0001/é\u2028\"", 0},
		{s, textCell("a\xffb"), "\"a\ufffdb\"", ruleBrokenText},
		{s, textCell("\ufffd"), "\"\ufffd\"", 0},
		{s, textCell(strings.Repeat("x", 4000)), `"` + strings.Repeat("x", 4000) + `"`, 0},
		{s, textCell(strings.Repeat("x", 4001)), "", ruleTooLong},
		{s, textCell(strings.Repeat("😀", 2000)), `"` + strings.Repeat("😀", 2000) + `"`, 0},
		{s, textCell(strings.Repeat("😀", 2000) + "a"), "", ruleTooLong},
		{s, num(12), `"12"`, 0},
		{s, num(12.5), `"12.5"`, 0},
		{s, num(1e21), `"1000000000000000000000"`, 0},
		{s, num(1e-7), `"0.0000001"`, 0},
		{s, num(-0.5), `"-0.5"`, 0},
		{s, stored("12345678901234567890", 12345678901234567890), `"12345678901234567890"`, ruleRounded},
		{s, stored("1.5000000000000000E+20", 1.5e20), `"150000000000000000000"`, ruleRounded},
		{s, stored("0.30000000000000004", 0.30000000000000004), `"0.30000000000000004"`, 0},
		{s, padded(42, 5), `"00042"`, 0},
		{s, padded(-42, 5), `"-00042"`, 0},
		{s, padded(0, 3), `"000"`, 0},
		{s, padded(123456, 5), `"123456"`, 0},
		{s, boolean(1), `"TRUE"`, 0},
		{s, date("2026-11-20"), `"2026-11-20"`, 0},
		{s, instant("2026-11-20T08:15:30.000"), `"2026-11-20T08:15:30"`, 0},
		{s, timeOfDay(8*hour + 5*60_000 + 9_000), `"08:05:09"`, 0},
		{s, duration(-30*hour - 1500), `"-30:00:01.500"`, 0},
		{s, failed, "null", ruleErrorValue},
		{s, blank, "null", 0},
		{"Int32", num(1), "", ruleType},
	} {
		f := Field{Target: powerbi.Column{Name: "C", DataType: c.to}}
		before := []byte("before")
		out, r := f.appendValue(before, &c.cell)
		got := string(out[len("before"):])
		if got != c.want || r != c.rule {
			t.Errorf("%s from %v %q %v: got %s (%s), want %s (%s)", c.to, c.cell.Kind, c.cell.Text, c.cell.Float, got, words[r].rule, c.want, words[c.rule].rule)
		}
	}
}

func TestConvertByField(t *testing.T) {
	for _, c := range []struct {
		field Field
		cell  cell.Cell
		want  string
		rule  rule
	}{
		{Field{DecimalMark: ","}, textCell("1.234,5"), "1234.5", 0},
		{Field{DecimalMark: ","}, textCell("1234,5"), "1234.5", 0},
		{Field{DecimalMark: ","}, textCell("-1 234,5"), "-1234.5", 0},
		{Field{DecimalMark: ","}, textCell("1\u00a0234,5"), "1234.5", 0},
		{Field{DecimalMark: ","}, textCell("1.234"), "1234", 0},
		{Field{DecimalMark: ","}, textCell("1.23"), "", ruleNotNumber},
		{Field{DecimalMark: ","}, textCell("1,234,5"), "", ruleNotNumber},
		{Field{DecimalMark: "."}, textCell("1,234.5"), "1234.5", 0},
		{Field{DecimalMark: "."}, textCell("1,234,567"), "1234567", 0},
		{Field{DecimalMark: "."}, textCell("12,34"), "", ruleNotNumber},
		{Field{DecimalMark: "."}, textCell(strings.Repeat("1", 100) + "x"), "", ruleNotNumber},
		{Field{OnTooLong: TooLongTruncate, Target: powerbi.Column{DataType: powerbi.String}},
			textCell(strings.Repeat("x", 4001)), `"` + strings.Repeat("x", 4000) + `"`, ruleTruncated},
		{Field{OnTooLong: TooLongTruncate, Target: powerbi.Column{DataType: powerbi.String}},
			textCell(strings.Repeat("\"", 3999) + "😀"), `"` + strings.Repeat("\\\"", 3999) + `"`, ruleTruncated},
		{Field{DecimalMark: ",", Dress: written.Dress{Unit: "€"}}, textCell("1.234,50 €"), "1234.5", 0},
		{Field{DecimalMark: ",", Dress: written.Dress{Unit: "€"}}, textCell("12,50 $"), "", ruleUnit},
		{Field{DecimalMark: ".", Dress: written.Dress{Unit: "%"}}, textCell("12.5%"), "0.125", 0},
		{Field{DecimalMark: ".", Dress: written.Dress{Unit: "%"}}, textCell("12.5"), "", ruleUnit},
		{Field{DecimalMark: ".", Dress: written.Dress{Unit: "$", Dash: true}}, textCell("-"), "0", 0},
		{Field{Dress: written.Dress{Zone: "+02:00"}, Target: powerbi.Column{DataType: powerbi.DateTime}}, textCell("2026-11-20T08:15:30+02:00"), `"2026-11-20T08:15:30"`, 0},
		{Field{Dress: written.Dress{Zone: written.UTC}, Target: powerbi.Column{DataType: powerbi.DateTime}}, textCell("2026-11-20T08:15:30+02:00"), `"2026-11-20T06:15:30"`, 0},
		{Field{DecimalMark: ".", Dress: written.Dress{Unit: "%", Bare: true}}, textCell("0.125"), "0.125", 0},
		{Field{DecimalMark: ".", Dress: written.Dress{Unit: "%", Bare: true}}, textCell("13%"), "0.13", 0},
		{Field{DateOrder: YearMonthDay, Dress: written.Dress{Zone: "+02:00", Bare: true}, Target: powerbi.Column{DataType: powerbi.DateTime}}, textCell("2026-11-20 08:15:00"), `"2026-11-20T08:15:00"`, 0},
		{Field{DateOrder: DayFirst, Target: powerbi.Column{DataType: powerbi.DateTime}}, textCell("03/04/2026"), `"2026-04-03T00:00:00"`, 0},
		{Field{DateOrder: MonthFirst, Target: powerbi.Column{DataType: powerbi.DateTime}}, textCell("03/04/2026"), `"2026-03-04T00:00:00"`, 0},
		{Field{DateOrder: MonthFirst, Target: powerbi.Column{DataType: powerbi.DateTime}}, textCell("20/11/2026"), "", ruleNotDate},
	} {
		if c.field.Target.DataType == "" {
			c.field.Target.DataType = powerbi.Double
		}
		out, r := c.field.appendValue(nil, &c.cell)
		if string(out) != c.want || r != c.rule {
			t.Errorf("%q: got %s (%s), want %s (%s)", c.cell.Text, out, words[r].rule, c.want, words[c.rule].rule)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-20":                    "2026-11-20T00:00:00.000",
		" 2026/1/2 ":                    "2026-01-02T00:00:00.000",
		"2026-11-20 8:15":               "2026-11-20T08:15:00.000",
		"2026-11-20T08:15:30.2":         "2026-11-20T08:15:30.200",
		"2026-11-20T08:15:30.1234567":   "2026-11-20T08:15:30.123",
		"2026-11-20T08:15:30+02:00":     "",
		"20/11/2026":                    "2026-11-20T00:00:00.000",
		"11/20/2026":                    "2026-11-20T00:00:00.000",
		"5.5.2026":                      "2026-05-05T00:00:00.000",
		"11/20/2026 12:05 AM":           "2026-11-20T00:05:00.000",
		"11/20/2026 12:05:09 pm":        "2026-11-20T12:05:09.000",
		"20 Nov 2026":                   "2026-11-20T00:00:00.000",
		"20-Nov-2026":                   "2026-11-20T00:00:00.000",
		"Nov 20, 2026":                  "2026-11-20T00:00:00.000",
		"november 20 2026, 7:30pm":      "2026-11-20T19:30:00.000",
		"29 Feb 2024":                   "2024-02-29T00:00:00.000",
		"2026-02-29":                    "",
		"2026-13-01":                    "",
		"2026-11-20T25:00":              "",
		"2026-11-20 8:60":               "",
		"2026-11-20 13:00 PM":           "2026-11-20T13:00:00.000",
		"20/11/26":                      "2026-11-20T00:00:00.000",
		"1/2":                           "",
		"2-3":                           "",
		"MAR1":                          "",
		"2026":                          "",
		"20261120":                      "",
		"2026-11-20x":                   "",
		"2026-11-20Z":                   "",
		"32/13/2026":                    "",
		"20 11 2026":                    "",
		"2026-11/20":                    "",
		"2026-11-20T08:15:30+99:00":     "",
		"45000":                         "",
		"":                              "",
		"99999999999999999999/1/1":      "",
		"2026-11-20T08:15:30 something": "",
	} {
		ms, _, r := parseDate(in, DateOrderUnknown, written.Dress{})
		got := ""
		if r == ruleNone {
			got = time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000")
		}
		if got != want {
			t.Errorf("%q: got %q (%s), want %q", in, got, words[r].rule, want)
		}
	}
}

func TestEveryRuleHasWords(t *testing.T) {
	seen := map[string]bool{}
	for r := ruleNone + 1; r < ruleCount; r++ {
		if r == firstNote {
			continue
		}
		if words[r].rule == "" || words[r].advice == "" || seen[words[r].rule] {
			t.Errorf("rule %d has no words of its own: %q", r, words[r].rule)
		}
		seen[words[r].rule] = true
	}
}

func TestPreview(t *testing.T) {
	f := Field{Letter: "C", Target: powerbi.Column{Name: "Units", DataType: powerbi.Int64}}
	if sent, p := f.Preview(num(42)); sent != "42" || p != nil {
		t.Errorf("got %s %v", sent, p)
	}
	sent, p := f.Preview(num(12.5))
	if sent != "" || p == nil || p.Value != "12.5" || p.Column != "Units" || p.Severity != SeverityError || p.Address != "" {
		t.Errorf("got %q %+v", sent, p)
	}
	if sent, p = f.Preview(cell.Cell{Kind: cell.Error, Text: "#REF!"}); sent != "null" || p == nil || p.Severity != SeverityNote || p.Value != "#REF!" {
		t.Errorf("got %q %+v", sent, p)
	}
}
