package mapping

import (
	"context"
	"fmt"
)

// CheckReport says what a run would meet.
type CheckReport struct {
	Rows             int64          `json:"rows"`             // in the source, that meet the conditions of the mapping
	RowsFiltered     int64          `json:"rowsFiltered"`     // in the source, that do not, or are known as past
	RowsWithProblems int64          `json:"rowsWithProblems"` // that have a value which cannot be sent as it is
	RowsToSend       int64          `json:"rowsToSend"`       // under the policy; none under "stop" while there are problems
	Problems         []Problem      `json:"problems"`         // the first 1,000, by row
	ProblemCounts    []ProblemCount `json:"problemCounts"`    // all of them, counted
	Bytes            int64          `json:"bytes"`            // of all bodies
	Batches          int            `json:"batches"`
	Marks            []Mark         `json:"-"` // of CheckOptions.Marks, and of all rows
	Sample           Sample         `json:"-"` // of all rows, with the marks
}

// Errors counts the values that cannot be sent as they are.
func (r CheckReport) Errors() (n int64) {
	for _, c := range r.ProblemCounts {
		if c.Severity == SeverityError {
			n += c.Count
		}
	}
	return n
}

// CheckOptions say which rows are checked, and how. The zero value checks all of
// them under PolicyStop.
type CheckOptions struct {
	Policy      Policy
	Skip, Limit int64            // as of Select
	Marks       []int64          // numbers of rows after which a mark is made; nil: none is
	Size        BatchSize        // of the batches that are counted
	Progress    func(rows int64) // is told the rows read so far, now and then and at the end; may be nil
}

// CheckRows reads a source to its end and converts every row as a run would. Bytes
// and Batches are exact for the rows that can be sent.
func CheckRows(ctx context.Context, src Source, m Mapping, o CheckOptions) (CheckReport, error) {
	r := CheckReport{Problems: []Problem{}, ProblemCounts: []ProblemCount{}}
	e, err := NewEncoder(m, o.Policy)
	if err != nil {
		return r, err
	}
	if o.Marks != nil {
		e.Marks(o.Marks)
	}
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	rows, err := Select(src, m, o.Skip, o.Limit)
	if err != nil {
		return r, err
	}
	found := NewProblems(m)
	rows.Report = found.Add
	rows.Look = func() error {
		o.Progress(rows.Read())
		return ctx.Err()
	}
	bad := false
	report := func(x Problem) {
		bad = bad || x.Severity == SeverityError
		found.Add(x)
	}
	var line []byte
	size := o.Size.OrDocumented()
	filling, bytes := 0, 0 // of the batch that is filling
	for rows.Next() {
		number, cells := rows.Row()
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
		if r.Batches == 0 || size.Full(r.Batches-1, filling, bytes, len(line)) {
			r.Bytes += int64(bytes + len(BodyEnd))
			r.Batches++
			filling, bytes = 0, len(BodyStart)
		}
		if filling > 0 {
			bytes++
		}
		filling++
		bytes += len(line)
	}
	r.Bytes += int64(bytes) // the first batch ended an empty one
	r.RowsFiltered, r.Marks, r.Sample = rows.Filtered(), e.Marked(), e.Sampled()
	r.Problems, r.ProblemCounts = found.Kept(), found.ProblemCounts()
	if r.RowsWithProblems > 0 && (o.Policy == PolicyStop || o.Policy == "") {
		r.RowsToSend = 0
	}
	o.Progress(rows.Read())
	if err := ctx.Err(); err != nil {
		return r, err
	}
	if err := rows.Err(); err != nil {
		return r, fmt.Errorf("read row %d and after: %w", rows.Read()+1, err)
	}
	return r, nil
}
