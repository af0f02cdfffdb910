// Package infer decides from cells what the columns of a table are: where their names
// are, what types they have, what is below the rows, and what a person should know about
// them. It is pure: it reads no files.
//
// The type of a column follows from all of its values:
//   - any text makes it text; numbers that are all whole make it whole, one fraction
//     makes it decimal, and so does a format of money or percentages;
//   - numbers that are codes stay text: shown with leading zeros or in the text
//     format, longer than 15 digits, or named as codes (ID, code, zip, phone,
//     account) and all of one length;
//   - dates make it datetime even when up to a tenth of the values are not;
//     times of day are text, durations are durations;
//   - errors and blanks never decide;
//   - a type that nine tenths of the values fit is offered, and not taken.
//
// In text files every value is text, so all values of a column have to read as
// numbers, dates or booleans for it to become that. Which mark is the decimal one,
// and whether day or month comes first, is decided by the column as a whole.
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
	out.Remarks = out.Tail.remarks(int64(max(1, p.tail.last-out.Tail.FirstRow+1)))
	return out
}
