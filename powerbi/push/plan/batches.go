package plan

import "pushdesk/powerbi/push/mapping"

// While requests are counted by the hour, rows so wide that a batch of
// powerbi.MaxRowsPerRequest is larger than BatchBytes would use them up: batches may
// be larger then. What the service has said about a body that was too large stands.

// WideBytes is where a batch ends while requests are counted by the hour, so that as
// few as possible are needed. It is a little below the smallest of the sources.
const WideBytes = 15 << 20

// Batches that are made already when a run begins to make larger ones: what is
// filling and what waits at the beginning, and what is on its way later.
const (
	madeAtStart = 2
	madeLater   = 7
)

// batches returns the rows of each batch of a run that starts now. count is how many
// batches of documented size a check has found; 0 is as many as full ones. The pacer
// is asked when batches become larger.
func (p *Pacer) batches(rows int64, count int) []int {
	size := p.limits.BatchSize()
	var full []int // when only the number of rows limits them
	for rest := rows; rest > 0; {
		n := min(rest, int64(size.Limit(len(full))))
		full, rest = append(full, int(n)), rest-n
	}
	if count <= 0 || int64(count) > rows || count == len(full) {
		return full
	}
	q := p.clone()
	each := float64(rows) / float64(count) // of BatchBytes
	made, slow := madeLater, q.Slow()
	if slow {
		made = madeAtStart
	}
	var list []int
	done := int64(0)
	for i := 1; done < rows; i++ {
		n := int64(each*float64(i)) - int64(each*float64(i-1)) // without losing the fractions
		if slow && made <= 0 && p.limits.BatchBytes <= 0 {
			n = int64(min(each*WideBytes/mapping.BatchBytes, float64(size.Limit(i))))
		}
		if slow {
			made--
		}
		n = min(max(n, 1), rows-done)
		list, done = append(list, int(n)), done+n
		q.Table += n
		slow = q.Slow()
	}
	return list
}
