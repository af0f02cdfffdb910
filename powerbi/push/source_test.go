package push

import (
	"errors"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
)

// stockMapping is a table of every type that is cheap to generate.
var stockMapping = Mapping{Table: "Stock", Fields: []Field{
	{From: 0, Letter: "A", Header: "ID", Use: true, Target: powerbi.Column{Name: "ID", DataType: powerbi.Int64}},
	{From: 1, Letter: "B", Header: "Depot", Use: true, Target: powerbi.Column{Name: "Depot", DataType: powerbi.String}},
	{From: 2, Letter: "C", Header: "Value", Use: true, Target: powerbi.Column{Name: "Value", DataType: powerbi.Double}},
	{From: 3, Letter: "D", Header: "Counted on", Use: true, Target: powerbi.Column{Name: "CountedOn", DataType: powerbi.DateTime}},
}}

// generated makes rows 0 to n-1; row i stands in sheet row i+2.
type generated struct {
	n, i   int
	from   int               // the ID of the first
	bad    map[int]cell.Cell // the ID of some rows
	fails  int               // ends with an error after so many rows; 0 never
	at     func(i int)       // called before row i
	depot  string            // of every row; "" takes turns
	cells  [4]cell.Cell
	broken error
}

func rows(n int) *generated { return &generated{n: n, i: -1} }

func rowsFrom(from, n int) *generated { return &generated{n: n, i: -1, from: from} }

func (g *generated) Next() bool {
	g.i++
	if g.i >= g.n {
		return false
	}
	if g.fails > 0 && g.i == g.fails {
		g.broken = errors.New("the file is damaged")
		return false
	}
	if g.at != nil {
		g.at(g.i)
	}
	return true
}

func (g *generated) Row() (int, []cell.Cell) {
	g.cells[0] = num(float64(g.from + g.i))
	if c, ok := g.bad[g.i]; ok {
		g.cells[0] = c
	}
	g.cells[1] = text(depots[g.i%len(depots)])
	if g.depot != "" {
		g.cells[1] = text(g.depot)
	}
	g.cells[2] = num(float64(g.i) / 4)
	g.cells[3] = cell.Cell{Kind: cell.Date, Int: int64(20000+g.i%1000) * day}
	return g.i + 2, g.cells[:]
}

func (g *generated) Err() error { return g.broken }

var depots = []string{"Gent", "Luik", "Brugge", "Mons \"Bergen\"", ""}
