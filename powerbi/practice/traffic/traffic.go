// Package traffic counts what a dataset and a caller of the practice service have
// sent lately, and holds it against the documented limits.
package traffic

import "time"

// Traffic is what a dataset has been sent lately.
type Traffic struct {
	Pending  int    // POSTs of rows that are not answered yet
	requests Window // POSTs of rows
	rows     Window // rows added
}

// AdmitRequest counts one POST of rows against the request limits, or returns how
// long to wait. largest is the row count of the dataset's largest table.
// Refused requests are not counted (assumed).
func (t *Traffic) AdmitRequest(k Windows, now time.Time, l Limits, largest int64) (wait time.Duration, ok bool) {
	period := time.Minute
	if largest >= l.SlowFrom {
		period = time.Hour
	}
	if wait, ok = t.requests.Admit(k, now, period, int64(l.Requests), 1); ok {
		t.requests.Add(now, 1)
	}
	return wait, ok
}

// AdmitRows reports whether n more rows fit into the hour, or how long to wait.
// They are counted by AddRows once they are stored.
func (t *Traffic) AdmitRows(k Windows, now time.Time, l Limits, n int64) (wait time.Duration, ok bool) {
	return t.rows.Admit(k, now, time.Hour, l.RowsPerHour, n)
}

// AddRows counts rows that were stored.
func (t *Traffic) AddRows(now time.Time, n int64) { t.rows.Add(now, n) }

// Stored is a batch of rows that was stored before the service started.
type Stored struct {
	At   time.Time
	Rows int64
}

// Restore counts the batches of the last hour, found in several tables.
func (t *Traffic) Restore(batches []Stored) {
	for _, b := range batches {
		t.rows.events = append(t.rows.events, event{b.At, b.Rows})
		t.requests.events = append(t.requests.events, event{b.At, 1})
	}
	t.rows.sort()
	t.requests.sort()
}
