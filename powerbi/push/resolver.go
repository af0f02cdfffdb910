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
	"pushdesk/powerbi/push/reckon"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// outcome is what became of a batch whose answer was lost.
type outcome int

const (
	outcomeUnknown outcome = iota
	outcomeStored
	outcomeNotStored // as far as anybody can see; it may still come
)

// verdictOf is an outcome and what it stands on.
type verdictOf struct {
	outcome
	by history.Proof
}

// resolver finds out what became of batches whose answers were lost.
type resolver struct {
	*run
	counter *counter
	looker  looker
	decided OnUnknown // what a person has decided about the batches being resolved
	unknown []*batch  // to the end
	whole   bool      // the service has been seen to keep nothing of a batch that it refuses

	again []*batch // those of report.Doubts that were sent again, to be looked for at the end
}

// resolution is what was found out about some batches.
type resolution struct {
	verdicts []verdictOf
	count    *int64        // the last row count that was seen
	why      string        // what stands against a verdict
	waited   time.Duration // for the service to be done with them; no part of an outage
}

// resolve finds out which batches were stored, each for itself: its rows are looked for in
// the table, and the table's rows are counted. Nothing else is in flight. What stays unknown
// ends the run. What is decided without proof is kept in the receipt as a doubt.
func (r *resolver) resolve(ctx context.Context, list []*batch) resolution {
	found := r.investigate(ctx, list)
	for i, b := range list {
		if found.verdicts[i].outcome == outcomeUnknown {
			found.verdicts[i] = r.answered(b)
		}
		r.write(b, found, found.verdicts[i])
	}
	if len(r.unknown) > 0 {
		r.endUnknown(found.why)
	}
	return found
}

// answered returns what a person has said about a batch.
func (r *resolver) answered(b *batch) verdictOf {
	stored := b.answer
	if stored == nil {
		switch r.decided {
		case UnknownStored:
			stored = new(true)
		case UnknownResend:
			stored = new(false)
		default:
			return verdictOf{}
		}
	}
	if *stored {
		return verdictOf{outcomeStored, history.ByPerson}
	}
	return verdictOf{outcomeNotStored, history.ByPerson}
}

// write notes what was found out about a batch.
func (r *resolver) write(b *batch, found resolution, v verdictOf) {
	e := history.Entry{Kind: history.Resolved, Batch: b.number, Rows: b.size(), Count: found.count, Why: found.why, By: v.by}
	switch v.outcome {
	case outcomeStored:
		e.Stored = new(true)
		r.kept(r.journal.Resolve(r.disk, b.ledger, b.size(), e, r.clock.Now()))
	case outcomeNotStored:
		e.Stored, e.Ended = new(false), !b.mayContinue()
		r.kept(r.journal.Resolve(r.disk, b.ledger, 0, e, r.clock.Now()))
		r.remember(b)
	default:
		r.note(e)
		r.unknown = append(r.unknown, b)
		return
	}
	r.report.Doubts = history.AddDoubt(r.report.Doubts, b.inHistory(), *e.Stored, v.by)
	r.report.RowsUnproven = history.RowsIn(r.report.Doubts)
}

// remember keeps what is looked for of a batch that is sent again; the batch itself is
// used for other rows. Of one that is sent a third time, the last request may be stored
// the latest.
func (r *resolver) remember(b *batch) {
	if i := slices.IndexFunc(r.again, func(o *batch) bool { return o.number == b.number }); i >= 0 {
		o := r.again[i]
		o.at, o.err, o.ended = b.at, b.err, o.ended && b.ended
		return
	}
	r.again = append(r.again, &batch{number: b.number, at: b.at, err: b.err, ended: b.ended, look: b.look, index: slices.Clone(b.index), rows: slices.Clone(b.rows)})
}

// investigate asks the table until it shows all rows, or no request can be under way any
// more.
func (r *resolver) investigate(ctx context.Context, list []*batch) (found resolution) {
	found.verdicts = make([]verdictOf, len(list))
	expected, limits := r.counter.base+r.report.RowsSent, r.target.Limits()
	var sum int64
	now := r.clock.Steady()
	var left time.Duration // until no request can be under way
	for _, b := range list {
		sum += int64(b.size())
		if b.mayContinue() {
			left = max(left, longestUnknown-now.Since(b.at))
		}
	}
	deadline := now.At + left
	countable := true
	switch {
	case r.counter.base < 0:
		countable, found.why = false, "The table's row count could not be asked before the run: "+r.counter.baseWhy
	case limits.drops(expected + sum):
		countable, found.why = false, fmt.Sprintf("The table keeps about %s rows and drops old ones, so its row count proves nothing.", humanize.Number(limits.Newest))
	}
	if r.aborted {
		found.why = "The run was stopped before the table's row count was asked."
		return found
	}
	r.looker.prepare(ctx, list)
	for _, b := range list { // what was seen of an earlier try says nothing
		b.look.state = lookNone
	}
	var seen counting
	for i := 0; i <= r.polls(); i++ {
		wait := deadline - r.clock.Steady().At // for a last look
		if i < r.polls() {
			wait = pollAfter[i]
		} else if wait <= 0 || r.cancelled() || !countable {
			break
		}
		r.wait(ctx, wait, waitCount)
		if i == r.polls() {
			found.waited = wait
		}
		if countable {
			var err error
			seen, err = r.counter.alone(ctx, func() (int64, error) { return r.counter.patient(ctx, bearOutage) })
			if errors.Is(err, context.Canceled) {
				found.why = "The run was stopped before the table's row count was known."
				return found
			}
			if err != nil {
				countable, found.why = false, "The table's row count could not be asked: "+history.Explain(err).Sentence
			} else {
				found.count = &seen.rows
			}
		}
		if r.search(ctx, list) || countable && r.shown(list, seen, expected+sum) {
			break
		}
		if !countable && !slices.ContainsFunc(list, func(b *batch) bool { return len(b.look.rows.rows) > 0 }) {
			break
		}
	}
	early := r.cancelled() && r.clock.Steady().At < deadline
	r.conclude(&found, list, seen, expected, countable, early)
	return found
}

// search looks for the rows of all batches, and reports whether that answers everything.
func (r *resolver) search(ctx context.Context, list []*batch) (all bool) {
	all = true
	for _, b := range list {
		if b.look.state != lookSeen {
			r.looker.search(ctx, b)
		}
		all = all && b.look.state == lookSeen && r.counter.base == 0
	}
	return all
}

// shown reports whether waiting changes nothing: the table holds as many rows as with all
// batches, or more since others write, and no row that was looked for is missing.
func (r *resolver) shown(list []*batch, seen counting, all int64) bool {
	return seen.rows-seen.by.Rows >= all+total(seen.by.Unknown) &&
		!slices.ContainsFunc(list, func(b *batch) bool { return b.look.state == lookMissing || b.look.state == lookPart })
}

// conclude judges each batch by what was seen of it and by the row count. In a table that
// was empty, rows that were seen are proof. Elsewhere the same rows may have been there
// before, so that the count has to agree. A batch none of whose rows was seen was not
// stored, if the count agrees; that is no proof, since it may still come.
func (r *resolver) conclude(found *resolution, list []*batch, seen counting, expected int64, countable, early bool) {
	rest := seen.rows - expected - seen.by.Rows
	var open, missing []int // batches that only the count can tell about, and those not seen
	var parts []reckon.Part
	var both int64
	for i, b := range list {
		size := int64(b.size())
		switch {
		case b.look.state == lookSeen && r.counter.base == 0 && b.look.proves:
			found.verdicts[i] = verdictOf{outcomeStored, history.ByRows}
			rest -= size
			continue
		case b.look.state == lookMissing:
			missing = append(missing, i)
		default:
			parts = append(parts, reckon.Part{Rows: size, Of: len(open)})
			open = append(open, i)
		}
		both += size
	}
	if len(open)+len(missing) == 0 || !countable {
		return
	}
	for _, n := range seen.by.Unknown {
		parts = append(parts, reckon.Part{Rows: n, Of: reckon.Others})
	}
	parts = append(parts, r.mayCome(list, open, missing, 0)...)
	told, ways := reckon.AddUp(parts, len(open), rest)
	switch {
	case ways > 1:
		found.why = fmt.Sprintf("The table's row count shows that %s of them were stored, but not which.", humanize.Count(rest, "row"))
	case ways == 0:
		found.why = fmt.Sprintf("The table holds %s, and %s or %s were expected: others may be writing into it.",
			humanize.Count(seen.rows, "row"), humanize.Number(expected), humanize.Number(expected+both))
		for _, i := range missing {
			parts = append(parts, reckon.Part{Rows: int64(list[i].size()), Of: reckon.Others})
		}
		if _, fits := reckon.AddUp(parts, len(open), rest); fits > 0 {
			found.why = notSeen
		}
		return
	}
	for at, i := range open {
		b := list[i]
		switch {
		case told[at] == reckon.Open || b.look.state == lookPart && r.counter.base == 0:
		case told[at] == reckon.In && b.look.state == lookSeen && b.look.proves:
			found.verdicts[i] = verdictOf{outcomeStored, history.ByRows}
		case told[at] == reckon.In:
			found.verdicts[i] = verdictOf{outcomeStored, history.ByCount}
		case !early:
			found.verdicts[i] = verdictOf{outcomeNotStored, history.ByCount}
		}
	}
	for _, i := range missing {
		if !early {
			found.verdicts[i] = verdictOf{outcomeNotStored, history.ByCount}
		}
	}
	if early {
		found.why = "The run was cancelled so soon that the service may still store them."
	}
}

const notSeen = "The table's row count fits, but rows of the batch are not in the table: others may be writing into it."

// mostLate is how many batches that were sent again are reckoned with in a row count.
const mostLate = 8

// mayCome returns the last batches that were sent again, whose first requests may have been
// stored since: also those of a batch that is in doubt once more, unless none of its rows
// was seen. within leaves out what was sent earlier; 0 leaves out nothing.
func (r *resolver) mayCome(list []*batch, open, missing []int, within time.Duration) (parts []reckon.Part) {
	for _, o := range slices.Backward(r.again) {
		same := func(i int) bool { return slices.Equal(list[i].index, o.index) }
		if !o.mayContinue() || within > 0 && r.clock.Steady().Since(o.at) > within || len(parts) == mostLate || slices.ContainsFunc(missing, same) {
			continue
		}
		parts = append(parts, reckon.Part{Rows: int64(o.size()), Of: slices.IndexFunc(open, same)})
	}
	return parts
}

// lookAgain looks once more, at the end of a run, for batches that were sent again: their
// first request may have been stored late. Those that are in the table twice are named.
func (r *resolver) lookAgain(ctx context.Context) {
	if len(r.again) == 0 || r.stop != nil || r.counter.blind {
		return
	}
	r.looker.prepare(ctx, r.again)
	var left time.Duration
	for _, b := range r.again {
		if b.mayContinue() {
			left = max(left, longestLate-r.clock.Steady().Since(b.at))
		}
	}
	if left > 0 {
		if !r.countable() && !slices.ContainsFunc(r.again, func(b *batch) bool { return len(b.look.rows.rows) > 0 }) {
			return // nothing would show them
		}
		if r.see(ctx) { // they have come already
			return
		}
		r.wait(ctx, left, waitLate)
	}
	if !r.aborted {
		r.see(ctx)
	}
}

// countable reports whether the row count tells how many rows came late.
func (r *resolver) countable() bool {
	return r.counter.base >= 0 && !r.target.Limits().drops(r.counter.base+r.report.RowsSent)
}

// see looks for batches that were sent again, and reports whether the table holds every one
// twice that may still come.
func (r *resolver) see(ctx context.Context) (all bool) {
	surplus := int64(-1) // not known
	if r.countable() {
		if seen, err := r.counter.alone(ctx, func() (int64, error) { return r.counter.count(ctx) }); err == nil {
			surplus = seen.rows - r.counter.base - r.report.RowsSent - seen.by.Rows
		}
	}
	all = true
	for _, b := range r.again {
		r.looker.search(ctx, b)
		telling := b.look.state == lookSeen && b.look.proves
		twice := b.look.times > 1 && (r.counter.base == 0 || surplus >= int64(b.size()))
		all = all && (telling && twice || !b.mayContinue())
		for i := range r.report.Doubts {
			if d := &r.report.Doubts[i]; d.Batch == b.number && telling {
				d.Doubled, d.Once = twice, b.look.times == 1
			}
		}
	}
	return all
}

// mayContinue reports whether the service may still be at work on the request of a batch
// that ended with an error: its answer got lost on the way, or something in between
// answered.
func (b *batch) mayContinue() bool {
	e := apiError(b.err)
	return !b.ended && (e == nil || e.Page || e.Status == http.StatusBadGateway || e.Status == http.StatusGatewayTimeout)
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
	if looked, found := r.looker.anyOf(ctx, b); looked && !found { // others write into the table
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
		fmt.Fprintf(&details, "Batch %d: rows %d to %d (%d), sent %s%s: %s\n", b.Batch, b.FirstRow, b.LastRow, b.Rows, b.Sent.UTC().Format(time.RFC3339), id, b.Reason)
	}
	was := "were"
	if rows == 1 {
		was = "was"
	}
	return failure.New(failure.Stopped, "rows-unknown",
		fmt.Sprintf("We don't know whether %s %s saved: Power BI's reply never arrived. %s", humanize.Count(rows, "row"), was, e.Why),
		"Check in Power BI whether the rows are there, answer for each batch whether it counts as sent or is sent again, then resume the run.").WithDetails("%s", details.String())
}
