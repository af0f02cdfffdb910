package push

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
)

// How long a run tries again before it stops, to be resumed.
const (
	bearOutage  = 10 * time.Minute // no network, or errors of the service, without a batch accepted meanwhile
	bearCount   = 2 * time.Minute  // no row count before the run: it continues without
	bearNoHour  = 70 * time.Minute // told to wait without being told how long; the longest window is an hour
	cancelWait  = 30 * time.Second // for requests in flight after a cancel
	countLimit  = 15 * time.Second // for a row count that nobody waits for but a person who cancelled
	longestWait = time.Minute      // between two tries, where the service does not say
	signInTries = 3                // after the client's own renewal of a rejected token
)

// How long a row count is given to show the last rows: the service does not say how
// soon that is.
var pollAfter = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second}

const (
	pollsWhenCancelled = 3 // for someone who wants to go

	// longestRequest is how long the service may take to store a batch after it was
	// sent: more than it has been seen to take, and as long as the client waits.
	longestRequest = 90 * time.Second

	// longestUnknown is when a batch that no row count shows is not stored: no request
	// can be under way any more, and the count had as long as pollAfter gives it.
	longestUnknown = longestRequest + 30*time.Second

	// longestLate is when the table is looked at once more for a batch that was sent again:
	// one whose connection broke has been stored minutes later.
	longestLate = 330 * time.Second
)

// Why a run waits, besides the limits.
const (
	waitLimit    = "A limit of Power BI is reached, and it does not say for how long; trying again"
	waitNew      = "The new dataset is not there yet; trying again"
	waitNetwork  = "Power BI cannot be reached; trying again"
	waitSignIn   = "Power BI does not accept the sign-in; trying again"
	waitBusy     = "Power BI reported an internal error; trying again"
	waitCounting = "Another run is counting the table's rows"
	waitOthers   = "Another run's requests are still in progress; then the table's rows are counted"
	waitCount    = "The table's row count does not show the last rows yet"
	waitLate     = "Rows were sent again after a lost reply; the table is looked at once more for the first copy"
)

// errCancelled says that a run was cancelled.
var errCancelled = failure.New(failure.Cancelled, "run-cancelled", "The run was cancelled.", "Resume the run to send the rows that are left.")

// run is what all parts of a run share: where its rows go, its journal, its account,
// and why it ends. Everything in it belongs to the goroutine of Send.
type run struct {
	target  Target
	mapping mapping.Mapping
	o       Options
	clock   clock.Clock
	journal *history.Journal // nil keeps nothing
	replay  *history.Replay  // nil for a new run
	pacer   *plan.Pacer
	report  *report

	// turn waits until something happens: an answer, the time until, done, a cancel, or
	// the next report of progress. The sender sets it.
	turn func(ctx context.Context, until time.Time, done <-chan struct{})
	// disk is the context of what must be written whatever the caller decides.
	disk context.Context

	stop     error          // why nothing more is sent
	status   history.Status // what the run ends as then
	deadline time.Time      // after a cancel: when requests in flight are given up
	aborted  bool
}

// end lets nothing more be sent. The first reason stands.
func (r *run) end(s history.Status, why error) {
	if r.stop == nil {
		r.stop, r.status = why, s
	}
}

// cancel notes that the caller wants no more, and when requests in flight will be
// given up.
func (r *run) cancel(ctx context.Context) {
	r.end(history.StatusStopped, errCancelled.Because(ctx.Err()))
	if r.deadline.IsZero() {
		r.deadline = r.clock.Now().Add(r.o.CancelWait)
		r.report.stopping = true
		r.report.tell(true)
	}
}

// bearNew is how long a dataset that was just created may seem not to be there.
const bearNew = 90 * time.Second

// notThere reports whether a failure says that a dataset is not there which was created
// for this run.
func (r *run) notThere(err error) bool {
	e := apiError(err)
	return r.o.Created && e != nil && e.Status == http.StatusNotFound
}

// early is notThere a moment after the dataset was created, and before it took rows of an
// earlier session.
func (r *run) early(err error) bool {
	return r.notThere(err) && (r.replay == nil || r.replay.Batches.Accepted == 0) && r.clock.Now().Sub(r.report.started) < bearNew
}

// UnseenError is a dataset that was created and does not appear.
type UnseenError struct {
	Dataset string
	Err     error
}

func (e *UnseenError) Error() string { return "the new dataset does not appear: " + e.Err.Error() }
func (e *UnseenError) Unwrap() error { return e.Err }

// Failure is the error in words.
func (e *UnseenError) Failure() *failure.Error {
	return failure.New(failure.Stopped, "dataset-unseen",
		fmt.Sprintf("Power BI has created the dataset “%s”, but still answers that it is not there.", e.Dataset),
		"This passes by itself. Send the file again in a few minutes, into the dataset that exists by then.").
		Because(e.Err).WithDetails("%s", history.Explain(e.Err).Details)
}

// cancelled reports whether the caller wants no more.
func (r *run) cancelled() bool { return !r.deadline.IsZero() }

// kept ends the run if something could not be written: a batch that no journal knows
// must not be in flight.
func (r *run) kept(err error) {
	if err != nil {
		r.end(history.StatusStopped, err)
	}
}

// note writes an entry of the journal.
func (r *run) note(e history.Entry) { r.kept(r.journal.Add(r.disk, e, r.clock.Now())) }

// await asks the place a question and lets the run go on meanwhile. A cancel does not
// end the question, but makes it short; an abort ends it.
func (r *run) await(ctx context.Context, ask func(context.Context) error) error {
	return r.within(ctx, time.Minute, ask)
}

// within does something that takes at most so long, and lets the run go on meanwhile, as
// await does.
func (r *run) within(ctx context.Context, limit time.Duration, ask func(context.Context) error) (err error) {
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	done := make(chan struct{})
	go func() {
		err = ask(own)
		close(done)
	}()
	for shortened := false; ; {
		if r.cancelled() && !shortened {
			shortened = true
			defer time.AfterFunc(countLimit, cancel).Stop()
		}
		if r.aborted {
			cancel()
		}
		r.turn(ctx, time.Time{}, done)
		select {
		case <-done:
			return err
		default:
		}
	}
}

// polls returns how often a row count is asked until it is believed.
func (r *run) polls() int {
	switch {
	case r.aborted:
		return 0
	case r.cancelled():
		return pollsWhenCancelled
	}
	return len(pollAfter)
}

// wait lets time pass, whatever the pacer says; after a cancel too, but a cancel ends
// it. A clock that is set meanwhile does not make it longer or shorter.
func (r *run) wait(ctx context.Context, d time.Duration, why string) {
	already := r.cancelled()
	end := r.clock.Steady().At + d
	for !r.aborted {
		left := end - r.clock.Steady().At
		if left <= 0 {
			return
		}
		until := r.clock.Now().Add(left)
		r.report.waiting(until, why, true)
		r.turn(ctx, until, nil)
		if !already && r.cancelled() {
			return
		}
	}
}
