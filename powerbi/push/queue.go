package push

import "slices"

// queue holds the batches that wait for their turn.
type queue struct {
	ready  <-chan *batch // from the reader; nil once it has ended
	held   *batch        // the next of them
	again  []*batch      // to be sent before new ones, in the order of the file
	failed []*batch      // refused for their rows, or unknown
}

// next returns the batch whose turn it is, without taking it. While some have failed
// that is none.
func (q *queue) next() *batch {
	switch {
	case len(q.failed) > 0:
		return nil
	case len(q.again) > 0:
		return q.again[0]
	}
	return q.held
}

// take takes the next batch.
func (q *queue) take(b *batch) {
	if len(q.again) > 0 && q.again[0] == b {
		q.again = q.again[1:]
		return
	}
	q.held = nil
}

// putBack lets a batch be sent again, in the order of the file.
func (q *queue) putBack(b *batch) {
	i := slices.IndexFunc(q.again, func(o *batch) bool { return o.index[0] > b.index[0] })
	if i < 0 {
		i = len(q.again)
	}
	q.again = slices.Insert(q.again, i, b)
}

// empty reports whether nothing waits, and the reader has nothing more.
func (q *queue) empty() bool {
	if q.held != nil || len(q.again)+len(q.failed) > 0 {
		return false
	}
	if q.ready == nil {
		return true
	}
	select {
	case b, open := <-q.ready:
		if open {
			q.held = b
			return false
		}
		q.ready = nil
		return true
	default:
		return false // it still reads
	}
}

// firstRow returns the first sheet row that waits, or the one after those that were
// read; 0 if nothing was read. left is what the reader has not handed over.
func (q *queue) firstRow(read int, left *batch) int {
	first := read + 1
	if read == 0 {
		first = 0
	}
	for _, b := range append([]*batch{q.held, left}, q.again...) {
		if b != nil && b.size() > 0 && (first == 0 || b.rows[0] < first) {
			first = b.rows[0]
		}
	}
	return first
}
