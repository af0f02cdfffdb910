package push

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pushdesk/powerbi"
)

// It is not documented whether a batch that is refused for one of its rows is left
// out as a whole. Parts of it are sent again to find the row, so that a run finds
// out first: once, by the table's row count after the first such refusal.

// countsAfterRefusal is how often the count is asked until it is believed.
const countsAfterRefusal = 3

// partlyStored tells whether the table holds rows of a batch although it was
// refused. The batch is in doubt then and the run ends.
func (r *run) partlyStored(ctx context.Context, tick *time.Ticker, b *batch) bool {
	expected := r.base + r.receipt.RowsSent
	if r.refusesWhole || r.base < 0 || r.target.Retention == powerbi.RetentionFIFO && expected+int64(b.size()) > powerbi.MaxRowsFIFO {
		return false
	}
	var more int64
	for i := range countsAfterRefusal {
		r.pause(ctx, tick, pollAfter[i])
		seen, err := r.countAlone(ctx, tick, func() (int64, error) { return r.count(ctx) })
		if err != nil {
			return false // nothing speaks for it
		}
		if more = seen.rows - expected - seen.foreign - total(seen.unsure); more > 0 {
			break
		}
	}
	if more <= 0 {
		r.refusesWhole = true
		return false
	}
	if looked, found := r.anyOf(ctx, b); looked && !found { // others write into the table
		return false
	}
	why := fmt.Sprintf("Power BI refused a batch of %s, and the table holds %s more than were accepted: it seems to have kept a part of the batch.",
		count(int64(b.size()), "row"), count(more, "row"))
	r.note(entry{Type: entryPartly, Batch: b.number, Rows: b.size(), First: b.rows[0], Last: b.rows[b.size()-1], Spans: b.spans(), Try: b.tries, RequestID: b.id, Why: why})
	r.doubtful = append(r.doubtful, b)
	r.endInDoubt(why)
	return true
}

// anyOf looks for some rows of a batch in the table. looked is false where rows
// cannot be looked for.
func (r *run) anyOf(ctx context.Context, b *batch) (looked, found bool) {
	api, ok := r.api.(finding)
	s := r.witnessesOf(ctx, b)
	if !ok || s == nil || len(s.rows) == 0 {
		return false, false
	}
	columns := r.receipt.Mapping.Schema().Columns
	sent, wanted, err := s.matches(columns)
	if err != nil {
		return false, false
	}
	own, cancel := r.limited(ctx)
	defer cancel()
	got, err := api.FindRows(own, r.target.WorkspaceID, r.target.DatasetID, r.target.Table, wanted, sampleAlike)
	if err != nil {
		return false, false
	}
	return true, slices.ContainsFunc(sent, func(row map[string]any) bool {
		return slices.ContainsFunc(got, func(g map[string]any) bool { return sameRow(columns, row, g) })
	})
}
