package push

// While requests are counted by the hour, rows so wide that a batch of
// powerbi.MaxRowsPerRequest is larger than BatchBytes would use them up: batches may
// be larger then. What the service has said about a body that was too large stands.

const (
	poolBytes = 48 << 20 // bodies in memory; fewer batches are kept when they are larger
	leastPool = 3        // one on its way, one that waits for its turn, one that is filling
)

// Batches that are made already when a run begins to make larger ones: what is
// filling and what waits at the beginning, and what is on its way later.
const (
	madeAtStart = 2
	madeLater   = 7
)

// widen lets the next batches be larger once requests count by the hour.
func (r *run) widen() {
	if r.wide || r.o.Pace.BatchBytes > 0 || r.tooLarge || !r.pacer.slow() {
		return
	}
	r.wide = true
	r.reader.bytes.Store(wideBytes)
}

// untried tells whether a batch is larger than any that the service has taken. Such a
// one goes alone, so that no more than one is refused for its size.
func (r *run) untried(b *batch) bool { return r.wide && len(b.body) > max(BatchBytes, r.widest) }

// oversized tells whether a batch was made before it was learned that it is too large.
func (r *run) oversized(b *batch) bool {
	return r.tooLarge && b.size() > 1 && int64(len(b.body)) > r.reader.bytes.Load()
}

// batchRows gives the rows of each batch of a plan. full is how they are when only the
// number of rows limits them. The pacer is asked when batches become larger.
func (in PlanInput) batchRows(p *pacer, full []int) []int {
	if in.Batches <= 0 || int64(in.Batches) > in.Rows || in.Batches == len(full) {
		return full
	}
	size := sizeOf(in.Pace)
	q := p.clone()
	each := float64(in.Rows) / float64(in.Batches) // of BatchBytes
	made, slow := madeLater, q.slow()
	if slow {
		made = madeAtStart
	}
	var list []int
	done := int64(0)
	for i := 1; done < in.Rows; i++ {
		n := int64(each*float64(i)) - int64(each*float64(i-1)) // without losing the fractions
		if slow && made <= 0 && in.Pace.BatchBytes <= 0 {
			n = int64(min(each*wideBytes/BatchBytes, float64(size.limit(i))))
		}
		if slow {
			made--
		}
		n = min(max(n, 1), in.Rows-done)
		list, done = append(list, int(n)), done+n
		q.table += n
		slow = q.slow()
	}
	return list
}
