package push

import (
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mappingtest"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/cell"
)

// stockMapping is a table of every type that is cheap to generate.
var stockMapping = mapping.Mapping{Table: "Stock", Fields: []mapping.Field{
	{From: 0, Letter: "A", Header: "ID", Use: true, Target: powerbi.Column{Name: "ID", DataType: powerbi.Int64}},
	{From: 1, Letter: "B", Header: "Depot", Use: true, Target: powerbi.Column{Name: "Depot", DataType: powerbi.String}},
	{From: 2, Letter: "C", Header: "Value", Use: true, Target: powerbi.Column{Name: "Value", DataType: powerbi.Double}},
	{From: 3, Letter: "D", Header: "Counted on", Use: true, Target: powerbi.Column{Name: "CountedOn", DataType: powerbi.DateTime}},
}}

// rows makes rows 0 to n-1; row i stands in sheet row i+2.
func rows(n int) *mappingtest.Rows { return &mappingtest.Rows{N: n} }

func rowsFrom(from, n int) *mappingtest.Rows { return &mappingtest.Rows{N: n, From: from} }

func num(v float64) cell.Cell     { return cell.Cell{Kind: cell.Number, Float: v} }
func textCell(s string) cell.Cell { return cell.Cell{Kind: cell.Text, Text: s} }

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// gentOnly takes the rows of one depot with a value of at least so much.
func gentOnly(least string) mapping.Mapping {
	m := stockMapping
	m.Filter = []mapping.Condition{{From: 1, Header: "Depot", Letter: "B", Op: mapping.OpIs, Value: "gent"}, {From: 2, Header: "Value", Letter: "C", Op: mapping.OpAtLeast, Value: least}}
	return m
}

// kinds gives the kinds of notes.
func kinds(notes []plan.Note) string {
	var k []string
	for _, n := range notes {
		k = append(k, n.Kind)
	}
	return strings.Join(slices.Compact(k), " ")
}

func columns(names ...string) []powerbi.Column {
	var list []powerbi.Column
	for _, n := range names {
		list = append(list, powerbi.Column{Name: n, DataType: powerbi.String})
	}
	return list
}
