// Package mappingtest makes rows for the tests of what maps and sends them.
package mappingtest

import (
	"errors"

	"pushdesk/storage/cell"
)

// Rows makes rows with an ID, a depot, a value and a day. Row i stands in sheet row
// i+2 and has the ID From+i.
type Rows struct {
	N      int // how many
	From   int
	Bad    map[int]cell.Cell // the ID of some rows
	Fails  int               // ends with Broken after so many rows; 0 never
	At     func(i int)       // called before row i
	Depot  string            // of every row; "" takes turns
	Broken error             // set when it failed

	I     int // the row that Row gives, from 0
	begun bool
	cells [4]cell.Cell
}

// Next moves to the next row.
func (r *Rows) Next() bool {
	if r.begun {
		r.I++
	}
	r.begun = true
	if r.I >= r.N {
		return false
	}
	if r.Fails > 0 && r.I == r.Fails {
		r.Broken = errors.New("the file is damaged")
		return false
	}
	if r.At != nil {
		r.At(r.I)
	}
	return true
}

// Row returns the row and its number in the sheet.
func (r *Rows) Row() (int, []cell.Cell) {
	r.cells[0] = cell.Cell{Kind: cell.Number, Float: float64(r.From + r.I)}
	if c, ok := r.Bad[r.I]; ok {
		r.cells[0] = c
	}
	depot := depots[r.I%len(depots)]
	if r.Depot != "" {
		depot = r.Depot
	}
	r.cells[1] = cell.Cell{Kind: cell.Text, Text: depot}
	r.cells[2] = cell.Cell{Kind: cell.Number, Float: float64(r.I) / 4}
	r.cells[3] = cell.Cell{Kind: cell.Date, Int: int64(20000+r.I%1000) * 24 * 60 * 60 * 1000}
	return r.I + 2, r.cells[:]
}

// Err returns why the rows ended early.
func (r *Rows) Err() error { return r.Broken }

var depots = []string{"Gent", "Luik", "Brugge", "Mons \"Bergen\"", ""}
