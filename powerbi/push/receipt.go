package push

import (
	"fmt"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

// Status is how a run ended.
type Status string

const (
	StatusDone    Status = "done"    // every row was sent or rejected
	StatusStopped Status = "stopped" // cancelled, or trouble that passes: resume sends the rest
	StatusFailed  Status = "failed"  // something must be put right first
	StatusUnknown Status = "unknown" // the answer to a batch was lost and nobody can say whether it was stored
	StatusRunning Status = "running" // another process, or this one, is at it: in Runs.List only
)

// Receipt is the account of a run. RowsRead = RowsSent + RowsRejected +
// RowsUnknown + RowsNotSent always holds.
type Receipt struct {
	RunID         string            `json:"runId"`
	Status        Status            `json:"status"`
	RowsRead      int64             `json:"rowsRead"`      // from the file so far, that meet the conditions of the mapping
	RowsSent      int64             `json:"rowsSent"`      // accepted by the service
	RowsConfirmed int64             `json:"rowsConfirmed"` // of them, seen in the table's row count
	RowsRejected  int64             `json:"rowsRejected"`  // left out for their problems, or refused by the service
	RowsUnknown   int64             `json:"rowsUnknown"`   // in batches that nobody can say were stored
	RowsNotSent   int64             `json:"rowsNotSent"`   // read, but the run ended first
	RowsTotal     int64             `json:"rowsTotal,omitempty"`
	Batches       int               `json:"batches"`  // accepted requests
	Requests      int               `json:"requests"` // POSTs of rows, whatever became of them
	Retries       int               `json:"retries"`  // of them, repeats of the same rows
	DurationMs    int64             `json:"durationMs"`
	Workspace     string            `json:"workspace"`
	Dataset       string            `json:"dataset"`
	Table         string            `json:"table"`
	Problems      []mapping.Problem `json:"problems"` // the first 1,000

	ByColumn       []mapping.ColumnProblems `json:"problemCounts,omitempty"`
	WorkspaceID    string                   `json:"workspaceId"`
	DatasetID      string                   `json:"datasetId"`
	Retention      powerbi.Retention        `json:"retention,omitempty"`
	Mode           plan.Mode                `json:"mode"`
	Policy         mapping.Policy           `json:"policy"`
	File           string                   `json:"file,omitempty"`
	Sheet          string                   `json:"sheet,omitempty"`
	Range          string                   `json:"range,omitempty"`
	FileHash       string                   `json:"fileHash,omitempty"`
	Started        time.Time                `json:"started,omitzero"`
	Ended          time.Time                `json:"ended,omitzero"`
	WaitedMs       int64                    `json:"waitedMs,omitempty"`       // of the duration, for the service's limits and for trouble to pass
	FirstUnsentRow int                      `json:"firstUnsentRow,omitempty"` // in the sheet
	Deleted        bool                     `json:"deleted,omitempty"`        // the rows that were in the table are gone
	RowsBefore     *int64                   `json:"rowsBefore,omitempty"`     // in the table, where it could be asked
	RowsAfter      *int64                   `json:"rowsAfter,omitempty"`
	ConfirmedBy    string                   `json:"confirmedBy"`           // "row count" or ""
	ConfirmNote    string                   `json:"confirmNote,omitempty"` // why not
	Reason         string                   `json:"reason,omitempty"`      // why the run did not end as "done"
	Remedy         string                   `json:"remedy,omitempty"`
	Who            string                   `json:"who,omitempty"` // who can do it
	Details        string                   `json:"details,omitempty"`
	Doubtful       []DoubtfulBatch          `json:"unknownBatches,omitempty"`
	Resumable      bool                     `json:"resumable"`
	Waiting        *Waiting                 `json:"waiting,omitempty"` // what a run that goes on waits for, as far as the limits tell

	By         string           `json:"by,omitempty"`         // the user and the computer
	Connection string           `json:"connection,omitempty"` // by its name at that time
	Mapping    *mapping.Mapping `json:"mapping,omitempty"`
	Filtered   int64            `json:"rowsFiltered,omitempty"` // rows of the file so far that do not meet the conditions; not among those read
	Skip       int64            `json:"skip,omitempty"`         // rows at the beginning of the file that were left out, of those that meet the conditions
	Limit      int64            `json:"limit,omitempty"`        // rows that were to be sent at most
	Of         string           `json:"of,omitempty"`           // the run whose rejects were sent again, or that was put right
	RequestIDs []string         `json:"requestIds,omitempty"`   // of the batches that were accepted, the first 1,000
	Sample     *Sample          `json:"sample,omitempty"`       // rows that were read back
	Unproven   []string         `json:"unproven,omitempty"`     // what could not be proven, in sentences
	Undone     time.Time        `json:"undone,omitzero"`        // when the run's rows were taken back
}

// Filter gives the conditions that the rows had to meet; nil is every row.
func (r Receipt) Filter() []mapping.Condition {
	if r.Mapping == nil {
		return nil
	}
	return r.Mapping.Filter
}

// FilterNote says in words which rows of the file were sent, and how many of them met
// the conditions; "" when every row was.
func (r Receipt) FilterNote() string {
	if len(r.Filter()) == 0 {
		return ""
	}
	words := r.Mapping.FilterWords()
	if r.Filtered == 0 || r.Skip > 0 { // it is not known of all rows, or some were passed over uncounted
		return words
	}
	return fmt.Sprintf("%s: %s of %s", words, thousands(r.RowsRead), count(r.RowsRead+r.Filtered, "row"))
}

// maxRequestIDs is how many request IDs a receipt keeps.
const maxRequestIDs = 1000

// Waiting is what keeps the next request of a run from being sent.
type Waiting struct {
	Until time.Time `json:"until"`
	Why   string    `json:"why"`
}

// DoubtfulBatch is a batch of which nobody can say whether it was stored.
type DoubtfulBatch struct {
	FirstRow  int       `json:"firstRow"` // in the sheet
	LastRow   int       `json:"lastRow"`
	Rows      int       `json:"rows"`
	Sent      time.Time `json:"sent"`
	RequestID string    `json:"requestId,omitempty"`
	Reason    string    `json:"reason"`
}

// Progress is how far a run is.
type Progress struct {
	RowsRead, RowsSent, RowsRejected int64
	Batches, Requests, Retries       int
	Rate                             float64       // rows a second since the start
	Left                             time.Duration // the plan's least time for the rest; 0 when not known
	State                            State
	WaitUntil                        time.Time // when State is waiting and the end is known
	WaitReason                       string
}

// State is what a run is doing.
type State string

const (
	StateReading State = "reading" // the first rows, or row counts
	StateSending State = "sending"
	StateWaiting State = "waiting"
	StatePaused  State = "paused" // by its Brake
)
