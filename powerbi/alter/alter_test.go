package alter

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
)

func TestCompare(t *testing.T) {
	before := powerbi.Table{Name: "Stock", Columns: []powerbi.Column{{Name: "Depot", DataType: powerbi.String}, {Name: "Units", DataType: powerbi.Int64}, {Name: "Value", DataType: powerbi.Decimal, FormatString: "0.00"}, {Name: "old", DataType: powerbi.Boolean}},
		Measures: []powerbi.Measure{{Name: "Total", Expression: "SUM(Stock[Value])"}, {Name: "Average units", Expression: "AVERAGE('Stock'[UNITS])"}, {Name: "Gone", Expression: "COUNTROWS(FILTER(Stock, [Old]))"}, {Name: "Share", Expression: "DIVIDE([Gone], [Total])"}}}
	after := powerbi.Table{Name: "Stock", Columns: []powerbi.Column{{Name: "depot", DataType: powerbi.String}, {Name: "Units", DataType: powerbi.Double}, {Name: "Value", DataType: powerbi.Decimal, FormatString: "#,0.00"}, {Name: "New", DataType: powerbi.DateTime}}, Measures: before.Measures}
	d := Definition{Table: before, MeasuresKnown: true, RelationshipsKnown: true,
		Others:        []powerbi.Table{{Name: "Depots", Columns: []powerbi.Column{{Name: "Old"}}, Measures: []powerbi.Measure{{Name: "Own", Expression: "COUNTROWS(FILTER(Depots, [Old]))"}, {Name: "Theirs", Expression: `"Stock[Old]" & MAX ( Stock [Old] ) // [Units]`}}}},
		Relationships: []powerbi.Relationship{{Name: "r1", FromTable: "Stock", FromColumn: "Depot", ToTable: "Depots", ToColumn: "Depot"}, {Name: "r2", FromTable: "Stock", FromColumn: "Units", ToTable: "Depots", ToColumn: "No"}}}
	x := Compare(d, Change{After: after})
	want := `Added: New (DateTime).
Dropped: old (Boolean).
Another type: Units (Int64 becomes Double).
Another name: Depot becomes depot.
Setting of “Value”: format 0.00 becomes #,0.00.
The measure Stock[Average units] may fail: it uses UNITS, which gets another type.
The measure Stock[Gone] will fail: it uses Old, which is gone or fails.
The measure Stock[Share] will fail: it uses Gone, which is gone or fails.
The measure Depots[Theirs] will fail: it uses Old, which is gone or fails.
The relationship “r2” (Stock[Units] to Depots[No]) breaks: its column is dropped, gets another name or another type. It cannot be created again in this dataset.`
	if got := strings.Join(x.Sentences(), "\n"); got != want {
		t.Errorf("%s", got)
	}
	if !x.Destructive() || x.Empty() || len(x.Measures) != 3 {
		t.Errorf("%+v", x)
	}
	if same := Compare(d, Change{After: before}); !same.Empty() || same.Destructive() || len(same.Sentences()) != 0 {
		t.Errorf("%+v", same)
	}
	grown := clone(before)
	grown.Columns = append(grown.Columns, powerbi.Column{Name: "New", DataType: powerbi.String})
	if x := Compare(d, Change{After: grown}); x.Destructive() || len(x.Added) != 1 {
		t.Errorf("%+v", x)
	}
	// Where measures are not known, every change may lose some.
	d.MeasuresKnown, d.RelationshipsKnown = false, false
	if x := Compare(d, Change{After: grown}); !x.Destructive() || !x.MeasuresUnknown || x.RelationshipsUnknown {
		t.Errorf("%+v", x)
	}
	if x := Compare(d, Change{After: after}); !x.RelationshipsUnknown {
		t.Errorf("%+v", x)
	}
}

func TestReferences(t *testing.T) {
	for expression, want := range map[string]string{
		`SUM(Sales[Amount])`:                    "Sales|Amount",
		`SUM('My Sales'[Amount])`:               "My Sales|Amount",
		`SUM('It''s'[A]]b])`:                    "It's|A]b",
		`[Total] / [Rows]`:                      "|Total |Rows",
		`VAR x = 1 RETURN [Total]`:              "|Total",
		`MAX ( Home [Day] )`:                    "Home|Day",
		`"Sales[Amount]" & "a""[b]"`:            "",
		"1 // [No]\n + [Yes] -- [No]\n":         "|Yes",
		`/* [No] */ [Yes] /* open [No]`:         "|Yes",
		`Sales.Eu[Größe] + Maße[x]`:             "Sales.Eu|Größe Maße|x",
		`TOTALYTD([a], Dates[Date].[Year])`:     "|a Dates|Date |Year",
		`'open[x]`:                              "",
		`[open`:                                 "|open",
		``:                                      "",
		`CALCULATE([a],FILTER(ALL(T),T[b]>=3))`: "|a T|b",
	} {
		var got []string
		for _, r := range references(expression, "Home") {
			got = append(got, r.table+"|"+r.name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", expression, got, want)
		}
	}
}

func FuzzReferences(f *testing.F) {
	f.Add("SUM('a''b'[c]]d]) + [e] // x")
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, r := range references(s, "Home") {
			if r.from < last || r.end <= r.from || r.end > len(s) || s[r.from] != '[' {
				t.Fatalf("%q: %+v", s, r)
			}
			last = r.end
		}
		if got := rewritten(s, "Home", nil); got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestApply(t *testing.T) {
	d := Definition{MeasuresKnown: true, RelationshipsKnown: true, Table: powerbi.Table{Name: "Sales", Description: "all", Columns: []powerbi.Column{
		{Name: "Month", DataType: powerbi.String, SortByColumn: "Number"}, {Name: "Number", DataType: powerbi.Int64, IsHidden: true}, {Name: "Amount", DataType: powerbi.Double, FormatString: "0.0"}},
		Measures: []powerbi.Measure{{Name: "Total", Expression: `SUM(Sales[amount]) + SUM('SALES'[Amount]) + LEN("[Amount]") + SUM(Other[Amount])`}, {Name: "Twice", Expression: "2 * [Total]"}}}}
	before := clone(d.Table)
	e := func(k Kind, name, value string) Edit { return Edit{k, name, value} }
	c, err := Apply(d, []Edit{e(Hide, "Month", ""), e(Show, "number", ""), e(Rename, "Amount", "Net ]"), e(Rename, "Number", "No"), e(Rename, "Total", "Sum"), e(Format, "Amount", "#,0.00"), e(Add, "Town", "text"),
		e(Category, "Town", "city"), e(Summarize, "No", "NONE"), e(Describe, "Sum", "of all"), e(Measure, "Rows", "COUNTROWS(Sales)"), e(Type, "Month", "Int64")})
	if err != nil {
		t.Fatal(err)
	}
	want := powerbi.Table{Name: "Sales", Description: "all", Columns: []powerbi.Column{
		{Name: "Month", DataType: powerbi.Int64, SortByColumn: "No", IsHidden: true}, {Name: "No", DataType: powerbi.Int64, SummarizeBy: "none"}, {Name: "Net ]", DataType: powerbi.Double, FormatString: "#,0.00"},
		{Name: "Town", DataType: powerbi.String, DataCategory: "City"}},
		Measures: []powerbi.Measure{{Name: "Sum", Description: "of all", Expression: `SUM(Sales[Net ]]]) + SUM('SALES'[Net ]]]) + LEN("[Amount]") + SUM(Other[Amount])`}, {Name: "Twice", Expression: "2 * [Sum]"}, {Name: "Rows", Expression: "COUNTROWS(Sales)"}}}
	if !reflect.DeepEqual(c.After, want) {
		t.Errorf("%+v\nwant %+v", c.After, want)
	}
	if !reflect.DeepEqual(d.Table, before) {
		t.Error("the definition was changed in place")
	}
	if x := Compare(d, c); len(x.Broken) != 0 {
		t.Errorf("measures that follow a new name are called broken: %+v", x.Broken)
	}
	if c, err := Apply(d, []Edit{e(Remove, "Number", "")}); err != nil || c.After.Columns[0].SortByColumn != "" || len(c.After.Columns) != 2 {
		t.Errorf("%+v, %v", c, err)
	}
	for name, list := range map[string][]Edit{
		"no such column":            {e(Remove, "Nowhere", "")},
		"no such column, renamed":   {e(Rename, "Nowhere", "X")},
		"a name that is taken":      {e(Rename, "Amount", "month")},
		"a name that is freed":      {e(Rename, "Amount", "Month"), e(Remove, "Month", "")},
		"two names exchanged":       {e(Rename, "Amount", "Month"), e(Rename, "Month", "Amount")},
		"no new name":               {e(Rename, "Amount", " ")},
		"the same name":             {e(Rename, "Amount", "Amount")},
		"renamed twice":             {e(Rename, "Amount", "A"), e(Rename, "amount", "B")},
		"added twice":               {e(Add, "Amount", "String")},
		"added like a measure":      {e(Add, "total", "String")},
		"no type":                   {e(Add, "New", "Money")},
		"no type, retyped":          {e(Type, "Amount", "Money")},
		"the same type":             {e(Type, "Amount", "double")},
		"the type of a measure":     {e(Type, "Total", "Int64")},
		"hidden already":            {e(Hide, "Number", "")},
		"shown already":             {e(Show, "Total", "")},
		"no category":               {e(Category, "Month", "Moon")},
		"no summary":                {e(Summarize, "Amount", "most")},
		"the same format":           {e(Format, "Amount", "0.0")},
		"no format":                 {e(Format, "Month", "")},
		"sorted by itself":          {e(SortBy, "Amount", "amount")},
		"sorted by nothing there":   {e(SortBy, "Amount", "Nowhere")},
		"sorted by a measure":       {e(SortBy, "Amount", "Total")},
		"a column's description":    {e(Describe, "Amount", "x")},
		"a measure without DAX":     {e(Measure, "New", "")},
		"the same measure":          {e(Measure, "Twice", "2 * [Total]")},
		"a measure like a column":   {e(Measure, "Amount", "1")},
		"no column left":            {e(Remove, "Month", ""), e(Remove, "Number", ""), e(Remove, "Amount", "")},
		"a name that is not usable": {e(Add, "a\x01", "String")},
	} {
		_, err := Apply(d, list)
		if f, ok := failure.From(err); !ok || f.Kind != failure.Usage || f.Sentence == "" || f.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// wide is a table of 75 columns with 10 measures and 3 relationships.
func wide() Definition {
	d := Definition{Table: powerbi.Table{Name: "Wide", Description: "all of it", IsHidden: true}, MeasuresKnown: true, RelationshipsKnown: true}
	for i := range powerbi.MaxColumns {
		c := powerbi.Column{Name: fmt.Sprintf("C%d", i), DataType: powerbi.DataTypes[i%len(powerbi.DataTypes)]}
		switch i % 5 {
		case 1:
			c.FormatString = "#,0.00"
		case 2:
			c.DataCategory = Categories[i%len(Categories)]
		case 3:
			c.SummarizeBy, c.IsHidden = Summaries[i%len(Summaries)], true
		case 4:
			c.SortByColumn = fmt.Sprintf("C%d", i-1)
		}
		d.Table.Columns = append(d.Table.Columns, c)
	}
	for i := range 10 {
		d.Table.Measures = append(d.Table.Measures, powerbi.Measure{Name: fmt.Sprintf("M%d", i), Expression: fmt.Sprintf("SUM(Wide[C%d]) + MAX('Wide'[C%d])", i*7, i*7+1), FormatString: "0", Description: fmt.Sprint(i), IsHidden: i%2 == 0})
	}
	d.Table.Measures[9].Expression = "[M0] + [M1]"
	for i := range 3 {
		d.Relationships = append(d.Relationships, powerbi.Relationship{Name: fmt.Sprintf("R%d", i), FromTable: "Wide", FromColumn: fmt.Sprintf("C%d", i*20), ToTable: "Other", ToColumn: "Key"})
	}
	return d
}

// TestNothingIsLostThatIsNotNamed changes a wide table in 300 random ways. What was is put
// together again from what is and from the difference alone: so the difference names all.
// Every measure that names a column which is gone is called broken, and every relationship.
func TestNothingIsLostThatIsNotNamed(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 6))
	for round := range 300 {
		d := wide()
		var edits []Edit
		used := map[string]bool{}
		pick := func() string {
			for {
				if n := fmt.Sprintf("C%d", r.IntN(powerbi.MaxColumns)); !used[n] {
					used[n] = true
					return n
				}
			}
		}
		for range 1 + r.IntN(12) {
			n := pick()
			is := d.Table.Columns[column(d.Table, n)]
			switch r.IntN(8) {
			case 0:
				edits = append(edits, Edit{Remove, n, ""})
			case 1:
				edits = append(edits, Edit{Rename, n, "New " + n})
			case 2:
				edits = append(edits, Edit{Type, n, string(powerbi.DataTypes[(slices.Index(powerbi.DataTypes, is.DataType)+1)%6])})
			case 3:
				edits = append(edits, Edit{Remove, n, ""}, Edit{Add, "Added " + n, "String"})
			case 4:
				edits = append(edits, Edit{Format, n, "0." + n})
			case 5:
				edits = append(edits, Edit{Summarize, n, Summaries[(slices.Index(Summaries, is.SummarizeBy)+1)%8]})
			case 6:
				if m := fmt.Sprintf("M%d", r.IntN(10)); !used[m] {
					used[m] = true
					edits = append(edits, []Edit{{Remove, m, ""}, {Rename, m, "New " + m}, {Measure, m, "1"}, {Describe, m, "x" + m}}[r.IntN(4)])
				}
			case 7:
				edits = append(edits, Edit{map[bool]Kind{true: Show, false: Hide}[is.IsHidden], n, ""})
			}
		}
		if len(edits) == 0 {
			continue
		}
		c, err := Apply(d, edits)
		if err != nil {
			t.Fatalf("%d: %v: %v", round, edits, err)
		}
		x := Compare(d, c)
		if got := undone(c.After, x); !sameTable(got, d.Table) {
			t.Fatalf("%d: %v\n%+v\n%+v", round, edits, got, d.Table)
		}
		after := map[string]bool{}
		for _, col := range c.After.Columns {
			after[col.Name] = true
		}
		for _, m := range c.After.Measures {
			for _, ref := range references(m.Expression, "Wide") {
				if ref.table != "" && !after[ref.name] && !slices.ContainsFunc(x.Broken, func(b Broken) bool { return b.Measure == m.Name && !b.May }) {
					t.Fatalf("%d: %v: %s = %s is not called broken", round, edits, m.Name, m.Expression)
				}
			}
		}
		for _, rel := range d.Relationships {
			if gone := !after[rel.FromColumn]; gone && !slices.Contains(x.Relationships, rel) {
				t.Fatalf("%d: %v: %+v is not named", round, edits, rel)
			}
		}
		said := strings.Join(x.Sentences(), "\n")
		for _, e := range edits {
			if !strings.Contains(said, e.Name) {
				t.Fatalf("%d: %+v is not said:\n%s", round, e, said)
			}
		}
	}
}

// undone takes a difference off a table.
func undone(t powerbi.Table, x Diff) powerbi.Table {
	t = clone(t)
	set := func(value *string, s Setting) { *value = s.From }
	for _, s := range x.Settings {
		i := column(t, s.Name)
		c := &t.Columns[i]
		switch s.Property {
		case "formatString":
			set(&c.FormatString, s)
		case "dataCategory":
			set(&c.DataCategory, s)
		case "summarizeBy":
			set(&c.SummarizeBy, s)
		case "sortByColumn":
			set(&c.SortByColumn, s)
		case "isHidden":
			c.IsHidden = s.From == "true"
		}
	}
	for _, s := range x.MeasuresChanged {
		m := &t.Measures[measure(t, s.Name)]
		switch s.Property {
		case "expression":
			set(&m.Expression, s)
		case "formatString":
			set(&m.FormatString, s)
		case "description":
			set(&m.Description, s)
		case "isHidden":
			m.IsHidden = s.From == "true"
		}
	}
	for _, s := range x.Retyped {
		t.Columns[column(t, s.Column)].DataType = s.From
	}
	for _, c := range x.Added {
		i := column(t, c.Name)
		t.Columns = slices.Delete(t.Columns, i, i+1)
	}
	for _, m := range x.MeasuresAdded {
		i := measure(t, m.Name)
		t.Measures = slices.Delete(t.Measures, i, i+1)
	}
	for _, s := range x.Renamed {
		old, now, _ := strings.Cut(s, " → ")
		t.Columns[column(t, now)].Name = old
	}
	for _, s := range x.MeasuresRenamed {
		old, now, _ := strings.Cut(s, " → ")
		t.Measures[measure(t, now)].Name = old
	}
	t.Columns, t.Measures = append(t.Columns, x.Dropped...), append(t.Measures, x.MeasuresDropped...)
	return t
}

func sameTable(a, b powerbi.Table) bool {
	a, b = clone(a), clone(b)
	for _, t := range []powerbi.Table{a, b} {
		slices.SortFunc(t.Columns, func(x, y powerbi.Column) int { return strings.Compare(x.Name, y.Name) })
		slices.SortFunc(t.Measures, func(x, y powerbi.Measure) int { return strings.Compare(x.Name, y.Name) })
	}
	return reflect.DeepEqual(a, b)
}

// TestReshape: columns that stay keep their settings, also when they are spelled otherwise.
func TestReshape(t *testing.T) {
	d := wide()
	c := Reshape(d, []powerbi.Column{{Name: "c4", DataType: powerbi.String}, {Name: "c3", DataType: powerbi.String}, {Name: "Note", DataType: powerbi.String}}, false)
	if len(c.After.Columns) != 3 || c.After.Columns[0].SortByColumn != "c3" || !c.After.Columns[1].IsHidden || len(c.After.Measures) != 10 || !c.After.IsHidden {
		t.Errorf("%+v", c.After)
	}
	if c := Reshape(d, []powerbi.Column{{Name: "c4", DataType: powerbi.String}, {Name: "Note", DataType: powerbi.String}}, true); len(c.After.Columns) != 76 || c.After.Columns[4] != d.Table.Columns[4] {
		t.Errorf("%+v", c.After)
	}
}

// TestWishes: what a form holds becomes the edits that make the table so.
func TestWishes(t *testing.T) {
	d := wide()
	list := Wishes(d.Table)
	if len(Edits(d.Table, list)) != 0 {
		t.Errorf("%v", Edits(d.Table, list))
	}
	list[0].Column.Name, list[1].Column.DataType, list[2].Removed, list[3].Column.IsHidden = "Zero", powerbi.String, true, false
	list[5].Column.FormatString, list[6].Column.SortByColumn, list[7].Column.DataCategory, list[8].Column.SummarizeBy = "0", "Zero", "", "max"
	list[75].Measure.Expression, list[76].Measure.Name, list[77].Removed, list[78].Measure.Description, list[79].Measure.IsHidden = "1", "One", true, "", false
	list[80].Measure.FormatString = ""
	list = append(list, Wish{Column: powerbi.Column{Name: "New", DataType: powerbi.Int64, IsHidden: true}}, Wish{Measure: powerbi.Measure{Name: "Rows", Expression: "COUNTROWS(Wide)", FormatString: "0"}},
		Wish{Column: powerbi.Column{Name: "Never", DataType: powerbi.Int64}, Removed: true})
	c, err := Apply(d, Edits(d.Table, list))
	if err != nil {
		t.Fatal(err)
	}
	var want powerbi.Table
	for _, w := range list {
		switch {
		case w.Removed:
		case w.IsMeasure():
			want.Measures = append(want.Measures, w.Measure)
		default:
			want.Columns = append(want.Columns, w.Column)
		}
	}
	want.Name, want.Description, want.IsHidden = d.Table.Name, d.Table.Description, d.Table.IsHidden
	for i, m := range want.Measures { // measures follow what is renamed
		want.Measures[i].Expression = rewritten(m.Expression, "Wide", map[string]string{"c0": "Zero", "m1": "One"})
	}
	if !sameTable(c.After, want) {
		t.Errorf("%+v\nwant %+v", c.After, want)
	}
	if names := SortChoices(list, "Zero"); slices.Contains(names, "C2") || slices.Contains(names, "Zero") || len(names) != 74 {
		t.Errorf("%v", names)
	}
}
