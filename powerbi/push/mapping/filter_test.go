package mapping

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping/mappingtest"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/written"
)

// stood returns the milliseconds of a date.
func stood(t *testing.T, text string) int64 {
	t.Helper()
	ms, _, r := parseDate(text, DateOrderUnknown, written.Dress{})
	if r != ruleNone {
		t.Fatalf("%q is no date", text)
	}
	return ms
}

// TestConditions judges cells of every kind, as what they are sent as.
func TestConditions(t *testing.T) {
	date := func(text string) cell.Cell { return cell.Cell{Kind: cell.Date, Int: stood(t, text)} }
	moment := func(text string) cell.Cell { return cell.Cell{Kind: cell.DateTime, Int: stood(t, text)} }
	digits := func(s string) cell.Cell { return cell.Cell{Kind: cell.Number, Float: 9007199254740992, Text: s} }
	truth := func(n int64) cell.Cell { return cell.Cell{Kind: cell.Boolean, Int: n} }
	failed := cell.Cell{Kind: cell.Error, Text: "#N/A"}
	none := cell.Cell{}
	comma := func(f Field) Field { f.DecimalMark, f.DateOrder = ",", DayFirst; return f }
	for _, c := range []struct {
		as    powerbi.DataType
		op    Op
		value string
		cell  cell.Cell
		want  judgement
	}{
		{powerbi.String, OpIs, "West", textCell("West"), met},
		{powerbi.String, OpIs, "West", textCell("  wEST "), met},
		{powerbi.String, OpIs, "West", textCell("Westphalia"), unmet},
		{powerbi.String, OpIs, "ÖLE", textCell("öle"), met},
		{powerbi.String, OpIsNot, "West", textCell("west"), unmet},
		{powerbi.String, OpIsNot, "West", textCell("East"), met},
		{powerbi.String, OpIsNot, "West", none, met},
		{powerbi.String, OpIs, "West", none, unmet},
		{powerbi.String, OpContains, "EST", textCell("Westphalia"), met},
		{powerbi.String, OpContains, "est", textCell("North"), unmet},
		{powerbi.String, OpContains, "est", none, unmet},
		{powerbi.String, OpContains, "end", textCell(strings.Repeat("x", 5000) + "END"), met},
		{powerbi.String, OpIs, "12", num(12), met},
		{powerbi.String, OpIs, "2026-01-31", date("2026-01-31"), met},
		{powerbi.String, OpIs, "true", truth(1), met},
		{powerbi.String, OpBlank, "", none, met},
		{powerbi.String, OpBlank, "", textCell("  "), met},
		{powerbi.String, OpBlank, "", textCell("x"), unmet},
		{powerbi.String, OpNotBlank, "", textCell("x"), met},
		{powerbi.String, OpNotBlank, "", textCell(""), unmet},
		{powerbi.String, OpIs, "x", failed, uncompared},
		{powerbi.String, OpIsNot, "x", failed, uncompared},
		{powerbi.String, OpBlank, "", failed, met},
		{powerbi.String, OpNotBlank, "", failed, unmet},

		{powerbi.Int64, OpIs, "100", num(100), met},
		{powerbi.Int64, OpIs, "100.0", num(100), met},
		{powerbi.Int64, OpIs, "0", num(0), met},
		{powerbi.Int64, OpIs, "-0", num(0), met},
		{powerbi.Int64, OpAbove, "99.5", num(100), met},
		{powerbi.Int64, OpBelow, "-1", num(-2), met},
		{powerbi.Int64, OpBelow, "-2", num(-2), unmet},
		{powerbi.Int64, OpAtMost, "-2", num(-2), met},
		{powerbi.Int64, OpAtLeast, "-2", num(-3), unmet},
		{powerbi.Int64, OpAtLeast, "0", num(-1), unmet},
		{powerbi.Int64, OpAbove, "9", num(10), met},
		{powerbi.Int64, OpIsNot, "10", num(10), unmet},
		{powerbi.Int64, OpIsNot, "10", none, met},
		{powerbi.Int64, OpAtMost, "10", none, unmet},
		{powerbi.Int64, OpAtMost, "10", textCell(" "), unmet},
		{powerbi.Int64, OpIs, "9007199254740993", digits("9007199254740993"), met},
		{powerbi.Int64, OpIs, "9007199254740992", digits("9007199254740993"), unmet},
		{powerbi.Int64, OpAbove, "9007199254740992", digits("9007199254740993"), met},
		{powerbi.Int64, OpIs, "5", textCell("abc"), uncompared},
		{powerbi.Int64, OpIsNot, "5", textCell("abc"), uncompared},
		{powerbi.Int64, OpIs, "1", num(0.5), uncompared},
		{powerbi.Int64, OpIs, "1", truth(1), met},
		{powerbi.Int64, OpIs, "7", textCell("007"), met},

		{powerbi.Double, OpIs, "1234.5", textCell("1.234,50"), met},
		{powerbi.Double, OpAbove, "1234.49", textCell("1234,5"), met},
		{powerbi.Double, OpIs, "0.3", num(0.1 + 0.2), met},
		{powerbi.Double, OpIs, "0.30000000000000004", num(0.1 + 0.2), met},
		{powerbi.Double, OpAbove, "0.3", num(0.1 + 0.2), unmet},
		{powerbi.Double, OpIs, "0.1", num(0.1), met},
		{powerbi.Double, OpBelow, "1000000000000000000000000", num(1e22), met},
		{powerbi.Double, OpAbove, "0.0000001", num(1e-6), met},
		{powerbi.Double, OpBelow, "0.0000001", num(1e-8), met},
		{powerbi.Double, OpAbove, "1", num(1e22), met},
		{powerbi.Double, OpBelow, "-1", num(-1e22), met},
		{powerbi.Double, OpAbove, "-1", num(-1e-8), met},
		{powerbi.Double, OpAtMost, "-0.5", num(-0.5), met},
		{powerbi.Double, OpIs, "1.5", cell.Cell{Kind: cell.Duration, Int: hour * 3 / 2}, met},
		{powerbi.Decimal, OpIs, "19.99", cell.Cell{Kind: cell.Number, Float: 19.990000000000002, Text: "19.990000000000002"}, met},
		{powerbi.Decimal, OpAtLeast, "100", num(99.9999), unmet},
		{powerbi.Decimal, OpAtLeast, "100", num(100), met},

		{powerbi.Boolean, OpIs, "true", truth(1), met},
		{powerbi.Boolean, OpIs, "TRUE", textCell("false"), unmet},
		{powerbi.Boolean, OpIsNot, "true", truth(0), met},
		{powerbi.Boolean, OpIs, "false", none, unmet},
		{powerbi.Boolean, OpIs, "true", textCell("perhaps"), uncompared},

		{powerbi.DateTime, OpIs, "2026-01-31", date("2026-01-31"), met},
		{powerbi.DateTime, OpIs, "2026-01-31", moment("2026-01-31T23:59:59.999"), met},
		{powerbi.DateTime, OpIs, "2026-01-31", date("2026-02-01"), unmet},
		{powerbi.DateTime, OpIsNot, "2026-01-31", moment("2026-01-31T08:00"), unmet},
		{powerbi.DateTime, OpIsNot, "2026-01-31", date("2026-02-01"), met},
		{powerbi.DateTime, OpAbove, "2026-01-31", moment("2026-01-31T23:59:59.999"), unmet},
		{powerbi.DateTime, OpAbove, "2026-01-31", date("2026-02-01"), met},
		{powerbi.DateTime, OpAtMost, "2026-01-31", moment("2026-01-31T23:59:59.999"), met},
		{powerbi.DateTime, OpAtMost, "2026-01-31", date("2026-02-01"), unmet},
		{powerbi.DateTime, OpBelow, "2026-01-31", moment("2026-01-30T23:59"), met},
		{powerbi.DateTime, OpBelow, "2026-01-31", date("2026-01-31"), unmet},
		{powerbi.DateTime, OpAtLeast, "2026-01-31", date("2026-01-31"), met},
		{powerbi.DateTime, OpIs, "2026-01-31T08:00", moment("2026-01-31T08:00"), met},
		{powerbi.DateTime, OpAbove, "2026-01-31T08:00", moment("2026-01-31T08:00"), unmet},
		{powerbi.DateTime, OpAbove, "2026-01-31T08:00", moment("2026-01-31T08:00:00.001"), met},
		{powerbi.DateTime, OpAtMost, "2026-01-31 08:00", moment("2026-01-31T08:00"), met},
		{powerbi.DateTime, OpIs, "2026-03-04", textCell("4.3.2026"), met},
		{powerbi.DateTime, OpIs, "2026-01-31", num(46053), uncompared},
		{powerbi.DateTime, OpIsNot, "2026-01-31", textCell("soon"), uncompared},
		{powerbi.DateTime, OpBlank, "", none, met},
		{powerbi.DateTime, OpAtLeast, "2026-01-31", none, unmet},
	} {
		f := comma(Field{From: 0, Header: "X", Letter: "A", Use: true, Target: powerbi.Column{Name: "X", DataType: c.as}})
		x, err := newMatcher(Mapping{Fields: []Field{f}}, Condition{Header: "X", Op: c.op, Value: c.value})
		if err != nil {
			t.Errorf("%s %s %q: %v", c.as, c.op, c.value, err)
			continue
		}
		if got := x.meets(&c.cell); got != c.want {
			t.Errorf("%s: %+v %s %q is %d, want %d", c.as, c.cell, c.op, c.value, got, c.want)
		}
	}
}

// TestConditionsThatDoNotFit: each says what is wrong, and the check of the mapping too.
func TestConditionsThatDoNotFit(t *testing.T) {
	for _, c := range []struct {
		condition Condition
		says      string
	}{
		{Condition{From: 0, Header: "ID", Op: OpContains, Value: "1"}, "“ID contains” does not fit the column “ID”"},
		{Condition{From: 1, Header: "Depot", Op: OpAbove, Value: "M"}, "does not fit the column “Depot”, which is compared as Text"},
		{Condition{From: 0, Header: "ID", Op: OpIs, Value: "1,000"}, "“1,000” is not a number"},
		{Condition{From: 0, Header: "ID", Op: OpIs, Value: "1e3"}, "is not a number"},
		{Condition{From: 3, Header: "Counted on", Op: OpIs, Value: "31.01.2026"}, "is not a date"},
		{Condition{From: 3, Header: "Counted on", Op: OpIs, Value: "2026-02-30"}, "is not a date"},
		{Condition{From: 3, Header: "Counted on", Op: OpIs, Value: "2026-01-31T08:00Z"}, "is not a date"},
		{Condition{From: 9, Header: "Paid", Op: OpIs, Value: "perhaps", As: powerbi.Boolean}, "is not true or false"},
		{Condition{From: 9, Header: "Paid", Op: OpAbove, Value: "false", As: powerbi.Boolean}, "does not fit"},
		{Condition{From: 1, Header: "Depot", Op: OpIs, Value: " "}, "has no value"},
		{Condition{From: 1, Header: "Depot", Op: "like", Value: "x"}, "is not an operator"},
		{Condition{From: -1, Op: OpIs, Value: "x"}, "has no column"},
	} {
		m := stockMapping
		m.Filter = []Condition{c.condition}
		err := m.CheckFilter()
		if f, _ := failure.From(err); !errors.Is(err, ErrCondition) || !strings.Contains(f.Sentence, c.says) || f.Remedy == "" {
			t.Errorf("%+v: %v", c.condition, err)
		}
		if !slices.ContainsFunc(m.Check(), func(p powerbi.SchemaProblem) bool { return strings.Contains(p.Sentence, c.says) && !p.Warning }) {
			t.Errorf("the check of the mapping does not say %q: %v", c.says, m.Check())
		}
		if _, err := CheckRows(context.Background(), rows(3), m, CheckOptions{}); err == nil {
			t.Errorf("%+v was used", c.condition)
		}
	}
}

func TestParseCondition(t *testing.T) {
	headers := []string{"Region", "Region Code", "Amount", "A=B", "is", "Größe"}
	letters := []string{"B", "C", "D", "E", "F", "G"}
	for written, want := range map[string]Condition{
		"Region=West":               {From: 0, Op: OpIs, Value: "West"},
		" region  =  West End ":     {From: 0, Op: OpIs, Value: "West End"},
		"Region Code!=7":            {From: 1, Op: OpIsNot, Value: "7"},
		"region code <> 7":          {From: 1, Op: OpIsNot, Value: "7"},
		"Amount>=100":               {From: 2, Op: OpAtLeast, Value: "100"},
		"Amount<=-1":                {From: 2, Op: OpAtMost, Value: "-1"},
		"Amount<5":                  {From: 2, Op: OpBelow, Value: "5"},
		"Amount > 5":                {From: 2, Op: OpAbove, Value: "5"},
		"d>5":                       {From: 2, Op: OpAbove, Value: "5"},
		"A=B=c":                     {From: 3, Op: OpIs, Value: "c"},
		"Region is blank":           {From: 0, Op: OpBlank},
		"Region IS NOT BLANK":       {From: 0, Op: OpNotBlank},
		"Region contains is blank":  {From: 0, Op: OpContains, Value: "is blank"},
		"Region=contains":           {From: 0, Op: OpIs, Value: "contains"},
		"is is blank":               {From: 4, Op: OpBlank},
		"größe>=1":                  {From: 5, Op: OpAtLeast, Value: "1"},
		"Region=":                   {From: 0, Op: OpIs},
		"Region contains":           {From: 0, Op: OpContains},
		"Region Code contains code": {From: 1, Op: OpContains, Value: "code"},
	} {
		got, err := ParseCondition(written, headers, letters)
		want.Header, want.Letter = headers[want.From], letters[want.From]
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", written, got, err, want)
		}
	}
	for written, says := range map[string]string{
		"Land=West":          "no column “Land”",
		"Land is blank":      "no column “Land”",
		"Land contains a":    "no column “Land”",
		"Region":             "“Region” is not a condition",
		"":                   "is not a condition",
		"Regionis blank":     "is not a condition",
		"Region is blanket":  "is not a condition",
		"Regional>=5":        "no column “Regional”",
		"Region containsall": "is not a condition",
	} {
		if got, err := ParseCondition(written, headers, letters); !errors.Is(err, ErrCondition) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %+v, %v", written, got, err)
		}
	}
}

// gentOnly takes the rows of one depot with a value of at least so much.
func gentOnly(least string) Mapping {
	m := stockMapping
	m.Filter = []Condition{{From: 1, Header: "Depot", Letter: "B", Op: OpIs, Value: "gent"}, {From: 2, Header: "Value", Letter: "C", Op: OpAtLeast, Value: least}}
	return m
}

func TestFilterWords(t *testing.T) {
	m := gentOnly("100")
	if got := m.FilterWords(); got != "Only rows where Depot is gent and Value is at least 100" {
		t.Error(got)
	}
	m.Filter = []Condition{{From: 3, Header: "Counted on", Op: OpAtMost, Value: "2026-01-31"}, {From: 1, Header: "Depot", Op: OpNotBlank}}
	if got := m.FilterWords(); got != "Only rows where Counted on is not after 2026-01-31 and Depot is not blank" {
		t.Error(got)
	}
	if got := stockMapping.FilterWords(); got != "" {
		t.Error(got)
	}
}

// TestCheckWithAFilter: the check counts what meets the conditions, and says where a
// value could not be compared.
func TestCheckWithAFilter(t *testing.T) {
	src := rows(20_000)
	src.Bad = map[int]cell.Cell{7: textCell("seven"), 11: textCell("eleven"), 13: {Kind: cell.Error, Text: "#N/A"}}
	m := stockMapping
	m.Filter = []Condition{{From: 0, Header: "ID", Letter: "A", Op: OpBelow, Value: "5000"}, {From: 1, Header: "Depot", Letter: "B", Op: OpIsNot, Value: "Luik"}}
	var last int64
	r, err := CheckRows(context.Background(), src, m, CheckOptions{Progress: func(n int64) { last = n }})
	if err != nil {
		t.Fatal(err)
	}
	// 4,000 of 5,000 are not in Luik; of the three bad ones, row 11 is.
	if r.Rows != 3998 || r.RowsFiltered != 16_002 || r.RowsToSend != 3998 || r.Errors() != 0 || last != 20_000 {
		t.Errorf("%d rows, %d filtered, %d to send, %d errors, last %d", r.Rows, r.RowsFiltered, r.RowsToSend, r.Errors(), last)
	}
	if len(r.ProblemCounts) != 1 || r.ProblemCounts[0].Count != 2 || r.ProblemCounts[0].Severity != SeverityNote || r.Problems[0].Address != "A9" || r.Problems[1].Address != "A15" {
		t.Errorf("%+v %+v", r.ProblemCounts, r.Problems)
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.Filter[0].Value = "0" // no row at all
	if _, err := CheckRows(ctx, rows(20_000), m, CheckOptions{Progress: func(int64) { cancel() }}); !errors.Is(err, context.Canceled) {
		t.Errorf("a check that finds nothing cannot be cancelled: %v", err)
	}
}

func BenchmarkFilter(b *testing.B) {
	const n = 100_000
	for b.Loop() {
		s, err := Select(rows(n), gentOnly("100"), 0, 0)
		if err != nil {
			b.Fatal(err)
		}
		for s.Next() {
			s.Row()
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// stockMapping is a table of every type that is cheap to generate.
var stockMapping = Mapping{Table: "Stock", Fields: []Field{
	{From: 0, Letter: "A", Header: "ID", Use: true, Target: powerbi.Column{Name: "ID", DataType: powerbi.Int64}},
	{From: 1, Letter: "B", Header: "Depot", Use: true, Target: powerbi.Column{Name: "Depot", DataType: powerbi.String}},
	{From: 2, Letter: "C", Header: "Value", Use: true, Target: powerbi.Column{Name: "Value", DataType: powerbi.Double}},
	{From: 3, Letter: "D", Header: "Counted on", Use: true, Target: powerbi.Column{Name: "CountedOn", DataType: powerbi.DateTime}},
}}

// rows makes rows 0 to n-1; row i stands in sheet row i+2.
func rows(n int) *mappingtest.Rows { return &mappingtest.Rows{N: n} }
