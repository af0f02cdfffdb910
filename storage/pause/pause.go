// Package pause waits without outliving the work that waits.
package pause

import (
	"context"
	"time"
)

// For waits for d, or returns why ctx ended. A pause of no time returns at once,
// with the error of a context that has ended.
func For(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
