package history

import (
	"errors"
	"time"

	"pushdesk/powerbi/push/mapping"
)

// Kind is what an entry of a journal is about.
type Kind string

const (
	Started  Kind = "start"    // a session begins
	Base     Kind = "base"     // the rows in the table before the run
	Deleting Kind = "delete"   // the table is about to be emptied
	Deleted  Kind = "deleted"  // it is empty
	Posted   Kind = "post"     // a batch is about to be sent
	Accepted Kind = "accepted" // the service accepted it
	Refused  Kind = "refused"  // it did not, or was not reached
	Unknown  Kind = "unknown"  // its answer was lost
	Resolved Kind = "resolved" // what became of it was found out, or not (no Stored)
	Answered Kind = "answered" // a person said what became of it, in case that it cannot be found out
	Partly   Kind = "partly"   // a refused batch of which the table seems to hold a part
	Rejected Kind = "rejected" // one row is left out because the service does not accept it
	Ended    Kind = "end"      // the session ended
)

// Entry is one entry of a journal.
type Entry struct {
	Kind      Kind             `json:"type"`
	Time      time.Time        `json:"time"`
	Batch     int              `json:"batch,omitempty"`
	Try       int              `json:"try,omitempty"`
	Rows      int              `json:"rows,omitempty"`
	First     int              `json:"first,omitempty"` // sheet rows
	Last      int              `json:"last,omitempty"`
	Spans     []Span           `json:"spans,omitempty"` // rows of the source
	Bytes     int              `json:"bytes,omitempty"`
	RequestID string           `json:"requestId,omitempty"`
	Why       string           `json:"why,omitempty"`
	Count     *int64           `json:"count,omitempty"` // the table's row count; -1 when it could not be asked
	Stored    *bool            `json:"stored,omitempty"`
	By        Proof            `json:"by,omitempty"`    // what the verdict stands on
	Ended     bool             `json:"ended,omitempty"` // as in Batch
	Boot      string           `json:"boot,omitempty"`
	BootMs    int64            `json:"bootMs,omitempty"` // a Moment
	Problem   *mapping.Problem `json:"problem,omitempty"`
	Ledger    int64            `json:"ledger,omitempty"` // the request in the ledger
	Session   *Session         `json:"session,omitempty"`
}

// moment returns when the entry was written, by the clock that nobody sets.
func (e Entry) moment() Moment { return Moment{e.Boot, time.Duration(e.BootMs) * time.Millisecond} }

// Session is what one session of a run adds to the next.
type Session struct {
	TookMs   int64 `json:"tookMs"`             // with those before
	WaitedMs int64 `json:"waitedMs,omitempty"` // of it, with those before
	Read     int64 `json:"read"`
	Filtered int64 `json:"filtered"`
}

// Span is a series of rows of the source, by their index from 0, both ends included.
type Span [2]int

var errDamaged = errors.New("an entry of the journal cannot be read")
