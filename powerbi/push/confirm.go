package push

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pushdesk/powerbi"
)

// waitForUnsure is how long the last count waits for another run of this computer
// to find out whether a batch of it was stored, which takes that run no longer.
const waitForUnsure = longestDoubt + time.Minute

// confirm asks the table's row count and compares it with what was sent.
func (r *run) confirm(ctx context.Context, tick *time.Ticker) {
	c := &r.receipt
	switch {
	case c.RowsSent == 0:
		return
	case r.base < 0:
		c.ConfirmNote = "The table's row count could not be asked before the run. " + r.baseWhy
		return
	case len(r.doubtful) > 0:
		c.ConfirmNote = "The row count proves nothing while it is not certain whether some rows were stored."
		return
	}
	own := r.base + c.RowsSent
	fifo := r.target.Retention == powerbi.RetentionFIFO && own > powerbi.MaxRowsFIFO
	began, unsure := r.clock.Now(), int64(0)
	for i := 0; i < r.polls() || unsure > 0 && r.deadline.IsZero() && r.clock.Now().Sub(began) < waitForUnsure; i++ {
		r.pause(ctx, tick, pollAfter[min(i, len(pollAfter)-1)])
		asked := r.clock.Now()
		seen, err := r.countAlone(ctx, tick, func() (int64, error) { return r.count(ctx) })
		if errors.Is(err, errNoSilence) {
			c.ConfirmNote = "Another run of this computer kept sending into the table, so that its row count proves nothing."
			return
		}
		if err != nil {
			c.ConfirmNote = "The table's row count could not be asked. " + accountOf(err).reason
			if !passing(err) || r.failures > 0 { // there is no network: the run ended for that
				return
			}
			continue
		}
		n, expected := seen.rows, own+seen.foreign
		c.RowsAfter = &n
		if fifo {
			c.ConfirmNote = fmt.Sprintf("The table keeps about the newest %s rows and drops old ones, so that its row count proves nothing.", thousands(powerbi.MaxRowsFIFO))
			return
		}
		unsure = total(seen.unsure)
		if n == expected && unsure == 0 {
			r.noteSize(n, asked)
			c.RowsConfirmed, c.ConfirmedBy, c.ConfirmNote = c.RowsSent, "row count", ""
			return
		}
		c.ConfirmNote = fmt.Sprintf("The table holds %s, and %s were expected.", count(n, "row"), thousands(expected))
		switch {
		case unsure > 0: // it will know, or end
			c.ConfirmNote += fmt.Sprintf(" Another run of this computer does not know whether %s of it were stored.", count(unsure, "row"))
		case n > expected:
			c.ConfirmNote += " Others may have added rows meanwhile."
			return
		}
	}
	if c.RowsAfter != nil && unsure == 0 {
		c.ConfirmNote += " Power BI may show them later, or others may have deleted rows."
	}
}

// noteSize notes in the ledger how many rows the table holds in the end.
func (r *run) noteSize(n int64, at time.Time) {
	if r.journal == nil {
		return
	}
	if err := r.ledger.sized(n, at); err != nil {
		r.end(StatusStopped, err)
	}
}

// finish makes the receipt whole, writes it to the journal and tells the last
// progress.
func (r *run) finish() (Receipt, error) {
	c := &r.receipt
	c.RowsUnknown = 0
	for _, b := range r.doubtful {
		c.RowsUnknown += int64(b.size())
	}
	c.RowsRejected += r.reader.rejected.Load()
	c.RowsRead = max(r.reader.read.Load(), c.RowsSent+c.RowsRejected+c.RowsUnknown, r.past.rowsRead())
	c.RowsNotSent = c.RowsRead - c.RowsSent - c.RowsRejected - c.RowsUnknown
	if c.Filtered = r.selected.Filtered(); r.past != nil {
		c.Filtered = max(c.Filtered, r.past.filtered)
	}
	for _, p := range r.rejects {
		r.reader.problems.Add(p)
	}
	c.Problems, c.ByColumn = r.reader.problems.Kept(), r.reader.problems.ByColumn()
	c.Ended = r.clock.Now()
	c.DurationMs = (r.before + c.Ended.Sub(r.started)).Milliseconds()
	c.WaitedMs = r.waited.Milliseconds()
	c.Status = StatusDone
	if r.stop != nil {
		c.Status = r.stopped
		a := accountOf(r.stop)
		c.Reason, c.Remedy, c.Who, c.Details = a.reason, a.remedy, a.who, a.details
		if r.deleteDoubt {
			c.Reason += " It is not certain whether the rows that were in the table were deleted."
		}
		c.FirstUnsentRow = r.firstUnsent()
		c.Resumable = r.journal != nil
	}
	c.Unproven = r.unproven()
	err := r.journal.finish(*c)
	r.report(true)
	if r.stop != nil {
		err = errors.Join(r.stop, err)
	}
	return *c, err
}

// unproven says in sentences what the receipt cannot prove.
func (r *run) unproven() (list []string) {
	c := &r.receipt
	if c.RowsUnknown > 0 {
		list = append(list, fmt.Sprintf("Whether %s were stored: the answers were lost.", count(c.RowsUnknown, "row")))
	}
	if c.RowsSent > 0 && c.RowsConfirmed == 0 {
		list = append(list, strings.TrimSpace("That the table holds every row that was accepted. "+c.ConfirmNote))
	}
	switch s := c.Sample; {
	case c.RowsSent == 0:
	case s == nil || s.Rows == 0:
		note := ""
		if s != nil {
			note = s.Note
		}
		list = append(list, strings.TrimSpace("That the values are stored as they were sent. "+note))
	case s.Found < s.Rows:
		list = append(list, fmt.Sprintf("That the values are stored as they were sent: of %s that were read back, %d are not in the table as they were sent.", count(int64(s.Rows), "row"), s.Rows-s.Found))
	}
	return list
}

// firstUnsent gives the first sheet row that was not sent, of what was read.
func (r *run) firstUnsent() int {
	first := r.reader.row + 1
	if r.reader.row == 0 {
		first = 0 // nothing was read
	}
	for _, b := range append([]*batch{r.held, r.reader.left}, r.again...) {
		if b != nil && b.size() > 0 && (first == 0 || b.rows[0] < first) {
			first = b.rows[0]
		}
	}
	return first
}
