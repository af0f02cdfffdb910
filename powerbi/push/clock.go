package push

import (
	"context"
	"time"
)

// Clock is what a run knows of time. Tests drive their own.
type Clock interface {
	Now() time.Time
	// After returns a channel that receives once after d; stop gives the timer back.
	After(d time.Duration) (fires <-chan time.Time, stop func())
}

type systemClock struct{}

// Now is wall-clock time, so that a computer that slept knows that time passed.
func (systemClock) Now() time.Time { return time.Now().Round(0) }

func (systemClock) After(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// longestTimer is how long a wait sleeps before it looks at the clock again: a
// timer stands still while the computer sleeps, the clock does not.
const longestTimer = 30 * time.Second

// waitFor waits, or returns the reason why the context ended.
func waitFor(ctx context.Context, clock Clock, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	fires, stop := clock.After(d)
	defer stop()
	select {
	case <-fires:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
