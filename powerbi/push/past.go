package push

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pushdesk/powerbi/push/mapping"
)

// past is what earlier sessions of a run did, as its journal tells.
type past struct {
	started  time.Time
	last     time.Time // of the last entry
	took     time.Duration
	accepted []span // sorted, without overlaps
	rejects  map[int]mapping.Problem
	doubts   []*batch // without bodies
	base     int64
	after    int64 // the ledger's newest request when the base was counted
	baseWhy  string
	counted  bool
	deleted  bool
	deleting bool
	ids      []string // of accepted batches
	batches  int
	requests int
	retries  int
	numbers  int
	read     int64
	filtered int64
	ended    *Receipt // of the last session, when it came to its end
}

// errJournalDamaged is a journal with an entry that cannot be read.
var errJournalDamaged = errors.New("an entry cannot be read")

// readJournal replays a journal; next gives its entries one after the other.
func readJournal(next func(*entry) (bool, error)) (runMeta, *past, error) {
	p := &past{base: -1, rejects: map[int]mapping.Problem{}}
	var meta *runMeta
	posts := map[int]*batch{} // without an outcome so far, or in doubt
	for {
		var e entry
		more, err := next(&e)
		if err != nil {
			return runMeta{}, nil, err
		}
		if !more {
			break
		}
		if e.Type == entryStart && e.Run != nil {
			if meta == nil {
				p.started = e.Time
			}
			meta = e.Run // a later session may have another policy
		}
		p.apply(e, posts)
	}
	if meta == nil {
		return runMeta{}, nil, errJournalDamaged
	}
	for _, b := range posts {
		p.doubts = append(p.doubts, b)
	}
	slices.SortFunc(p.doubts, func(a, b *batch) int { return a.number - b.number })
	p.accepted = merge(p.accepted)
	return *meta, p, nil
}

// apply follows one entry.
func (p *past) apply(e entry, posts map[int]*batch) {
	if e.Type != entryEnd && e.Type != entryDelete {
		p.ended = nil
	}
	p.last = e.Time
	switch e.Type {
	case entryBase:
		p.counted, p.baseWhy = true, e.Why
		p.after = e.Ledger
		if e.Count != nil {
			p.base = *e.Count
		}
	case entryDelete:
		p.deleting = true
	case entryDeleted:
		p.deleted, p.deleting = true, false
		p.after = e.Ledger
		if p.base >= 0 {
			p.base = 0
		}
	case entryPost:
		posts[e.Batch] = pastBatch(e)
		p.requests++
		if e.Try > 1 {
			p.retries++
		}
		p.numbers = max(p.numbers, e.Batch)
		for _, s := range e.Spans {
			p.read = max(p.read, int64(s[1])+1)
		}
	case entryAccepted:
		if e.RequestID != "" && len(p.ids) < maxRequestIDs {
			p.ids = append(p.ids, e.RequestID)
		}
		p.take(posts[e.Batch])
		delete(posts, e.Batch)
	case entryRefused:
		delete(posts, e.Batch)
	case entryUnknown:
		if b := posts[e.Batch]; b != nil {
			b.err, b.id = errors.New(e.Why), e.RequestID
		}
	case entrySettled:
		if e.Stored == nil {
			break
		}
		if *e.Stored {
			p.take(posts[e.Batch])
		}
		delete(posts, e.Batch)
	case entryPartly:
		b := pastBatch(e)
		b.err, b.id = errors.New(e.Why), e.RequestID
		posts[e.Batch] = b
	case entryRejected:
		for _, s := range e.Spans {
			if e.Problem != nil {
				p.rejects[s[0]] = *e.Problem
			}
		}
	case entryUndone:
		p.ended = e.Receipt
	case entryEnd:
		p.ended = e.Receipt
		if e.Receipt != nil {
			p.took = time.Duration(e.Receipt.DurationMs) * time.Millisecond
			p.read = max(p.read, e.Receipt.RowsRead)
			p.filtered = max(p.filtered, e.Receipt.Filtered)
		}
	}
}

// pastBatch is a batch as the journal knows it: where its rows come from, but not
// what they hold.
func pastBatch(e entry) *batch {
	b := &batch{number: e.Batch, tries: e.Try, sent: e.Time, ledger: e.Ledger, err: errors.New("the program ended before the answer came")}
	for _, s := range e.Spans {
		for i := s[0]; i <= s[1]; i++ {
			b.index = append(b.index, i)
		}
	}
	b.rows = make([]int, len(b.index))
	if len(b.rows) > 0 {
		b.rows[0], b.rows[len(b.rows)-1] = e.First, e.Last
	}
	return b
}

// take counts a batch as accepted.
func (p *past) take(b *batch) {
	if b != nil {
		p.accepted = append(p.accepted, b.spans()...)
		p.batches++
	}
}

// merge sorts spans and joins those that touch.
func merge(list []span) []span {
	slices.SortFunc(list, func(a, b span) int { return a[0] - b[0] })
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && s[0] <= out[n-1][1]+1 {
			out[n-1][1] = max(out[n-1][1], s[1])
			continue
		}
		out = append(out, s)
	}
	return out
}

// settled tells whether a row of the source needs no more sending: it was
// accepted, or refused for good. p may be nil.
func (p *past) settled(index int) bool {
	if p == nil {
		return false
	}
	i, found := slices.BinarySearchFunc(p.accepted, index, func(s span, x int) int { return s[0] - x })
	if found || i > 0 && p.accepted[i-1][1] >= index {
		return true
	}
	_, rejected := p.rejects[index]
	return rejected
}

// rowsSent counts the accepted rows. p may be nil, as for rowsRead.
func (p *past) rowsSent() (n int64) {
	if p == nil {
		return 0
	}
	for _, s := range p.accepted {
		n += int64(s[1]-s[0]) + 1
	}
	return n
}

func (p *past) rowsRead() int64 {
	if p == nil {
		return 0
	}
	return p.read
}

// receipt gives the account of a run whose last session never came to its end.
func (p *past) receipt(meta runMeta) Receipt {
	if p.ended != nil {
		return *p.ended
	}
	t := meta.Target
	r := Receipt{RunID: meta.RunID, Status: StatusStopped, RowsTotal: meta.TotalRows,
		RowsSent: p.rowsSent(), RowsRejected: int64(len(p.rejects)), Batches: p.batches, Requests: p.requests, Retries: p.retries,
		Workspace: t.WorkspaceName, WorkspaceID: t.WorkspaceID, Dataset: t.DatasetName, DatasetID: t.DatasetID, Table: t.Table,
		Retention: t.Retention, Mode: meta.Mode, Policy: meta.Policy, File: meta.File, Sheet: meta.Sheet, Range: meta.Range, FileHash: meta.FileHash,
		Started: p.started, Ended: p.last, DurationMs: p.last.Sub(p.started).Milliseconds(), Deleted: p.deleted,
		By: meta.By, Connection: meta.Connection, Mapping: &meta.Mapping, Skip: meta.Skip, Limit: meta.Limit, Of: meta.Of, RequestIDs: p.ids,
		Problems: []mapping.Problem{}, Resumable: true,
		Reason: "The program ended before the run did.",
		Remedy: "Resume it: the rows that arrived are skipped."}
	for _, b := range p.doubts {
		r.RowsUnknown += int64(b.size())
		r.Doubtful = append(r.Doubtful, b.doubtful())
	}
	for _, problem := range p.rejects {
		r.Problems = append(r.Problems, problem)
	}
	slices.SortFunc(r.Problems, func(a, b mapping.Problem) int { return a.Row - b.Row })
	r.Problems = r.Problems[:min(len(r.Problems), mapping.MaxProblems)]
	if len(p.doubts) > 0 {
		r.Reason += fmt.Sprintf(" %s had no answer yet.", count(int64(len(p.doubts)), "batch"))
		r.Remedy = "Resume it: the rows that arrived are skipped, and the table's row count shows what became of the rest."
	}
	if p.deleting {
		r.Reason += " It is not certain whether the rows that were in the table were deleted."
	}
	if p.base >= 0 && p.counted && !p.deleted {
		r.RowsBefore = &p.base
	}
	r.RowsRead = max(p.read, r.RowsSent+r.RowsRejected+r.RowsUnknown)
	r.RowsNotSent = r.RowsRead - r.RowsSent - r.RowsRejected - r.RowsUnknown
	return r
}

// doubtful describes a batch in doubt.
func (b *batch) doubtful() DoubtfulBatch {
	d := DoubtfulBatch{FirstRow: b.rows[0], LastRow: b.rows[b.size()-1], Rows: b.size(), Sent: b.sent, RequestID: b.id}
	if b.err != nil {
		d.Reason = b.err.Error()
	}
	return d
}

// settlePast finds out what became of batches that earlier sessions left in
// doubt, before anything is read: rows that turn out not to be stored are sent
// again. Where it cannot be found out, the person's decision counts.
func (r *run) settlePast(ctx context.Context, tick *time.Ticker) {
	if r.past == nil || len(r.past.doubts) == 0 {
		return
	}
	r.deciding = r.o.Doubt
	for i, f := range r.settle(ctx, tick, r.past.doubts) {
		if f == fateStored {
			r.past.accepted = append(r.past.accepted, r.past.doubts[i].spans()...)
		}
	}
	r.deciding = DoubtKeep
	r.past.accepted = merge(r.past.accepted)
}
