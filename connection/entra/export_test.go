package entra

import (
	"context"
	"time"
)

// SetWait replaces a token source's waits before retries.
func SetWait(t *Tokens, wait func(context.Context, time.Duration) error) { t.wait = wait }

// SetJitter replaces the chance in those waits.
func SetJitter(t *Tokens, jitter float64) { t.jitter = func() float64 { return jitter } }

// Catalogue returns the numbers that the catalogue explains, each once for every line
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
