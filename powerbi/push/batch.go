package push

import (
	"time"

	"pushdesk/powerbi"
)

// BatchBytes is where a batch ends before it has powerbi.MaxRowsPerRequest rows.
// Sources differ on how large a body may be (16 MB, 64 MB); this is well below
// all of them, and halved when the service says that a body is too large.
const BatchBytes = 4 << 20

// wideBytes is where it ends while requests are counted by the hour, so that as few
// as possible are needed. It is a little below the smallest of the sources.
const wideBytes = 15 << 20

const (
	bodyStart = `{"rows":[`
	bodyEnd   = `]}`
)

// batchSize says where batches end. The check, the plan and the run share it.
type batchSize struct {
	rows  int
	bytes int
}

func sizeOf(p Pace) batchSize {
	s := batchSize{powerbi.MaxRowsPerRequest, BatchBytes}
	if p.BatchRows > 0 {
		s.rows = min(p.BatchRows, s.rows)
	}
	if p.BatchBytes > 0 {
		s.bytes = min(p.BatchBytes, powerbi.MaxBodyBytes)
	}
	return s
}

// apart is how many rows fewer than the limit each of eight batches in a row has.
// Batches that are on their way together differ in size that way, and no two
// choices of them add up to the same number of rows: when a connection breaks,
// the table's row count tells which of them were stored. It costs one row in 600.
var apart = [...]int{0, 1, 2, 4, 8, 16, 32, 64}

// evenBelow is where batches are so small on purpose that they are even.
const evenBelow = 1000

// less gives how many rows fewer a batch has that holds so many now; slot counts
// the batches of the run from 0. Where batches are small on purpose they are even.
func (s batchSize) less(slot, rows int) int {
	if s.rows < evenBelow {
		return 0
	}
	return min(apart[slot%len(apart)], rows/20)
}

// limit gives the most rows of a batch.
func (s batchSize) limit(slot int) int { return s.rows - s.less(slot, s.rows) }

// full tells whether a row of so many bytes must go into the next batch.
func (s batchSize) full(slot, rows, bytes, row int) bool {
	room := row * (1 + s.less(slot, rows))
	return rows > 0 && (rows >= s.limit(slot) || bytes+1+room+len(bodyEnd) > s.bytes)
}

// batch is one body of rows and where they come from.
type batch struct {
	number int       // in the run, from 1
	body   []byte    // {"rows":[...]}
	ends   []int     // where each row ends in body
	rows   []int     // the sheet row of each
	index  []int     // which row of the source each is, from 0
	tries  int       // POSTs so far
	sent   time.Time // the last of them
	err    error     // what it ended with, when it was not accepted
	id     string    // its request ID
	ledger int64     // its last POST in the ledger
	pooled bool      // goes back to the reader when it is done
}

func (b *batch) reset() {
	*b = batch{body: append(b.body[:0], bodyStart...), ends: b.ends[:0], rows: b.rows[:0], index: b.index[:0], pooled: b.pooled}
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

func (b *batch) close() { b.body = append(b.body, bodyEnd...) }

// row gives the JSON of one row.
func (b *batch) row(i int) []byte {
	from := len(bodyStart)
	if i > 0 {
		from = b.ends[i-1] + 1
	}
	return b.body[from:b.ends[i]]
}

// pick makes a batch of some of the rows, in a body of its own.
func (b *batch) pick(rows []int) *batch {
	p := &batch{}
	p.body = append(p.body, bodyStart...)
	for _, i := range rows {
		p.begin()
		p.body = append(p.body, b.row(i)...)
		p.add(b.rows[i], b.index[i])
	}
	p.close()
	return p
}

// span is a run of rows of the source, by their index from 0, both ends included.
type span [2]int

// spans gives the rows of the batch as runs.
func (b *batch) spans() []span {
	var list []span
	for _, x := range b.index {
		if n := len(list); n > 0 && list[n-1][1] == x-1 {
			list[n-1][1] = x
			continue
		}
		list = append(list, span{x, x})
	}
	return list
}
