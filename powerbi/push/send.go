package push

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

// How long a run bears trouble before it stops, to be resumed.
const (
	bearOutage  = 10 * time.Minute // no network, or faults of the service, without a batch accepted meanwhile
	bearCount   = 2 * time.Minute  // no row count before the run: it goes on without
	bearNoHour  = 70 * time.Minute // told to wait without being told how long; the longest window is an hour
	cancelWait  = 30 * time.Second // for requests on their way after a cancel
	countLimit  = 15 * time.Second // for a row count that nobody waits for but a person who cancelled
	longestWait = time.Minute      // between two tries, where the service does not say
	signInTries = 3                // after the client's own renewal of a rejected token
)

// Send sends the rows of a source into a table and gives the account of it. The
// receipt is valid whatever happens; the error is why the run did not end as
// StatusDone, and explains itself where a person can do something about it.
//
// One goroutine reads and encodes; at most powerbi.MaxPending requests are on
// their way. on is told of the progress about ten times a second and at the end,
// from the goroutine that called Send; it may be nil.
//
// When ctx ends, no further batch is sent, those on their way are waited for, and
// what they answered is in the receipt.
//
// With a journal of Runs.Resume, the rows that were accepted before are skipped.
// t and m must be those of the journal (Journal.Target, Journal.Mapping), and src
// the same content.
func Send(ctx context.Context, api API, t Target, m mapping.Mapping, src mapping.Source, o Options, on func(Progress)) (Receipt, error) {
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Mode == "" {
		o.Mode = plan.ModeAppend
	}
	if o.Policy == "" {
		o.Policy = mapping.PolicyStop
	}
	if o.CancelWait <= 0 {
		o.CancelWait = cancelWait
	}
	e, err := mapping.NewEncoder(m, o.Policy)
	if err != nil {
		return Receipt{}, errors.Join(err, o.Journal.Close())
	}
	selected, err := mapping.Select(src, m, o.Skip, o.Limit)
	if err != nil {
		return Receipt{}, errors.Join(err, o.Journal.Close())
	}
	r := newRun(api, t, m, o, on)
	if err := r.openJournal(m); err != nil {
		return Receipt{}, errors.Join(err, o.Journal.Close())
	}
	r.reader = newReader(selected, e, o.Pace.BatchSize(), poolSize(o.Pace.OrDocumented().Pending))
	r.reader.stopAt = o.Policy == mapping.PolicyStop
	r.reader.problems = mapping.NewProblems(m)
	r.reader.past = r.past
	r.selected, selected.Report = selected, r.reader.problems.Add

	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	defer r.cutOff()
	r.settlePast(ctx, tick)
	reading, stopReading := context.WithCancel(ctx)
	defer stopReading()
	selected.Look = reading.Err
	if r.stop == nil {
		r.ready = r.reader.ready
		go r.reader.run(reading)
	} else {
		close(r.reader.ready)
	}
	r.loop(ctx, tick)
	stopReading()
	for b := range r.reader.ready { // until the reader has ended
		r.putBack(b)
	}
	r.confirm(ctx, tick)
	r.readBack(ctx, tick)
	return r.finish()
}

// run is one run. Everything in it belongs to the goroutine of Send; the reader
// and the requests have their own.
type run struct {
	api     API
	target  Target
	o       Options
	clock   Clock
	on      func(Progress)
	reader  *reader
	pacer   *plan.Pacer
	journal *Journal
	ledger  *ledger // nil without a journal
	past    *past

	receipt Receipt
	started time.Time     // of this session
	before  time.Duration // what earlier sessions took
	waited  time.Duration

	selected     *mapping.Selection // what the reader reads
	begun        bool
	deleteDoubt  bool   // nobody can say whether the table was emptied
	base         int64  // rows in the table before the run; -1 not known
	baseWhy      string // why not
	numbers      int    // batches numbered so far
	ready        <-chan *batch
	held         *batch            // the next batch, waiting for its turn
	again        []*batch          // to be sent before new ones
	trouble      []*batch          // refused for their rows, or unknown
	tests        int               // POSTs spent on finding bad rows
	refusesWhole bool              // the service keeps nothing of a batch that it refuses
	tooLarge     bool              // the service has said so of a body
	widest       int               // bytes of the largest body that was accepted
	wide         bool              // batches are larger, because requests count by the hour
	rejects      []mapping.Problem // rows that the service did not take
	flying       int
	flight       []*batch // those on their way
	sample       sampler
	results      chan result
	flights      context.Context // of the requests on their way; outlives ctx
	cutOff       func()
	deadline     time.Time // when requests on their way are given up after a cancel
	doubtful     []*batch  // unknown to the end
	deciding     Doubt     // what a person has decided about the batches being settled
	stop         error     // why nothing more is sent
	stopped      Status    // what the run ends as then
	failures     int       // in a row, of the kind that passes
	since        time.Time // the first of them
	lastCall     time.Time // of progress
	lastLeft     time.Time // when left was worked out
	left         time.Duration
	state        State
	waitUntil    time.Time
	waitWhy      string
	spent        time.Duration // by requests that were answered
	answered     int
}

func newRun(api API, t Target, m mapping.Mapping, o Options, on func(Progress)) *run {
	if on == nil {
		on = func(Progress) {}
	}
	now := o.Clock.Now()
	r := &run{api: api, target: t, o: o, clock: o.Clock, on: on, journal: o.Journal, base: -1,
		started: now, results: make(chan result, o.Pace.OrDocumented().Pending), state: StateReading}
	r.pacer = plan.NewPacer(o.Pace, t.Retention)
	r.flights, r.cutOff = context.WithCancel(context.Background())
	r.receipt = Receipt{RunID: uuid.Must(uuid.NewV7()).String(), Workspace: t.WorkspaceName, Dataset: t.DatasetName, Table: t.Table,
		WorkspaceID: t.WorkspaceID, DatasetID: t.DatasetID, Retention: t.Retention, Mode: o.Mode, Policy: o.Policy,
		File: o.File, Sheet: o.Sheet, Range: o.Range, FileHash: o.FileHash, RowsTotal: o.TotalRows, Started: now,
		Skip: o.Skip, Limit: o.Limit, By: o.By, Connection: o.Connection, Of: o.Of, Mapping: &m}
	return r
}

// openJournal writes the start of the run, or takes over what earlier sessions did.
func (r *run) openJournal(m mapping.Mapping) error {
	if r.journal == nil {
		return nil
	}
	meta := runMeta{RunID: r.journal.id, Target: r.target, Mapping: m, Mode: r.o.Mode, Policy: r.o.Policy,
		File: r.o.File, Sheet: r.o.Sheet, Range: r.o.Range, FileHash: r.o.FileHash, TotalRows: r.o.TotalRows,
		Skip: r.o.Skip, Limit: r.o.Limit, By: r.o.By, Connection: r.o.Connection, Of: r.o.Of}
	if err := r.journal.open(meta, r.started); err != nil {
		return err
	}
	r.receipt.RunID = r.journal.id
	r.ledger = &ledger{runs: r.journal.runs, dataset: datasetKey(r.target.DatasetID), table: r.target.Table, session: r.journal.session, run: r.journal.id, clock: r.clock}
	if r.past = r.journal.past; r.past == nil {
		return nil
	}
	p := r.past
	r.receipt.Started, r.before = p.started, p.took
	r.receipt.Batches, r.receipt.Requests, r.receipt.Retries = p.batches, p.requests, p.retries
	r.receipt.RowsSent, r.receipt.RowsRejected = p.rowsSent(), int64(len(p.rejects))
	r.receipt.Deleted, r.numbers = p.deleted, p.numbers
	r.receipt.RequestIDs = p.ids
	r.base, r.baseWhy = p.base, p.baseWhy
	r.ledger.after, r.ledger.counted = p.after, p.counted && p.base >= 0
	if p.counted && p.base >= 0 && !p.deleted {
		r.receipt.RowsBefore = &p.base
	}
	for _, problem := range p.rejects {
		r.rejects = append(r.rejects, problem)
	}
	return nil
}

// begin does what must happen once, right before the first batch is sent.
func (r *run) begin(ctx context.Context, tick *time.Ticker) {
	r.begun = true
	if r.past == nil || !r.past.counted {
		r.countBefore(ctx, tick)
	}
	if r.o.Mode == plan.ModeReplace && !r.receipt.Deleted {
		r.rehearse(ctx)
		r.deleteRows(ctx, tick)
	}
	if r.base >= 0 {
		r.pacer.Table = r.base + r.receipt.RowsSent
	}
	r.widen()
}

// countBefore asks how many rows the table holds, so that the count afterwards
// means something. A run goes on without.
func (r *run) countBefore(ctx context.Context, tick *time.Ticker) {
	asked, c, err := r.firstCount(ctx, tick)
	switch {
	case errors.Is(err, errNoSilence):
		r.base, r.baseWhy = -1, "Another run of this computer kept sending into it."
	case err != nil:
		r.base, r.baseWhy = -1, accountOf(err).reason
	default:
		r.base, r.baseWhy = c.rows, ""
		r.receipt.RowsBefore = &c.rows
		r.sized(c, asked)
	}
	r.note(entry{Type: entryBase, Count: &r.base, Why: r.baseWhy, Ledger: c.last})
}

// sized notes in the ledger how many rows the table holds.
func (r *run) sized(c counting, at time.Time) {
	if r.journal == nil {
		return
	}
	r.ledger.after, r.ledger.counted = c.last, true
	if err := r.ledger.sized(c.rows, at); err != nil {
		r.end(StatusStopped, err)
	}
}

// deleteRows empties the table. Doing it twice does no harm as long as nothing
// was sent, so that trouble which passes is waited out.
func (r *run) deleteRows(ctx context.Context, tick *time.Ticker) {
	for r.stop == nil {
		r.note(entry{Type: entryDelete})
		err := r.api.DeleteRows(context.WithoutCancel(ctx), r.target.WorkspaceID, r.target.DatasetID, r.target.Table)
		r.deleteDoubt = powerbi.OutcomeOf(err) == powerbi.Unknown
		if err == nil {
			r.receipt.Deleted = true
			r.emptied()
			r.calm()
			return
		}
		if ctx.Err() != nil {
			r.cancelled(ctx)
			return
		}
		var answer *powerbi.APIError
		switch {
		case errors.As(err, &answer) && answer.Throttled():
			r.throttle(answer)
		case passing(err) || powerbi.OutcomeOf(err) == powerbi.Unknown:
			r.outage(err, waitNetwork)
		default:
			r.end(StatusFailed, err)
		}
		r.sleep(ctx, tick)
	}
}

// emptied notes that the table holds nothing any more.
func (r *run) emptied() {
	var c counting
	if r.journal != nil {
		if err := r.ledger.others(&c); err != nil {
			r.end(StatusStopped, err)
			return
		}
		c.rows = 0
	}
	if r.base >= 0 {
		r.base = 0
		r.sized(c, r.clock.Now())
	}
	r.note(entry{Type: entryDeleted, Ledger: c.last})
}

// end lets nothing more be sent. The first reason stands.
func (r *run) end(s Status, why error) {
	if r.stop == nil {
		r.stop, r.stopped = why, s
	}
}

// CancelledError says that a run was cancelled.
type CancelledError struct{ cause error }

func (e *CancelledError) Error() string    { return "the run was cancelled" }
func (e *CancelledError) Unwrap() error    { return e.cause }
func (e *CancelledError) Sentence() string { return "The run was cancelled." }
func (e *CancelledError) Remedy() string   { return "Continue the run to send the rows that are left." }
func (e *CancelledError) Who() string      { return "you" }
func (e *CancelledError) Details() string  { return "" }

// cancelled notes that the caller wants no more, and when requests on their way
// will be given up.
func (r *run) cancelled(ctx context.Context) {
	r.end(StatusStopped, &CancelledError{ctx.Err()})
	if r.deadline.IsZero() {
		r.deadline = r.clock.Now().Add(r.o.CancelWait)
	}
}
