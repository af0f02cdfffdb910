package traffic

import (
	"cmp"

	"pushdesk/powerbi"
)

// Limits are the numbers the service enforces. OrDocumented returns those
// of the real service; tests may ask for smaller ones, so that a limit is met with
// a few rows. A zero field stands for the documented number.
type Limits struct {
	RowsPerRequest int   `json:"rowsPerRequest"` // rows in one POST: answered with 400
	RowsPerHour    int64 `json:"rowsPerHour"`    // rows added to a dataset in any 60 minutes: 429
	Requests       int   `json:"requests"`       // POSTs of rows to a dataset in any 60 seconds: 429
	SlowFrom       int64 `json:"slowFrom"`       // from this many rows in one of its tables, Requests counts 60 minutes
	Pending        int   `json:"pending"`        // unanswered POSTs of rows to a dataset: 429
	RowsFIFO       int64 `json:"rowsFIFO"`       // kept in a table under basicFIFO ...
	RowsFIFOSlack  int64 `json:"rowsFIFOSlack"`  // ... which is trimmed when it holds this many more
	RowsNone       int64 `json:"rowsNone"`       // held by a table under None: 400 beyond
	BodyBytes      int64 `json:"bodyBytes"`      // size of a POST of rows: 413
	Queries        int   `json:"queries"`        // executeQueries of one caller in any 60 seconds: 429
}

// OrDocumented returns the limits with the number of the real service in every zero
// field. The slack of basicFIFO is described as "roughly 200,000 to 210,000 rows".
func (l Limits) OrDocumented() Limits {
	return Limits{
		RowsPerRequest: cmp.Or(l.RowsPerRequest, powerbi.MaxRowsPerRequest),
		RowsPerHour:    cmp.Or(l.RowsPerHour, powerbi.MaxRowsPerHour),
		Requests:       cmp.Or(l.Requests, powerbi.MaxRequests),
		SlowFrom:       cmp.Or(l.SlowFrom, powerbi.SlowFromRows),
		Pending:        cmp.Or(l.Pending, powerbi.MaxPending),
		RowsFIFO:       cmp.Or(l.RowsFIFO, powerbi.MaxRowsFIFO),
		RowsFIFOSlack:  cmp.Or(l.RowsFIFOSlack, 10_000),
		RowsNone:       cmp.Or(l.RowsNone, powerbi.MaxRowsNone),
		BodyBytes:      cmp.Or(l.BodyBytes, powerbi.MaxBodyBytes),
		Queries:        cmp.Or(l.Queries, 120),
	}
}

// Least returns the smallest of the numbers.
func (l Limits) Least() int64 {
	return min(int64(l.RowsPerRequest), l.RowsPerHour, int64(l.Requests), l.SlowFrom, int64(l.Pending),
		l.RowsFIFO, l.RowsFIFOSlack, l.RowsNone, l.BodyBytes, int64(l.Queries))
}
