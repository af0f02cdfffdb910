package infer

import (
	"pushdesk/storage/cell"
)

// Profiler collects what Profile reports.
type Profiler struct {
	headers []Header
	region  region
	columns []columnStats
	rows    int64
	tail    tail
}

// NewProfiler starts to profile the columns with these headers.
func NewProfiler(headers []Header, from Origin) *Profiler {
	p := &Profiler{headers: headers, region: region{Origin: from}, columns: make([]columnStats, len(headers))}
	for i := range p.columns {
		p.columns[i].codes = namesCodes(headers[i].Name)
	}
	return p
}

// Add takes the next row. currencies, beside its cells, number the currencies they are
// shown in, 0 none; it may be nil.
func (p *Profiler) Add(row cell.Row, currencies []uint8) {
	p.rows++
	p.tail.add(row, p.columns)
	for i := range row.Cells[:min(len(row.Cells), len(p.columns))] {
		c := &row.Cells[i]
		if c.Kind == cell.Blank {
			p.columns[i].counts[cell.Blank]++
			if c.Flags != 0 {
				p.columns[i].uncalculated.Add(row.Number)
			}
			continue
		}
		var currency uint8
		if i < len(currencies) {
			currency = currencies[i]
		}
		p.columns[i].add(c, row.Number, currency)
	}
}

// Result is what the rows so far show.
func (p *Profiler) Result() Profile {
	out := Profile{Rows: p.rows, Columns: make([]ColumnProfile, len(p.columns))}
	for i := range p.columns {
		p.region.learn(&p.columns[i].texts)
	}
	for i := range p.columns {
		out.Columns[i] = p.columns[i].decide(p.headers[i], p.region)
	}
	out.LastRow = p.tail.last
	out.Tail = p.tail.found(len(p.columns))
	out.Notes = out.Tail.notes(int64(max(1, p.tail.last-out.Tail.FirstRow+1)))
	return out
}
