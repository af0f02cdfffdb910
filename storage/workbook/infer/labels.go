package infer

import (
	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
)

// IsBlank reports whether a cell holds nothing, not even a formula without its result.
func IsBlank(c *cell.Cell) bool { return c.Kind == cell.Blank && c.Flags == 0 }

// FillDown gives blank cells of columns the value above them, which it returns for the
// next row.
func FillDown(cells []cell.Cell, columns []bool, above []cell.Cell) []cell.Cell {
	if above == nil {
		above = make([]cell.Cell, len(columns))
	}
	for i := range cells[:min(len(cells), len(columns))] {
		if !columns[i] {
			continue
		}
		if IsBlank(&cells[i]) {
			cells[i] = above[i]
		} else {
			above[i] = cells[i]
		}
	}
	return above
}

// labels looks for columns in which a value stands once for the rows below it as well.
type labels struct {
	fill   []bool
	total  bool // the next row is a total: its blanks stand for no value above
	above  []cell.Cell
	filled []cell.Tally // blanks that got the value above, column by column
	blanks []cell.Tally
	before []string     // the value before, of columns that may be labels
	not    []bool       // a column is none: it begins blank, or repeats itself
	blocks []cell.Range // of merged cells
	merged []cell.Tally
}

func newLabels(columns int, fill []bool) labels {
	return labels{fill: fill, filled: make([]cell.Tally, columns), blanks: make([]cell.Tally, columns),
		before: make([]string, columns), not: make([]bool, columns), merged: make([]cell.Tally, columns)}
}

// leading is how many columns at the left may be labels.
const leading = 6

// add takes a row of data and fills its blanks where that was chosen. The blanks of a total
// stand for no value above it.
func (l *labels) add(row cell.Row) {
	if l.total {
		return
	}
	if l.fill != nil {
		for i := range row.Cells[:min(len(row.Cells), len(l.fill))] {
			if l.fill[i] && IsBlank(&row.Cells[i]) && l.above != nil && !IsBlank(&l.above[i]) {
				l.filled[i].Add(row.Number)
			}
		}
		l.above = FillDown(row.Cells, l.fill, l.above)
	}
	for i := range row.Cells[:min(len(row.Cells), len(l.not), leading)] {
		if l.not[i] {
			continue
		}
		switch c := &row.Cells[i]; {
		case c.Kind == cell.Blank:
			l.not[i] = l.before[i] == "" || c.Flags != 0
			l.blanks[i].Add(row.Number)
		case c.Kind != cell.Text && c.Kind != cell.Date && c.Kind != cell.Number, c.Text == l.before[i] && c.Kind == cell.Text:
			l.not[i] = true
		case c.Kind == cell.Text:
			l.before[i] = c.Text
		default:
			l.before[i] = "\x00" // something
		}
	}
}

// show fills the blanks of a line that may be none of the rows.
func (l *labels) show(cells []cell.Cell) {
	for i := range cells[:min(len(cells), len(l.above))] {
		if l.fill[i] && IsBlank(&cells[i]) {
			cells[i] = l.above[i]
		}
	}
}

// kept counts the blanks of a line that were filled, now that it is a row.
func (l *labels) kept(row cell.Row, full []cell.Cell) {
	for i := range row.Cells[:min(len(row.Cells), len(full), len(l.fill))] {
		if IsBlank(&row.Cells[i]) && !IsBlank(&full[i]) {
			l.filled[i].Add(row.Number)
		}
	}
}

// Merged tells which cells are merged; those of one column have the value of the first.
func (p *Profiler) Merged(blocks []cell.Range) { p.labels.blocks = blocks }

// countMerged counts the rows that have no value because of merged cells.
func (p *Profiler) countMerged() {
	for _, b := range p.labels.blocks {
		if b.LastRow <= b.FirstRow || b.FirstRow < p.first {
			continue
		}
		for i, h := range p.headers {
			n := min(b.LastRow, p.last) - b.FirstRow
			if h.Column < b.FirstCol || h.Column > b.LastCol || n < 1 {
				continue
			}
			if p.labels.merged[i].N == 0 {
				p.labels.merged[i].Row = b.FirstRow
			}
			p.labels.merged[i].N += int64(n)
		}
	}
}

// remarks says of a column that its blanks were filled, or may stand for the value above.
func (l *labels) remarks(i int, name string, rows int64, column *ColumnProfile) (all []remark.Remark) {
	say := func(kind remark.Kind, code string, t cell.Tally, format string, args ...any) remark.Remark {
		return remark.New(kind, code, format, args...).At(t.Row, t.N)
	}
	blanks := l.blanks[i]
	switch {
	case l.filled[i].N > 0:
		n := l.filled[i]
		all = append(all, say(remark.Change, NoteFilled, n, "%s filled with the value above, as chosen, first in row %s.", humanize.Count(n.N, "blank cell is", "blank cells are"), humanize.Number(n.Row)).
			With(remark.KeepBlank, name, "keep them blank"))
	case l.merged[i].N > 0:
		n := l.merged[i]
		all = append(all, say(remark.Guess, NoteMerged, n, "%s no value because of merged cells, first below row %s. They are sent as blank.", humanize.Count(n.N, "row has", "rows have"), humanize.Number(n.Row)).
			With(remark.FillDown, name, "fill them with the value above"))
	case i < leading && !l.not[i] && blanks.N > 0 && 5*blanks.N >= rows && column.filled() > 0 && column.Type != TypeDecimal && l.leads(i):
		all = append(all, say(remark.Guess, NoteGroups, blanks, "%s no value in this column, first row %s; the value above may stand for them as well. They are sent as blank.",
			humanize.Count(blanks.N, "row has", "rows have"), humanize.Number(blanks.Row)).With(remark.FillDown, name, "fill them with the value above"))
	}
	return all
}

// leads reports whether all columns to the left may be labels, too.
func (l *labels) leads(i int) bool {
	for k := range i {
		if l.not[k] || l.blanks[k].N < l.blanks[i].N {
			return false
		}
	}
	return true
}
