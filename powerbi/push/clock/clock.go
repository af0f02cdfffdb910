// Package clock is what a run knows of time: by the computer's clock, or by that of a practice
// service, which goes before it.
package clock

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/pause"
)

// Clock is what a run knows of time. Tests drive their own.
type Clock interface {
	Now() time.Time
	// Steady returns the moment by a clock that nobody sets: how long to wait for what a
	// service may still do is measured by it.
	Steady() history.Moment
	// After returns a channel that receives once after d; stop gives the timer back.
	After(d time.Duration) (fires <-chan time.Time, stop func())
}

// System is the computer's clock.
type System struct{}

// Now is wall-clock time, so that a computer that slept knows that time passed.
func (System) Now() time.Time { return time.Now().Round(0) }

// Steady implements Clock.
func (System) Steady() history.Moment { return sinceBoot() }

// After implements Clock.
func (System) After(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// Forward puts the clock of a practice service forward.
type Forward func(context.Context, time.Duration) error

// Ahead returns a clock that goes before the computer's by what ask returns: the clock of a
// practice service, which can be put forward. ask may take a while, and is asked once a
// second at most; where it reports false, what it returned last holds. forward is offered
// to who watches a run wait; it may be nil.
func Ahead(ask func() (time.Duration, bool), forward Forward) *Followed {
	return &Followed{ask: ask, forward: forward}
}

// Followed is a clock that goes before the computer's.
type Followed struct {
	System
	ask     func() (time.Duration, bool)
	forward Forward

	mu    sync.Mutex
	asked time.Time
	by    time.Duration
}

func (c *Followed) ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.asked) >= time.Second {
		if by, ok := c.ask(); ok {
			c.by = by
		}
		c.asked = time.Now()
	}
	return c.by
}

// Now implements Clock.
func (c *Followed) Now() time.Time { return c.System.Now().Add(c.ahead()) }

// Forward returns how to put the clock forward, or nil.
func (c *Followed) Forward() Forward { return c.forward }

// Steady implements Clock.
func (c *Followed) Steady() history.Moment {
	m := c.System.Steady()
	m.At += c.ahead()
	return m
}

var (
	processStarted = time.Now()
	processID      = "process " + uuid.NewString()
)

// sinceProcess is the moment where the system's clock of a boot is not known: it means
// nothing to another process.
func sinceProcess() history.Moment {
	return history.Moment{Boot: processID, At: time.Since(processStarted) + 1}
}

// sinceBoot returns how long the computer has run, sleep included, and the ID of this run
// of it. Where the system does not tell, a run that is resumed begins its wait anew.
func sinceBoot() history.Moment {
	if id, at, ok := pause.SinceBoot(); ok {
		return history.Moment{Boot: id, At: at}
	}
	return sinceProcess()
}
