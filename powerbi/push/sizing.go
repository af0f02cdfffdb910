package push

import (
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

const (
	poolBytes = 48 << 20 // bodies in memory; fewer batches are kept when they are larger
	leastPool = 3        // one in flight, one that waits for its turn, one that is filling
)

// sizing decides how large the next batches are. While requests count by the hour they
// may be larger than usual; what the service has said about a body that was too large
// stands.
type sizing struct {
	pacer  *plan.Pacer
	reader *reader
	fixed  bool // the caller has said how large they are

	tooLarge bool // the service has said so of a body
	wide     bool // batches are larger
	widest   int  // bytes of the largest body that was accepted
}

// widen lets the next batches be larger once requests count by the hour.
func (s *sizing) widen() {
	if s.wide || s.fixed || s.tooLarge || !s.pacer.Slow() {
		return
	}
	s.wide = true
	s.reader.bytes.Store(plan.WideBytes)
}

// accepted remembers how large a body may be.
func (s *sizing) accepted(b *batch) { s.widest = max(s.widest, len(b.body)) }

// refused makes the next batches smaller than one that was too large.
func (s *sizing) refused(b *batch) {
	s.tooLarge = true
	if half := int64(len(b.body) / 2); half < s.reader.bytes.Load() {
		s.reader.bytes.Store(half)
	}
}

// untried reports whether a batch is larger than any that the service has accepted.
// Such a one goes alone, so that no more than one is refused for its size.
func (s *sizing) untried(b *batch) bool {
	return s.wide && len(b.body) > max(mapping.BatchBytes, s.widest)
}

// oversized reports whether a batch was made before it was learned that it is too
// large.
func (s *sizing) oversized(b *batch) bool {
	return s.tooLarge && b.size() > 1 && int64(len(b.body)) > s.reader.bytes.Load()
}
