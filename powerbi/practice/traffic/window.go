package traffic

import (
	"slices"
	"time"
)

// Windows says how the periods of the limits run. It is not known how those of the
// real service do.
type Windows string

const (
	Rolling Windows = ""      // the last 60 minutes or seconds: the stricter reading
	Fixed   Windows = "fixed" // from full hour to full hour, and from full minute to full minute
	First   Windows = "first" // each begins with the first event after the last one ended
)

// Keep is how long events are kept: two hours, because a fixed window that begins
// with an event may have begun up to an hour before the last 60 minutes.
const Keep = 2 * time.Hour

// event is something that counts against a limit: a request, or rows.
type event struct {
	at time.Time
	n  int64
}

// Window counts events over a period. The zero value has counted nothing.
type Window struct{ events []event }

// Add counts n at a moment that is not before the last one.
func (w *Window) Add(at time.Time, n int64) {
	w.forget(at.Add(-Keep))
	w.events = append(w.events, event{at, n})
}

// forget drops what happened before a moment.
func (w *Window) forget(before time.Time) {
	drop := 0
	for drop < len(w.events) && !w.events[drop].at.After(before) {
		drop++
	}
	w.events = w.events[drop:]
}

// CountSince returns the sum of the events after a moment.
func (w *Window) CountSince(start time.Time) int64 {
	var sum int64
	for i := len(w.events) - 1; i >= 0 && w.events[i].at.After(start); i-- {
		sum += w.events[i].n
	}
	return sum
}

// Admit reports whether n more fit into a period with a limit, or else how long it
// is until they do. It does not count them.
func (w *Window) Admit(k Windows, now time.Time, period time.Duration, limit, n int64) (wait time.Duration, ok bool) {
	if w.CountSince(w.start(k, now, period))+n <= limit {
		return 0, true
	}
	return w.freeAt(k, now, period, limit, n).Sub(now), false
}

// start returns the moment after which events count.
func (w *Window) start(k Windows, now time.Time, period time.Duration) time.Time {
	switch k {
	case Fixed:
		return now.Truncate(period).Add(-1)
	case First:
		begin := now
		for i, e := range w.events {
			if i == 0 || !e.at.Before(begin.Add(period)) {
				begin = e.at
			}
		}
		if !now.Before(begin.Add(period)) {
			begin = now
		}
		return begin.Add(-1)
	}
	return now.Add(-period)
}

// freeAt returns when room for n more comes: when enough of the oldest events have
// left a rolling window, or when a fixed one ends.
func (w *Window) freeAt(k Windows, now time.Time, period time.Duration, limit, n int64) time.Time {
	start := w.start(k, now, period)
	if k != Rolling {
		return start.Add(period)
	}
	over := w.CountSince(start) + n - limit
	for _, e := range w.events {
		if !e.at.After(start) {
			continue
		}
		if over -= e.n; over <= 0 {
			return e.at.Add(period)
		}
	}
	return now.Add(period) // n alone is above the limit
}

// sort puts events that were found in several tables into their order.
func (w *Window) sort() {
	slices.SortStableFunc(w.events, func(a, b event) int { return a.at.Compare(b.at) })
}
