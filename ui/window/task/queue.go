package task

import "sync"

// Queue is a Poster that tests own: posted functions wait until Drain runs them
// on the goroutine that calls it.
type Queue struct {
	mu      sync.Mutex
	waiting []func()
}

// Post is the Queue's Poster.
func (q *Queue) Post(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, f)
}

// Drain runs what was posted, and what that posts in turn, and tells how many
// functions ran.
func (q *Queue) Drain() int {
	for n := 0; ; n++ {
		q.mu.Lock()
		if len(q.waiting) == 0 {
			q.mu.Unlock()
			return n
		}
		f := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.mu.Unlock()
		f()
	}
}
