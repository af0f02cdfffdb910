package connection

import (
	"context"
	"time"
)

// SetClock gives a store another clock.
func SetClock(s *Store, now func() time.Time) { s.now = now }

// SetLockWait shortens a store's wait for another program.
func SetLockWait(s *Store, d time.Duration) { s.lockWait = d }

// SetWait replaces a token source's waits before retries.
func SetWait(t *Tokens, wait func(context.Context, time.Duration) error) { t.wait = wait }

// Pause is a token source's wait when nothing replaces it.
var Pause = pause

// SetJitter replaces the chance in those waits.
func SetJitter(t *Tokens, jitter float64) { t.jitter = func() float64 { return jitter } }

// Catalogue gives the numbers that the catalogue explains, each once for every line
// that has it.
func Catalogue() (codes []int) {
	for _, c := range causes {
		codes = append(codes, c.codes...)
	}
	return codes
}

// Waiting counts those who wait for a source's requests.
func Waiting(t *Tokens) (n int) {
	t.flights.mu.Lock()
	defer t.flights.mu.Unlock()
	for _, fl := range t.flights.now {
		n += fl.waiting
	}
	return n
}
