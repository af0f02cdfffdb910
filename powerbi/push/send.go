package push

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/words"
)

// Send sends the rows of a source to a place and returns the account of it. The receipt
// is valid whatever happens; the error is why the run was not finished. One that has
// nothing left to send but left rows out ends as StatusPartial, without an error.
//
// One goroutine reads and encodes; at most powerbi.MaxPending requests are in flight.
// on is told of the progress about ten times a second and at the end, from the
// goroutine that called Send; it may be nil.
//
// When ctx ends, no further batch is sent, those in flight are waited for, and what
// they answered is in the receipt. Options.Abort ends that too.
//
// With the journal of a run that is resumed, the rows that were accepted before are
// skipped. The place and m must be those of the journal, and src the same content.
func Send(ctx context.Context, target Target, m mapping.Mapping, src mapping.Source, o Options, on func(Progress)) (history.Receipt, error) {
	o = o.orDefault()
	refuse := func(err error) (history.Receipt, error) {
		return history.Receipt{}, errors.Join(err, o.Journal.Close())
	}
	e, err := mapping.NewEncoder(m, o.Policy)
	if err != nil {
		return refuse(err)
	}
	selected, err := mapping.Select(src, m, o.Skip, o.Limit)
	if err != nil {
		return refuse(err)
	}
	s := newSender(ctx, target, m, o, on)
	if err := s.start(); err != nil {
		return refuse(err)
	}
	s.read(selected, e)
	s.tick = time.NewTicker(progressEvery)
	defer s.tick.Stop()
	defer s.cutOff()

	s.resolveEarlier(ctx)
	reading, stopReading := context.WithCancel(ctx)
	defer stopReading()
	selected.Look = reading.Err
	if s.stop == nil {
		s.queue.ready = s.reader.ready
		go s.reader.run(reading)
	} else {
		close(s.reader.ready)
	}
	s.loop(ctx)
	stopReading()
	for b := range s.reader.ready { // until the reader has ended
		s.queue.putBack(b)
	}
	s.resolver.lookAgain(ctx)
	s.counter.confirm(ctx, len(s.resolver.unknown) > 0, s.pacing.failures == 0)
	s.sample.readBack(ctx, s.run, s.counter.base)
	s.ended() // a cancel may have come when nothing was left to send
	s.verify(ctx)
	return s.finish()
}

// verify ends a run that has sent everything, but not what was meant.
func (s *sender) verify(ctx context.Context) {
	if s.stop != nil || s.o.Verify == nil {
		return
	}
	if err := s.within(ctx, rereading, s.o.Verify); err != nil {
		s.end(history.StatusFailed, err)
	}
}

// newSender puts the parts of a run together.
func newSender(ctx context.Context, target Target, m mapping.Mapping, o Options, on func(Progress)) *sender {
	if on == nil {
		on = func(Progress) {}
	}
	t, now := target.Table(), o.Clock.Now()
	r := &run{target: target, mapping: m, o: o, clock: o.Clock, journal: o.Journal, replay: o.Journal.Replay(),
		pacer: plan.NewPacer(o.Pace, t.Retention), disk: context.WithoutCancel(ctx)}
	r.report = &report{clock: o.Clock, pacer: r.pacer, on: on, batch: int64(o.Pace.BatchSize().Rows), started: now, state: StateReading,
		Receipt: o.about(uuid.Must(uuid.NewV7()).String(), t, m).Receipt()}
	r.report.Receipt.Started = now
	s := &sender{run: r, pacing: &pacing{run: r}, counter: &counter{run: r, base: -1}, queue: &queue{}, results: make(chan result, o.Pace.OrDocumented().Pending)}
	s.resolver = &resolver{run: r, counter: s.counter, looker: looker{r, s.counter}}
	s.replacer = &replacer{run: r, counter: s.counter, pacing: s.pacing}
	s.bisector = &bisector{run: r, counter: s.counter, resolver: s.resolver, queue: s.queue, ask: s.sendAlone}
	s.flights, s.cutOff = context.WithCancel(context.Background())
	r.turn = func(ctx context.Context, until time.Time, done <-chan struct{}) {
		if res := s.step(ctx, false, until, done); res != nil {
			s.handle(*res)
		}
	}
	return s
}

// start writes the start of the run, and takes over what earlier sessions did.
func (s *sender) start() error {
	if s.journal == nil {
		return nil
	}
	if err := s.journal.Start(s.disk, s.o.about(s.journal.ID(), s.target.Table(), s.mapping), s.report.started, s.clock.Now); err != nil {
		return err
	}
	c, p := s.report, s.replay
	c.RunID = s.journal.ID()
	if p == nil {
		return nil
	}
	c.Receipt.Started, c.before, c.waited, c.earlier = p.Started, p.Took, p.Waited, p.RowsSent()
	c.Batches, c.Requests, c.Retries = p.Batches.Accepted, p.Batches.Requests, p.Batches.Retries
	c.RowsSent, c.RowsRejected, c.RowsRefused = p.RowsSent(), int64(len(p.Rejects)), int64(len(p.Rejects))
	c.Deleted, c.RequestIDs = p.Deleted, p.Requested
	c.Doubts, c.RowsUnproven = p.Doubts, history.RowsIn(p.Doubts)
	s.numbers = p.Batches.Numbers
	s.counter.takeOver(p)
	for _, problem := range p.Rejects {
		s.bisector.rejects = append(s.bisector.rejects, problem)
	}
	return nil
}

// read makes the reader of a source.
func (s *sender) read(selected *mapping.Selection, e *mapping.Encoder) {
	s.reader = newReader(selected, e, s.o.Pace.BatchSize(), poolSize(s.o.Pace.OrDocumented().Pending))
	s.reader.stopAt = s.o.Policy == mapping.PolicyStop
	s.reader.problems = mapping.NewProblems(s.mapping)
	s.reader.replay = s.replay
	s.selected, selected.Report = selected, s.reader.problems.Add
	s.report.reader, s.bisector.reader = s.reader, s.reader
	s.sizing = &sizing{pacer: s.pacer, reader: s.reader, fixed: s.o.Pace.BatchBytes > 0}
}

// resolveEarlier finds out what became of batches that earlier sessions left unknown,
// before anything is read: rows that turn out not to be stored are sent again. If it
// cannot be found out, the person's decision counts.
func (s *sender) resolveEarlier(ctx context.Context) {
	if s.replay == nil {
		return
	}
	for _, d := range s.replay.Doubts {
		if d.Kind == history.DoubtResent {
			s.resolver.again = append(s.resolver.again, earlierBatch(history.Batch{Number: d.Batch, Sent: d.Sent, At: d.At, Spans: d.Spans, First: d.FirstRow, Last: d.LastRow, Ended: d.Ended}))
		}
	}
	if len(s.replay.Unknown) == 0 {
		return
	}
	var list []*batch
	now := s.clock.Steady()
	for _, b := range s.replay.Unknown {
		e := earlierBatch(b)
		if now.Since(e.at) == 0 { // sent before the computer was started last, or nobody can tell: the wait begins anew
			e.at = now
		}
		list = append(list, e)
	}
	s.resolver.decided = s.o.Unknown
	for i, o := range s.resolve(ctx, list) {
		if o == outcomeStored {
			s.replay.Accept(s.replay.Unknown[i])
		}
	}
	s.resolver.decided = UnknownKeep
}

// resumable reports whether a run that was ended is worth resuming: one that has changed
// nothing and was refused would only be refused again.
func (s *sender) resumable() bool {
	c := s.report
	return c.Status != history.StatusFailed || c.RowsSent > 0 || c.RowsUnknown > 0 || c.Deleted || s.replacer.unknown
}

// finish completes the receipt, writes it to the journal and tells the last progress.
func (s *sender) finish() (history.Receipt, error) {
	c := s.report
	c.RowsUnknown = 0
	for _, b := range s.resolver.unknown {
		c.RowsUnknown += int64(b.size())
	}
	c.RowsRejected += s.reader.rejected.Load()
	c.RowsRead = max(s.reader.read.Load(), c.RowsSent+c.RowsRejected+c.RowsUnknown, s.replay.RowsRead())
	c.RowsNotSent = c.RowsRead - c.RowsSent - c.RowsRejected - c.RowsUnknown
	c.RowsNotRead = max(c.RowsTotal-c.RowsRead, 0)
	c.Filtered = max(s.selected.Filtered(), s.replay.Filtered())
	for _, p := range s.bisector.rejects {
		s.reader.problems.Add(p)
	}
	c.Problems, c.ProblemCounts = s.reader.problems.Kept(), s.reader.problems.ProblemCounts()
	c.Ended = s.clock.Now()
	c.DurationMs = (c.before + max(c.Ended.Sub(c.started), 0)).Milliseconds() // a clock may be put back
	c.WaitedMs = c.waited.Milliseconds()
	if _, refused := errors.AsType[*RefusedRowError](s.stop); refused && c.RowsNotSent+c.RowsUnknown == 0 && (s.reader.err == nil || c.RowsRead == c.RowsTotal) {
		s.stop = nil // it was the last row that was left
	}
	if s.stop == nil && c.RowsSent == 0 && c.RowsRefused > 0 {
		s.end(history.StatusFailed, &AllRefusedError{c.RowsRefused, s.bisector.rejects[0]})
	}
	c.Status = history.StatusDone
	if c.RowsRejected > 0 {
		c.Status = history.StatusPartial
	}
	if len(c.Doubts) > 0 {
		c.Status = history.StatusUnproven
	}
	if s.stop != nil {
		c.Status = s.status
		c.Fail(s.stop)
		if s.replacer.unknown {
			c.Reason += history.DeletionUnknown
		}
		c.FirstUnsentRow = s.queue.firstRow(s.reader.row, s.reader.left)
		c.Resumable = s.journal != nil && s.resumable()
	}
	c.Unproven = words.Unproven(c.Receipt)
	err := s.journal.Finish(s.disk, c.Receipt)
	c.tellLast()
	if s.stop != nil {
		err = errors.Join(s.stop, err)
	}
	return c.Receipt, err
}
