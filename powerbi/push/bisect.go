package push

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
)

// What finding the rows of a refused batch may cost. One bad row in 10,000 takes
// about 15 requests.
const (
	testsPerBatch = 64
	testsPerRun   = 256
)

// untangle deals with batches that were refused for their rows, or whose answers
// were lost. Nothing is on its way. Afterwards there is no trouble left: batches
// are accepted, rejected, to be sent again, or in doubt.
func (r *run) untangle(ctx context.Context, tick *time.Ticker) {
	var lost, bad []*batch
	for _, b := range r.trouble {
		if judge(b.err) == wasUnknown {
			lost = append(lost, b)
		} else {
			bad = append(bad, b)
		}
	}
	r.trouble = nil
	if len(lost) > 0 {
		r.untangleLost(ctx, tick, lost)
	}
	for _, b := range bad {
		if r.stop != nil {
			r.putBack(b)
			continue
		}
		r.findBadRows(ctx, tick, b)
	}
}

// untangleLost settles batches whose answers were lost and sends those again that
// were not stored, after a while.
func (r *run) untangleLost(ctx context.Context, tick *time.Ticker, lost []*batch) {
	again := false
	for i, f := range r.settle(ctx, tick, lost) {
		switch f {
		case fateStored:
			r.reader.recycle(lost[i])
		case fateNotStored:
			r.putBack(lost[i])
			again = true
		}
	}
	if again {
		r.outage(lost[0].err, waitBusy)
	}
}

// post sends a batch while nothing else is on its way, until it is accepted or
// refused for good. When the run ends first it gives wasRefused with r.stop set;
// a batch in doubt is in r.doubtful then.
func (r *run) post(ctx context.Context, tick *time.Ticker, b *batch) verdict {
	for r.stop == nil {
		if ctx.Err() != nil {
			r.cancelled(ctx)
			break
		}
		if r.rest(ctx, tick) {
			continue
		}
		at, why, known := r.pacer.Next(r.clock.Now(), b.size())
		if !known { // other runs have requests on their way
			at = time.Time{}
		}
		if !known || at.After(r.clock.Now()) {
			r.waiting(at, why, known)
			r.turn(ctx, tick, false, at)
			r.lookAround()
			continue
		}
		if !r.launch(b) {
			if r.stop == nil { // other runs leave no room
				r.turn(ctx, tick, false, time.Time{})
			}
			continue
		}
		for r.flying > 0 {
			res := r.turn(ctx, tick, false, time.Time{})
			if res == nil {
				continue
			}
			v := r.settleAnswer(*res)
			if v == wasUnknown {
				switch r.settle(ctx, tick, []*batch{b})[0] {
				case fateStored:
					v = wasAccepted
				case fateNotStored:
					r.outage(b.err, waitBusy)
				}
			}
			if v == wasAccepted || v == wasBadRows || v == wasTooLarge {
				return v
			}
		}
	}
	return wasRefused
}

// findBadRows sends a refused batch in parts until the rows are found that the
// service does not take. Those are rejected; all others are sent. It asks about
// one half at a time: when that is accepted the other half must hold the row, and
// when it is refused the other half waits until the row is found.
func (r *run) findBadRows(ctx context.Context, tick *time.Ticker, b *batch) {
	if r.tableFull(ctx, b) {
		r.putBack(b)
		return
	}
	if r.partlyStored(ctx, tick, b) {
		return
	}
	suspect, bad := numbers(b.size()), true // bad: known to hold a row that is refused
	refusedItself := true                   // and not by exclusion
	var rest []int                          // not asked about yet
	words := b.err
	for tests := 0; ; tests++ {
		if len(suspect) == 0 {
			if len(rest) == 0 {
				break
			}
			suspect, rest, bad, refusedItself = rest, nil, false, false
		}
		if len(suspect) == 1 && refusedItself {
			r.reject(b, suspect[0], words)
			suspect = nil
			continue
		}
		if tests >= testsPerBatch || r.tests >= testsPerRun {
			r.end(StatusFailed, &ManyRefusedError{words})
		}
		if r.stop != nil {
			r.giveBack(b, slices.Concat(suspect, rest))
			return
		}
		ask := suspect
		if bad && len(suspect) > 1 {
			ask = suspect[:(len(suspect)+1)/2]
		}
		other := suspect[len(ask):]
		r.tests++
		piece := b.pick(ask)
		switch r.post(ctx, tick, piece) {
		case wasAccepted:
			suspect, refusedItself = other, false
		case wasBadRows, wasTooLarge:
			words = piece.err
			suspect, bad, refusedItself = ask, true, true
			rest = slices.Concat(other, rest)
		default: // the run has ended
			if !slices.Contains(r.doubtful, piece) {
				other = suspect
			}
			r.giveBack(b, slices.Concat(other, rest))
			return
		}
	}
	r.reader.recycle(b)
}

// giveBack lets some rows of a batch be sent again.
func (r *run) giveBack(b *batch, rows []int) {
	if len(rows) > 0 {
		slices.Sort(rows)
		r.putBack(b.pick(rows))
	}
	r.reader.recycle(b)
}

// reject leaves out a row that the service does not take.
func (r *run) reject(b *batch, i int, why error) {
	p := mapping.Problem{Row: b.rows[i], Rule: "Power BI refused this row", Advice: "It said: " + aboutOneRow(why), Severity: mapping.SeverityError}
	if f := accused(*r.receipt.Mapping, why); f != nil {
		p.Column, p.Rule = f.Target.Name, "Power BI refused this value"
		p.Value = mapping.Shorten(valueIn(b.row(i), f.Target.Name))
		if f.Letter != "" {
			p.Address = f.Letter + strconv.Itoa(p.Row)
		}
	}
	r.rejects = append(r.rejects, p)
	r.receipt.RowsRejected++
	r.note(entry{Type: entryRejected, Rows: 1, Spans: []span{{b.index[i], b.index[i]}}, Problem: &p})
}

// ManyRefusedError says that finding bad rows one by one would cost too much.
type ManyRefusedError struct{ Last error }

func (e *ManyRefusedError) Error() string {
	return "the service refuses too many rows: " + e.Last.Error()
}
func (e *ManyRefusedError) Unwrap() error { return e.Last }
func (e *ManyRefusedError) Sentence() string {
	return "Power BI refuses so many rows that finding them one by one would take too many requests. It said: " + saysOf(e.Last)
}
func (e *ManyRefusedError) Remedy() string {
	return "Compare the columns and types of the mapping with those of the table in Power BI, then resume."
}
func (e *ManyRefusedError) Who() string     { return "you" }
func (e *ManyRefusedError) Details() string { return accountOf(e.Last).details }

// FullError says that a table takes no more rows.
type FullError struct{ Rows int64 }

func (e *FullError) Error() string { return fmt.Sprintf("the table is full: %d rows", e.Rows) }
func (e *FullError) Sentence() string {
	return fmt.Sprintf("The table is full: it holds %s, and Power BI takes at most %s.", count(e.Rows, "row"), thousands(powerbi.MaxRowsNone))
}
func (e *FullError) Remedy() string {
	return "Send the rest into another dataset, or replace the table's rows."
}
func (e *FullError) Who() string     { return "you" }
func (e *FullError) Details() string { return "" }

// tableFull tells whether a batch was refused because the table is full rather
// than for its rows, and ends the run then.
func (r *run) tableFull(ctx context.Context, b *batch) bool {
	held := r.base + r.receipt.RowsSent
	if r.base < 0 {
		n, err := r.count(ctx)
		if err != nil {
			return false // then the rows are asked about, within the bounds for that
		}
		held = n
	}
	if held+int64(b.size()) <= powerbi.MaxRowsNone {
		return false
	}
	r.end(StatusFailed, &FullError{held})
	return true
}
