package practice

import (
	"sync/atomic"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/traffic"
)

// rowStore holds the rows of one table. A row is a line of JSON: an array with
// the values in the order of the columns it was sent for. Implementations are
// safe for use by several goroutines.
type rowStore interface {
	// append stores a batch: n lines, for these columns. Either all of it is
	// stored or nothing.
	append(columns []powerbi.Column, lines []byte, n int, at time.Time) error
	// count gives the rows held.
	count() int64
	// trim drops the oldest rows until keep are left.
	trim(keep int64) error
	// clear drops every row.
	clear() error
	// each gives the rows, oldest first, until yield answers false. line is valid
	// during the call.
	each(yield func(columns []powerbi.Column, line []byte) bool) error
	// posts gives the batches stored after a moment, as far as they are known.
	posts(after time.Time) []traffic.Stored
	// remove gives up the store and whatever it keeps on disk.
	remove() error
}

// countingStore counts rows and keeps no values: for benchmarks.
type countingStore struct{ n atomic.Int64 }

func (s *countingStore) append(_ []powerbi.Column, _ []byte, n int, _ time.Time) error {
	s.n.Add(int64(n))
	return nil
}
func (s *countingStore) count() int64 { return s.n.Load() }
func (s *countingStore) trim(keep int64) error {
	if s.n.Load() > keep {
		s.n.Store(keep)
	}
	return nil
}
func (s *countingStore) clear() error                                   { s.n.Store(0); return nil }
func (s *countingStore) each(func([]powerbi.Column, []byte) bool) error { return nil }
func (s *countingStore) posts(time.Time) []traffic.Stored               { return nil }
func (s *countingStore) remove() error                                  { return nil }
