package practice

import "time"

// Windows says how the periods of the limits run. It is not known how those of the
// real service do.
type Windows string

const (
	WindowsRolling Windows = ""      // the last 60 minutes or seconds: the stricter reading
	WindowsFixed   Windows = "fixed" // from full hour to full hour, and from full minute to full minute
	WindowsFirst   Windows = "first" // each begins with the first event after the last one ended
)

// windowsKeep is how long events are kept: two hours, because a fixed window that
// begins with an event may have begun up to an hour before the last 60 minutes.
const windowsKeep = 2 * time.Hour

// start gives the moment after which events count.
func (w *window) start(k Windows, now time.Time, period time.Duration) time.Time {
	switch k {
	case WindowsFixed:
		return now.Truncate(period).Add(-1)
	case WindowsFirst:
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
