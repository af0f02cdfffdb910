package powerbi

import (
	"strings"
	"testing"
)

func TestDiffTables(t *testing.T) {
	before := Table{Name: "Stock", Columns: []Column{{Name: "Depot", DataType: String}, {Name: "Units", DataType: Int64}, {Name: "Value", DataType: Decimal, FormatString: "0.00"}, {Name: "old", DataType: Boolean}},
		Measures: []Measure{{Name: "Total", Expression: "SUM(Stock[Value])"}, {Name: "Average units", Expression: "AVERAGE('Stock'[UNITS])"}, {Name: "Gone", Expression: "COUNTROWS(FILTER(Stock, [Old]))"}}}
	after := Table{Name: "Stock", Columns: []Column{{Name: "depot", DataType: String}, {Name: "Units", DataType: Double}, {Name: "Value", DataType: Decimal, FormatString: "#,0.00"}, {Name: "New", DataType: DateTime}}}
	d := DiffTables(before, after)
	want := `Added: New (DateTime).
Dropped: old (Boolean).
Another type: Units (Int64 → Double).
Spelled otherwise: Depot → depot.
Another format or summary: Value.
These measures use columns that are dropped or get another type, and will fail: Average units, Gone.`
	if got := strings.Join(d.Sentences(), "\n"); got != want {
		t.Errorf("%s", got)
	}
	if !d.Destructive() || d.Empty() {
		t.Error("a change that loses values is called harmless")
	}
	if same := DiffTables(before, before); !same.Empty() || same.Destructive() || len(same.Sentences()) != 0 {
		t.Errorf("%+v", same)
	}
	grown := before
	grown.Columns = append(grown.Columns[:4:4], Column{Name: "New", DataType: String})
	if d := DiffTables(before, grown); d.Destructive() || len(d.Added) != 1 {
		t.Errorf("%+v", d)
	}
}
