package push

import (
	"context"
	"errors"
	"time"

	"pushdesk/powerbi/push/history"
)

// counter counts the rows of the table while no other run on this computer sends into
// its dataset, before the run and after it.
type counter struct {
	*run
	base    int64  // rows in the table before the run; -1 if not known
	baseWhy string // why not
	blind   bool   // the service cannot be asked: nothing can prove what becomes of a batch
}

const (
	lookAgain      = 200 * time.Millisecond // between two looks at what others do
	countLockLimit = 2 * time.Minute        // for the requests of others to end
	waitForUnknown = longestUnknown + time.Minute
)

// counting is a row count and what other runs on this computer have to do with it.
type counting struct {
	rows int64
	by   history.OtherWriters
}

// busyBefore is why no rows could be counted although the service answers.
const busyBefore = "Another run on this computer kept sending into it."

// errStillSending says that another run kept the lock or kept sending.
var errStillSending = errors.New("another run on this computer kept sending into the table")

// takeOver continues with what earlier sessions have counted.
func (c *counter) takeOver(p *history.Replay) {
	c.base, c.baseWhy = p.Base, p.BaseWhy
	c.blind = p.Counted && p.Base < 0 && p.BaseWhy != busyBefore
	if !p.Counted || p.Base < 0 {
		return
	}
	c.journal.Counted(p.After)
	if !p.Deleted {
		c.report.RowsBefore = &p.Base
	}
}

// before asks how many rows the table holds, so that the count afterwards means
// something. A run continues without.
func (c *counter) before(ctx context.Context) {
	asked, seen, err := c.first(ctx)
	switch {
	case errors.Is(err, errStillSending):
		c.base, c.baseWhy = -1, busyBefore
	case err != nil:
		c.base, c.baseWhy, c.blind = -1, history.Explain(err).Sentence, true
	default:
		c.base, c.baseWhy = seen.rows, ""
		c.report.RowsBefore = &seen.rows
		c.setRows(seen, asked)
	}
	c.note(history.Entry{Kind: history.Base, Count: &c.base, Why: c.baseWhy, Ledger: seen.by.Last})
}

// setRows notes in the ledger how many rows the table holds before the run.
func (c *counter) setRows(seen counting, at time.Time) {
	c.journal.Counted(seen.by.Last)
	c.kept(c.journal.SetRows(c.disk, seen.rows, at))
}

// emptied notes that the table holds nothing any more.
func (c *counter) emptied() {
	by, err := c.journal.OtherWriters(c.disk)
	if err != nil {
		c.kept(err)
		return
	}
	if c.base >= 0 {
		c.base = 0
		c.setRows(counting{0, by}, c.clock.Now())
	}
	c.note(history.Entry{Kind: history.Deleted, Ledger: by.Last})
}

// first asks the table's row count before the run. If runs on this computer have just
// sent more rows than it shows, it is asked until they are there.
func (c *counter) first(ctx context.Context) (asked time.Time, seen counting, err error) {
	for i := range pollAfter {
		c.wait(ctx, pollAfter[i], waitCount)
		asked = c.clock.Now()
		seen, err = c.alone(ctx, func() (int64, error) { return c.patient(ctx, bearCount) })
		if err != nil || c.target.Limits().Newest > 0 || c.cancelled() {
			return asked, seen, err
		}
		least, err := c.journal.LeastRows(c.disk, asked)
		if err != nil || seen.rows >= least {
			return asked, seen, err
		}
	}
	return asked, seen, nil
}

// alone asks the table's row count while it has the count lock of the dataset.
func (c *counter) alone(ctx context.Context, ask func() (int64, error)) (counting, error) {
	var seen counting
	defer func() { c.kept(c.journal.ReleaseCountLock(c.disk)) }()
	for began := c.clock.Now(); ; {
		ok, err := c.journal.AcquireCountLock(c.disk, c.clock.Now())
		if err != nil {
			return seen, err
		}
		if ok {
			break
		}
		if c.clock.Now().Sub(began) > countLockLimit || c.cancelled() {
			return seen, errStillSending
		}
		c.wait(ctx, lookAgain, waitOthers)
	}
	n, err := ask()
	if err != nil {
		return seen, err
	}
	seen.rows = n
	seen.by, err = c.journal.OtherWriters(c.disk)
	return seen, err
}

// count asks the table's row count. A cancel does not end it, but makes it short.
func (c *counter) count(ctx context.Context) (n int64, err error) {
	err = c.await(ctx, func(own context.Context) (err error) {
		n, err = c.target.Count(own)
		return err
	})
	return n, err
}

// patient asks the table's row count and tries again for a while if the failure may
// pass, as sending does. After a cancel it does not.
func (c *counter) patient(ctx context.Context, bear time.Duration) (int64, error) {
	began := c.clock.Now()
	for wait := time.Second; ; wait = min(2*wait, longestWait) {
		n, err := c.count(ctx)
		if err == nil || !passing(err) && !c.early(err) || c.cancelled() || ctx.Err() != nil || c.clock.Now().Sub(began) >= bear {
			return n, err
		}
		if e := apiError(err); e != nil {
			wait = max(wait, e.RetryAfter)
		}
		c.wait(ctx, wait, waitCount)
	}
}

// confirm asks the table's row count after the run and compares it with what was sent.
// online is false if the run ended because there is no network.
func (c *counter) confirm(ctx context.Context, unknown, online bool) {
	r := c.report
	because := func(why history.Why, err string) { r.Unconfirmed = &history.Unconfirmed{Why: why, Error: err} }
	switch {
	case r.RowsSent == 0:
		return
	case c.base < 0:
		because(history.WhyNoBase, c.baseWhy)
		return
	case unknown:
		because(history.WhyUnknown, "")
		return
	case c.aborted:
		because(history.WhyStopped, "")
		return
	}
	own, began, others := c.base+r.RowsSent, c.clock.Now(), int64(0)
	for i := 0; i < c.polls() || others > 0 && !c.cancelled() && c.clock.Now().Sub(began) < waitForUnknown; i++ {
		c.wait(ctx, pollAfter[min(i, len(pollAfter)-1)], waitCount)
		asked := c.clock.Now()
		seen, err := c.alone(ctx, func() (int64, error) { return c.count(ctx) })
		if errors.Is(err, errStillSending) {
			because(history.WhySending, "")
			return
		}
		if err != nil {
			because(history.WhyFailed, history.Explain(err).Sentence)
			if !passing(err) || !online {
				return
			}
			continue
		}
		r.RowsAfter = &seen.rows
		if c.target.Limits().drops(own) {
			because(history.WhyDropped, "")
			return
		}
		expected := own + seen.by.Rows
		others = total(seen.by.Unknown)
		if seen.rows == expected && others == 0 {
			c.kept(c.journal.SetRows(c.disk, seen.rows, asked))
			if c.stop == nil {
				r.Doubts = history.Settle(r.Doubts)
				r.RowsUnproven = history.RowsIn(r.Doubts)
			}
			r.RowsConfirmed, r.ConfirmedBy, r.Unconfirmed = max(r.RowsSent-history.RowsIn(r.Doubts), 0), "row count", nil
			return
		}
		r.Unconfirmed = &history.Unconfirmed{Why: history.WhyDiffers, Rows: seen.rows, Expected: expected, OthersUnknown: others}
		if others == 0 && seen.rows > expected { // no waiting changes that; another run will know its rows, or end
			return
		}
	}
}

func total(list []int64) (sum int64) {
	for _, n := range list {
		sum += n
	}
	return sum
}
