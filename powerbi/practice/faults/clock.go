package faults

import (
	"sync/atomic"
	"time"
)

// Clock is the service's clock. It goes with another one, and can be driven forward.
type Clock struct {
	base  func() time.Time
	ahead atomic.Int64 // nanoseconds by which it goes before base
}

// Now returns the service's time.
func (c *Clock) Now() time.Time { return c.base().Add(time.Duration(c.ahead.Load())) }

// Ahead returns how long the clock was driven forward.
func (c *Clock) Ahead() time.Duration { return time.Duration(c.ahead.Load()) }

// Forward lets time pass for the service at once: an hour of its limits, the life
// of its tokens.
func (c *Clock) Forward(d time.Duration) { c.ahead.Add(int64(max(d, 0))) }
