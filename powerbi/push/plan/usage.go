package plan

import (
	"time"
)

// Usage is what one dataset was sent lately by every run on this computer. The
// service counts per dataset, so that runs which send into one share its limits.
type Usage struct {
	Requests  []Request // of the last hour and those without an answer, in the order of their ends
	HeldUntil time.Time // the service asked for nothing before
	HeldWhy   string
	Tables    map[string]TableRows
}

// Request is one POST of rows.
type Request struct {
	ID       int64
	Session  string // of a run; a run that is resumed begins another
	Run      string
	Table    string
	Ended    time.Time // zero while there is no answer
	Rows     int64
	Counts   bool  // it reached the service
	Accepted int64 // rows; all of them where the answer was lost
	Unknown  bool  // the answer was lost
}

// TableRows is what is known of a table's size.
type TableRows struct {
	Rows int64
	At   time.Time
}

// View is who looks at a usage: it decides what others have sent.
type View struct {
	Run, Table string
	After      int64 // the last request when the run counted the table's rows
	Counted    bool  // it has
}
