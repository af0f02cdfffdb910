// Package sums proves lines of a table to be the totals or averages of the rows above.
package sums

import (
	"math"
	"slices"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
)

// lookBack is how many earlier totals the rows of a total may begin after.
const lookBack = 64

// numbered are the numbers of a row.
type numbered struct {
	row    int
	values []float64
}

// mostNumbered is how many rows are kept to tell which ones hold the sums of others.
const mostNumbered = 5000

// Proofs adds up the numbers of the rows to prove totals.
type Proofs struct {
	numbers []bool      // columns of numbers
	sums    []float64   // so far
	size    []float64   // of their absolute values, for what rounding may lose
	counted []int64     // numbers that were added
	starts  [][]float64 // the sums at the start and behind each total
	rows    []numbered  // the first ones
	min     []float64
	max     []float64
}

// New begins with the columns that hold numbers.
func New(numbers []bool) *Proofs {
	n := len(numbers)
	p := &Proofs{numbers: numbers, sums: make([]float64, n), size: make([]float64, n), counted: make([]int64, n), min: make([]float64, n), max: make([]float64, n)}
	p.starts = append(p.starts, slices.Clone(p.sums))
	return p
}

// value is what a cell adds to the sum of its column.
func (p *Proofs) value(i int, c *cell.Cell) (float64, bool) {
	switch {
	case i >= len(p.numbers) || !p.numbers[i]:
		return 0, false
	case c.Kind == cell.Number:
		return c.Float, true
	case c.Kind == cell.Duration, c.Kind == cell.Time:
		return float64(c.Int), true
	}
	return 0, false
}

// Add takes a row of data.
func (p *Proofs) Add(row cell.Row) {
	if len(p.rows) < mostNumbered {
		n := numbered{row.Number, make([]float64, 0, 2)}
		for i := range row.Cells {
			if f, ok := p.value(i, &row.Cells[i]); ok {
				n.values = append(n.values, f)
			}
		}
		p.rows = append(p.rows, n)
	}
	for i, cells := 0, row.Cells; i < len(cells); i++ {
		f, ok := p.value(i, &cells[i])
		if !ok {
			continue
		}
		if p.counted[i] == 0 {
			p.min[i], p.max[i] = f, f
		}
		p.sums[i] += f
		p.size[i] += math.Abs(f)
		p.counted[i]++
		p.min[i], p.max[i] = min(p.min[i], f), max(p.max[i], f)
	}
}

// Total looks whether a line holds the sums of all rows above it, or of those below an
// earlier total.
// sums counts the columns in which it holds that of several rows.
func (p *Proofs) Total(cells []cell.Cell) (proven, numbers bool, sums int) {
	for k := range p.starts {
		from := p.starts[0]
		if k > 0 { // the latest first, after the one that begins with the first row
			from = p.starts[len(p.starts)-k]
		}
		if k > lookBack {
			break
		}
		ok, some, n := p.sumsSince(from, cells)
		proven, numbers = proven || ok, numbers || some
		if ok {
			sums = max(sums, n)
		}
	}
	p.starts = append(p.starts, slices.Clone(p.sums))
	return proven, numbers, sums
}

// Half reports whether a line holds half the sum of all rows above it, as below a table in
// which the rows of groups hold the sums of their own.
func (p *Proofs) Half(cells []cell.Cell) bool {
	some := false
	for i := range cells {
		f, ok := p.value(i, &cells[i])
		if !ok {
			continue
		}
		if p.counted[i] < 4 || math.Abs(2*f-p.sums[i]) > 1e-9*p.size[i]+1e-6*max(1, math.Abs(f)) {
			return false
		}
		some = some || f != 0
	}
	return some
}

// Groups returns the rows that hold the sums of those below them, up to the next such row;
// none unless every row is one of them, or below one.
func (p *Proofs) Groups() (rows []string) {
	for i := 0; i < len(p.rows); {
		head := p.rows[i]
		left, n := slices.Clone(head.values), 0
		for n == 0 || slices.ContainsFunc(left, func(f float64) bool { return math.Abs(f) > 1e-6 }) {
			if n++; i+n >= len(p.rows) || len(p.rows[i+n].values) != len(left) {
				return nil
			}
			for k, f := range p.rows[i+n].values {
				left[k] -= f
			}
		}
		rows = append(rows, humanize.Number(head.row))
		i += n + 1
	}
	return rows
}

// Mean reports whether a line holds the averages of all rows above it, rounded at most to
// the second decimal. few tells that it may be so by chance.
func (p *Proofs) Mean(cells []cell.Cell) (proven, few bool) {
	some, columns, most := false, 0, int64(0)
	for i := range cells {
		f, ok := p.value(i, &cells[i])
		if !ok {
			continue
		}
		if p.counted[i] < 2 || math.Abs(f-p.sums[i]/float64(p.counted[i])) > max(0.0051, 1e-6*math.Abs(f)) {
			return false, false
		}
		some = some || f != 0
		columns, most = columns+1, max(most, p.counted[i])
	}
	return some, columns == 1 && most < 4
}

// sumsSince compares a line with the sums since a row. A number that is no sum speaks
// against it unless it may be an average or a share, which lie between the others.
func (p *Proofs) sumsSince(from []float64, cells []cell.Cell) (proven, some bool, sums int) {
	against, alone := false, 0
	for i := range cells {
		f, ok := p.value(i, &cells[i])
		if !ok {
			continue
		}
		some = true
		sum := p.sums[i] - from[i]
		switch {
		case p.counted[i] > 0 && math.Abs(f-sum) <= 1e-9*p.size[i]+1e-6*max(1, math.Abs(sum)):
			if f != 0 && p.counted[i] > 1 {
				sums++
			}
			if f != 0 {
				alone++
			}
		case p.counted[i] == 0 || f < p.min[i] || f > p.max[i]:
			against = true
		}
	}
	return (sums > 0 || alone > 1) && !against, some, sums
}
