package push

import (
	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping/mappingtest"
)

// stockMapping is a table of every type that is cheap to generate.
var stockMapping = Mapping{Table: "Stock", Fields: []Field{
	{From: 0, Letter: "A", Header: "ID", Use: true, Target: powerbi.Column{Name: "ID", DataType: powerbi.Int64}},
	{From: 1, Letter: "B", Header: "Depot", Use: true, Target: powerbi.Column{Name: "Depot", DataType: powerbi.String}},
	{From: 2, Letter: "C", Header: "Value", Use: true, Target: powerbi.Column{Name: "Value", DataType: powerbi.Double}},
	{From: 3, Letter: "D", Header: "Counted on", Use: true, Target: powerbi.Column{Name: "CountedOn", DataType: powerbi.DateTime}},
}}

// rows makes rows 0 to n-1; row i stands in sheet row i+2.
func rows(n int) *mappingtest.Rows { return &mappingtest.Rows{N: n} }

func rowsFrom(from, n int) *mappingtest.Rows { return &mappingtest.Rows{N: n, From: from} }
