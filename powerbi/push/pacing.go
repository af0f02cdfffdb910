package push

import (
	"context"
	"math/rand/v2"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/plan"
)

// pacing waits as the service asks, and while it fails.
type pacing struct {
	*run
	failures int       // in a row, of the kind that passes
	since    time.Time // the first of them
}

// throttle waits as the service asks; if it does not say how long, longer each time.
func (p *pacing) throttle(e *powerbi.APIError) {
	if e.RetryAfter > 0 {
		p.hold(e.RetryAfter)
		return
	}
	p.backOff(e, waitLimit, bearNoHour)
}

// hold lets nothing start for as long as the service asks, by this run or by any other
// that sends into the dataset.
func (p *pacing) hold(d time.Duration) {
	now := p.clock.Now()
	p.pacer.Hold(now, now.Add(d), plan.WaitThrottle)
	p.kept(p.journal.Hold(p.disk, now, now.Add(d), plan.WaitThrottle))
}

// outage waits for the network or the service to come back.
func (p *pacing) outage(err error, why string) { p.backOff(err, why, bearOutage) }

// backOff holds everything for a wait that grows with the failures in a row, with some
// chance in it so that many programs do not come back at the same moment. After too
// long the run stops, to be resumed.
func (p *pacing) backOff(err error, why string, bear time.Duration) {
	now := p.clock.Now()
	if p.failures == 0 {
		p.since = now
	}
	p.failures++
	if now.Sub(p.since) >= bear {
		p.kept(err)
		return
	}
	wait := longestWait
	if p.failures < 7 {
		wait = time.Second << (p.failures - 1)
	}
	wait -= time.Duration(rand.Int64N(int64(wait / 2)))
	p.pacer.Hold(now, now.Add(wait), why)
}

// recovered forgets the failures in a row.
func (p *pacing) recovered() { p.failures = 0 }

// sleep waits until nothing holds the pacer any more.
func (p *pacing) sleep(ctx context.Context) {
	for p.stop == nil {
		until, why := p.pacer.Held(p.clock.Now())
		if until.IsZero() {
			return
		}
		p.report.waiting(until, why, true)
		p.turn(ctx, until, nil)
	}
}

// lookAround sees what other runs have sent into the dataset meanwhile, while this one
// has to wait.
func (p *pacing) lookAround() {
	if p.journal == nil {
		return
	}
	now := p.clock.Now()
	if u, err := p.journal.Usage(p.disk, now); err == nil { // else it is read again before anything is sent
		p.pacer.Adopt(u, p.journal.View(), now)
	}
}
