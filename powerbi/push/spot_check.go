package push

import (
	"bytes"
	"context"
	"slices"

	"pushdesk/powerbi/push/mapping"
)

// A row count that fits proves that a batch was stored only while nobody else adds as
// many rows. So some rows of the batch are looked for in the table as well.

const notSeen = "The table's row count fits, but rows of the batch are not in the table: others may be writing into it."

// spotCheck looks for rows of a batch in the table.
type spotCheck struct{ *run }

// missing reports whether rows of a batch that the row count calls stored are missing
// from the table. If rows cannot be looked for, nothing is called missing.
func (r spotCheck) missing(ctx context.Context, b *batch) bool {
	s := r.spotRows(ctx, b)
	if s == nil {
		return false
	}
	for i := 0; i < r.polls(); i++ {
		r.wait(ctx, pollAfter[i], waitCount)
		found, cut, err := s.find(ctx, r.run)
		switch {
		case err != nil && (!passing(err) || i == r.polls()-1):
			return false
		case err == nil && (cut || !slices.Contains(found, false)): // so many look alike that the right one may be cut off
			return false
		}
	}
	return true
}

// anyOf looks for some rows of a batch in the table. looked is false where rows cannot
// be looked for.
func (r spotCheck) anyOf(ctx context.Context, b *batch) (looked, found bool) {
	s := r.spotRows(ctx, b)
	if s == nil {
		return false, false
	}
	there, _, err := s.find(ctx, r.run)
	return err == nil, slices.Contains(there, true)
}

// spotRows takes some rows of a batch; nil if there are none. Those of a batch from an
// earlier session are read from the source once more.
func (r spotCheck) spotRows(ctx context.Context, b *batch) *sampler {
	places := slices.Compact([]int{0, b.size() / 2, b.size() - 1})
	s := &sampler{}
	if len(b.body) > 0 {
		for _, i := range places {
			s.rows, s.at = append(s.rows, bytes.Clone(b.row(i))), append(s.at, b.rows[i])
		}
		return s
	}
	var wanted []int
	for _, i := range places {
		wanted = append(wanted, b.index[i])
	}
	if r.o.Reread == nil || !r.reread(ctx, s, wanted) || len(s.rows) == 0 {
		return nil
	}
	return s
}

// reread reads the wanted rows of the source once more.
func (r spotCheck) reread(ctx context.Context, s *sampler, wanted []int) bool {
	src, err := r.o.Reread()
	if err != nil {
		return false
	}
	e, err := mapping.NewEncoder(r.mapping, r.o.Policy)
	if err != nil {
		return false
	}
	selected, err := mapping.Select(src, r.mapping, r.o.Skip, r.o.Limit)
	if err != nil {
		return false
	}
	selected.Look = ctx.Err
	for index := 0; len(s.rows) < len(wanted) && selected.Next(); index++ {
		if index != wanted[len(s.rows)] {
			continue
		}
		row, cells := selected.Row()
		line, ok := e.AppendRow(nil, row, cells, nil)
		if !ok {
			return false
		}
		s.rows, s.at = append(s.rows, line), append(s.at, row)
	}
	return ctx.Err() == nil
}
