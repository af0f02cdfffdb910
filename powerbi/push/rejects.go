package push

import (
	"context"

	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
)

// Reject is a row that a run left out, with its original cells and everything that
// is wrong with it. The cells are valid during the visit.
type Reject struct {
	Row      int // in the sheet
	Cells    []cell.Cell
	Problems []mapping.Problem
}

// EachReject reads a source once more and visits every row that a run left out: those
// that cannot be converted under its policy, and those that the service refused.
// skip and limit are those of the run.
func EachReject(ctx context.Context, src mapping.Source, m mapping.Mapping, p mapping.Policy, skip, limit int64, refused map[int]mapping.Problem, visit func(Reject) error) (n int64, err error) {
	e, err := mapping.NewEncoder(m, p)
	if err != nil {
		return 0, err
	}
	rows, err := mapping.Select(src, m, skip, limit)
	if err != nil {
		return 0, err
	}
	var problems []mapping.Problem
	var line []byte
	for index := 0; rows.Next(); index++ {
		if index%256 == 0 && ctx.Err() != nil {
			return n, ctx.Err()
		}
		row, cells := rows.Row()
		problems = problems[:0]
		var ok bool
		line, ok = e.AppendRow(line[:0], row, cells, func(x mapping.Problem) {
			if x.Severity == mapping.SeverityError {
				problems = append(problems, x)
			}
		})
		if why, was := refused[index]; was {
			problems, ok = append(problems, why), false
		}
		if ok {
			continue
		}
		n++
		if err := visit(Reject{row, cells, problems}); err != nil {
			return n, err
		}
	}
	if err := rows.Err(); err != nil {
		return n, err
	}
	return n, ctx.Err()
}
