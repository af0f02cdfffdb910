package mapping

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pushdesk/storage/cell"
)

// growing is a source whose cells are valid until Next only, of rows of all lengths.
type growing struct {
	rows, at int
	cells    []cell.Cell
	err      error
}

func (g *growing) Next() bool {
	if g.at >= g.rows {
		return false
	}
	g.at++
	g.cells = g.cells[:0]
	for i := range g.at % 7 {
		g.cells = append(g.cells, textCell(fmt.Sprint(g.at, " ", i)))
	}
	return true
}
func (g *growing) Row() (int, []cell.Cell) { return g.at * 2, g.cells }
func (g *growing) Err() error              { return g.err }

// TestAhead gives the same rows as the source, and the reason why they end.
func TestAhead(t *testing.T) {
	failed := errors.New("the disk is gone")
	for _, rows := range []int{0, 1, 2, 5000, 30_000} {
		src, want := &growing{rows: rows, err: failed}, &growing{rows: rows}
		got, stop := Ahead(src)
		for want.Next() {
			if got.Err() != nil || !got.Next() {
				t.Fatalf("of %d rows %d come", rows, want.at-1)
			}
			n, cells := got.Row()
			m, expected := want.Row()
			if n != m || len(cells) != len(expected) || len(cells) > 0 && !reflect.DeepEqual(cells, expected) {
				t.Fatalf("row %d: %v, want %d: %v", n, cells, m, expected)
			}
		}
		for range 2 {
			if got.Next() || !errors.Is(got.Err(), failed) {
				t.Errorf("of %d rows more come, or they end for no reason: %v", rows, got.Err())
			}
		}
		stop()
	}
}

// TestAheadIsStopped in the middle: nobody reads the source afterwards.
func TestAheadIsStopped(t *testing.T) {
	for _, taken := range []int{0, 1, 10_000, 1_000_000} {
		src := &growing{rows: 1_000_000}
		got, stop := Ahead(src)
		for range taken {
			got.Next()
		}
		stop()
		if at := src.at; at < taken { // the race detector sees who still writes
			t.Errorf("%d rows were read, %d taken", at, taken)
		}
	}
}
