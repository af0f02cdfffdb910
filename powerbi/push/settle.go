package push

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"pushdesk/powerbi"
)

// How long a row count is given to show the last rows: the service does not say
// how soon that is.
var pollAfter = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second}

const (
	// longestRequest is how long the service may take to store a batch after it was
	// sent: more than it has been seen to take, and as long as the client waits.
	longestRequest = 90 * time.Second

	// longestDoubt is when a batch that no row count shows is not stored: no request
	// can be under way any more, and the count had as long as pollAfter gives it.
	longestDoubt = longestRequest + 30*time.Second
)

// pollsWhenCancelled is how many of the polls are made for someone who wants to go.
const pollsWhenCancelled = 3

// fate is what became of a batch whose answer was lost.
type fate int

const (
	fateUnknown fate = iota
	fateStored
	fateNotStored
)

// settle finds out by the table's row count which batches were stored whose answers
// were lost. Nothing else is on its way. It is
// proof only while nobody else writes into the table, which the count shows when it
// fits exactly.
func (r *run) settle(ctx context.Context, tick *time.Ticker, list []*batch) []fate {
	sizes := make([]int64, len(list))
	var sum int64
	var sent time.Time
	for i, b := range list {
		sizes[i] = int64(b.size())
		sum += sizes[i]
		if mayGoOn(b.err) && b.sent.After(sent) {
			sent = b.sent
		}
	}
	fates, n, why := r.fates(ctx, tick, sizes, sum, sent)
	for i, b := range list {
		if fates[i] == fateStored && r.denied(ctx, tick, b) {
			clear(fates) // then the count says nothing about the others either
			why = notSeen
			break
		}
	}
	for i := range fates {
		if fates[i] != fateUnknown {
			continue
		}
		switch r.deciding {
		case DoubtStored:
			fates[i] = fateStored
		case DoubtResend:
			fates[i] = fateNotStored
		}
	}
	for i, b := range list {
		e := entry{Type: entrySettled, Batch: b.number, Rows: b.size(), Count: n, Why: why}
		switch fates[i] {
		case fateStored:
			e.Stored = new(true)
			r.pacer.Accepted(r.clock.Now(), b.size())
			r.stored(b)
			r.sample.keep(b)
			r.noteSettled(b, b.size(), e)
		case fateNotStored:
			e.Stored = new(false)
			r.noteSettled(b, 0, e)
		default:
			r.note(e)
			r.doubtful = append(r.doubtful, b)
		}
	}
	if len(r.doubtful) > 0 {
		r.endInDoubt(why)
	}
	return fates
}

// fates works out the fate of batches of some sizes; n is the last count that was
// seen and why says what stands against a verdict. sent is when the last of them
// left that the service may still be at work on: a batch may be stored some time
// after its connection broke, and is not called lost before that can be over.
func (r *run) fates(ctx context.Context, tick *time.Ticker, sizes []int64, sum int64, sent time.Time) (fates []fate, n *int64, why string) {
	fates = make([]fate, len(sizes))
	expected := r.base + r.receipt.RowsSent
	switch {
	case r.base < 0:
		return fates, nil, "The table's row count could not be asked before the run: " + r.baseWhy
	case r.target.Retention == powerbi.RetentionFIFO && expected+sum > powerbi.MaxRowsFIFO:
		return fates, nil, fmt.Sprintf("The table keeps about %s rows and drops old ones, so that its row count proves nothing.", thousands(powerbi.MaxRowsFIFO))
	}
	var seen counting
	for i := 0; i <= r.polls(); i++ {
		wait := sent.Add(longestDoubt).Sub(r.clock.Now()) // for a last look, when no request can be under way any more
		if i < r.polls() {
			wait = pollAfter[i]
		} else if wait <= 0 || !r.deadline.IsZero() {
			break
		}
		wait = min(wait, longestDoubt) // sent may be of a clock that was ahead
		r.pause(ctx, tick, wait)
		if i == r.polls() {
			r.since = r.since.Add(wait) // this is no part of an outage
		}
		got, err := r.countAlone(ctx, tick, func() (int64, error) { return r.patientCount(ctx, tick, bearOutage) })
		if err != nil {
			return fates, n, "The table's row count could not be asked: " + accountOf(err).reason
		}
		seen, n = got, &got.rows
		if got.rows-expected-got.foreign >= sum+total(got.unsure) { // all of them, or others write: no waiting changes that
			break
		}
	}
	expected += seen.foreign
	stored, ways := subset(sizes, seen.unsure, seen.rows-expected)
	if ways > 1 {
		return fates, n, fmt.Sprintf("The table's row count shows that %s of them were stored, but not which.", count(seen.rows-expected, "row"))
	}
	if ways == 0 {
		return fates, n, fmt.Sprintf("The table holds %s, and %s or %s were expected: others may be writing into it.",
			count(*n, "row"), thousands(expected), thousands(expected+sum))
	}
	early := r.clock.Now().Before(sent.Add(longestDoubt)) && !r.deadline.IsZero()
	for i := range fates {
		switch {
		case stored[i]:
			fates[i] = fateStored
		case early:
			why = "The run was cancelled so soon that the service may still store them."
		default:
			fates[i] = fateNotStored
		}
	}
	return fates, n, why
}

// mayGoOn tells whether the service may still be at work on a request that ended
// with an error: its answer got lost on the way, or something in between answered.
func mayGoOn(err error) bool {
	e := apiError(err)
	return e == nil || e.Page || e.Status == http.StatusBadGateway || e.Status == http.StatusGatewayTimeout
}

func total(list []int64) (sum int64) {
	for _, n := range list {
		sum += n
	}
	return sum
}

// subset finds which of some sizes add up to a sum, together with any of those of
// other runs that are not sure either, and in how many ways as far as the former go:
// none, one, or more.
func subset(sizes, others []int64, sum int64) (in []bool, ways int) {
	const most = 16 // more than there can be on their way
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

// count asks the table's row count. A cancel does not end it, but makes it short.
func (r *run) count(ctx context.Context) (int64, error) {
	own, cancel := r.limited(ctx)
	defer cancel()
	return r.api.CountRows(own, r.target.WorkspaceID, r.target.DatasetID, r.target.Table)
}

// limited gives a context for a question that a cancel does not end, but makes
// short.
func (r *run) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := time.Minute
	if ctx.Err() != nil {
		limit = countLimit
	}
	return context.WithTimeout(context.WithoutCancel(ctx), limit)
}

// polls is how often a row count is asked until it is believed.
func (r *run) polls() int {
	if !r.deadline.IsZero() {
		return pollsWhenCancelled
	}
	return len(pollAfter)
}

// patientCount asks the table's row count and bears trouble that passes for a while,
// as sending does. After a cancel it does not.
func (r *run) patientCount(ctx context.Context, tick *time.Ticker, bear time.Duration) (int64, error) {
	began := r.clock.Now()
	for wait := time.Second; ; wait = min(2*wait, longestWait) {
		n, err := r.count(ctx)
		if err == nil || !passing(err) || !r.deadline.IsZero() || ctx.Err() != nil || r.clock.Now().Sub(began) >= bear {
			return n, err
		}
		if e := apiError(err); e != nil {
			wait = max(wait, e.RetryAfter)
		}
		r.pause(ctx, tick, wait)
	}
}

// pause waits for the row count to show the last rows.
func (r *run) pause(ctx context.Context, tick *time.Ticker, d time.Duration) {
	r.pauseFor(ctx, tick, d, waitCount)
}

// pauseFor waits, whatever the pacer says; after a cancel too, but a cancel ends it.
func (r *run) pauseFor(ctx context.Context, tick *time.Ticker, d time.Duration, why string) {
	wanted := r.deadline.IsZero()
	until := r.clock.Now().Add(d)
	for r.clock.Now().Before(until) {
		r.waiting(until, why, true)
		r.turn(ctx, tick, false, until)
		if wanted && !r.deadline.IsZero() {
			return
		}
	}
}

// DoubtError says that nobody can say whether some rows were stored.
type DoubtError struct {
	Batches []DoubtfulBatch
	Why     string
}

func (e *DoubtError) Error() string { return "some batches may or may not have been stored" }
func (e *DoubtError) Sentence() string {
	var rows int64
	for _, b := range e.Batches {
		rows += int64(b.Rows)
	}
	if rows == 1 {
		return "It is not certain whether 1 row was stored, because the answer was lost. " + e.Why
	}
	return fmt.Sprintf("It is not certain whether %s were stored, because the answers were lost. %s", count(rows, "row"), e.Why)
}
func (e *DoubtError) Remedy() string {
	return "Look in Power BI whether these rows are there. Then resume the run and say whether they are to be taken as sent or sent again."
}
func (e *DoubtError) Who() string { return "you" }
func (e *DoubtError) Details() string {
	s := ""
	for _, b := range e.Batches {
		s += fmt.Sprintf("Rows %d to %d (%d), sent %s, request ID %s: %s\n", b.FirstRow, b.LastRow, b.Rows, b.Sent.UTC().Format(time.RFC3339), b.RequestID, b.Reason)
	}
	return s
}

// endInDoubt ends the run with what is not known. It stands before any other
// reason to end.
func (r *run) endInDoubt(why string) {
	e := &DoubtError{Why: why}
	for _, b := range r.doubtful {
		e.Batches = append(e.Batches, b.doubtful())
	}
	r.receipt.Doubtful = e.Batches
	r.stop, r.stopped = e, StatusUnknown
}
