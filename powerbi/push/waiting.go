package push

import (
	"context"
	"time"

	"pushdesk/powerbi/push/clock"
)

// longestTimer is how long a wait sleeps before it looks at the clock again: a
// timer stands still while the computer sleeps, the clock does not.
const longestTimer = 30 * time.Second

// waitFor waits, or returns the reason why the context ended.
func waitFor(ctx context.Context, clock clock.Clock, d time.Duration) error {
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
