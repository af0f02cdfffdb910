package plan

import (
	"time"

	"pushdesk/powerbi"
)

// Mode says what happens to the rows that are in the table.
type Mode string

const (
	ModeAppend  Mode = "append"
	ModeReplace Mode = "replace" // every row is deleted right before the first batch
)

// Input is what a plan is made from; the numbers come from a check and the
// service.
type Input struct {
	Rows         int64 // that will be sent
	Bytes        int64
	Batches      int   // 0: made of full batches
	Columns      int   // 0: not known
	ExistingRows int64 // in the table now; -1: not known
	Retention    powerbi.Retention
	Mode         Mode
	Create       bool // the dataset will be created
	Now          time.Time
	RequestTime  time.Duration // that one request takes; 0 gives the least time
	Pace         Pace
	Quota        *Quota // what the dataset was sent lately; nil: nothing
	Skip         int64  // rows at the beginning of the file that are left out, of Rows
	Limit        int64  // rows that are sent at most; 0: all
	Filtered     int64  // rows of the file that do not meet the conditions, for the notes; not of Rows
	OneHour      bool   // the run stops where it would have to wait for the hour
}

// Plan is what a run will cost. Blockers keep it from being done; warnings do not.
// Its sentences are made in words.go.
type Plan struct {
	Rows      int64         `json:"rows"`
	Bytes     int64         `json:"bytes"`
	Requests  int           `json:"requests"`
	LeastTime time.Duration `json:"leastTime"` // nanoseconds in JSON
	Ends      time.Time     `json:"ends"`
	Waits     []Wait        `json:"waits,omitempty"`
	Slow      bool          `json:"slow"`    // the table will hold 250,000 rows or more before the last request
	Dropped   int64         `json:"dropped"` // rows that basicFIFO drops, old ones and new ones
	Lost      int64         `json:"lost"`    // of them, rows of this run
	Overflow  int64         `json:"overflow"`
	Summary   string        `json:"summary"`
	Warnings  []Note        `json:"warnings"`
	Blockers  []Note        `json:"blockers"`
	Choices   []Choice      `json:"choices,omitempty"` // other ways to do it
	Quota     *Quota        `json:"quota,omitempty"`   // what the dataset was sent lately
}

// Make works out what a run will cost, with the rules that the run itself
// keeps. It counts only what is known: others may use the same dataset, and what
// the service answers counts in the end.
func Make(in Input) Plan {
	p, _ := in.plan()
	p.Choices = p.choices(in)
	return p
}

// plan works out a plan without choices, and the pacer as it is in the end.
func (in Input) plan() (Plan, *Pacer) {
	whole := in.Rows
	in = in.part()
	p := Plan{Rows: in.Rows, Bytes: in.Bytes, Quota: in.Quota}
	pacer := in.pacer()
	a := pacer.simulate(in.Now, pacer.batches(in.Rows, in.Batches), in.RequestTime, in.OneHour)
	p.Requests, p.Ends, p.Waits, p.LeastTime = a.requests, a.end, a.waits, a.end.Sub(in.Now)

	fifo := in.Retention == powerbi.RetentionFIFO
	after := max(in.existing(), 0) + in.Rows
	p.Slow = !fifo && p.Requests > 1 && after-in.Rows/int64(p.Requests) >= pacer.limits.SlowFrom
	switch {
	case fifo && after > powerbi.MaxRowsFIFO:
		p.Dropped = after - powerbi.MaxRowsFIFO
		p.Lost = max(0, in.Rows-powerbi.MaxRowsFIFO)
	case !fifo && after > powerbi.MaxRowsNone:
		p.Overflow = min(after-powerbi.MaxRowsNone, in.Rows)
	}
	if in.OneHour {
		p.Rows = min(p.Rows, a.rows)
	}
	p.describe(in, whole)
	return p, pacer
}

// pacer returns the pacer right before the first batch.
func (in Input) pacer() *Pacer {
	p := NewPacer(in.Pace, in.Retention)
	if in.Quota != nil && in.Quota.usage != nil {
		p = in.Quota.pacer(in.Pace, in.Retention, in.Now)
	}
	p.Table, p.ByOthers = max(in.existing(), 0), 0
	return p
}

// existing returns the rows in the table when the first batch goes; -1: not known.
func (in Input) existing() int64 {
	switch {
	case in.Mode == ModeReplace || in.Create:
		return 0
	case in.ExistingRows < 0 && in.Quota != nil && in.Quota.TableRows != nil:
		return *in.Quota.TableRows
	}
	return in.ExistingRows
}

// part leaves out what is not sent.
func (in Input) part() Input {
	rows := max(in.Rows-in.Skip, 0)
	if in.Limit > 0 {
		rows = min(rows, in.Limit)
	}
	if rows != in.Rows && in.Rows > 0 { // the numbers of a check are of all rows
		in.Bytes = int64(float64(in.Bytes) * float64(rows) / float64(in.Rows))
		in.Batches = int((int64(in.Batches)*rows + in.Rows - 1) / in.Rows)
	}
	in.Rows = rows
	return in
}
