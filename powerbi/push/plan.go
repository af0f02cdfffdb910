package push

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

// PlanInput is what a plan is made from; the numbers come from CheckRows and the
// service.
type PlanInput struct {
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

// PlanNote is one thing to know before the start.
type PlanNote struct {
	Kind     string `json:"kind"` // such as "fifo"
	Sentence string `json:"sentence"`
	Remedy   string `json:"remedy,omitempty"`
}

// Kinds of notes.
const (
	NoteNothing    = "nothing"    // no rows or no columns
	NoteColumns    = "columns"    // too many
	NoteFull       = "full"       // rows do not fit into the table
	NoteFIFO       = "fifo"       // old rows are dropped
	NoteWait       = "wait"       // a limit on the rate will be met
	NoteSlow       = "slow"       // the slow mode will be met
	NoteReplace    = "replace"    // rows are deleted
	NoteRetirement = "retirement" // new push datasets end
	NoteUnknown    = "unknown"    // how many rows the table holds is not known
	NoteUsed       = "used"       // a part of what the hour allows is used up
	NoteHeld       = "held"       // the service asked to wait
	NotePart       = "part"       // not all rows of the file are sent
)

// Plan is what a run will cost. Blockers keep it from being done; warnings do not.
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
	Warnings  []PlanNote    `json:"warnings"`
	Blockers  []PlanNote    `json:"blockers"`
	Choices   []PlanChoice  `json:"choices,omitempty"` // other ways to do it
	Quota     *Quota        `json:"quota,omitempty"`   // what the dataset was sent lately
}

// MakePlan works out what a run will cost, with the rules that the run itself
// keeps. It counts only what is known: others may use the same dataset, and what
// the service answers counts in the end.
func MakePlan(in PlanInput) Plan {
	p := makePlan(in)
	p.Choices = p.choices(in)
	return p
}

func makePlan(in PlanInput) Plan {
	whole := in.Rows
	in = in.part()
	p := Plan{Rows: in.Rows, Bytes: in.Bytes, Warnings: []PlanNote{}, Blockers: []PlanNote{}, Quota: in.Quota}
	size := sizeOf(in.Pace)
	full := size.batches(in.Rows)
	existing := in.existing()
	pacer := newPacer(in.Pace, in.Retention, existing)
	if in.Quota != nil && in.Quota.ledger != nil {
		pacer.adopt(in.Quota.standing, in.Quota.ledger, in.Now)
		pacer.table, pacer.foreign = max(existing, 0), 0
	}
	pacer.oneHour = in.OneHour
	after := max(existing, 0) + in.Rows
	batches := in.batchRows(pacer, full)
	end, requests, sent, waits := pacer.simulate(in.Now, len(batches), func(i int) int { return batches[i] }, in.RequestTime)
	p.Requests, p.Ends, p.Waits, p.LeastTime = requests, end, waits, end.Sub(in.Now)
	p.Slow = in.Retention != powerbi.RetentionFIFO && p.Requests > 1 && after-in.Rows/int64(p.Requests) >= pacer.limits.SlowFrom

	switch {
	case in.Retention == powerbi.RetentionFIFO && after > powerbi.MaxRowsFIFO:
		p.Dropped = after - powerbi.MaxRowsFIFO
		p.Lost = max(0, in.Rows-powerbi.MaxRowsFIFO)
	case in.Retention != powerbi.RetentionFIFO && after > powerbi.MaxRowsNone:
		p.Overflow = min(after-powerbi.MaxRowsNone, in.Rows)
	}
	if in.OneHour && sent < in.Rows {
		p.Rows = sent
	}
	p.block(in, existing)
	p.warn(in, existing)
	p.warnPart(whole, in.Filtered)
	p.Summary = p.summary(in)
	return p
}

// existing gives the rows in the table when the first batch goes; -1: not known.
func (in PlanInput) existing() int64 {
	switch {
	case in.Mode == ModeReplace || in.Create:
		return 0
	case in.ExistingRows < 0 && in.Quota != nil && in.Quota.TableRows != nil:
		return *in.Quota.TableRows
	}
	return in.ExistingRows
}

// part leaves out what is not sent.
func (in PlanInput) part() PlanInput {
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

// batches gives the rows of each batch when only the number of rows limits them.
func (s batchSize) batches(rows int64) []int {
	var list []int
	for slot := 0; rows > 0; slot++ {
		n := min(rows, int64(s.limit(slot)))
		list = append(list, int(n))
		rows -= n
	}
	return list
}
