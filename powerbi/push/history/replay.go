package history

import (
	"fmt"
	"slices"
	"time"

	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Replay is what earlier sessions of a run did, as its journal tells. A nil Replay is
// that of a new run.
type Replay struct {
	Started   time.Time
	Took      time.Duration
	Waited    time.Duration // of it
	Base      int64         // rows in the table before the run; -1 if not known
	BaseWhy   string        // why not
	Counted   bool          // the base was asked for
	After     int64         // the ledger's newest request at that moment
	Deleted   bool          // the rows that were in the table are gone
	Deleting  bool          // or may be
	Batches   Batches
	Unknown   []Batch                 // without an answer, or whose answer was lost
	Doubts    []Doubt                 // batches that a verdict was found about which is no proof
	Rejects   map[int]mapping.Problem // rows the service refused, by their place in the source
	Requested []string                // request IDs of accepted batches
	Ended     *Receipt                // of the last session, if it has ended

	accepted []Span // sorted, without overlaps
	last     time.Time
	read     int64
	filtered int64
	posts    map[int]*Batch // without an outcome so far, or unknown
}

// Batches counts the requests of a run.
type Batches struct {
	Accepted int
	Requests int
	Retries  int
	Numbers  int // the highest number
}

// Batch is where the rows of a batch come from, but not what they hold.
type Batch struct {
	Number      int
	Tries       int
	Sent        time.Time // the last of them
	Spans       []Span
	First, Last int   // sheet rows
	Ledger      int64 // the request in the ledger
	RequestID   string
	Why         string // there is no answer
	At          Moment // when it was sent last
	Answer      *bool  // what a person said: it was stored, or not; nil says nothing
	Ended       bool   // the service itself has answered: it is not at work on it any more
}

// Rows counts the rows of the batch.
func (b Batch) Rows() (n int) {
	for _, s := range b.Spans {
		n += s[1] - s[0] + 1
	}
	return n
}

// MaxRequestIDs is how many request IDs a receipt keeps.
const MaxRequestIDs = 1000

func newReplay(started time.Time) *Replay {
	return &Replay{Started: started, last: started, Base: -1, Rejects: map[int]mapping.Problem{}, posts: map[int]*Batch{}}
}

// apply follows one entry.
func (p *Replay) apply(e Entry) {
	p.last = e.Time
	switch e.Kind {
	case Base:
		p.Counted, p.BaseWhy, p.After = true, e.Why, e.Ledger
		if e.Count != nil {
			p.Base = *e.Count
		}
	case Deleting:
		p.Deleting = true
	case Deleted:
		p.Deleted, p.Deleting, p.After = true, false, e.Ledger
		if p.Base >= 0 {
			p.Base = 0
		}
	case Posted:
		p.post(e)
	case Accepted:
		if e.RequestID != "" && len(p.Requested) < MaxRequestIDs {
			p.Requested = append(p.Requested, e.RequestID)
		}
		p.accept(e.Batch)
	case Refused:
		delete(p.posts, e.Batch)
	case Unknown:
		if b := p.posts[e.Batch]; b != nil {
			b.Why, b.RequestID = e.Why, e.RequestID
		}
	case Resolved:
		switch {
		case e.Stored == nil:
		case *e.Stored:
			p.doubt(e)
			p.accept(e.Batch)
		default:
			p.doubt(e)
			delete(p.posts, e.Batch)
		}
	case Answered:
		if b := p.posts[e.Batch]; b != nil {
			b.Answer = e.Stored
		}
	case Partly:
		b := batchOf(e)
		b.RequestID, b.Why = e.RequestID, e.Why
		p.posts[e.Batch] = &b
	case Rejected:
		for _, s := range e.Spans {
			if e.Problem != nil {
				p.Rejects[s[0]] = *e.Problem
			}
		}
	case Ended:
		if e.Session != nil {
			p.Took = time.Duration(e.Session.TookMs) * time.Millisecond
			p.Waited = time.Duration(e.Session.WaitedMs) * time.Millisecond
			p.read, p.filtered = max(p.read, e.Session.Read), max(p.filtered, e.Session.Filtered)
		}
	}
}

func (p *Replay) post(e Entry) {
	b := batchOf(e)
	p.posts[e.Batch] = &b
	p.Batches.Requests++
	if e.Try > 1 {
		p.Batches.Retries++
	}
	p.Batches.Numbers = max(p.Batches.Numbers, e.Batch)
	for _, s := range e.Spans {
		p.read = max(p.read, int64(s[1])+1)
	}
}

// doubt notes what a verdict leaves open.
func (p *Replay) doubt(e Entry) {
	if b := p.posts[e.Batch]; b != nil {
		b.Ended = e.Ended
		p.Doubts = AddDoubt(p.Doubts, *b, *e.Stored, e.By)
	}
}

func batchOf(e Entry) Batch {
	return Batch{Number: e.Batch, Tries: e.Try, Sent: e.Time, At: e.moment(), Spans: e.Spans, First: e.First, Last: e.Last, Ledger: e.Ledger,
		Why: "the program closed before the reply arrived"}
}

// accept counts a batch as accepted.
func (p *Replay) accept(number int) {
	if b := p.posts[number]; b != nil {
		p.accepted = append(p.accepted, b.Spans...)
		p.Batches.Accepted++
	}
	delete(p.posts, number)
}

// end sorts what was found when the last entry was followed.
func (p *Replay) end() {
	for _, b := range p.posts {
		p.Unknown = append(p.Unknown, *b)
	}
	slices.SortFunc(p.Unknown, func(a, b Batch) int { return a.Number - b.Number })
	p.accepted = merge(p.accepted)
}

// Accept counts the rows of an unknown batch as accepted.
func (p *Replay) Accept(b Batch) { p.accepted = merge(append(p.accepted, b.Spans...)) }

// merge sorts spans and joins those that touch.
func merge(list []Span) []Span {
	slices.SortFunc(list, func(a, b Span) int { return a[0] - b[0] })
	var out []Span
	for _, s := range list {
		if n := len(out); n > 0 && s[0] <= out[n-1][1]+1 {
			out[n-1][1] = max(out[n-1][1], s[1])
			continue
		}
		out = append(out, s)
	}
	return out
}

// Skips reports whether a row of the source needs no more sending: it was accepted, or
// refused for good.
func (p *Replay) Skips(index int) bool {
	if p == nil {
		return false
	}
	i, found := slices.BinarySearchFunc(p.accepted, index, func(s Span, x int) int { return s[0] - x })
	if found || i > 0 && p.accepted[i-1][1] >= index {
		return true
	}
	_, rejected := p.Rejects[index]
	return rejected
}

// RowsSent counts the accepted rows.
func (p *Replay) RowsSent() (n int64) {
	if p == nil {
		return 0
	}
	for _, s := range p.accepted {
		n += int64(s[1]-s[0]) + 1
	}
	return n
}

// RowsRead returns how many rows of the source were read.
func (p *Replay) RowsRead() int64 {
	if p == nil {
		return 0
	}
	return p.read
}

// Filtered returns how many rows of the source did not meet the conditions.
func (p *Replay) Filtered() int64 {
	if p == nil {
		return 0
	}
	return p.filtered
}

// interrupted is why a run stopped whose process has ended.
var interrupted = failure.New(failure.Stopped, "run-interrupted", "The program closed before the run finished.", "Resume it: the rows that arrived are skipped.")

// Receipt returns the account of a run, also if its last session has not ended.
func (p *Replay) Receipt(about About) Receipt {
	if p.Ended != nil {
		r := *p.Ended
		r.answers(p.Unknown)
		return r
	}
	r := about.Receipt()
	r.Status, r.Resumable = StatusStopped, true
	r.Fail(interrupted)
	r.RowsSent, r.RowsRejected, r.RowsRefused = p.RowsSent(), int64(len(p.Rejects)), int64(len(p.Rejects))
	r.Batches, r.Requests, r.Retries, r.RequestIDs = p.Batches.Accepted, p.Batches.Requests, p.Batches.Retries, p.Requested
	r.Started, r.Ended, r.DurationMs, r.Deleted = p.Started, p.last, p.last.Sub(p.Started).Milliseconds(), p.Deleted
	for _, b := range p.Unknown {
		r.RowsUnknown += int64(b.Rows())
		r.UnknownBatches = append(r.UnknownBatches, UnknownBatch{Batch: b.Number, FirstRow: b.First, LastRow: b.Last, Rows: b.Rows(), Sent: b.Sent, RequestID: b.RequestID, Reason: b.Why, Stored: b.Answer})
	}
	r.Doubts, r.RowsUnproven = p.Doubts, RowsIn(p.Doubts)
	for _, problem := range p.Rejects {
		r.Problems = append(r.Problems, problem)
	}
	slices.SortFunc(r.Problems, func(a, b mapping.Problem) int { return a.Row - b.Row })
	r.Problems = r.Problems[:min(len(r.Problems), mapping.MaxProblems)]
	if len(p.Unknown) > 0 {
		r.Reason += fmt.Sprintf(" %s had no answer yet.", humanize.Count(len(p.Unknown), "batch", "batches"))
		r.Remedy = "Resume it: the rows that arrived are skipped, and the table's row count shows whether the rest was saved."
	}
	if p.Deleting {
		r.Reason += DeletionUnknown
	}
	if p.Base >= 0 && p.Counted && !p.Deleted {
		r.RowsBefore = &p.Base
	}
	r.RowsRead = max(p.read, r.RowsSent+r.RowsRejected+r.RowsUnknown)
	r.RowsNotSent = r.RowsRead - r.RowsSent - r.RowsRejected - r.RowsUnknown
	r.RowsNotRead = max(r.RowsTotal-r.RowsRead, 0)
	return r
}
