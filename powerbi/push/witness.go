package push

import (
	"bytes"
	"context"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
)

// A row count that fits proves that a batch was stored only while nobody else adds
// as many rows. So some rows of the batch are looked for in the table as well.

const notSeen = "The table's row count fits, but rows of the batch are not in the table: others may be writing into it."

// denied tells whether rows of a batch that the row count calls stored are missing
// from the table. Where rows cannot be looked for, nothing is denied.
func (r *run) denied(ctx context.Context, tick *time.Ticker, b *batch) bool {
	api, ok := r.api.(finding)
	if !ok {
		return false
	}
	s := r.witnessesOf(ctx, b)
	if s == nil || len(s.rows) == 0 {
		return false
	}
	columns := r.receipt.Mapping.Schema().Columns
	sent, wanted, err := s.matches(columns)
	if err != nil {
		return false
	}
	for i := 0; i < r.polls(); i++ {
		r.pause(ctx, tick, pollAfter[i])
		own, cancel := r.limited(ctx)
		got, err := api.FindRows(own, r.target.WorkspaceID, r.target.DatasetID, r.target.Table, wanted, sampleAlike)
		cancel()
		if err != nil && !passing(err) {
			return false
		}
		if err == nil && !slices.ContainsFunc(sent, func(row map[string]any) bool {
			return !slices.ContainsFunc(got, func(g map[string]any) bool { return sameRow(columns, row, g) })
		}) {
			return false
		}
		if err == nil && len(got) == sampleAlike { // so many look alike that the right one may be cut off
			return false
		}
		if err != nil && i == r.polls()-1 {
			return false
		}
	}
	return true
}

// witnessesOf takes some rows of a batch. Those of a batch from an earlier sitting
// are read from the source once more.
func (r *run) witnessesOf(ctx context.Context, b *batch) *sampler {
	places := slices.Compact([]int{0, b.size() / 2, b.size() - 1})
	s := &sampler{}
	if len(b.body) > 0 {
		for _, i := range places {
			s.rows, s.at = append(s.rows, bytes.Clone(b.row(i))), append(s.at, b.rows[i])
		}
		return s
	}
	if r.o.Rehearse == nil {
		return nil
	}
	src, err := r.o.Rehearse()
	if err != nil {
		return nil
	}
	e, err := mapping.NewEncoder(*r.receipt.Mapping, r.o.Policy)
	if err != nil {
		return nil
	}
	rows, err := mapping.Select(src, *r.receipt.Mapping, r.o.Skip, r.o.Limit)
	if err != nil {
		return nil
	}
	var wanted []int
	for _, i := range places {
		wanted = append(wanted, b.index[i])
	}
	for index := 0; len(s.rows) < len(wanted) && rows.Next(); index++ {
		if index%256 == 0 && ctx.Err() != nil {
			return nil
		}
		if index != wanted[len(s.rows)] {
			continue
		}
		row, cells := rows.Row()
		line, ok := e.AppendRow(nil, row, cells, nil)
		if !ok {
			return nil
		}
		s.rows, s.at = append(s.rows, line), append(s.at, row)
	}
	return s
}

var _ finding = (*powerbi.Client)(nil)
