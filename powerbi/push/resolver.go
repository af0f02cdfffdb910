package push

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// outcome is what became of a batch whose answer was lost.
type outcome int

const (
	outcomeUnknown outcome = iota
	outcomeStored
	outcomeNotStored
)

// resolver finds out what became of batches whose answers were lost.
type resolver struct {
	*run
	counter *counter
	spot    spotCheck
	decided OnUnknown // what a person has decided about the batches being resolved
	unknown []*batch  // to the end
	whole   bool      // the service has been seen to keep nothing of a batch that it refuses
}

// resolution is what was found out about some batches.
type resolution struct {
	outcomes []outcome
	count    *int64        // the last row count that was seen
	why      string        // what stands against a verdict
	waited   time.Duration // for the service to be done with them; no part of an outage
}

// resolve finds out by the table's row count which batches were stored. Nothing else
// is in flight. It is proof only while nobody else writes into the table, which the
// count shows if it fits exactly. What stays unknown ends the run.
func (r *resolver) resolve(ctx context.Context, list []*batch) resolution {
	sizes := make([]int64, len(list))
	var sent time.Time
	for i, b := range list {
		sizes[i] = int64(b.size())
		if mayContinue(b.err) && b.sent.After(sent) {
			sent = b.sent
		}
	}
	found := r.byCount(ctx, sizes, sent)
	for i, b := range list {
		if found.outcomes[i] == outcomeStored && r.spot.missing(ctx, b) {
			clear(found.outcomes) // then the count says nothing about the others either
			found.why = notSeen
			break
		}
	}
	for i, b := range list {
		if found.outcomes[i] == outcomeUnknown {
			switch r.decided {
			case UnknownStored:
				found.outcomes[i] = outcomeStored
			case UnknownResend:
				found.outcomes[i] = outcomeNotStored
			}
		}
		r.write(b, found, found.outcomes[i])
	}
	if len(r.unknown) > 0 {
		r.endUnknown(found.why)
	}
	return found
}

// write notes what was found out about a batch.
func (r *resolver) write(b *batch, found resolution, o outcome) {
	e := history.Entry{Kind: history.Resolved, Batch: b.number, Rows: b.size(), Count: found.count, Why: found.why}
	switch o {
	case outcomeStored:
		e.Stored = new(true)
		r.kept(r.journal.Resolve(r.disk, b.ledger, b.size(), e, r.clock.Now()))
	case outcomeNotStored:
		e.Stored = new(false)
		r.kept(r.journal.Resolve(r.disk, b.ledger, 0, e, r.clock.Now()))
	default:
		r.note(e)
		r.unknown = append(r.unknown, b)
	}
}

// byCount works out the outcome of batches of some sizes. sent is when the last of them
// left that the service may still be at work on: a batch may be stored some time after
// its connection broke, and is not called lost before that can be over.
func (r *resolver) byCount(ctx context.Context, sizes []int64, sent time.Time) (found resolution) {
	found.outcomes = make([]outcome, len(sizes))
	expected, sum, limits := r.counter.base+r.report.RowsSent, total(sizes), r.target.Limits()
	switch {
	case r.counter.base < 0:
		found.why = "The table's row count could not be asked before the run: " + r.counter.baseWhy
		return found
	case limits.drops(expected + sum):
		found.why = fmt.Sprintf("The table keeps about %s rows and drops old ones, so its row count proves nothing.", humanize.Number(limits.Newest))
		return found
	case r.aborted:
		found.why = "The run was stopped before the table's row count was asked."
		return found
	}
	seen, err := r.poll(ctx, &found, expected+sum, sent)
	if errors.Is(err, context.Canceled) {
		found.why = "The run was stopped before the table's row count was known."
		return found
	}
	if err != nil {
		found.why = "The table's row count could not be asked: " + history.Explain(err).Sentence
		return found
	}
	expected += seen.by.Rows
	stored, ways := subset(sizes, seen.by.Unknown, seen.rows-expected)
	if ways > 1 {
		found.why = fmt.Sprintf("The table's row count shows that %s of them were stored, but not which.", humanize.Count(seen.rows-expected, "row"))
		return found
	}
	if ways == 0 {
		found.why = fmt.Sprintf("The table holds %s, and %s or %s were expected: others may be writing into it.",
			humanize.Count(seen.rows, "row"), humanize.Number(expected), humanize.Number(expected+sum))
		return found
	}
	early := r.cancelled() && r.clock.Now().Before(sent.Add(longestUnknown))
	for i := range found.outcomes {
		switch {
		case stored[i]:
			found.outcomes[i] = outcomeStored
		case early:
			found.why = "The run was cancelled so soon that the service may still store them."
		default:
			found.outcomes[i] = outcomeNotStored
		}
	}
	return found
}

// poll asks the row count until it shows all rows, or no request can be under way any
// more.
func (r *resolver) poll(ctx context.Context, found *resolution, all int64, sent time.Time) (seen counting, err error) {
	for i := 0; i <= r.polls(); i++ {
		wait := sent.Add(longestUnknown).Sub(r.clock.Now()) // for a last look
		if i < r.polls() {
			wait = pollAfter[i]
		} else if wait <= 0 || r.cancelled() {
			break
		}
		wait = min(wait, longestUnknown) // sent may be of a clock that was ahead
		r.wait(ctx, wait, waitCount)
		if i == r.polls() {
			found.waited = wait
		}
		if seen, err = r.counter.alone(ctx, func() (int64, error) { return r.counter.patient(ctx, bearOutage) }); err != nil {
			return seen, err
		}
		found.count = &seen.rows
		if seen.rows-seen.by.Rows >= all+total(seen.by.Unknown) { // all of them, or others write: no waiting changes that
			break
		}
	}
	return seen, nil
}

// mayContinue reports whether the service may still be at work on a request that ended
// with an error: its answer got lost on the way, or something in between answered.
func mayContinue(err error) bool {
	e := apiError(err)
	return e == nil || e.Page || e.Status == http.StatusBadGateway || e.Status == http.StatusGatewayTimeout
}

// subset finds which of some sizes add up to a sum, together with any of those of
// other runs that are unknown too, and in how many ways as far as the former go: none,
// one, or more.
func subset(sizes, others []int64, sum int64) (in []bool, ways int) {
	const most = 16 // more than can be in flight
	all := slices.Concat(sizes, others)
	if len(all) > most {
		return nil, 0
	}
	own := 1<<len(sizes) - 1
	found := -1
	for mask := range 1 << len(all) {
		var s int64
		for i, n := range all {
			if mask>>i&1 == 1 {
				s += n
			}
		}
		if s != sum || found == mask&own {
			continue
		}
		if found >= 0 {
			return nil, 2
		}
		found = mask & own
	}
	if found < 0 {
		return nil, 0
	}
	in = make([]bool, len(sizes))
	for i := range in {
		in[i] = found>>i&1 == 1
	}
	return in, 1
}

// countsAfterRefusal is how often the count is asked until it is believed.
const countsAfterRefusal = 3

// keptPart reports whether the table holds rows of a batch although it was refused. The
// batch is unknown then and the run ends. Whether the service leaves such a batch out as
// a whole is not documented, and parts of it are sent again to find the row. So a run
// finds out first: once, by the table's row count after the first such refusal.
func (r *resolver) keptPart(ctx context.Context, b *batch) bool {
	expected := r.counter.base + r.report.RowsSent
	if r.whole || r.counter.base < 0 || r.target.Limits().drops(expected+int64(b.size())) {
		return false
	}
	var more int64
	for i := range countsAfterRefusal {
		r.wait(ctx, pollAfter[i], waitCount)
		seen, err := r.counter.alone(ctx, func() (int64, error) { return r.counter.count(ctx) })
		if err != nil {
			return false // nothing speaks for it
		}
		if more = seen.rows - expected - seen.by.Rows - total(seen.by.Unknown); more > 0 {
			break
		}
	}
	if more <= 0 {
		r.whole = true
		return false
	}
	if looked, found := r.spot.anyOf(ctx, b); looked && !found { // others write into the table
		return false
	}
	why := fmt.Sprintf("Power BI refused a batch of %s, and the table holds %s more than were accepted: it seems to have kept a part of the batch.",
		humanize.Count(b.size(), "row"), humanize.Count(more, "row"))
	r.note(history.Entry{Kind: history.Partly, Batch: b.number, Rows: b.size(), First: b.rows[0], Last: b.rows[b.size()-1], Spans: b.spans(), Try: b.tries, RequestID: b.id, Why: why})
	r.unknown = append(r.unknown, b)
	r.endUnknown(why)
	return true
}

// endUnknown ends the run with what is not known. It stands before any other reason to
// end.
func (r *resolver) endUnknown(why string) {
	e := &UnknownError{Why: why}
	for _, b := range r.unknown {
		e.Batches = append(e.Batches, b.unknown())
	}
	r.report.UnknownBatches = e.Batches
	r.stop, r.status = e, history.StatusUnknown
}

// UnknownError says that nobody can say whether some rows were stored.
type UnknownError struct {
	Batches []history.UnknownBatch
	Why     string
}

func (e *UnknownError) Error() string { return "some batches may or may not have been stored" }

// Failure is the error in words.
func (e *UnknownError) Failure() *failure.Error {
	rows := 0
	var details strings.Builder
	for _, b := range e.Batches {
		rows += b.Rows
		id := ""
		if b.RequestID != "" {
			id = ", request ID " + b.RequestID
		}
		fmt.Fprintf(&details, "Rows %d to %d (%d), sent %s%s: %s\n", b.FirstRow, b.LastRow, b.Rows, b.Sent.UTC().Format(time.RFC3339), id, b.Reason)
	}
	was := "were"
	if rows == 1 {
		was = "was"
	}
	return failure.New(failure.Stopped, "rows-unknown",
		fmt.Sprintf("We don't know whether %s %s saved: Power BI's reply never arrived. %s", humanize.Count(rows, "row"), was, e.Why),
		"Check in Power BI whether the rows are there, then resume and say whether to count them as sent or send them again.").WithDetails("%s", details.String())
}
