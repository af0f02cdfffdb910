package store

import (
	"errors"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/rows"
	"pushdesk/powerbi/practice/traffic"
)

// Store holds the rows of one table. A row is a line of JSON: an array with
// the values in the order of the columns it was sent for. Implementations are
// safe for use by several goroutines.
type Store interface {
	// Append stores a batch: n lines, for these columns. Either all of it is
	// stored or nothing.
	Append(columns []powerbi.Column, lines []byte, n int, at time.Time) error
	// Count returns the number of rows held.
	Count() int64
	// Trim drops the oldest rows until keep are left.
	Trim(keep int64) error
	// Clear drops every row.
	Clear() error
	// Each yields the rows, oldest first, until yield returns false. line is valid
	// during the call.
	Each(yield func(columns []powerbi.Column, line []byte) bool) error
	// Batches returns the batches stored after a moment, as far as they are known.
	Batches(after time.Time) []traffic.Stored
	// Remove deletes the store and whatever it keeps on disk.
	Remove() error
}

// Read yields the values of every row, oldest first, as a table with these columns
// shows them: blank where the row was stored without one. They are valid during the
// call.
func Read(s Store, columns []powerbi.Column, yield func(values [][]byte) bool) error {
	var stored []powerbi.Column // the columns of the row before
	var from []int              // where a row holds the value of a column, or -1
	values := make([][]byte, len(columns))
	var fields [][]byte
	var broken error
	err := s.Each(func(c []powerbi.Column, line []byte) bool {
		if from == nil || !sameColumns(stored, c) {
			stored, from = c, matchColumns(columns, c)
		}
		if fields, broken = rows.Split(fields[:0], line); broken != nil {
			return false
		}
		for i, f := range from {
			values[i] = rows.Null
			if f >= 0 && f < len(fields) {
				values[i] = fields[f]
			}
		}
		return yield(values)
	})
	return errors.Join(err, broken)
}

// matchColumns finds each column among those that rows were stored with.
func matchColumns(columns, stored []powerbi.Column) []int {
	from := make([]int, len(columns))
	for i, c := range columns {
		from[i] = -1
		for j, o := range stored {
			if c.Name == o.Name && c.DataType == o.DataType {
				from[i] = j
			}
		}
	}
	return from
}

func sameColumns(a, b []powerbi.Column) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].DataType != b[i].DataType {
			return false
		}
	}
	return true
}
