package numeric

import (
	"testing"

	"pushdesk/storage/cell"
)

// The meanings of number formats, written by hand from how Excel shows them.
func TestNumberFormats(t *testing.T) {
	var (
		plain    = NumberFormat{}
		day      = NumberFormat{Meaning: meansDate}
		dayTime  = NumberFormat{Meaning: meansDateTime}
		clock    = NumberFormat{Meaning: meansTime}
		elapsed  = NumberFormat{Meaning: meansDuration}
		percent  = NumberFormat{Style: cell.Percent}
		asText   = NumberFormat{Style: cell.AsText}
		foreign  = NumberFormat{Foreign: true}
		money    = func(symbol string) NumberFormat { return NumberFormat{Style: cell.Currency, Currency: symbol} }
		padded   = func(width uint8) NumberFormat { return NumberFormat{Style: cell.ZeroPadded, Width: width} }
		accounts = `_("$"* #,##0.00_);_("$"* \(#,##0.00\);_("$"* "-"??_);_(@_)`
	)
	for _, c := range []struct {
		code string
		want NumberFormat
	}{
		{"General", plain}, {"general", plain}, {"GENERAL;-GENERAL", plain}, {"Standard", plain}, {"", plain}, {";;;", plain},
		{"0", plain}, {"0.00", plain}, {"#,##0", plain}, {"#,##0.00;[Red]-#,##0.00", plain}, {"# ?/?", plain}, {"0.00E+00", plain}, {"##0.0E+0", plain},
		{`0.00"d"`, plain}, {`\d0`, plain}, {`"Day: "0`, plain}, {`[$-1010409]General`, plain}, {`[Red]0.00`, plain}, {`[Color10]0`, plain},
		{`[<100]0;[>=100]0.0`, plain}, {`#,##0,"K"`, plain}, {`#,##0,,"m"`, plain}, {`#,##0,,m`, plain}, {`0 "days"`, plain}, {`0_d`, plain}, {`*d0`, plain},
		{`[=1]"yes";[=0]"no"`, plain}, {`00.00`, plain}, {`[<=9999999]###-####;(###) ###-####`, plain},
		{"yyyy-mm-dd", day}, {"m/d/yyyy", day}, {"d.m.yy", day}, {"mmm", day}, {"mm", day}, {"yyyy", day}, {"d", day}, {"mmm-yy", day}, {"dddd", day}, {"DD/MM/YYYY", day},
		{`[$-409]d-mmm-yy;@`, day}, {`[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`, day}, {`B2dd/mm/yyyy`, day}, {`yyyy"年"m"月"d"日"`, day}, {`[$-411]ge.m.d`, day}, {`"on "d mmm`, day},
		{`[Blue]yyyy-mm-dd`, day}, {`yyyy\-mm\-dd`, day}, {`[$-404]e/m/d`, day}, {`yyyy-mm-dd;@`, day},
		{"yyyy-mm-dd hh:mm", dayTime}, {"m/d/yy h:mm", dayTime}, {`yyyy\-mm\-dd\Thh:mm:ss`, dayTime}, {"d/m/yyyy h:mm AM/PM", dayTime}, {"hh:mm dd.mm.yyyy", dayTime}, {`m/d/yy\ h:mm;@`, dayTime},
		{"h:mm", clock}, {"hh:mm:ss", clock}, {"h:mm AM/PM", clock}, {"h:mm:ss A/P", clock}, {"h AM/PM", clock}, {`h"h"mm`, clock}, {"hh:mm:ss.000", clock}, {`[$-409]h:mm:ss\ AM/PM;@`, clock},
		{"[h]:mm", elapsed}, {"[hh]:mm:ss", elapsed}, {"[mm]:ss", elapsed}, {"[s]", elapsed}, {"[ss].00", elapsed}, {"mm:ss", elapsed}, {"mm:ss.0", elapsed}, {"[H]:MM", elapsed},
		{"0%", percent}, {"0.00%", percent}, {"#,##0.0 %", percent}, {`0.0%;[Red]-0.0%`, percent},
		{`"$"#,##0.00`, money("$")}, {`$#,##0`, money("$")}, {`#,##0.00 "€"`, money("€")}, {`#,##0.00\ [$€-407]`, money("€")}, {`[$USD] #,##0`, money("USD")},
		{`[$£-809]#,##0.00`, money("£")}, {`[$kr-41D] #,##0`, money("kr")}, {`\¥#,##0`, money("¥")}, {accounts, money("$")},
		{"00000", padded(5)}, {"000-00-0000", padded(9)}, {"00", padded(2)}, {"[<=99999]00000;00000-0000", padded(5)}, {"0000000000000", padded(13)},
		{"@", asText}, {`"nr "@`, asText}, {`General;General;General;@`, plain},
		{"TT.MM.JJJJ", foreign}, {"JJ/MM/AAAA", foreign}, {"TT/MM", foreign},
		{`"open`, plain}, {`[h`, plain}, {`\`, plain}, {"_", plain},
	} {
		if got := ParseNumberFormat(c.code); got != c.want {
			t.Errorf("%q is %+v, want %+v", c.code, got, c.want)
		}
	}
}

func TestBuiltinFormats(t *testing.T) {
	want := map[int]meaning{0: MeansNumber, 1: MeansNumber, 4: MeansNumber, 13: MeansNumber, 14: meansDate, 15: meansDate, 16: meansDate, 17: meansDate,
		18: meansTime, 19: meansTime, 20: meansTime, 21: meansTime, 22: meansDateTime, 27: meansDate, 45: meansDuration, 46: meansDuration, 47: meansDuration, 48: MeansNumber, 57: meansDate}
	for id, m := range want {
		if got := BuiltinFormat(id).Meaning; got != m {
			t.Errorf("format %d means %v, want %v", id, got, m)
		}
	}
	styles := map[int]cell.Style{9: cell.Percent, 10: cell.Percent, 5: cell.Currency, 8: cell.Currency, 44: cell.Currency, 37: cell.Currency, 49: cell.AsText, 11: cell.General, 12: cell.General}
	for id, s := range styles {
		if got := BuiltinFormat(id).Style; got != s {
			t.Errorf("format %d has style %v, want %v", id, got, s)
		}
	}
}

// FuzzNumberFormat: no panic, and a meaning for every code.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range []string{"General", "yyyy-mm-dd", `[$-409]h:mm AM/PM;@`, `_("$"* #,##0.00_)`, "[h]:mm", "00000", `"`, "[", `\`} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		got := ParseNumberFormat(code)
		if got.Meaning > meansDuration || got.Meaning != MeansNumber && got.Style != cell.General {
			t.Fatalf("%q is %+v", code, got)
		}
	})
}
