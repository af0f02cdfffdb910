package history

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/storage/remark"
)

// Status is how a run ended.
type Status string

const (
	StatusDone     Status = "done"     // every row that was to be sent is in the table
	StatusPartial  Status = "partial"  // nothing is left to send, but rows were left out or refused
	StatusUnproven Status = "unproven" // nothing is left to send, but of some batches it is not proven that the table holds them once; see Receipt.Doubts
	StatusStopped  Status = "stopped"  // cancelled, or stopped by a failure that passes: resume sends the rest
	StatusFailed   Status = "failed"   // something must be fixed first
	StatusUnknown  Status = "unknown"  // the answer to a batch was lost and nobody can say whether it was stored
	StatusUndone   Status = "undone"   // finished once, and undone since: its rows are no longer in the table
	StatusRunning  Status = "running"  // another process, or this one, is sending it: only in a receipt that the history returns, never in one that was saved
)

// Finished reports whether a run has nothing left to send.
func (s Status) Finished() bool {
	return s == StatusDone || s == StatusPartial || s == StatusUnproven || s == StatusUndone
}

// Receipt is the account of a run. RowsRead = RowsSent + RowsRejected + RowsUnknown +
// RowsNotSent always holds.
//
// Large: it has a field for each key of its JSON, which scripts read.
type Receipt struct {
	RunID         string            `json:"runId"`
	Status        Status            `json:"status"`
	RowsRead      int64             `json:"rowsRead"`      // from the file so far, that meet the conditions of the mapping
	RowsSent      int64             `json:"rowsSent"`      // accepted by the service
	RowsConfirmed int64             `json:"rowsConfirmed"` // of them, seen in the table's row count; none of those in Doubts
	RowsUnproven  int64             `json:"rowsUnproven"`  // of them, in Doubts
	RowsRejected  int64             `json:"rowsRejected"`  // left out for their problems, or refused by the service
	RowsRefused   int64             `json:"rowsRefused"`   // of them, refused by the service
	RowsUnknown   int64             `json:"rowsUnknown"`   // in batches that nobody can say were stored
	RowsNotSent   int64             `json:"rowsNotSent"`   // read, but the run ended first
	RowsNotRead   int64             `json:"rowsNotRead"`   // of the file: the run ended first, as far as a check has counted them
	RowsTotal     int64             `json:"rowsTotal,omitempty"`
	Batches       int               `json:"batches"`  // accepted requests
	Requests      int               `json:"requests"` // POSTs of rows, whatever became of them
	Retries       int               `json:"retries"`  // of them, repeats of the same rows
	DurationMs    int64             `json:"durationMs"`
	Workspace     string            `json:"workspace"`
	Dataset       string            `json:"dataset"`
	Table         string            `json:"table"`
	Problems      []mapping.Problem `json:"problems"` // the first 1,000

	ProblemCounts []mapping.ProblemCount `json:"problemCounts,omitempty"`
	WorkspaceID   string                 `json:"workspaceId"`
	DatasetID     string                 `json:"datasetId"`
	Retention     powerbi.Retention      `json:"retention,omitempty"`
	Origin
	Started        time.Time      `json:"started,omitzero"`
	Ended          time.Time      `json:"ended,omitzero"`
	WaitedMs       int64          `json:"waitedMs,omitempty"`       // of the duration, for the service's limits and for failures to pass
	FirstUnsentRow int            `json:"firstUnsentRow,omitempty"` // in the sheet
	Deleted        bool           `json:"deleted,omitempty"`        // the rows that were in the table are gone
	RowsBefore     *int64         `json:"rowsBefore,omitempty"`     // in the table, where it could be asked
	RowsAfter      *int64         `json:"rowsAfter,omitempty"`
	ConfirmedBy    string         `json:"confirmedBy"`           // "row count" or ""
	Unconfirmed    *Unconfirmed   `json:"unconfirmed,omitempty"` // why not
	Kind           failure.Kind   `json:"kind,omitempty"`        // of the failure that ended the run
	Code           string         `json:"code,omitempty"`        // of that failure
	Reason         string         `json:"sentence,omitempty"`    // why the run did not end as "done"
	Remedy         string         `json:"remedy,omitempty"`
	Who            string         `json:"who,omitempty"` // who can do it
	Details        string         `json:"details,omitempty"`
	UnknownBatches []UnknownBatch `json:"unknownBatches,omitempty"`
	Doubts         []Doubt        `json:"doubts,omitempty"` // batches that count as sent, or will be sent again, without proof
	Resumable      bool           `json:"resumable"`
	Waiting        *Waiting       `json:"waiting,omitempty"` // what a run under way waits for, as far as the limits tell

	Mapping    *mapping.Mapping `json:"mapping,omitempty"`
	Filtered   int64            `json:"rowsFiltered,omitempty"` // rows of the file so far that do not meet the conditions; not among those read
	RequestIDs []string         `json:"requestIds,omitempty"`   // of the batches that were accepted, the first 1,000
	Sample     *Sample          `json:"sample,omitempty"`       // rows that were read back
	Unproven   []string         `json:"unproven,omitempty"`     // what could not be proven, in sentences
	Undone     time.Time        `json:"undone,omitzero"`        // when the run was undone
}

// Waiting is what keeps the next request of a run from being sent.
type Waiting struct {
	Until time.Time `json:"until"`
	Why   string    `json:"why"`
}

// UnknownBatch is a batch of which nobody can say whether it was stored.
type UnknownBatch struct {
	Batch     int       `json:"batch"`
	FirstRow  int       `json:"firstRow"` // in the sheet
	LastRow   int       `json:"lastRow"`
	Rows      int       `json:"rows"`
	Sent      time.Time `json:"sent"`
	RequestID string    `json:"requestId,omitempty"`
	Reason    string    `json:"reason"`
	FirstKey  string    `json:"firstKey,omitempty"` // values of the first row, to find it in Power BI
	LastKey   string    `json:"lastKey,omitempty"`
	Looked    string    `json:"looked,omitempty"` // what looking for its rows has shown, in a sentence
	Stored    *bool     `json:"stored,omitempty"` // what a person answered: it counts if resuming the run cannot find it out
}

// answers puts what people have answered since into the batches that are unknown.
func (r *Receipt) answers(list []Batch) {
	r.UnknownBatches = slices.Clone(r.UnknownBatches)
	for i, u := range r.UnknownBatches {
		for _, b := range list {
			if b.Number == u.Batch {
				r.UnknownBatches[i].Stored = b.Answer
			}
		}
	}
}

// Sample says what became of rows that were read back from the table after a run and
// compared with what was sent, types included.
type Sample struct {
	Rows    int    `json:"rows"`              // that were looked for
	Found   int    `json:"found"`             // that are in the table exactly as they were sent
	Missing []int  `json:"missing,omitempty"` // sheet rows that are not
	Why     Why    `json:"why,omitempty"`     // none were looked for: WhyDropped or WhyFailed
	Error   string `json:"error,omitempty"`   // of WhyFailed, in words
}

// Why is what keeps something from being proven.
type Why string

const (
	WhyNoBase  Why = "not counted before" // the row count could not be asked before the run
	WhyUnknown Why = "rows unknown"       // it is unknown whether some rows were stored
	WhyStopped Why = "stopped"            // the run was stopped before
	WhySending Why = "others sending"     // another run on this computer kept sending
	WhyFailed  Why = "failed"             // the service could not be asked
	WhyDropped Why = "rows dropped"       // the table drops old rows
	WhyDiffers Why = "differs"            // the table holds another number of rows
)

// Unconfirmed is why the table's row count does not confirm what was sent.
type Unconfirmed struct {
	Why           Why    `json:"why"`
	Error         string `json:"error,omitempty"`         // of WhyNoBase and WhyFailed, in words
	Rows          int64  `json:"rows,omitempty"`          // of WhyDiffers: in the table
	Expected      int64  `json:"expected,omitempty"`      // and expected there
	OthersUnknown int64  `json:"othersUnknown,omitempty"` // rows of another run of which it does not know whether they were stored
}

// Filter returns the conditions that the rows had to meet; nil is every row.
func (r Receipt) Filter() []mapping.Condition {
	if r.Mapping == nil {
		return nil
	}
	return r.Mapping.Filter
}

// DeletionUnknown is what a receipt says of a table that may have been emptied.
const DeletionUnknown = " We don't know whether the rows that were in the table were deleted."

// Fail says why a run did not end as done.
func (r *Receipt) Fail(err error) {
	f := Explain(err)
	r.Kind, r.Code, r.Reason, r.Remedy, r.Who, r.Details = f.Kind, f.Code, f.Sentence, f.Remedy, string(f.Who), f.Details
}

// settle gives a receipt that was stored the status that it has now: the history of
// earlier versions has neither partial nor undone runs, and calls the sentence a reason.
func (r *Receipt) settle(data []byte) {
	var old struct {
		Reason string `json:"reason"`
	}
	if r.Reason == "" && json.Unmarshal(data, &old) == nil {
		r.Reason = old.Reason
	}
	switch {
	case !r.Undone.IsZero():
		r.Status = StatusUndone
	case r.Status == StatusDone && r.RowsRejected > 0:
		r.Status = StatusPartial
	}
}

// TooManyLeftOut reports whether a run that has nothing left to send left out more than
// it may: more rows than were allowed, or any that the service refused.
func (r Receipt) TooManyLeftOut() bool {
	return r.RowsRefused > 0 || r.MaxLeftOut.Exceeded(r.RowsRejected, r.RowsRead)
}

// Explain returns the words for an error; for one that was not made for a person, that
// something unexpected happened.
func Explain(err error) *failure.Error {
	if f, ok := failure.From(err); ok {
		return f
	}
	var old interface { // of packages whose errors are not failures yet
		Sentence() string
		Remedy() string
		Who() string
		Details() string
	}
	if errors.As(err, &old) {
		f := failure.New(failure.Unexpected, "", old.Sentence(), old.Remedy()).WithDetails("%s", old.Details())
		f.Who = failure.Who(old.Who())
		return f
	}
	return failure.New(failure.Unexpected, "", "Something unexpected happened: "+strings.TrimRight(err.Error(), ".")+".",
		"Send the details to your Pushdesk administrator.").WithDetails("%v", err)
}

// running changes the receipt of a run that seems to have stopped, and has not.
func (r *Receipt) running(now time.Time) {
	r.Status, r.Resumable = StatusRunning, false
	r.Kind, r.Code, r.Reason, r.Remedy, r.Ended = "", "", "", "", time.Time{}
	r.DurationMs = max(now.Sub(r.Started), 0).Milliseconds()
}

// details is what is long in a receipt. A list of runs does not read it.
type details struct {
	Problems      []mapping.Problem      `json:"problems"`
	ProblemCounts []mapping.ProblemCount `json:"problemCounts"`
	RequestIDs    []string               `json:"requestIds"`
	Remarks       []remark.Remark        `json:"remarks"`
	Contract      *mapping.Contract      `json:"contract"`
}

// split returns a receipt as JSON without what is long, and that compressed.
func (r Receipt) split() (summary string, long []byte, err error) {
	d := details{r.Problems, r.ProblemCounts, r.RequestIDs, r.Remarks, r.Contract}
	r.Problems, r.ProblemCounts, r.RequestIDs, r.Remarks, r.Contract = nil, nil, nil, nil, nil
	short, err := json.Marshal(r)
	if err != nil {
		return "", nil, fmt.Errorf("write the receipt: %w", err)
	}
	if d.Contract == nil && len(d.Problems)+len(d.ProblemCounts)+len(d.RequestIDs)+len(d.Remarks) == 0 {
		return string(short), nil, nil
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if err := json.NewEncoder(z).Encode(d); err != nil {
		return "", nil, fmt.Errorf("write the receipt: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", nil, fmt.Errorf("write the receipt: %w", err)
	}
	return string(short), out.Bytes(), nil
}

// join puts a receipt together again.
func join(summary string, long []byte) (*Receipt, error) {
	r := Receipt{Problems: []mapping.Problem{}}
	if err := json.Unmarshal([]byte(summary), &r); err != nil {
		return nil, fmt.Errorf("read the receipt: %w", err)
	}
	r.settle([]byte(summary))
	if r.Problems == nil {
		r.Problems = []mapping.Problem{}
	}
	if len(long) == 0 {
		return &r, nil
	}
	var d details
	z, err := gzip.NewReader(bytes.NewReader(long))
	if err == nil {
		err = json.NewDecoder(z).Decode(&d)
	}
	if err != nil {
		return nil, fmt.Errorf("read the receipt's problems: %w", err)
	}
	r.ProblemCounts, r.RequestIDs, r.Remarks, r.Contract = d.ProblemCounts, d.RequestIDs, d.Remarks, d.Contract
	if d.Problems != nil {
		r.Problems = d.Problems
	}
	return &r, nil
}
