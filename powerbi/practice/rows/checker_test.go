package rows

import (
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/internal/fixture"
)

// valueCases are values with whether a column of the type takes them.
var valueCases = []struct {
	kind  powerbi.DataType
	value string
	ok    bool
}{
	{powerbi.Int64, `0`, true}, {powerbi.Int64, `-0`, true}, {powerbi.Int64, `null`, true},
	{powerbi.Int64, `9223372036854775806`, true}, {powerbi.Int64, `9223372036854775807`, false},
	{powerbi.Int64, `-9223372036854775807`, true}, {powerbi.Int64, `-9223372036854775808`, false},
	{powerbi.Int64, `99999999999999999999`, false}, {powerbi.Int64, `1.0`, false}, {powerbi.Int64, `1e3`, false},
	{powerbi.Int64, `"42"`, false}, {powerbi.Int64, `true`, false}, {powerbi.Int64, `{}`, false}, {powerbi.Int64, `[1]`, false},
	{powerbi.Int64, `01`, false}, {powerbi.Int64, `+1`, false}, {powerbi.Int64, `-`, false}, {powerbi.Int64, `.5`, false}, {powerbi.Int64, `1.`, false},
	{powerbi.Double, `0.1`, true}, {powerbi.Double, `1e308`, true}, {powerbi.Double, `1.8e308`, false}, {powerbi.Double, `-1e999`, false},
	{powerbi.Double, `1.7976931348623157e308`, false}, {powerbi.Double, `5e-324`, true}, {powerbi.Double, `1e-999`, true},
	{powerbi.Double, `1e`, false}, {powerbi.Double, `1e+`, false}, {powerbi.Double, `NaN`, false}, {powerbi.Double, `Infinity`, false},
	{powerbi.Double, strings.Repeat("9", 309), false}, {powerbi.Double, strings.Repeat("9", 300), true}, {powerbi.Double, `"0.1"`, false},
	{powerbi.Decimal, `1234.5000`, true}, {powerbi.Decimal, `0.0001`, true}, {powerbi.Decimal, `0.00010`, true}, {powerbi.Decimal, `0.00001`, false},
	{powerbi.Decimal, `922337203685477.5807`, true}, {powerbi.Decimal, `-922337203685477.5807`, true}, {powerbi.Decimal, `922337203685477.5808`, false},
	{powerbi.Decimal, `1e14`, true}, {powerbi.Decimal, `1e15`, false}, {powerbi.Decimal, `12345e-4`, true}, {powerbi.Decimal, `12345e-5`, false},
	{powerbi.Decimal, `0e999999999999`, true}, {powerbi.Decimal, `1e999999999999`, false}, {powerbi.Decimal, `1e-999999999999`, false},
	{powerbi.Decimal, `10e-99`, false}, {powerbi.Decimal, `"1"`, false}, {powerbi.Decimal, `0.` + strings.Repeat("0", 5000) + `1`, false},
	{powerbi.Boolean, `true`, true}, {powerbi.Boolean, `false`, true}, {powerbi.Boolean, `null`, true}, {powerbi.Boolean, `1`, false},
	{powerbi.Boolean, `"true"`, false}, {powerbi.Boolean, `True`, false}, {powerbi.Boolean, `trueish`, false}, {powerbi.Boolean, `nul`, false},
	{powerbi.String, `""`, true}, {powerbi.String, `"tab\t quote\" é 😀 \ud83d\ude00"`, true}, {powerbi.String, `5`, false}, {powerbi.String, `true`, false},
	{powerbi.String, `"` + strings.Repeat("a", 4000) + `"`, true}, {powerbi.String, `"` + strings.Repeat("a", 4001) + `"`, false},
	{powerbi.String, `"` + strings.Repeat("é", 4000) + `"`, true}, {powerbi.String, `"` + strings.Repeat("é", 4001) + `"`, false},
	{powerbi.String, `"` + strings.Repeat("😀", 2000) + `"`, true}, {powerbi.String, `"` + strings.Repeat("😀", 2000) + `a"`, false},
	{powerbi.String, `"` + strings.Repeat(`\ud83d\ude00`, 2000) + `"`, true}, {powerbi.String, `"` + strings.Repeat(`\u00e9`, 4001) + `"`, false},
	{powerbi.String, `"\ud83d"`, false}, {powerbi.String, `"\ude00"`, false}, {powerbi.String, `"\ud83dx"`, false}, {powerbi.String, `"\ud83d\u0041"`, false},
	{powerbi.String, "\"\xff\"", false}, {powerbi.String, "\"\xc3\"", false}, {powerbi.String, "\"\n\"", false}, {powerbi.String, `"\x"`, false},
	{powerbi.String, `"\u12g4"`, false}, {powerbi.String, `"open`, false}, {powerbi.String, `'a'`, false},
	{powerbi.DateTime, `"2026-11-20"`, true}, {powerbi.DateTime, `"2026-11-20T08:15:30"`, true}, {powerbi.DateTime, `"2026-11-20 08:15:30"`, true},
	{powerbi.DateTime, `"2026-11-20T08:15:30.123"`, true}, {powerbi.DateTime, `"2026-11-20T08:15:30.1234567"`, true}, {powerbi.DateTime, `"2026-11-20T08:15:30.12345678"`, false},
	{powerbi.DateTime, `"2026-11-20T08:15:30Z"`, true}, {powerbi.DateTime, `"2026-11-20T08:15:30+02:00"`, true}, {powerbi.DateTime, `"2026-11-20T08:15:30+25:00"`, false},
	{powerbi.DateTime, `"11/20/2026"`, true}, {powerbi.DateTime, `"1/2/2026 08:15:30"`, true}, {powerbi.DateTime, `"20/11/2026"`, false},
	{powerbi.DateTime, `"1900-01-01"`, true}, {powerbi.DateTime, `"1899-12-31"`, false}, {powerbi.DateTime, `"9999-12-31T23:59:59"`, true}, {powerbi.DateTime, `"10000-01-01"`, false},
	{powerbi.DateTime, `"9999-12-31T23:59:59-01:00"`, false}, {powerbi.DateTime, `"2026-02-29"`, false}, {powerbi.DateTime, `"2028-02-29"`, true},
	{powerbi.DateTime, `"2026-11-20T24:00:00"`, false}, {powerbi.DateTime, `"2026-13-01"`, false}, {powerbi.DateTime, `"2026-11-20T08:15"`, false},
	{powerbi.DateTime, `"2026-11-20T"`, false}, {powerbi.DateTime, `""`, false}, {powerbi.DateTime, `"today"`, false}, {powerbi.DateTime, `45678`, false},
	{powerbi.DateTime, `"2026\u002d11-20"`, true}, {powerbi.DateTime, `" 2026-11-20"`, false}, {powerbi.DateTime, `null`, true},
}

func TestValues(t *testing.T) {
	for _, c := range valueCases {
		body := `{"rows":[{"A":` + c.value + `}]}`
		columns := []powerbi.Column{{Name: "A", DataType: c.kind}}
		_, _, bad := NewChecker(columns).Check([]byte(body), 10, true, nil)
		if (bad == nil) != c.ok {
			t.Errorf("%s %s: accepted is %v, want %v (%v)", c.kind, clip(c.value), bad == nil, c.ok, bad)
		}
		agree(t, columns, []byte(body))
	}
}

func TestBodies(t *testing.T) {
	columns := []powerbi.Column{{Name: "A", DataType: powerbi.Int64}, {Name: "B b", DataType: powerbi.String}}
	for _, c := range []struct {
		body, want string // the error must contain want; "" means accepted
	}{
		{`{"rows":[{"A":1,"B b":"x"}]}`, ""},
		{` { "rows" : [ { "A" : 1 , "B b" : "x" } , {"B b":null,"A":2} ] } `, ""},
		{`{"rows":[{"\u0041":1,"B\u0020b":"x"}]}`, ""},
		{`{"rows":[]}`, ""},
		{`{"rows":[{"A":1}]}`, `row 0, column "B b": the row has no value`},
		{`{"rows":[{}]}`, `column "A": the row has no value`},
		{`{"rows":[{"A":1,"B b":"x","C":1}]}`, `no column "C"`},
		{`{"rows":[{"a":1,"B b":"x"}]}`, `no column "a"`},
		{`{"rows":[{"A":1,"B b":"x"},{"A":1,"A":2,"B b":"x"}]}`, `row 1, column "A": the row has this column twice`},
		{`{"rows":[{"A":"x","B b":"x"}]}`, `does not fit the type Int64`},
		{`{"rows":[1]}`, "not valid JSON"},
		{`{"rows":{"A":1}}`, "not valid JSON"},
		{`{"rows":null}`, "not valid JSON"},
		{`{"rows":[{"A":1,"B b":"x"}],"rows":[]}`, `property "rows"`},
		{`{"rows":[{"A":1,"B b":"x"}],}`, "not valid JSON"},
		{`{"rows":[{"A":1,"B b":"x"},]}`, "not valid JSON"},
		{`{"rows":[{"A":1,"B b":"x",}]}`, "not valid JSON"},
		{`{"rows":[{"A":1 "B b":"x"}]}`, "not valid JSON"},
		{`{"Rows":[]}`, `property "Rows"`},
		{`{"value":[]}`, `property "value"`},
		{`{}`, "no rows"},
		{``, "ends too early"},
		{`{"rows":[{"A":1,"B b":"x"}]`, "ends too early"},
		{`{"rows":[{"A":1,"B b":"x"}`, "ends too early"},
		{`{"rows":[{"A":1,"B b":"x`, "ends too early"},
		{`{"rows":[{"A":1,"B b":"x"}]}{}`, "not valid JSON"},
		{"\ufeff" + `{"rows":[]}`, "not valid JSON"},
		{`[{"A":1,"B b":"x"}]`, "bare array of rows"},
		{" \n[]", "bare array of rows"},
		{`<html>`, "not valid JSON"},
	} {
		_, _, bad := NewChecker(columns).Check([]byte(c.body), 10, true, nil)
		switch {
		case c.want == "" && bad != nil:
			t.Errorf("%s: %v", c.body, bad)
		case c.want != "" && (bad == nil || !strings.Contains(bad.Error(), c.want)):
			t.Errorf("%s: error is %v, want %q", c.body, bad, c.want)
		}
		agree(t, columns, []byte(c.body))
	}
}

// Every cut and every changed byte of a good body is judged as the oracle does.
func TestDamagedBodies(t *testing.T) {
	body := []byte(`{"rows":[{"S":"a\u00e9\n","I":-12,"F":1.5e-3,"D":0.25,"B":true,"T":"2026-11-20T08:15:30"},{"S":null,"I":null,"F":null,"D":null,"B":false,"T":null}]}`)
	agree(t, fixture.EveryType, body)
	for i := range body {
		agree(t, fixture.EveryType, body[:i])
		for _, c := range []byte("\"\\{}[],:0e.-\x00\xff n") {
			damaged := append([]byte(nil), body...)
			damaged[i] = c
			agree(t, fixture.EveryType, damaged)
		}
	}
}

func TestRowLimitOfABody(t *testing.T) {
	c := NewChecker(fixture.StockColumns)
	if _, n, bad := c.Check([]byte(fixture.StockRows(10)), 10, true, nil); bad != nil || n != 10 {
		t.Errorf("10 of 10 rows: %d, %v", n, bad)
	}
	if _, _, bad := c.Check([]byte(fixture.StockRows(11)), 10, true, nil); bad == nil || !bad.tooMany {
		t.Errorf("11 of 10 rows: %v", bad)
	}
}

func TestNoStorageWithoutKeep(t *testing.T) {
	lines, n, bad := NewChecker(fixture.StockColumns).Check([]byte(fixture.StockRows(3)), 10, false, nil)
	if len(lines) != 0 || n != 3 || bad != nil {
		t.Errorf("%d bytes, %d rows, %v", len(lines), n, bad)
	}
}

func FuzzCheckRows(f *testing.F) {
	f.Add([]byte(`{"rows":[{"S":"a","I":1,"F":1.5,"D":2.25,"B":true,"T":"2026-11-20"}]}`))
	for _, c := range valueCases {
		f.Add([]byte(`{"rows":[{"S":null,"I":1,"F":` + c.value + `,"D":2.25,"B":true,"T":"2026-11-20T00:00:00"}]}`))
		f.Add([]byte(`{"rows":[{"S":` + c.value + `,"I":1,"F":0,"D":` + c.value + `,"B":true,"T":` + c.value + `}]}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) { agree(t, fixture.EveryType, body) })
}

func BenchmarkCheck10000x12(b *testing.B) {
	columns, body := fixture.WideBody(10_000)
	c := NewChecker(columns)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	var lines []byte
	for b.Loop() {
		var bad *Error
		if lines, _, bad = c.Check(body, 10_000, true, lines[:0]); bad != nil {
			b.Fatal(bad)
		}
	}
}
