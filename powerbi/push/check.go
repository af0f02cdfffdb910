package push

import (
	"context"
	"fmt"
)

// CheckReport says what a run would meet.
type CheckReport struct {
	Rows             int64            `json:"rows"`             // in the source, that meet the conditions of the mapping
	RowsFiltered     int64            `json:"rowsFiltered"`     // in the source, that do not
	RowsWithProblems int64            `json:"rowsWithProblems"` // that have a value which cannot be sent as it is
	RowsToSend       int64            `json:"rowsToSend"`       // under the policy; none under "stop" while there are problems
	Problems         []Problem        `json:"problems"`         // the first 1,000, by row
	ByColumn         []ColumnProblems `json:"byColumn"`         // all of them, counted
	Bytes            int64            `json:"bytes"`            // of all bodies
	Batches          int              `json:"batches"`
}

// Errors counts the values that cannot be sent as they are.
func (r CheckReport) Errors() (n int64) {
	for _, c := range r.ByColumn {
		if c.Severity == SeverityError {
			n += c.Count
		}
	}
	return n
}

// how many rows pass between two looks at the context and reports of progress
const checkEvery = 4096

// CheckRows reads a source to its end and converts every row as a run would.
// progress is told the rows read so far, now and then and at the end; it may be
// nil. Bytes and Batches are exact for the rows that can be sent.
func CheckRows(ctx context.Context, src Source, m Mapping, p Policy, progress func(rows int64)) (CheckReport, error) {
	return checkRows(ctx, src, m, p, 0, 0, sizeOf(Pace{}), progress)
}

// checkRows checks the part of a source between skip and limit.
func checkRows(ctx context.Context, all Source, m Mapping, p Policy, skip, limit int64, size batchSize, progress func(rows int64)) (CheckReport, error) {
	r := CheckReport{Problems: []Problem{}, ByColumn: []ColumnProblems{}}
	e, err := NewEncoder(m, p)
	if err != nil {
		return r, err
	}
	if progress == nil {
		progress = func(int64) {}
	}
	src, selected, err := chosen(all, m, skip, limit)
	if err != nil {
		return r, err
	}
	found := newProblems(m)
	selected.report = found.add
	selected.look = func() error {
		progress(selected.read)
		return ctx.Err()
	}
	bad := false
	report := func(x Problem) {
		bad = bad || x.Severity == SeverityError
		found.add(x)
	}
	var line []byte
	rows, bytes := 0, 0 // of the batch that is filling
	for src.Next() {
		number, cells := src.Row()
		r.Rows++
		bad = false
		var ok bool
		line, ok = e.AppendRow(line[:0], number, cells, report)
		if bad {
			r.RowsWithProblems++
		}
		if !ok {
			continue
		}
		r.RowsToSend++
		if r.Batches == 0 || size.full(r.Batches-1, rows, bytes, len(line)) {
			r.Bytes += int64(bytes + len(bodyEnd))
			r.Batches++
			rows, bytes = 0, len(bodyStart)
		}
		if rows > 0 {
			bytes++
		}
		rows++
		bytes += len(line)
	}
	if r.Batches > 0 { // the first of them ended an empty one
		r.Bytes += int64(bytes)
	}
	r.RowsFiltered = selected.out
	r.Problems, r.ByColumn = found.kept(), found.counts()
	if r.RowsWithProblems > 0 && (p == PolicyStop || p == "") {
		r.RowsToSend = 0
	}
	progress(selected.read)
	if err := ctx.Err(); err != nil {
		return r, err
	}
	if err := src.Err(); err != nil {
		return r, fmt.Errorf("read row %d and after: %w", selected.read+1, err)
	}
	return r, nil
}
