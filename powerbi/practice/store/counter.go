package store

import (
	"sync/atomic"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/traffic"
)

// counter counts rows and keeps no values: for benchmarks.
type counter struct{ n atomic.Int64 }

func (s *counter) Append(_ []powerbi.Column, _ []byte, n int, _ time.Time) error {
	s.n.Add(int64(n))
	return nil
}
func (s *counter) Count() int64 { return s.n.Load() }
func (s *counter) Trim(keep int64) error {
	if s.n.Load() > keep {
		s.n.Store(keep)
	}
	return nil
}
func (s *counter) Clear() error                                   { s.n.Store(0); return nil }
func (s *counter) Each(func([]powerbi.Column, []byte) bool) error { return nil }
func (s *counter) Batches(time.Time) []traffic.Stored             { return nil }
func (s *counter) Remove() error                                  { return nil }

// NewCounter returns a store that counts rows and keeps no values.
func NewCounter() Store { return &counter{} }

// KeepsValues reports whether a store keeps more than the number of rows.
func KeepsValues(s Store) bool { _, only := s.(*counter); return !only }
