package push

import (
	"time"

	"pushdesk/powerbi"
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

func (p Pace) orDocumented() Pace {
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
	waitPending  = "5 requests are waiting for their answers"
	waitMinute   = "Power BI takes 120 requests a minute"
	waitSlow     = "Power BI takes 120 requests an hour once a table holds 250,000 rows"
	waitRows     = "Power BI takes 1,000,000 rows an hour"
	waitThrottle = "Power BI asked to wait"
	waitNetwork  = "Power BI cannot be reached; trying again"
	waitSignIn   = "Power BI does not take the sign-in; trying again"
	waitBusy     = "Power BI has a fault of its own; trying again"
	waitCounting = "Another run is counting the table's rows"
	waitOthers   = "Waiting for the requests of another run, to count the table's rows"
	waitCount    = "Waiting until the table's row count shows the last rows"
)

// pacer keeps the limits of one dataset. Its counts are a lower bound of the
// service's, which also counts what others send; what the service answers
// corrects them through hold. It knows no clock: every method is told the time,
// so that a plan runs the same rules as a run.
//
// The windows are rolling, the stricter of the two possible readings, and a
// request is counted at the time of its answer, the latest moment at which the
// service can have counted it.
type pacer struct {
	limits      Pace
	fifo        bool
	requests    []time.Time // answered within the hour, oldest first
	rows        []rowsEvent // accepted within the hour, oldest first
	pending     int
	pendingRows int64
	table       int64     // rows known to be in the table
	foreign     int64     // rows that other runs have added to it since
	others      int64     // rows in the largest of the dataset's other tables, as far as known
	held        time.Time // nothing starts before
	heldAt      time.Time // when that was said
	heldWhy     string
	oneHour     bool // of a plan: it ends where it would wait for the hour
}

type rowsEvent struct {
	at time.Time
	n  int64
}

func newPacer(limits Pace, retention powerbi.Retention, table int64) *pacer {
	return &pacer{limits: limits.orDocumented(), fifo: retention == powerbi.RetentionFIFO, table: max(table, 0)}
}

// clone gives a pacer that can be run ahead without changing this one.
func (p *pacer) clone() *pacer {
	c := *p
	c.requests = append([]time.Time(nil), p.requests...)
	c.rows = append([]rowsEvent(nil), p.rows...)
	return &c
}

// next gives the earliest time at which a request of n rows may start, and why
// not before. It is now when nothing is in the way. known is false when it has
// to wait for the answer of a pending request.
func (p *pacer) next(now time.Time, n int) (at time.Time, why string, known bool) {
	p.forget(now)
	at = now
	later := func(t time.Time, reason string) {
		if t.After(at) {
			at, why = t, reason
		}
	}
	later(p.held, p.heldWhy)
	if p.pending >= p.limits.Pending {
		return at, waitPending, false
	}
	period, reason := time.Minute, waitMinute
	if p.slow() {
		period, reason = time.Hour, waitSlow
	}
	// The request that must have left the window before another may start.
	if over := p.pending + len(p.since(now.Add(-period))) - p.limits.Requests; over >= 0 {
		recent := p.since(now.Add(-period))
		if over >= len(recent) {
			return at, reason, false
		}
		later(recent[over].Add(period), reason)
	}
	if t, ok := p.roomForRows(now, int64(n)); !ok {
		return at, waitRows, false
	} else {
		later(t, waitRows)
	}
	return at, why, true
}

// adopt takes over what the ledger knows: everything that was sent into the
// dataset, by this run and by others.
func (p *pacer) adopt(s standing, l *ledger, now time.Time) {
	p.requests, p.rows, p.pending, p.pendingRows, p.foreign, p.others = p.requests[:0], p.rows[:0], 0, 0, 0, 0
	for _, x := range s.requests {
		if x.ended.IsZero() {
			p.started(int(x.rows))
			continue
		}
		if x.counts {
			p.requests = append(p.requests, x.ended)
		}
		if x.taken > 0 {
			p.rows = append(p.rows, rowsEvent{x.ended, x.taken})
		}
		if x.run != l.run && x.table == l.table && x.id > l.after {
			p.foreign += x.taken
		}
	}
	for name, t := range s.tables {
		if name != l.table {
			p.others = max(p.others, t.rows)
		} else if !l.counted {
			p.table, p.foreign = t.rows, 0
		}
	}
	if s.until.After(now) {
		p.hold(now, s.until, s.why)
	}
}

// slow tells whether a table of the dataset is so large that requests count by the
// hour.
func (p *pacer) slow() bool {
	return p.tableAfter() >= p.limits.SlowFrom || p.others >= p.limits.SlowFrom
}

// tableAfter is how many rows the table may hold once the pending ones are in.
func (p *pacer) tableAfter() int64 {
	n := p.table + p.foreign + p.pendingRows
	if p.fifo {
		n = min(n, powerbi.MaxRowsFIFO)
	}
	return n
}

// since gives the requests that were answered after a moment.
func (p *pacer) since(start time.Time) []time.Time {
	i := len(p.requests)
	for i > 0 && p.requests[i-1].After(start) {
		i--
	}
	return p.requests[i:]
}

// roomForRows tells when n more rows fit into the hour; ok is false while that
// depends on pending requests.
func (p *pacer) roomForRows(now time.Time, n int64) (at time.Time, ok bool) {
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

// share gives how many of the n rows of a batch may go at once when the rest has
// to wait for the hour; 0 when that is not worth a request of its own. Before a long
// wait it always is: what an hour leaves unused is lost.
func (p *pacer) share(n int, wait time.Duration) int {
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

// forget drops what no window looks at any more. What lies in the future was noted
// before the computer's clock was put back, and counts from now.
func (p *pacer) forget(now time.Time) {
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
	i := 0
	for i < len(p.requests) && !p.requests[i].After(hourAgo) {
		i++
	}
	p.requests = p.requests[i:]
	i = 0
	for i < len(p.rows) && !p.rows[i].at.After(hourAgo) {
		i++
	}
	p.rows = p.rows[i:]
}

// started counts a request that is on its way.
func (p *pacer) started(n int) {
	p.pending++
	p.pendingRows += int64(n)
}

// ended counts the end of a request: whether it reached the service, and how many
// rows the service has taken of it.
func (p *pacer) ended(now time.Time, n int, counts bool, accepted int) {
	p.pending--
	p.pendingRows -= int64(n)
	if counts {
		p.requests = append(p.requests, now)
	}
	p.accepted(now, accepted)
}

// accepted counts rows that are in the table.
func (p *pacer) accepted(now time.Time, n int) {
	if n == 0 {
		return
	}
	p.rows = append(p.rows, rowsEvent{now, int64(n)})
	p.table += int64(n)
}

// hold lets nothing start before a moment.
func (p *pacer) hold(now, until time.Time, why string) {
	if until.After(p.held) {
		p.held, p.heldAt, p.heldWhy = until, now, why
	}
}
