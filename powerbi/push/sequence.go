package push

import (
	"context"
	"math/rand/v2"
	"time"

	"pushdesk/powerbi"
)

// Sequence numbers tell for certain whether a batch was stored, where the service
// honours them. They are not documented any more, so that a run finds out: it asks
// for the table's last number, sends its first batch with a higher one, and asks
// again. Where the number does not come back, it goes on without.
//
// A batch with a number that is not above the last one is taken for a repeat and
// not stored, although the answer is a success. So batches are sent one at a time
// then, which costs little, because the limit on rows an hour is what takes time.
// Others may use numbers too: steps of a random size make it unlikely that they
// choose the same, and a number that is not ours afterwards puts the batch in doubt.

// numbering is what the service must offer for it; *powerbi.Client does.
type numbering interface {
	AddNumberedRows(ctx context.Context, workspaceID, datasetID, table string, body []byte, number int64) (powerbi.Answer, error)
	LastSequenceNumber(ctx context.Context, workspaceID, datasetID, table string) (int64, bool, error)
}

const (
	longestStep  = 4096    // between two numbers
	lastSequence = 1 << 30 // no run starts above; there is room for as many again
	waitNumber   = "Asking for the table's sequence number"
)

// sequence is how far the numbers of a run are.
type sequence struct {
	api    numbering // nil: the run goes without
	proven bool      // a number has come back
	last   int64     // the table's, as far as known
}

// findSequence finds out whether the service knows sequence numbers.
func (r *run) findSequence(ctx context.Context) {
	api, ok := r.api.(numbering)
	if !ok || r.sequence.api != nil {
		return
	}
	last, known, err := api.LastSequenceNumber(ctx, r.target.WorkspaceID, r.target.DatasetID, r.target.Table)
	if err != nil || !known || last > lastSequence {
		return
	}
	r.sequence = sequence{api: api, last: last}
	if r.past != nil { // the number of an earlier sitting is there
		r.sequence.proven = last > 0 && last == r.past.sequence
	}
}

// numberFor gives a batch the number it is sent with; 0 without. One that was sent
// before keeps its number, so that it cannot be stored twice.
func (s *sequence) numberFor(b *batch) int64 {
	if s.api == nil {
		return 0
	}
	if b.sequence <= s.last {
		b.sequence = s.last + 1 + rand.Int64N(longestStep)
	}
	return b.sequence
}

// add sends a batch, and asks for the number afterwards when it has one.
func (s sequence) add(ctx context.Context, api API, t Target, b *batch) result {
	if b.sequence == 0 || s.api == nil {
		answer, err := api.AddRows(ctx, t.WorkspaceID, t.DatasetID, t.Table, b.body)
		return result{batch: b, answer: answer, err: err}
	}
	res := result{batch: b}
	if res.answer, res.err = s.api.AddNumberedRows(ctx, t.WorkspaceID, t.DatasetID, t.Table, b.body, b.sequence); res.err == nil {
		res.number, res.numberKnown, _ = s.api.LastSequenceNumber(ctx, t.WorkspaceID, t.DatasetID, t.Table)
	}
	return res
}

// overtaken says that another sender's number was above that of a batch.
type overtakenError struct{}

func (overtakenError) Error() string {
	return "another sender's sequence number came first, so that the batch may have been left out"
}

// learn takes over what the number after an accepted batch says. It gives an error
// when the batch may have been taken for a repeat.
func (s *sequence) learn(res result) error {
	b := res.batch
	switch {
	case b.sequence == 0 || s.api == nil:
	case res.numberKnown && res.number == b.sequence:
		s.proven, s.last = true, res.number
	case res.numberKnown && res.number > b.sequence:
		s.last = res.number
		return overtakenError{}
	case !s.proven: // the number did not come back: the service takes no notice of it
		*s = sequence{}
		b.sequence = 0
	default:
		s.last = b.sequence
	}
	return nil
}

// fateByNumber finds out by the table's number whether a batch was stored whose
// answer was lost. A batch that was not may be sent again with the same number.
func (r *run) fateByNumber(ctx context.Context, tick *time.Ticker, b *batch) fate {
	if r.sequence.api == nil || b.sequence == 0 {
		return fateUnknown
	}
	for i := 0; i < r.polls(); i++ {
		r.pauseFor(ctx, tick, pollAfter[i], waitNumber)
		own, cancel := r.limited(ctx)
		last, known, err := r.sequence.api.LastSequenceNumber(own, r.target.WorkspaceID, r.target.DatasetID, r.target.Table)
		cancel()
		switch {
		case err != nil || !known || last > b.sequence:
			return fateUnknown
		case last == b.sequence:
			r.sequence.proven, r.sequence.last = true, last
			return fateStored
		}
	}
	if r.sequence.proven {
		return fateNotStored
	}
	return fateUnknown
}
