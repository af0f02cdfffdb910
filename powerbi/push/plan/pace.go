package plan

import (
	"slices"
	"sort"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
)

// Pace says within which limits a run keeps. The zero value keeps the documented
// ones; tests and services with other numbers set the fields.
type Pace struct {
	Requests    int   // POSTs of rows a minute, and an hour from SlowFrom on
	RowsPerHour int64 //
	Pending     int   // POSTs without an answer
	SlowFrom    int64 // rows in the table
	BatchRows   int   // rows in a POST
	BatchBytes  int   // bytes in a POST
}

// BatchSize returns where batches end.
func (p Pace) BatchSize() mapping.BatchSize {
	return mapping.BatchSize{Rows: p.BatchRows, Bytes: p.BatchBytes}.OrDocumented()
}

// OrDocumented fills in the documented limits.
func (p Pace) OrDocumented() Pace {
	if p.Requests <= 0 {
		p.Requests = powerbi.MaxRequests
	}
	if p.RowsPerHour <= 0 {
		p.RowsPerHour = powerbi.MaxRowsPerHour
	}
	if p.Pending <= 0 {
		p.Pending = powerbi.MaxPending
	}
	if p.SlowFrom <= 0 {
		p.SlowFrom = powerbi.SlowFromRows
	}
	return p
}

// Why a request has to wait.
const (
	WaitPending  = "5 requests are waiting for their answers"
	WaitMinute   = "Power BI accepts 120 requests a minute"
	WaitSlow     = "Power BI accepts 120 requests an hour once a table holds 250,000 rows"
	WaitRows     = "Power BI accepts 1,000,000 rows an hour"
	WaitThrottle = "Power BI asked to wait"
)

// Hourly reports whether a wait is one for the hour's limits.
func Hourly(why string, d time.Duration) bool {
	return (why == WaitRows || why == WaitSlow) && d > time.Minute
}

// Pacer keeps the limits of one dataset. Its counts are a lower bound of the
// service's, which also counts what others send; what the service answers
// corrects them through Hold. It knows no clock: every method is told the time,
// so that a plan runs the same rules as a run.
//
// The windows are rolling, the stricter of the two possible readings, and a
// request is counted at the time of its answer, the latest moment at which the
// service can have counted it.
type Pacer struct {
	Table    int64 // rows known to be in the table
	ByOthers int64 // rows that other runs have added to it since

	limits      Pace
	fifo        bool
	requests    []time.Time // answered within the hour, oldest first
	rows        []rowsEvent // accepted within the hour, oldest first
	pending     int
	pendingRows int64
	largest     int64     // rows in the largest of the dataset's other tables, as far as known
	held        time.Time // nothing starts before
	heldAt      time.Time // when that was said
	heldWhy     string
}

type rowsEvent struct {
	at time.Time
	n  int64
}

// NewPacer returns the pacer of an empty table that nobody has sent anything.
func NewPacer(limits Pace, keep powerbi.Retention) *Pacer {
	return &Pacer{limits: limits.OrDocumented(), fifo: keep == powerbi.RetentionFIFO}
}

// clone returns a pacer that can be run ahead without changing this one.
func (p *Pacer) clone() *Pacer {
	c := *p
	c.requests, c.rows = slices.Clone(p.requests), slices.Clone(p.rows)
	return &c
}

// Next returns the earliest time at which a request of n rows may start, and why
// not before. It is now when nothing is in the way. known is false when it has
// to wait for the answer of a pending request.
func (p *Pacer) Next(now time.Time, n int) (at time.Time, why string, known bool) {
	p.forget(now)
	at = now
	later := func(t time.Time, reason string) {
		if t.After(at) {
			at, why = t, reason
		}
	}
	later(p.held, p.heldWhy)
	if p.pending >= p.limits.Pending {
		return at, WaitPending, false
	}
	period, reason := time.Minute, WaitMinute
	if p.Slow() {
		period, reason = time.Hour, WaitSlow
	}
	// The request that must have left the window before another may start.
	recent := p.since(now.Add(-period))
	if over := p.pending + len(recent) - p.limits.Requests; over >= 0 {
		if over >= len(recent) {
			return at, reason, false
		}
		later(recent[over].Add(period), reason)
	}
	room, ok := p.roomForRows(now, int64(n))
	if !ok {
		return at, WaitRows, false
	}
	later(room, WaitRows)
	return at, why, true
}

// Adopt takes over everything that was sent into the dataset, by this run and by
// others.
func (p *Pacer) Adopt(u Usage, by View, now time.Time) {
	p.requests, p.rows, p.pending, p.pendingRows, p.ByOthers, p.largest = p.requests[:0], p.rows[:0], 0, 0, 0, 0
	for _, x := range u.Requests {
		if x.Ended.IsZero() {
			p.Started(int(x.Rows))
			continue
		}
		if x.Counts {
			p.requests = append(p.requests, x.Ended)
		}
		if x.Accepted > 0 {
			p.rows = append(p.rows, rowsEvent{x.Ended, x.Accepted})
		}
		if x.Run != by.Run && x.Table == by.Table && x.ID > by.After {
			p.ByOthers += x.Accepted
		}
	}
	for name, t := range u.Tables {
		if name != by.Table {
			p.largest = max(p.largest, t.Rows)
		} else if !by.Counted {
			p.Table, p.ByOthers = t.Rows, 0
		}
	}
	if u.HeldUntil.After(now) {
		p.Hold(now, u.HeldUntil, u.HeldWhy)
	}
}

// Slow reports whether a table of the dataset is so large, once the pending rows are
// in, that requests count by the hour.
func (p *Pacer) Slow() bool {
	n := p.Table + p.ByOthers + p.pendingRows
	if p.fifo {
		n = min(n, powerbi.MaxRowsFIFO)
	}
	return max(n, p.largest) >= p.limits.SlowFrom
}

// since returns the requests that were answered after a moment.
func (p *Pacer) since(start time.Time) []time.Time {
	return p.requests[sort.Search(len(p.requests), func(i int) bool { return p.requests[i].After(start) }):]
}

// roomForRows returns when n more rows fit into the hour; ok is false while that
// depends on pending requests.
func (p *Pacer) roomForRows(now time.Time, n int64) (at time.Time, ok bool) {
	sum := p.pendingRows + n
	for _, e := range p.rows {
		sum += e.n
	}
	at = now
	for _, e := range p.rows {
		if sum <= p.limits.RowsPerHour {
			return at, true
		}
		sum -= e.n
		at = e.at.Add(time.Hour)
	}
	return at, sum <= p.limits.RowsPerHour || p.pending == 0
}

// Share returns how many of the n rows of a batch may go at once when the rest has
// to wait for the hour; 0 when that is not worth a request of its own. Before a long
// wait it always is: what an hour leaves unused is lost.
func (p *Pacer) Share(n int, wait time.Duration) int {
	room := p.limits.RowsPerHour - p.pendingRows
	for _, e := range p.rows {
		room -= e.n
	}
	least := int64(n+9) / 10
	if wait > time.Minute {
		least = 1
	}
	if room >= int64(n) || room < least {
		return 0
	}
	return int(room)
}

// Held returns until when nothing may start, and why; zero when nothing is in the way.
func (p *Pacer) Held(now time.Time) (until time.Time, why string) {
	if p.forget(now); !p.held.After(now) {
		return time.Time{}, ""
	}
	return p.held, p.heldWhy
}

// forget drops what no window looks at any more. What lies in the future was noted
// before the computer's clock was put back, and counts from now.
func (p *Pacer) forget(now time.Time) {
	for i := len(p.requests); i > 0 && p.requests[i-1].After(now); i-- {
		p.requests[i-1] = now
	}
	for i := len(p.rows); i > 0 && p.rows[i-1].at.After(now); i-- {
		p.rows[i-1].at = now
	}
	if p.heldAt.After(now) {
		p.held, p.heldAt = now.Add(p.held.Sub(p.heldAt)), now
	}
	hourAgo := now.Add(-time.Hour)
	p.requests = p.since(hourAgo)
	i := 0
	for i < len(p.rows) && !p.rows[i].at.After(hourAgo) {
		i++
	}
	p.rows = p.rows[i:]
}

// Started counts a request that is on its way.
func (p *Pacer) Started(n int) {
	p.pending++
	p.pendingRows += int64(n)
}

// Ended counts the end of a request: whether it reached the service, and how many
// rows the service has taken of it.
func (p *Pacer) Ended(now time.Time, n int, counts bool, accepted int) {
	p.pending--
	p.pendingRows -= int64(n)
	if counts {
		p.requests = append(p.requests, now)
	}
	p.Accepted(now, accepted)
}

// Accepted counts rows that are in the table.
func (p *Pacer) Accepted(now time.Time, n int) {
	if n == 0 {
		return
	}
	p.rows = append(p.rows, rowsEvent{now, int64(n)})
	p.Table += int64(n)
}

// Hold lets nothing start before a moment.
func (p *Pacer) Hold(now, until time.Time, why string) {
	if until.After(p.held) {
		p.held, p.heldAt, p.heldWhy = until, now, why
	}
}
