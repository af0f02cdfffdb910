package practice

import (
	"sync"
	"time"
)

// How soon the real service shows rows in queries is not known. With a delay,
// queries run behind what was stored.

// lately is what was added to a table a moment ago.
type lately struct {
	mu   sync.Mutex
	rows window
}

func (l *lately) add(at time.Time, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows.since(at.Add(-windowsKeep))
	l.rows.add(at, int64(n))
}

func (l *lately) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows = window{}
}

// shown gives how many rows of a table queries see.
func (s *Service) shown(t *table, now time.Time) int64 {
	delay := time.Duration(s.Behaviour().CountDelayMS) * time.Millisecond
	if delay <= 0 {
		return t.store.count()
	}
	t.lately.mu.Lock()
	defer t.lately.mu.Unlock()
	return max(t.store.count()-t.lately.rows.countSince(now.Add(-delay)), 0)
}
