package mapping

import (
	"errors"
	"fmt"
	"slices"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
)

// Encoder writes rows as JSON objects. It may be used by one goroutine at a time.
type Encoder struct {
	fields []Field
	names  []string  // `{"Name":` or `,"Name":` of each field
	blank  bool      // send null for a value that cannot be sent
	empty  cell.Cell // what a field without a source sends

	scratch cell.Cell // a cell that rules have changed

	content *content // nil: the rows are not summed up
}

// NewEncoder returns an encoder for a mapping, which must hold at least one field
// that is used, and every column once.
func NewEncoder(m Mapping, p Policy) (*Encoder, error) {
	if p != "" && !p.Valid() {
		return nil, fmt.Errorf("%q is no policy for rows with problems", p)
	}
	e := &Encoder{fields: m.Used(), blank: p == PolicyBlank}
	if len(e.fields) == 0 {
		return nil, errors.New("the mapping has no column to send")
	}
	seen := make(map[string]bool, len(e.fields))
	start := byte('{')
	for _, f := range e.fields {
		if seen[f.Target.Name] {
			return nil, fmt.Errorf("the mapping has the column %q twice", f.Target.Name)
		}
		seen[f.Target.Name] = true
		quoted, r := appendText([]byte{start}, f.Target.Name, false)
		if r != ruleNone || f.Target.Name == "" {
			return nil, fmt.Errorf("%q cannot be the name of a column", Shorten(f.Target.Name))
		}
		if !slices.Contains(powerbi.DataTypes, f.Target.DataType) {
			return nil, fmt.Errorf("the column %q has the unknown type %q", f.Target.Name, f.Target.DataType)
		}
		e.names = append(e.names, string(append(quoted, ':')))
		start = ','
	}
	return e, nil
}

// AppendRow appends a row as a JSON object with every used column and nothing
// else, and reports what is wrong with its values. ok is false when the row
// cannot be sent under the policy; out is dst then. number is the row in the
// sheet, for the problems. report may be nil.
func (e *Encoder) AppendRow(dst []byte, number int, cells []cell.Cell, report func(Problem)) (out []byte, ok bool) {
	start := len(dst)
	ok = true
	for i := range e.fields {
		f := &e.fields[i]
		c := &e.empty
		if f.From >= 0 && f.From < len(cells) {
			c = &cells[f.From]
		}
		dst = append(dst, e.names[i]...)
		changed := c
		if f.Rules != nil {
			changed = f.prepared(c, &e.scratch)
		}
		at := len(dst)
		value, r := f.appendValue(dst, changed)
		dst = value
		if r != ruleNone {
			if report != nil {
				report(f.problem(number, c, r))
			}
			if !r.note() {
				dst = append(dst, "null"...)
				ok = ok && e.blank
			}
		}
		if e.content != nil {
			e.content.at[i] = place{uint32(at - start), uint32(len(dst) - start)}
		}
	}
	if e.content != nil {
		e.content.add(dst[start:])
	}
	if !ok {
		return dst[:start], false
	}
	return append(dst, '}'), true
}
