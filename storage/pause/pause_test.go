package pause_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"pushdesk/storage/pause"
)

func TestFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := pause.For(t.Context(), time.Minute); err != nil || time.Since(start) != time.Minute {
			t.Errorf("waited %v, %v", time.Since(start), err)
		}
		start = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := pause.For(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("waited %v, %v", time.Since(start), err)
		}
		if err := pause.For(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("no time under a context that has ended: %v", err)
		}
		if err := pause.For(t.Context(), 0); err != nil {
			t.Error(err)
		}
	})
}
