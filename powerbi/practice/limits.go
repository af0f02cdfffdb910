package practice

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"pushdesk/powerbi"
)

// Limits are the numbers the service enforces. DocumentedLimits gives those of
// the real service; tests may ask for smaller ones, so that a limit is met with
// a few rows. A zero field stands for the documented number.
type Limits struct {
	RowsPerRequest int   `json:"rowsPerRequest"` // rows in one POST: answered with 400
	RowsPerHour    int64 `json:"rowsPerHour"`    // rows added to a dataset in any 60 minutes: 429
	Requests       int   `json:"requests"`       // POSTs of rows to a dataset in any 60 seconds: 429
	SlowFrom       int64 `json:"slowFrom"`       // from this many rows in one of its tables, Requests counts 60 minutes
	Pending        int   `json:"pending"`        // unanswered POSTs of rows to a dataset: 429
	RowsFIFO       int64 `json:"rowsFIFO"`       // kept in a table under basicFIFO ...
	RowsFIFOSlack  int64 `json:"rowsFIFOSlack"`  // ... which is trimmed when it holds this many more
	RowsNone       int64 `json:"rowsNone"`       // held by a table under None: 400 beyond
	BodyBytes      int64 `json:"bodyBytes"`      // size of a POST of rows: 413
	Queries        int   `json:"queries"`        // executeQueries of one caller in any 60 seconds: 429
}

// DocumentedLimits gives the limits of the real service.
// The slack of basicFIFO is described as "roughly 200,000 to 210,000 rows".
func DocumentedLimits() Limits {
	return Limits{
		RowsPerRequest: powerbi.MaxRowsPerRequest,
		RowsPerHour:    powerbi.MaxRowsPerHour,
		Requests:       powerbi.MaxRequests,
		SlowFrom:       powerbi.SlowFromRows,
		Pending:        powerbi.MaxPending,
		RowsFIFO:       powerbi.MaxRowsFIFO,
		RowsFIFOSlack:  10_000,
		RowsNone:       powerbi.MaxRowsNone,
		BodyBytes:      powerbi.MaxBodyBytes,
		Queries:        120,
	}
}

// orDocumented fills the zero fields.
func (l Limits) orDocumented() Limits {
	d := DocumentedLimits()
	fill(&l.RowsPerRequest, d.RowsPerRequest)
	fill(&l.RowsPerHour, d.RowsPerHour)
	fill(&l.Requests, d.Requests)
	fill(&l.SlowFrom, d.SlowFrom)
	fill(&l.Pending, d.Pending)
	fill(&l.RowsFIFO, d.RowsFIFO)
	fill(&l.RowsFIFOSlack, d.RowsFIFOSlack)
	fill(&l.RowsNone, d.RowsNone)
	fill(&l.BodyBytes, d.BodyBytes)
	fill(&l.Queries, d.Queries)
	return l
}

func fill[N int | int64](field *N, documented N) {
	if *field == 0 {
		*field = documented
	}
}

// event is something that counts against a limit: a request, or rows.
type event struct {
	at time.Time
	n  int64
}

// window counts events over a rolling period.
type window struct{ events []event }

// since forgets what happened before a moment and gives the sum of the rest.
func (w *window) since(start time.Time) int64 {
	drop := 0
	for drop < len(w.events) && !w.events[drop].at.After(start) {
		drop++
	}
	w.events = w.events[drop:]
	var sum int64
	for _, e := range w.events {
		sum += e.n
	}
	return sum
}

func (w *window) add(at time.Time, n int64) { w.events = append(w.events, event{at, n}) }

// countSince gives the sum of the events after a moment, forgetting nothing.
func (w *window) countSince(start time.Time) int64 {
	var sum int64
	for i := len(w.events) - 1; i >= 0 && w.events[i].at.After(start); i-- {
		sum += w.events[i].n
	}
	return sum
}

// freeAt says when room for n more comes, in a period with a limit: when enough of
// the oldest events have left a rolling window, or when a fixed one ends.
func (w *window) freeAt(k Windows, now time.Time, period time.Duration, limit, n int64) time.Time {
	start := w.start(k, now, period)
	if k != WindowsRolling {
		return start.Add(period)
	}
	over := w.countSince(start) + n - limit
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

// traffic is what a dataset has been sent lately.
type traffic struct {
	pending  int
	requests window // POSTs of rows
	rows     window // rows added
}

// admitRequest counts one POST of rows against the request limits, or says how
// long to wait. largest is the row count of the dataset's largest table.
// Refused requests are not counted (assumed).
func (t *traffic) admitRequest(k Windows, now time.Time, l Limits, largest int64) (time.Duration, bool) {
	t.requests.since(now.Add(-windowsKeep))
	period := time.Minute
	if largest >= l.SlowFrom {
		period = time.Hour
	}
	if t.requests.countSince(t.requests.start(k, now, period)) >= int64(l.Requests) {
		return t.requests.freeAt(k, now, period, int64(l.Requests), 1).Sub(now), false
	}
	t.requests.add(now, 1)
	return 0, true
}

// admitRows tells whether n more rows fit into the hour, or how long to wait.
// They are counted by rows.add once they are stored.
func (t *traffic) admitRows(k Windows, now time.Time, l Limits, n int64) (time.Duration, bool) {
	t.rows.since(now.Add(-windowsKeep))
	if t.rows.countSince(t.rows.start(k, now, time.Hour))+n > l.RowsPerHour {
		return t.rows.freeAt(k, now, time.Hour, l.RowsPerHour, n).Sub(now), false
	}
	return 0, true
}

// throttled is the answer of the real service to too much of anything. The text
// and its spelling were seen on the live service.
func throttled(wait time.Duration) answer {
	seconds := max(1, int64((wait+time.Second-1)/time.Second))
	a := jsonAnswer(http.StatusTooManyRequests, map[string]string{"message": fmt.Sprintf(
		"You have exceeded the amount of requests allowed in the current time frame and further requests will fail. Retry in %d seconds.", seconds)})
	a.header.Set("Retry-After", strconv.FormatInt(seconds, 10))
	return a
}

// sort puts events that were found in several tables into their order.
func (t *traffic) sort() {
	byTime := func(a, b event) int { return a.at.Compare(b.at) }
	slices.SortStableFunc(t.requests.events, byTime)
	slices.SortStableFunc(t.rows.events, byTime)
}
