package dax

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	if q.distinct != "" {
		return q.values(t, includeNulls)
	}
	return q.sample(t, includeNulls)
}

// values answers the different values of a column.
func (q Query) values(t Table, includeNulls bool) (out []byte, cut string, err error) {
	at := columnAt(t.Columns, q.distinct)
	if at < 0 || !store.KeepsValues(t.Rows) {
		return nil, "", errNoColumn(q.distinct)
	}
	kind := t.Columns[at].DataType
	var list [][]byte
	var seen int64
	err = store.Read(t.Rows, t.Columns, func(fields [][]byte) bool {
		if seen++; seen > t.Shown {
			return false
		}
		if q.filter == nil || q.filter(t.Columns, fields) {
			list = append(list, bytes.Clone(fields[at]))
		}
		return true
	})
	if err != nil {
		return nil, "", err
	}
	slices.SortStableFunc(list, func(a, b []byte) int { return compare(kind, a, b) })
	list = slices.CompactFunc(list, func(a, b []byte) bool { return compare(kind, a, b) == 0 })
	if q.top >= 0 {
		list = list[:min(int64(len(list)), q.top)]
	}
	if len(list) > maxResultRows {
		list, cut = list[:maxResultRows], fmt.Sprintf("The result was cut off at %d rows.", maxResultRows)
	}
	for i, value := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		if includeNulls || !bytes.Equal(value, rows.Null) {
			out = rows.Member(out, t.Name+"["+t.Columns[at].Name+"]", answered(kind, value))
		}
		out = append(out, '}')
	}
	return out, cut, nil
}

func columnAt(columns []powerbi.Column, name string) int {
	return slices.IndexFunc(columns, func(c powerbi.Column) bool { return strings.EqualFold(c.Name, name) })
}

func errNoColumn(name string) error {
	return fmt.Errorf("the column %q cannot be found, or this practice service keeps no values of rows", name)
}

// answered is a value as an answer has it.
func answered(kind powerbi.DataType, value []byte) []byte {
	if kind == powerbi.DateTime && !bytes.Equal(value, rows.Null) {
		return rows.AnsweredDateTime(value)
	}
	return value
}

// largest is the largest value of a column; null if it has none.
func largest(t Table, name string) ([]byte, error) {
	at := columnAt(t.Columns, name)
	if at < 0 || !store.KeepsValues(t.Rows) {
		return nil, errNoColumn(name)
	}
	best := rows.Null
	var seen int64
	err := store.Read(t.Rows, t.Columns, func(fields [][]byte) bool {
		if seen++; seen <= t.Shown && compare(t.Columns[at].DataType, fields[at], best) > 0 {
			best = bytes.Clone(fields[at])
		}
		return seen <= t.Shown
	})
	return answered(t.Columns[at].DataType, best), err
}

// count answers a row of COUNTROWS.
func (q Query) count(find func(string) (Table, error), includeNulls bool) ([]byte, error) {
	row := []byte{'{'}
	for _, c := range q.counts {
		t, err := find(c.table)
		if err != nil {
			return nil, err
		}
		if c.column != "" {
			value, err := largest(t, c.column)
			if err != nil {
				return nil, err
			}
			if includeNulls || !bytes.Equal(value, rows.Null) {
				row = rows.Member(row, "["+c.name+"]", value)
			}
		} else if t.Shown > 0 {
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
				out = rows.Member(out, t.Name+"["+c.Name+"]", answered(c.DataType, value))
			}
		}
		out = append(out, '}')
		n++
		values += width
		return true
	})
	return out, cut, err
}
