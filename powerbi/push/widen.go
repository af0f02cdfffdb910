package push

import (
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

const (
	poolBytes = 48 << 20 // bodies in memory; fewer batches are kept when they are larger
	leastPool = 3        // one on its way, one that waits for its turn, one that is filling
)

// widen lets the next batches be larger once requests count by the hour.
func (r *run) widen() {
	if r.wide || r.o.Pace.BatchBytes > 0 || r.tooLarge || !r.pacer.Slow() {
		return
	}
	r.wide = true
	r.reader.bytes.Store(plan.WideBytes)
}

// untried tells whether a batch is larger than any that the service has taken. Such a
// one goes alone, so that no more than one is refused for its size.
func (r *run) untried(b *batch) bool {
	return r.wide && len(b.body) > max(mapping.BatchBytes, r.widest)
}

// oversized tells whether a batch was made before it was learned that it is too large.
func (r *run) oversized(b *batch) bool {
	return r.tooLarge && b.size() > 1 && int64(len(b.body)) > r.reader.bytes.Load()
}
