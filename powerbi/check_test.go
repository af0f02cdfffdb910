package powerbi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
)

func text(name string) powerbi.Column {
	return powerbi.Column{Name: name, DataType: powerbi.String}
}

func columns(n int) []powerbi.Column {
	list := make([]powerbi.Column, n)
	for i := range list {
		list[i] = text(fmt.Sprint("c", i))
	}
	return list
}

func table(name string, columns ...powerbi.Column) powerbi.Table {
	return powerbi.Table{Name: name, Columns: columns}
}

func TestCheckTable(t *testing.T) {
	with := func(change func(*powerbi.Column)) powerbi.Table {
		c := text("a")
		change(&c)
		return table("t", c, text("b"))
	}
	for _, c := range []struct {
		name  string
		table powerbi.Table
		want  string // part of the first sentence; "" when nothing is wrong
		warns bool
	}{
		{"good", table("Depot stock", columns(75)...), "", false},
		{"no column", table("t"), "no column", false},
		{"76 columns", table("t", columns(76)...), "76 columns", false},
		{"two columns", table("t", text("Price"), text("price")), "Two columns", false},
		{"empty column", table("t", text(" ")), "has no name", false},
		{"control in column", table("t", text("a\x01")), "cannot be printed", false},
		{"line end in column", table("t", text("a\nb")), "", false},
		{"signs in column", table("t", text("Price (€) 50% / 'x' [y]")), "", false},
		{"space around column", table("t", text("a ")), "begins or ends with a space", true},
		{"unknown type", with(func(c *powerbi.Column) { c.DataType = "Int32" }), "“Int32”", false},
		{"type in small letters", with(func(c *powerbi.Column) { c.DataType = "int64" }), "", false},
		{"no table name", table("", text("a")), "table has no name", false},
		{"dot in table name", table("Q1.Sales", text("a")), "sign “.”", false},
		{"tab in table name", table("Q1\tSales", text("a")), "", false},
		{"control in table name", table("Q1\x7f", text("a")), "cannot be printed", false},
		{"100 characters", table(strings.Repeat("é", 100), text("a")), "", false},
		{"101 characters", table(strings.Repeat("é", 101), text("a")), "101 characters", false},
		{"51 emoji are 102 units", table(strings.Repeat("🙂", 51), text("a")), "102 characters", false},
		{"Date", table("date", text("a")), "named “Date”", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := powerbi.CheckTable(c.table)
			switch {
			case c.want == "" && len(found) > 0:
				t.Errorf("found %+v", found)
			case c.want == "":
			case len(found) == 0 || !strings.Contains(found[0].Sentence, c.want) || found[0].Warning != c.warns:
				t.Errorf("found %+v, want %q", found, c.want)
			}
			for _, p := range found {
				if p.Remedy == "" || !strings.HasSuffix(p.Sentence, ".") || !strings.HasSuffix(p.Remedy, ".") {
					t.Errorf("not two sentences: %+v", p)
				}
			}
		})
	}
}

// What passes the check is accepted by the service, and what it finds refused.
func TestCheckAgreesWithService(t *testing.T) {
	b := newBench(t, practice.AppPractice, practice.Options{})
	for _, s := range []powerbi.Table{
		table("Depot stock", columns(75)...),
		table("t", columns(76)...),
		table("Q1.Sales", text("a")),
		table("t", text("Price"), text("price")),
		table("t", text("Price (€) / 'x' [y]")),
		table("t", powerbi.Column{Name: "a", DataType: "Int32"}),
		table("t", text("a\x01")),
		table("#-@^_~ é", text("a")),
		table("t"),
	} {
		fine := len(powerbi.CheckTable(s)) == 0
		_, err := b.client.CreateDataset(b.Context(), b.workspace, powerbi.DatasetSchema{Name: "Depots", Tables: []powerbi.Table{s}}, powerbi.RetentionNone)
		if fine != (err == nil) {
			t.Errorf("check says %v, the service %v: %+v", fine, err, s)
		}
	}
}

func TestCleanTableName(t *testing.T) {
	for in, want := range map[string]string{
		"Stock":                  "Stock",
		"Q1.Sales":               "Q1 Sales",
		" Bob's (old) / new\n":   "Bobs old new",
		"":                       "Table",
		"!?$":                    "Table",
		"date":                   "dates",
		"Date!":                  "Dates",
		"\ufeffStock\u200b":      "Stock",
		"a\u00a0b":               "a b",
		"a\x00b\xffc":            "a b c",
		strings.Repeat("é", 150): strings.Repeat("é", 100),
		strings.Repeat("🙂", 60):  strings.Repeat("🙂", 50),
		"日本語 シート":                "日本語 シート",
	} {
		if got := powerbi.CleanTableName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestCleanColumnNames(t *testing.T) {
	for _, c := range []struct{ in, want []string }{
		{nil, []string{}},
		{[]string{" Price ", "price", "PRICE"}, []string{"Price", "price 2", "PRICE 3"}},
		{[]string{"Price", "Price 2", "Price"}, []string{"Price", "Price 2", "Price 3"}},
		{[]string{"", "a", "  "}, []string{"Column 1", "a", "Column 3"}},
		{[]string{"", "Column 1"}, []string{"Column 2", "Column 1"}},
		{[]string{"Net\nsales\x00", "Net sales"}, []string{"Net sales", "Net sales 2"}},
	} {
		if got := powerbi.CleanColumnNames(c.in); !slices.Equal(got, c.want) {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		}
	}
}

// Whatever the text, a cleaned name passes the check.
func FuzzCleanNames(f *testing.F) {
	for _, s := range []string{"Q1.Sales", "", "date", "a\n\nb", "\xff\x00", "Price|price|Price 2|price", strings.Repeat("🙂 ", 80)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		names := powerbi.CleanColumnNames(strings.Split(s, "|"))
		if len(names) > powerbi.MaxColumns {
			names = names[:powerbi.MaxColumns]
		}
		var list []powerbi.Column
		for _, n := range names {
			list = append(list, text(n))
		}
		if found := powerbi.CheckTable(table(powerbi.CleanTableName(s), list...)); len(found) > 0 {
			t.Errorf("%q: %+v", s, found)
		}
	})
}

// TestOneColumnTooMany is said in the singular.
func TestOneColumnTooMany(t *testing.T) {
	table := powerbi.Table{Name: "Wide"}
	for i := range powerbi.MaxColumns + 1 {
		table.Columns = append(table.Columns, powerbi.Column{Name: fmt.Sprintf("C%d", i), DataType: powerbi.String})
	}
	problems := powerbi.CheckTable(table)
	if len(problems) == 0 || !strings.Contains(problems[0].Remedy, "Leave out 1 column,") {
		t.Errorf("%+v", problems)
	}
}
