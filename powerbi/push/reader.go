package push

import (
	"context"
	"fmt"
	"sync/atomic"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// reader reads the source and makes batches, in one goroutine of its own. The
// batches come from a pool, so that memory stays flat and reading waits while
// sending does.
type reader struct {
	src      mapping.Source
	encoder  *mapping.Encoder
	size     mapping.BatchSize
	bytes    *atomic.Int64 // the byte cap, lowered when the service says that a body is too large
	slot     int           // how many batches were made
	largest  int           // the bytes of the largest of them
	stopAt   bool          // the first row with a problem ends the reading
	replay   *history.Replay
	problems *mapping.Problems

	free   chan *batch
	pool   int // batches that exist; of the goroutine that recycles them, as is widest
	widest int // bytes of the largest that was recycled
	ready  chan *batch

	read     atomic.Int64
	rejected atomic.Int64

	// Read after ready is closed.
	err  error
	left *batch // read, but not handed over
	row  int    // the last sheet row read
}

// poolSize is how many batches may exist: those on their way, one that waits for
// its turn, one that is filling, and one to spare.
func poolSize(pending int) int { return pending + 3 }

func newReader(src mapping.Source, e *mapping.Encoder, size mapping.BatchSize, pool int) *reader {
	r := &reader{src: src, encoder: e, size: size, pool: pool, bytes: new(atomic.Int64), free: make(chan *batch, pool), ready: make(chan *batch)}
	r.bytes.Store(int64(size.Bytes))
	for range pool {
		r.free <- &batch{pooled: true}
	}
	return r
}

// RowError is a row that cannot be sent under the policy "stop".
type RowError struct{ Problem mapping.Problem }

func (e *RowError) Error() string {
	return fmt.Sprintf("%s: %s", e.Problem.Address, e.Problem.Rule)
}

// Failure is the error in words.
func (e *RowError) Failure() *failure.Error {
	p := e.Problem
	return failure.New(failure.Data, "value-refused",
		fmt.Sprintf("The value in %s does not fit the column “%s”: %s.", p.Address, p.Column, text.LowerFirst(p.Rule)),
		p.Advice+" Or choose to skip such rows, or to send such values as blank.").WithDetails("Cell: %s\nValue: %s", p.Address, p.Value)
}

// run reads until the end, an error, or the end of the context.
func (r *reader) run(ctx context.Context) {
	defer close(r.ready)
	r.err = r.batches(ctx)
}

func (r *reader) batches(ctx context.Context) error {
	b, err := r.next(ctx)
	if err != nil {
		return err
	}
	r.left = b
	var bad *mapping.Problem
	report := func(p mapping.Problem) {
		r.problems.Add(p)
		if p.Severity == mapping.SeverityError && bad == nil {
			bad = &p
		}
	}
	var line []byte
	for index := 0; r.src.Next(); index++ {
		if index%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		number, cells := r.src.Row()
		r.row = number
		bad = nil
		var ok bool
		line, ok = r.encoder.AppendRow(line[:0], number, cells, report)
		r.read.Add(1)
		if !ok {
			if r.stopAt {
				return &RowError{*bad}
			}
			r.rejected.Add(1)
			continue
		}
		if r.replay.Skips(index) {
			continue
		}
		r.size.Bytes = int(r.bytes.Load())
		if r.size.Full(r.slot, b.size(), len(b.body), len(line)) {
			if b, err = r.handOver(ctx, b); err != nil {
				return err
			}
		}
		b.begin()
		b.body = append(b.body, line...)
		b.add(number, index)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := r.src.Err(); err != nil {
		return &sourceError{r.row, err}
	}
	if b.size() > 0 {
		b.close()
		if err := r.offer(ctx, b); err != nil {
			return err
		}
	}
	r.left = nil
	return nil
}

// handOver gives a full batch away and takes a new one.
func (r *reader) handOver(ctx context.Context, b *batch) (*batch, error) {
	b.close()
	r.slot++
	r.largest = max(r.largest, len(b.body))
	if err := r.offer(ctx, b); err != nil {
		return nil, err
	}
	r.left = nil
	next, err := r.next(ctx)
	r.left = next
	return next, err
}

func (r *reader) offer(ctx context.Context, b *batch) error {
	select {
	case r.ready <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *reader) next(ctx context.Context) (*batch, error) {
	select {
	case b := <-r.free:
		b.grow(r.largest, r.size.Rows)
		b.reset()
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// recycle gives a batch back to the pool.
func (r *reader) recycle(b *batch) {
	if !b.pooled {
		return
	}
	r.widest = max(r.widest, len(b.body))
	if r.pool > leastPool && r.pool*r.widest > poolBytes {
		r.pool--
		return
	}
	r.free <- b
}

// sourceError is a file that could not be read to its end.
type sourceError struct {
	row int
	err error
}

func (e *sourceError) Error() string { return fmt.Sprintf("read on after row %d: %v", e.row, e.err) }
func (e *sourceError) Unwrap() error { return e.err }

// Failure is the error in words.
func (e *sourceError) Failure() *failure.Error {
	f := failure.New(failure.Data, "file-unreadable", "The rest of the file could not be read.",
		"Open the file in the program that made it, save it again, and check it before you continue.")
	if e.row > 0 {
		f.Sentence = fmt.Sprintf("The file could not be read after row %d.", e.row)
	}
	if said := history.Explain(e.err); said.Code != "" || said.Kind != failure.Unexpected {
		f.Sentence, f.Remedy = f.Sentence+" "+said.Sentence, said.Remedy
	}
	return f.WithDetails("%s", e.Error())
}
