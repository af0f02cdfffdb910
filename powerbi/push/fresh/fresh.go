package fresh

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Service is what is asked for the values of a table; *powerbi.Client has it.
type Service interface {
	LargestValue(ctx context.Context, workspaceID, datasetID, table, column string) (any, error)
	DistinctValues(ctx context.Context, workspaceID, datasetID, table, column string, after any, most int) ([]any, error)
}

var _ Service = (*powerbi.Client)(nil)

// By says which column tells the rows, and how.
type By struct {
	Column  string // of the table or of the file
	Growing bool   // rows up to its largest value in the table are known
}

// Field returns the field of a mapping that a column names, which must be one that can
// tell rows.
func (b By) Field(m mapping.Mapping) (mapping.Field, error) {
	wrong := func(code, format string, args ...any) error {
		return failure.New(failure.Usage, code, fmt.Sprintf(format, args...), "Choose a column that is sent from the file.")
	}
	for _, same := range []func(f mapping.Field) bool{
		func(f mapping.Field) bool { return f.Target.Name == b.Column || f.Header == b.Column },
		func(f mapping.Field) bool {
			return strings.EqualFold(f.Target.Name, b.Column) || strings.EqualFold(f.Header, b.Column)
		},
	} {
		for _, f := range m.Used() {
			switch kind := f.Target.DataType; {
			case !same(f):
			case f.From < 0 || f.IsConstant():
				return f, wrong("key-unfilled", "The column “%s” gets nothing from the file, so it cannot tell which rows are new.", f.Target.Name)
			case kind == powerbi.Boolean:
				return f, wrong("key-type", "The column “%s” is %s, so it cannot tell which rows are new.", f.Target.Name, kind.Label())
			case b.Growing && kind == powerbi.String:
				return f, wrong("key-type", "The column “%s” is %s: only numbers and times grow.", f.Target.Name, kind.Label())
			default:
				return f, nil
			}
		}
	}
	return mapping.Field{}, wrong("key-missing", "No column “%s” is sent.", b.Column)
}

// Find reads a source and returns which of the rows that meet the conditions of a mapping
// the table holds. there is false for a table that is only created now. A source without
// new rows is a failure of the kind Nothing.
func Find(ctx context.Context, s Service, t history.Table, there bool, m mapping.Mapping, src mapping.Source, by By) (*mapping.Past, error) {
	f, err := by.Field(m)
	if err != nil {
		return nil, err
	}
	p := &mapping.Past{Column: f.Target.Name, Growing: by.Growing}
	var known func(key string, value string) bool
	seen := map[string]bool{} // the keys: true of those in the table
	switch {
	case !there:
		known = func(string, string) bool { return false }
	case by.Growing:
		last, err := s.LargestValue(ctx, t.WorkspaceID, t.DatasetID, t.Table, f.Target.Name)
		if err != nil {
			return nil, fmt.Errorf("ask for the last value of %q: %w", f.Target.Name, err)
		}
		if p.Last = shown(f.Target.DataType, last); p.Last == "" {
			known = func(string, string) bool { return false }
			break
		}
		limit := number(f.Target.DataType, text(last))
		known = func(_, value string) bool {
			n := number(f.Target.DataType, value)
			return n != nil && limit != nil && n.Cmp(limit) <= 0
		}
	default:
		if err := keys(ctx, s, t, f.Target, seen); err != nil {
			return nil, err
		}
		known = func(key, _ string) bool { return seen[key] }
	}
	m.Past = nil
	rows, err := mapping.Select(src, m, 0, 0)
	if err != nil {
		return nil, err
	}
	rows.Look = ctx.Err
	var blank []string
	var blanks, at int64
	last := int64(-2) // the place of the last row that is known
	for ; rows.Next(); at++ {
		row, cells := rows.Row()
		var c cell.Cell
		if f.From < len(cells) {
			c = cells[f.From]
		}
		value, problem := f.Preview(c)
		if value == "" && problem != nil { // the check says what is wrong with it
			continue
		}
		if value == "" || value == "null" || value == `""` {
			if blanks++; len(blank) < 5 {
				blank = append(blank, f.Letter+strconv.Itoa(row))
			}
			continue
		}
		key := canonical(f.Target.DataType, value)
		if known(key, value) {
			p.Add(row, last == at-1)
			last = at
			continue
		}
		if _, again := seen[key]; again && !by.Growing {
			p.Repeated++
		} else if !by.Growing {
			seen[key] = false
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for new rows: %w", err)
	}
	if blanks > 0 {
		return nil, failure.New(failure.Data, "key-blank", fmt.Sprintf("%s %s nothing in the column “%s” (%s), so nobody can tell whether such rows are new. Nothing was sent.",
			humanize.Count(blanks, "row"), humanize.Plural(blanks, "has", "have"), f.Header, humanize.ListSome(blank, 5)), "Fill the cells, choose another column, or leave such rows out with a condition.")
	}
	if at > 0 && p.Count == at {
		return nil, failure.New(failure.Nothing, "nothing-new", fmt.Sprintf("The file has no new rows: the table holds all %s already, by their “%s”.", humanize.Count(p.Count, "row"), p.Column), "")
	}
	return p, nil
}

// keys asks for all values of a column.
func keys(ctx context.Context, s Service, t history.Table, column powerbi.Column, into map[string]bool) error {
	var after any
	for {
		list, err := s.DistinctValues(ctx, t.WorkspaceID, t.DatasetID, t.Table, column.Name, after, powerbi.MostValues)
		if err != nil {
			return fmt.Errorf("ask for the values of %q: %w", column.Name, err)
		}
		after = nil
		for _, v := range list {
			if v != nil {
				into[canonical(column.DataType, text(v))] = true
				after = v
			}
		}
		if len(list) < powerbi.MostValues || after == nil {
			return nil
		}
		if column.DataType == powerbi.DateTime {
			return failure.New(failure.Usage, "key-too-many", fmt.Sprintf("The column “%s” has more than %s different times, too many to compare.", column.Name, humanize.Number(powerbi.MostValues)),
				"Choose a column of texts or numbers as the key, or say that this one grows.")
		}
	}
}

// text is a value of an answer as JSON.
func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}

// unquoted is a JSON text as it reads.
func unquoted(value string) string {
	var s string
	if json.Unmarshal([]byte(value), &s) != nil {
		return value
	}
	return s
}

// canonical returns a JSON value so that those are equal which the service takes for equal.
func canonical(kind powerbi.DataType, value string) string {
	switch kind {
	case powerbi.String:
		return strings.ToLower(strings.TrimRight(unquoted(value), " "))
	case powerbi.Double:
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			return strconv.FormatFloat(v, 'g', -1, 64)
		}
	}
	if n := number(kind, value); n != nil {
		return n.RatString()
	}
	return value
}

// step is how many steps of a second the service keeps of a time.
const step = 300

// number returns a number, or a time in the steps that the service keeps; nil if it is none.
func number(kind powerbi.DataType, value string) *big.Rat {
	if kind == powerbi.DateTime {
		at, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(unquoted(value), "Z"))
		if err != nil {
			return nil
		}
		return new(big.Rat).SetInt64(at.Unix()*step + int64(math.Round(float64(at.Nanosecond())*step/1e9)))
	}
	n, ok := new(big.Rat).SetString(value)
	if !ok {
		return nil
	}
	return n
}

// shown is a value for a person; "" is none.
func shown(kind powerbi.DataType, v any) string {
	if v == nil {
		return ""
	}
	s := unquoted(text(v))
	if kind == powerbi.DateTime {
		s = strings.TrimSuffix(strings.TrimSuffix(strings.Replace(strings.TrimSuffix(s, "Z"), "T", " ", 1), ".000"), " 00:00:00")
	}
	return s
}
