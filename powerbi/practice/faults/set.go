package faults

import (
	"net/http"
	"sync/atomic"
	"time"

	"pushdesk/powerbi/practice/traffic"
)

// Set is everything in which one service can be made to differ from its default: its
// faults, its behavior and its clock. All of it may be changed while it runs.
type Set struct {
	List
	Clock
	behavior atomic.Pointer[Behavior]
	posts    atomic.Int64 // of rows, for Behavior.LoseOneIn
}

// NewSet returns a set without faults. now is the clock behind the service's.
func NewSet(now func() time.Time, first Behavior) (*Set, error) {
	s := &Set{Clock: Clock{base: now}}
	return s, s.SetBehavior(first)
}

// Strike returns what strikes a request: a fault that was asked for, else what the
// behavior does to one POST of rows in so many.
func (s *Set) Strike(op Operation, r *http.Request) (Fault, bool) {
	if f, struck := s.List.Strike(op, r); struck || op != OpRows {
		return f, struck
	}
	b := s.Behavior()
	if b.LoseOneIn == 0 || s.posts.Add(1)%int64(b.LoseOneIn) != 0 {
		return Fault{}, false
	}
	return b.lost(), true
}

// Behavior returns how the service acts now, with every limit as a number.
func (s *Set) Behavior() Behavior { return *s.behavior.Load() }

// SetBehavior lets the service act in another way from the next request on.
func (s *Set) SetBehavior(b Behavior) error {
	if err := b.check(); err != nil {
		return err
	}
	b.Limits = b.Limits.OrDocumented()
	b.CountDelayMS = min(b.CountDelayMS, traffic.Keep.Milliseconds())
	s.behavior.Store(&b)
	return nil
}

// SetCountDelay changes after which time queries show rows that were added: both
// row counts and the rows themselves. At most two hours.
func (s *Set) SetCountDelay(d time.Duration) {
	b := s.Behavior()
	b.CountDelayMS = max(d.Milliseconds(), 0)
	_ = s.SetBehavior(b) // nothing else of it has changed
}
