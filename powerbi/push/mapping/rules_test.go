package mapping

import (
	"testing"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
)

func TestRules(t *testing.T) {
	text := func(s string) cell.Cell { return cell.Cell{Kind: cell.Text, Text: s} }
	num := func(v float64) cell.Cell { return cell.Cell{Kind: cell.Number, Float: v} }
	of := func(n int) *int { return &n }
	constant := func(s string) *string { return &s }
	for _, c := range []struct {
		name  string
		as    powerbi.DataType
		rules Rules
		cell  cell.Cell
		want  string // "" = a problem
	}{
		{"trim", powerbi.String, Rules{Trim: true}, text("  a  b\u00a0"), `"a  b"`},
		{"collapse", powerbi.String, Rules{Collapse: true}, text("  a \t b\u00a0"), `"a b"`},
		{"upper", powerbi.String, Rules{Case: CaseUpper}, text("Strand 1b"), `"STRAND 1B"`},
		{"lower", powerbi.String, Rules{Case: CaseLower}, text("ÉCOLE"), `"école"`},
		{"title", powerbi.String, Rules{Case: CaseTitle}, text("o'neil and sons"), `"O'neil And Sons"`},
		{"replace", powerbi.String, Rules{Replace: []Replacement{{Find: "N.", With: "North"}, {Find: " ", With: "-"}}}, text("N. York"), `"North-York"`},
		{"replace the whole", powerbi.String, Rules{Replace: []Replacement{{Find: "W", With: "West", Whole: true}}}, text("Wide"), `"Wide"`},
		{"replace in a number", powerbi.Double, Rules{Replace: []Replacement{{Find: " EUR", With: ""}}}, text("12.5 EUR"), `12.5`},
		{"a number that nothing is replaced in", powerbi.Int64, Rules{Replace: []Replacement{{Find: "x", With: "y"}}}, num(12), `12`},
		{"nothing", powerbi.Int64, Rules{Nothing: []string{"N/A", "?"}}, text(" n/a "), `null`},
		{"nothing by a number", powerbi.Int64, Rules{Nothing: []string{"-999"}}, num(-999), `null`},
		{"true", powerbi.Boolean, Rules{True: []string{"ja"}, False: []string{"nee"}}, text("JA"), `true`},
		{"false", powerbi.Boolean, Rules{True: []string{"ja"}, False: []string{"nee"}}, text("nee"), `false`},
		{"neither", powerbi.Boolean, Rules{True: []string{"ja"}, False: []string{"nee"}}, text("maybe"), ``},
		{"round", powerbi.Decimal, Rules{Round: of(2)}, num(1.005), `1.01`},
		{"round up a digit", powerbi.Int64, Rules{Round: of(0)}, num(99.5), `100`},
		{"round below zero", powerbi.Double, Rules{Round: of(1)}, text("-0.04"), `0`},
		{"round a large number", powerbi.Int64, Rules{Round: of(0)}, cell.Cell{Kind: cell.Number, Float: 9007199254740993, Text: "9007199254740993"}, `9007199254740993`},
		{"round what is none", powerbi.Int64, Rules{Round: of(0)}, text("many"), ``},
		{"default", powerbi.Double, Rules{Default: "0.5"}, cell.Cell{}, `0.5`},
		{"default of blanks", powerbi.String, Rules{Default: "none"}, text("  "), `"none"`},
		{"default after nothing", powerbi.DateTime, Rules{Nothing: []string{"-"}, Default: "2026-01-31"}, text("-"), `"2026-01-31T00:00:00"`},
		{"constant", powerbi.String, Rules{Constant: constant("West")}, text("East"), `"West"`},
		{"blank constant", powerbi.String, Rules{Constant: constant("")}, text("East"), `null`},
		{"constant number", powerbi.Int64, Rules{Constant: constant("12")}, cell.Cell{}, `12`},
		{"an error stays one", powerbi.String, Rules{Trim: true, Default: "x"}, cell.Cell{Kind: cell.Error, Text: "#N/A"}, `null`},
	} {
		f := Field{From: 0, Use: true, Target: powerbi.Column{Name: "C", DataType: c.as}, Rules: &c.rules}
		got, problem := f.Preview(c.cell)
		bad := problem != nil && problem.Severity == SeverityError
		if bad != (c.want == "") || !bad && got != c.want {
			t.Errorf("%s: %s, %+v, want %s", c.name, got, problem, c.want)
		}
		m := Mapping{Table: "T", Fields: []Field{f}}
		if wrong := c.rules.Check(f); wrong != "" {
			t.Errorf("%s: %s", c.name, wrong)
		}
		e, err := NewEncoder(m, PolicySkip)
		if err != nil {
			t.Fatal(err)
		}
		line, ok := e.AppendRow(nil, 2, []cell.Cell{c.cell}, nil)
		if ok == bad || ok && string(line) != `{"C":`+c.want+`}` {
			t.Errorf("%s: sent as %s", c.name, line)
		}
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	of := func(n int) *int { return &n }
	constant := "many"
	for name, c := range map[string]struct {
		as    powerbi.DataType
		rules Rules
	}{
		"a constant of another type": {powerbi.Int64, Rules{Constant: &constant}},
		"a default of another type":  {powerbi.DateTime, Rules{Default: "soon"}},
		"texts cannot be rounded":    {powerbi.String, Rules{Round: of(2)}},
		"too many decimals":          {powerbi.Double, Rules{Round: of(99)}},
		"words of no truth":          {powerbi.String, Rules{True: []string{"yes"}}},
		"one word for both":          {powerbi.Boolean, Rules{True: []string{"x"}, False: []string{"X"}}},
		"nothing to find":            {powerbi.String, Rules{Replace: []Replacement{{With: "x"}}}},
		"no such case":               {powerbi.String, Rules{Case: "camel"}},
	} {
		m := Mapping{Table: "T", Fields: []Field{{From: 0, Use: true, Target: powerbi.Column{Name: "C", DataType: c.as}, Rules: &c.rules}}}
		if list := m.Check(); len(list) != 1 || list[0].Column != "C" {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

// TestAConditionSeesWhatIsSent compares values after the rules of their column.
func TestAConditionSeesWhatIsSent(t *testing.T) {
	m := Mapping{Table: "T", Fields: []Field{{From: 0, Use: true, Target: powerbi.Column{Name: "C", DataType: powerbi.String}, Rules: &Rules{Trim: true, Replace: []Replacement{{Find: "W", With: "West"}}}}},
		Filter: []Condition{{From: 0, Header: "C", Op: OpIs, Value: "West"}}}
	x, err := newMatcher(m, m.Filter[0])
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]judgement{" W ": met, "East": unmet} {
		if got := x.meets(&cell.Cell{Kind: cell.Text, Text: text}); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
