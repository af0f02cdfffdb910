package push

import (
	"context"
	"sync/atomic"
	"time"
)

// Brake holds a run and lets it go again, from any goroutine. While it is on, no
// further request of rows starts and nothing is deleted; those on their way end as
// they do. The limits, the journal and the answers that are waited for go on as
// time does. The zero value is off; nil is off for good.
type Brake struct{ on atomic.Bool }

// Set puts the brake on, or off.
func (b *Brake) Set(on bool) { b.on.Store(on) }

// On tells whether the brake is on.
func (b *Brake) On() bool { return b != nil && b.on.Load() }

// rest lets some time pass when the run is held, and tells whether it is.
func (r *run) rest(ctx context.Context, tick *time.Ticker) bool {
	if !r.o.Brake.On() || r.stop != nil {
		return false
	}
	r.state = StateSending
	if r.flying == 0 {
		r.state = StatePaused
	}
	if res := r.turn(ctx, tick, false, time.Time{}); res != nil {
		r.handle(*res)
	}
	return true
}
