package push

import "time"

// Wait is the time that one of the limits costs.
type Wait struct {
	Reason string        `json:"reason"`
	Times  int           `json:"times"` // how often
	Total  time.Duration `json:"total"` // nanoseconds in JSON
	First  time.Duration `json:"first"` // from the start to the first of them
}

// simulate runs the pacer ahead over batches whose requests take so long each,
// and gives the end, the number of requests and of rows, and what was waited for.
// The pacer is used up.
func (p *pacer) simulate(start time.Time, batches int, rowsOf func(i int) int, request time.Duration) (end time.Time, requests int, sent int64, waits []Wait) {
	now := start
	type flight struct {
		ends time.Time
		n    int
	}
	var flights []flight // in the order of their ends: every request takes as long
	for range p.pending {
		// Requests that are already on their way end one request time from now.
		flights = append(flights, flight{now.Add(request), int(p.pendingRows) / p.pending})
	}
	if len(flights) > 0 { // the rest of an uneven division
		flights[0].n += int(p.pendingRows) % p.pending
	}
	land := func() {
		f := flights[0]
		flights = flights[1:]
		if f.ends.After(now) {
			now = f.ends
		}
		p.ended(now, f.n, true, f.n)
	}
	rest := 0 // of a batch that was sent in part
	for i := 0; i < batches; {
		n := rest
		if n == 0 {
			n = rowsOf(i)
		}
		at, why, known := p.next(now, n)
		some := 0
		if why == waitRows {
			some = p.share(n, at.Sub(now))
		}
		switch {
		case known && !at.After(now) || some > 0:
			if some > 0 {
				n, rest = some, n-some
			} else {
				i, rest = i+1, 0
			}
			p.started(n)
			requests++
			sent += int64(n)
			flights = append(flights, flight{now.Add(request), n})
		case len(flights) > 0 && (!known || !flights[0].ends.After(at)):
			land()
		case !known:
			return now, requests, sent, waits // one batch alone is above a limit
		case p.oneHour && hourly(why, at.Sub(now)):
			return now, requests, sent, waits
		default:
			waits = addWait(waits, why, at.Sub(now), now.Sub(start))
			now = at
		}
	}
	for len(flights) > 0 {
		land()
	}
	return now, requests, sent, waits
}

// hourly tells whether a wait is one for the hour's limits.
func hourly(why string, d time.Duration) bool {
	return (why == waitRows || why == waitSlow) && d > time.Minute
}

func addWait(waits []Wait, why string, d, since time.Duration) []Wait {
	for i := range waits {
		if waits[i].Reason == why {
			waits[i].Times++
			waits[i].Total += d
			return waits
		}
	}
	return append(waits, Wait{why, 1, d, since})
}
