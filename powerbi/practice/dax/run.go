package dax

import (
	"bytes"
	"errors"
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/rows"
	"pushdesk/powerbi/practice/store"
)

// Limits of executeQueries. Source: the API's published description.
const (
	maxResultRows   = 100_000
	maxResultValues = 1_000_000
	maxResultBytes  = 15 << 20
)

// Table is what a query sees of a table.
type Table struct {
	Name    string
	Columns []powerbi.Column
	Rows    store.Store
	Shown   int64 // only so many of the first rows are seen
}

// Run answers a query as JSON objects with commas between. cut says why there are
// fewer of them than there should be. find returns a table by its name, whose case
// does not matter.
func (q Query) Run(find func(name string) (Table, error), includeNulls bool) (out []byte, cut string, err error) {
	if q.table == "" {
		out, err = q.count(find, includeNulls)
		return out, "", err
	}
	t, err := find(q.table)
	if err != nil {
		return nil, "", err
	}
	if q.filter != nil && !store.KeepsValues(t.Rows) {
		return nil, "", errors.New("this practice service keeps no values of rows")
	}
	return q.sample(t, includeNulls)
}

// count answers a row of COUNTROWS.
func (q Query) count(find func(string) (Table, error), includeNulls bool) ([]byte, error) {
	row := []byte{'{'}
	for _, c := range q.counts {
		t, err := find(c.table)
		if err != nil {
			return nil, err
		}
		if t.Shown > 0 {
			row = rows.Member(row, "["+c.name+"]", fmt.Append(nil, t.Shown))
		} else if includeNulls {
			row = rows.Member(row, "["+c.name+"]", rows.Null) // COUNTROWS of an empty table is blank, not 0
		}
	}
	return append(row, '}'), nil
}

// sample answers the first rows of a table that fit the filter.
func (q Query) sample(t Table, includeNulls bool) (out []byte, cut string, err error) {
	var n, values, seen int64
	width := int64(len(t.Columns))
	err = store.Read(t.Rows, t.Columns, func(fields [][]byte) bool {
		seen++
		switch {
		case seen > t.Shown, q.top >= 0 && n >= q.top:
			return false
		case q.filter != nil && !q.filter(t.Columns, fields):
			return true
		case n >= maxResultRows || values+width > maxResultValues:
			cut = fmt.Sprintf("The result was cut off at %d rows.", n)
			return false
		case len(out) > maxResultBytes:
			cut = "The result was cut off at 15 MB."
			return false
		}
		if n > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		for i, c := range t.Columns {
			if value := fields[i]; includeNulls || !bytes.Equal(value, rows.Null) {
				if c.DataType == powerbi.DateTime && !bytes.Equal(value, rows.Null) {
					value = rows.AnsweredDateTime(value)
				}
				out = rows.Member(out, t.Name+"["+c.Name+"]", value)
			}
		}
		out = append(out, '}')
		n++
		values += width
		return true
	})
	return out, cut, err
}
