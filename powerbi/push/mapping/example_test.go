package mapping_test

import (
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
)

// A table that exists is fitted to the columns of a file, and each row becomes a JSON
// object with every column of the table.
func Example() {
	table := []powerbi.Column{
		{Name: "Depot", DataType: powerbi.String},
		{Name: "Units", DataType: powerbi.Int64},
		{Name: "Counted on", DataType: powerbi.DateTime},
	}
	m := mapping.Fit("Stock", mapping.Sides{Headers: []string{"Units", "depot"}, Existing: table}, []string{"A", "B"})
	e, err := mapping.NewEncoder(m, mapping.PolicySkip)
	if err != nil {
		fmt.Println(err)
		return
	}
	report := func(p mapping.Problem) { fmt.Printf("%s: %s. %s\n", p.Address, p.Rule, p.Advice) }
	for i, units := range []string{"1200", "12 boxes"} {
		row := []cell.Cell{{Kind: cell.Text, Text: units}, {Kind: cell.Text, Text: "Gent"}}
		if line, ok := e.AppendRow(nil, i+2, row, report); ok {
			fmt.Println(string(line))
		}
	}
	// Output:
	// {"Depot":"Gent","Units":1200,"Counted on":null}
	// A3: An amount in another currency or unit than the column's. Correct the value, or choose the type Text (String) for this column.
}

func ExampleParseCondition() {
	c, err := mapping.ParseCondition("Units >= 100", []string{"Depot", "Units"}, []string{"A", "B"})
	fmt.Println(c.Header, c.Op, c.Value, err)
	// Output: Units >= 100 <nil>
}
