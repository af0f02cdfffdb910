package traffic

import (
	"sync"
	"time"
)

// Lately is what was added to a table a moment ago. How soon the real service shows
// rows in queries is not known: with a delay, queries run behind what was stored.
type Lately struct {
	mu   sync.Mutex
	rows Window
}

// Add notes rows that were stored.
func (l *Lately) Add(at time.Time, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows.Add(at, int64(n))
}

// Clear forgets every row.
func (l *Lately) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows = Window{}
}

// Shown returns how many of the stored rows queries see under a delay.
func (l *Lately) Shown(stored int64, now time.Time, delay time.Duration) int64 {
	if delay <= 0 {
		return stored
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(stored-l.rows.CountSince(now.Add(-delay)), 0)
}
