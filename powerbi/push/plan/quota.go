package plan

import (
	"time"

	"pushdesk/powerbi"
)

// Quota sums up a usage. Others may send into the dataset too, so that it is a lower
// bound.
type Quota struct {
	RowsLastHour       int64     `json:"rowsLastHour"`
	RequestsLastMinute int       `json:"requestsLastMinute"`
	RequestsLastHour   int       `json:"requestsLastHour"`
	Pending            int       `json:"pending"` // requests without an answer, of runs under way
	HeldUntil          time.Time `json:"heldUntil,omitzero"`
	HeldWhy            string    `json:"heldWhy,omitempty"`
	TableRows          *int64    `json:"tableRows,omitempty"` // by the last count and what was sent since
	CountedAt          time.Time `json:"countedAt,omitzero"`

	usage *Usage // nil: the sums are all there is
	table string
}

// QuotaOf sums up what a dataset was sent, as it matters to one of its tables.
func QuotaOf(u Usage, table string, now time.Time) Quota {
	q := Quota{usage: &u, table: table}
	p := q.pacer(Pace{}, powerbi.RetentionNone, now)
	q.RequestsLastMinute, q.RequestsLastHour, q.Pending = len(p.since(now.Add(-time.Minute))), len(p.requests), p.pending
	for _, e := range p.rows {
		q.RowsLastHour += e.n
	}
	if u.HeldUntil.After(now) {
		q.HeldUntil, q.HeldWhy = u.HeldUntil, u.HeldWhy
	}
	if known, ok := u.Tables[table]; ok {
		q.TableRows, q.CountedAt = &known.Rows, known.At
	}
	return q
}

// pacer returns one that knows the usage.
func (q Quota) pacer(limits Pace, keep powerbi.Retention, now time.Time) *Pacer {
	p := NewPacer(limits, keep)
	p.Adopt(*q.usage, View{Table: q.table}, now)
	return p
}

// Wait returns when the next request of so many rows may start, and why not now. ok is
// false where that depends on the answer to another.
func (q Quota) Wait(keep powerbi.Retention, rows int, now time.Time) (at time.Time, why string, ok bool) {
	return q.pacer(Pace{}, keep, now).Next(now, rows)
}

// after returns a quota in which the tables sent before count; sent is nil for the
// first of them, and q for a dataset that is not there yet.
func (q *Quota) after(sent *Usage, table string) *Quota {
	if sent == nil {
		return q
	}
	next := Quota{}
	if q != nil {
		next = *q
	}
	next.usage, next.table = sent, table
	return &next
}
