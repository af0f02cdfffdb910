package push

import (
	"errors"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
)

// batch is one body of rows and where they come from.
type batch struct {
	number int            // in the run, from 1
	body   []byte         // {"rows":[...]}
	ends   []int          // where each row ends in body
	rows   []int          // the sheet row of each
	index  []int          // which row of the source each is, from 0
	tries  int            // POSTs so far
	sent   time.Time      // the last of them
	at     history.Moment // the same, by the clock that nobody sets
	err    error          // what it ended with, when it was not accepted
	ended  bool           // in an earlier session, with an answer of the service itself
	id     string         // its request ID
	ledger int64          // its last POST in the ledger
	pooled bool           // goes back to the reader when it is done

	// Once its answer was lost:
	look              *look  // what is looked for in the table
	firstKey, lastKey string // values of its first and last row
	answer            *bool  // what a person said: it was stored, or not
}

func (b *batch) reset() {
	*b = batch{body: append(b.body[:0], mapping.BodyStart...), ends: b.ends[:0], rows: b.rows[:0], index: b.index[:0], pooled: b.pooled}
}

// grow makes room for a batch like the largest one so far at once. Growing with each
// row would leave twice as much behind for every batch of the pool.
func (b *batch) grow(bytes, rows int) {
	if bytes == 0 || cap(b.body) >= bytes {
		return
	}
	b.body = make([]byte, 0, bytes+bytes/16)
	if cap(b.rows) < rows {
		b.ends, b.rows, b.index = make([]int, 0, rows), make([]int, 0, rows), make([]int, 0, rows)
	}
}

func (b *batch) size() int { return len(b.rows) }

// begin makes room for a row: a comma after the first.
func (b *batch) begin() int {
	at := len(b.body)
	if len(b.rows) > 0 {
		b.body = append(b.body, ',')
	}
	return at
}

// add notes a row that was just appended to the body.
func (b *batch) add(row, index int) {
	b.ends = append(b.ends, len(b.body))
	b.rows = append(b.rows, row)
	b.index = append(b.index, index)
}

func (b *batch) close() { b.body = append(b.body, mapping.BodyEnd...) }

// row returns the JSON of one row.
func (b *batch) row(i int) []byte {
	from := len(mapping.BodyStart)
	if i > 0 {
		from = b.ends[i-1] + 1
	}
	return b.body[from:b.ends[i]]
}

// pick makes a batch of some of the rows, in a body of its own.
func (b *batch) pick(rows []int) *batch {
	p := &batch{}
	p.body = append(p.body, mapping.BodyStart...)
	for _, i := range rows {
		p.begin()
		p.body = append(p.body, b.row(i)...)
		p.add(b.rows[i], b.index[i])
	}
	p.close()
	return p
}

// numbers returns the numbers from 0 on.
func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// spans returns the rows of the batch as series.
func (b *batch) spans() []history.Span {
	var list []history.Span
	for _, x := range b.index {
		if n := len(list); n > 0 && list[n-1][1] == x-1 {
			list[n-1][1] = x
			continue
		}
		list = append(list, history.Span{x, x})
	}
	return list
}

// unknown describes a batch of which nobody can say whether it was stored.
func (b *batch) unknown() history.UnknownBatch {
	u := history.UnknownBatch{Batch: b.number, FirstKey: b.firstKey, LastKey: b.lastKey, Looked: b.look.String(), Stored: b.answer, FirstRow: b.rows[0], LastRow: b.rows[b.size()-1], Rows: b.size(), Sent: b.sent, RequestID: b.id}
	if b.err != nil {
		u.Reason = b.err.Error()
	}
	return u
}

// inHistory returns the batch as the history knows it.
func (b *batch) inHistory() history.Batch {
	return history.Batch{Number: b.number, Tries: b.tries, Sent: b.sent, At: b.at, Spans: b.spans(), First: b.rows[0], Last: b.rows[b.size()-1], Ledger: b.ledger, RequestID: b.id, Ended: !b.mayContinue()}
}

// earlierBatch returns a batch of an earlier session: where its rows come from, but not
// what they hold.
func earlierBatch(p history.Batch) *batch {
	b := &batch{at: p.At, answer: p.Answer, number: p.Number, tries: p.Tries, sent: p.Sent, ledger: p.Ledger, id: p.RequestID, err: errors.New(p.Why), ended: p.Ended}
	for _, s := range p.Spans {
		for i := s[0]; i <= s[1]; i++ {
			b.index = append(b.index, i)
		}
	}
	b.rows = make([]int, len(b.index))
	if len(b.rows) > 0 {
		b.rows[0], b.rows[len(b.rows)-1] = p.First, p.Last
	}
	return b
}
