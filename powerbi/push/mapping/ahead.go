package mapping

import "pushdesk/storage/cell"

const (
	aheadCells   = 1 << 13 // of the rows that are passed on at once: passing on takes as long as a hundred rows
	aheadBatches = 3       // one is read, one is used, one waits
)

// ahead are rows of a source that another processor reads.
type ahead struct {
	src        Source
	full, free chan *rowBatch
	quit       chan struct{}
	batch      *rowBatch // that is used
	at         int       // of the row in it; the next one is after it
	ended      bool
}

type rowBatch struct {
	numbers []int
	ends    []int // of the rows' cells
	cells   []cell.Cell
}

// Ahead returns the rows of a source, which is read some rows ahead on another processor.
// stop ends that, and returns when nobody reads the source any more; it must be called.
func Ahead(src Source) (rows Source, stop func()) {
	a := &ahead{src: src, full: make(chan *rowBatch, aheadBatches), free: make(chan *rowBatch, aheadBatches), quit: make(chan struct{})}
	for range aheadBatches {
		a.free <- &rowBatch{}
	}
	go a.read()
	return a, func() {
		close(a.quit)
		for range a.full { // until it is closed
		}
	}
}

// read fills batches until the rows end or nobody wants them.
func (a *ahead) read() {
	defer close(a.full)
	for more := true; more; {
		var b *rowBatch
		select {
		case b = <-a.free:
		case <-a.quit:
			return
		}
		b.numbers, b.ends, b.cells = b.numbers[:0], b.ends[:0], b.cells[:0]
		for len(b.cells) < aheadCells && len(b.numbers) < aheadCells {
			if more = a.src.Next(); !more {
				break
			}
			number, cells := a.src.Row()
			b.cells = append(b.cells, cells...)
			b.numbers, b.ends = append(b.numbers, number), append(b.ends, len(b.cells))
		}
		a.full <- b // there is room for all that are free
	}
}

func (a *ahead) Next() bool {
	for a.batch == nil || a.at+1 >= len(a.batch.numbers) {
		if a.batch != nil {
			a.free <- a.batch
			a.batch = nil
		}
		b, more := <-a.full
		if !more {
			a.ended = true
			return false
		}
		a.batch, a.at = b, -1
	}
	a.at++
	return true
}

func (a *ahead) Row() (int, []cell.Cell) {
	b, from := a.batch, 0
	if a.at > 0 {
		from = b.ends[a.at-1]
	}
	to := b.ends[a.at]
	return b.numbers[a.at], b.cells[from:to:to]
}

// Err returns why the rows ended early, after Next returned false.
func (a *ahead) Err() error {
	if !a.ended {
		return nil
	}
	return a.src.Err()
}
