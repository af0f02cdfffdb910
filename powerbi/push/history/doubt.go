package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pushdesk/storage/failure"
)

// Moment is a moment of a clock that nobody sets. The zero value is not known.
type Moment struct {
	Boot string        // which start of the computer, or of the process, the clock counts from
	At   time.Duration // since then
}

// Since returns how long ago a moment was that may be of another process; 0 if that
// cannot be told.
func (m Moment) Since(earlier Moment) time.Duration {
	if m.Boot == "" || m.Boot != earlier.Boot || earlier.At <= 0 {
		return 0
	}
	return max(m.At-earlier.At, 0)
}

// Proof is what a verdict about a batch whose reply was lost stands on.
type Proof string

const (
	ByRows   Proof = "rows"   // its rows were seen in the table, and are in no other batch
	ByCount  Proof = "count"  // the table's row count, which others change as well
	ByPerson Proof = "answer" // somebody said so
)

// DoubtKind is what is not proven of a batch.
type DoubtKind string

const (
	DoubtResent   DoubtKind = "resent"   // its reply was lost and it was sent again: it may be there twice
	DoubtCounted  DoubtKind = "counted"  // its reply was lost, and only the row count says that it was stored
	DoubtAnswered DoubtKind = "answered" // its reply was lost, and only a person says that it was stored
)

// Doubt is a batch of which it is not proven that the table holds its rows, and holds
// them once.
type Doubt struct {
	Batch     int       `json:"batch"`
	Kind      DoubtKind `json:"kind"`
	FirstRow  int       `json:"firstRow"` // in the sheet
	LastRow   int       `json:"lastRow"`
	Rows      int       `json:"rows"`
	Sent      time.Time `json:"sent"` // the request whose reply was lost
	RequestID string    `json:"requestId,omitempty"`
	Doubled   bool      `json:"doubled,omitempty"` // at the end of the run its rows were seen in the table more than once
	Once      bool      `json:"once,omitempty"`    // or once; more may come

	Spans []Span `json:"spans,omitempty"` // rows of the source
	At    Moment `json:"-"`
	Ended bool   `json:"-"` // as in Batch
}

// doubtOf returns the doubt that a verdict leaves; false if it leaves none.
func doubtOf(b Batch, stored bool, by Proof) (Doubt, bool) {
	d := Doubt{Batch: b.Number, FirstRow: b.First, LastRow: b.Last, Rows: b.Rows(), Sent: b.Sent, RequestID: b.RequestID, Spans: b.Spans, At: b.At, Ended: b.Ended}
	switch {
	case !stored:
		d.Kind = DoubtResent
	case by == ByRows:
		return d, false
	case by == ByPerson:
		d.Kind = DoubtAnswered
	default:
		d.Kind = DoubtCounted
	}
	return d, true
}

// AddDoubt adds the doubt that a verdict about a batch leaves. One of the same batch
// stands: rows that were sent again may be doubled whatever becomes of the repeat.
func AddDoubt(list []Doubt, b Batch, stored bool, by Proof) []Doubt {
	d, ok := doubtOf(b, stored, by)
	if !ok {
		return list
	}
	if i := slices.IndexFunc(list, func(o Doubt) bool { return o.Batch == d.Batch && o.Kind == DoubtResent }); i >= 0 {
		list[i].Ended = list[i].Ended && d.Ended && !stored
		if !stored { // the last request may come the latest
			list[i].Sent, list[i].RequestID, list[i].At = d.Sent, d.RequestID, d.At
		}
		return list
	}
	list = slices.DeleteFunc(list, func(o Doubt) bool { return o.Batch == d.Batch })
	return append(list, d)
}

// Settle returns the doubts that are left once everything was sent, and the table holds as
// many rows as were sent and no more. A batch that the service itself refused to answer for,
// and that was sent again and accepted, would be there twice if its first request had been
// stored: the row count shows the repeat, which came later, and no such surplus.
func Settle(list []Doubt) []Doubt {
	return slices.DeleteFunc(list, func(d Doubt) bool { return d.Kind == DoubtResent && d.Ended })
}

// RowsIn counts the rows of doubts, each once.
func RowsIn(list []Doubt) (n int64) {
	var all []Span
	for _, d := range list {
		all = append(all, d.Spans...)
	}
	for _, s := range merge(all) {
		n += int64(s[1]-s[0]) + 1
	}
	return n
}

// NoBatchError is a batch of a run of which it is known what became.
type NoBatchError struct {
	RunID string
	Batch int
}

func (e *NoBatchError) Error() string {
	return fmt.Sprintf("batch %d of the run %s is not unknown", e.Batch, e.RunID)
}

// Failure is the error in words.
func (e *NoBatchError) Failure() *failure.Error {
	return failure.New(failure.Usage, "batch-known", fmt.Sprintf("Batch %d of this run is not an unknown one.", e.Batch),
		"Choose one of the unknown batches in the run's receipt.").WithDetails("Run ID: %s", e.RunID)
}

// Answer keeps what a person says about a batch of which nobody knows whether it was
// stored. It counts when the run is resumed and still cannot find it out.
func (h *History) Answer(ctx context.Context, id string, batch int, stored bool, now time.Time) error {
	j, err := h.Take(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case j.finished:
		err = &DoneError{id}
	case !slices.ContainsFunc(j.replay.Unknown, func(b Batch) bool { return b.Number == batch }):
		err = &NoBatchError{id, batch}
	default:
		err = j.Add(ctx, Entry{Kind: Answered, Batch: batch, Stored: &stored}, now)
	}
	return errors.Join(err, j.Close())
}

// SentBefore reports whether another run than that of the journal has sent the same rows to
// the same table.
func SentBefore(ctx context.Context, j *Journal) (before bool, err error) {
	if j == nil {
		return false, nil
	}
	err = j.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM runs a JOIN runs b ON a.same = b.same AND a.id <> b.id
		WHERE a.id = ? AND a.same <> '')`, j.id).Scan(&before)
	return before, j.db.fault(err)
}
