package plan

import "time"

// Wait is the time that one of the limits costs.
type Wait struct {
	Reason string
	Times  int // how often
	Total  time.Duration
	First  time.Duration // from the start to the first of them
}

// forecast is how a run would go on.
type forecast struct {
	end      time.Time
	requests int
	rows     int64
	waits    []Wait
}

// simulate runs the pacer ahead over batches of so many rows whose requests take so
// long each. With oneHour it ends where it would wait for the hour. The pacer is used
// up.
func (p *Pacer) simulate(start time.Time, batches []int, request time.Duration, oneHour bool) forecast {
	a := forecast{end: start}
	type flight struct {
		ends time.Time
		n    int
	}
	var flights []flight // in the order of their ends: every request takes as long
	for range p.pending {
		// Requests that are already on their way end one request time from now.
		flights = append(flights, flight{start.Add(request), int(p.pendingRows) / p.pending})
	}
	if len(flights) > 0 { // the rest of an uneven division
		flights[0].n += int(p.pendingRows) % p.pending
	}
	land := func() {
		f := flights[0]
		flights = flights[1:]
		if f.ends.After(a.end) {
			a.end = f.ends
		}
		p.Ended(a.end, f.n, true, f.n)
	}
	rest := 0 // of a batch that was sent in part
	for i := 0; i < len(batches); {
		n := rest
		if n == 0 {
			n = batches[i]
		}
		at, why, known := p.Next(a.end, n)
		some := 0
		if why == WaitRows {
			some = p.Share(n, at.Sub(a.end))
		}
		switch {
		case known && !at.After(a.end) || some > 0:
			if some > 0 {
				n, rest = some, n-some
			} else {
				i, rest = i+1, 0
			}
			p.Started(n)
			a.requests++
			a.rows += int64(n)
			flights = append(flights, flight{a.end.Add(request), n})
		case len(flights) > 0 && (!known || !flights[0].ends.After(at)):
			land()
		case !known || oneHour && Hourly(why, at.Sub(a.end)): // one batch alone is above a limit, or the hour's end
			return a
		default:
			a.wait(why, at.Sub(a.end), a.end.Sub(start))
			a.end = at
		}
	}
	for len(flights) > 0 {
		land()
	}
	return a
}

func (a *forecast) wait(why string, d, since time.Duration) {
	for i := range a.waits {
		if a.waits[i].Reason == why {
			a.waits[i].Times++
			a.waits[i].Total += d
			return
		}
	}
	a.waits = append(a.waits, Wait{why, 1, d, since})
}

// Left returns the least time that the rows still to be sent take from now on, in
// batches of so many and with requests that take so long each.
func (p *Pacer) Left(now time.Time, rows, batch int64, request time.Duration) time.Duration {
	var batches []int
	for rows -= p.pendingRows; rows > 0; rows -= batch {
		batches = append(batches, int(min(batch, rows)))
	}
	return p.clone().simulate(now, batches, request, false).end.Sub(now)
}

// Refill returns for how long the limits would leave a table empty or partly filled
// whose rows are replaced now by so many, in so many batches of documented size, and
// which limit does.
func (p *Pacer) Refill(now time.Time, rows int64, batches int) (total time.Duration, why string) {
	c := p.clone()
	c.Table, c.ByOthers = 0, 0
	return partly(c.simulate(now, c.batches(rows, batches), 0, false).waits)
}

// partly sums the waits during which a replaced table is partly filled.
func partly(waits []Wait) (total time.Duration, why string) {
	for _, w := range waits {
		if Hourly(w.Reason, w.Total) || w.Reason == WaitThrottle {
			total, why = total+w.Total, w.Reason
		}
	}
	return total, why
}
