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
	InParts      bool   // a table that is replaced may stay partly filled for a while
}

// Plan is what a run will cost. Blockers keep it from being done; warnings do not.
// Its sentences are made in words.go.
type Plan struct {
	Rows      int64         `json:"rows"`
	Bytes     int64         `json:"bytes"`
	Requests  int           `json:"requests"`
	LeastTime time.Duration `json:"-"` // leastTimeMs in JSON
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

// Note is one thing to know before the start.
type Note struct {
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
	NoteParts      = "parts"      // a replaced table would stay partly filled for long
)

// Choice is another way to send the same file. Its fields are those of
// PlanInput that it changes.
type Choice struct {
	Kind      string            `json:"kind"`
	Sentence  string            `json:"sentence"`
	Rows      int64             `json:"rows"`                // that would be sent
	LeastTime time.Duration     `json:"-"`                   // leastTimeMs in JSON
	Ends      time.Time         `json:"ends,omitzero"`       //
	Skip      int64             `json:"skip,omitempty"`      //
	Limit     int64             `json:"limit,omitempty"`     //
	OneHour   bool              `json:"oneHour,omitempty"`   //
	Retention powerbi.Retention `json:"retention,omitempty"` //
}

// Kinds of choices.
const (
	ChoiceWait      = "wait"      // wait for every limit and continue
	ChoiceOneHour   = "oneHour"   // send what the hour takes and stop; resume sends the rest
	ChoiceNewest    = "newest"    // leave out the rows that basicFIFO would drop anyway
	ChoiceFits      = "fits"      // send as many rows as the table takes
	ChoiceRetention = "retention" // create the dataset with another retention policy
	ChoiceReplace   = "replace"   // delete the rows that are in the table first
	ChoiceDataset   = "dataset"   // take another dataset
	ChoiceNew       = "onlyNew"   // leave out the rows at the beginning that were sent before
	ChoiceParts     = "inParts"   // leave the table partly filled for a while
	ChoiceFilter    = "filter"    // send only rows that meet conditions
)
