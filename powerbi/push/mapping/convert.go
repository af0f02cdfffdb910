package mapping

import (
	"math"
	"strconv"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

// appendValue appends the JSON of a cell as the field's type. With a rule that is
// a note the value was appended; with any other rule nothing was.
func (f *Field) appendValue(dst []byte, c *cell.Cell) ([]byte, rule) {
	switch c.Kind {
	case cell.Blank:
		if c.Flags&cell.Uncalculated != 0 {
			return append(dst, "null"...), ruleUncalculated
		}
		return append(dst, "null"...), ruleNone
	case cell.Error:
		return append(dst, "null"...), ruleErrorValue
	case cell.Text:
		if f.Target.DataType == powerbi.String {
			break
		}
		switch s := written.Trim(c.Text); {
		case s == "":
			return append(dst, "null"...), ruleNone
		case len(s) < 20 && written.Nothing(s) && !f.Dress.Dash:
			return append(dst, "null"...), ruleNothing
		}
	case cell.Number:
		if math.IsNaN(c.Float) || math.IsInf(c.Float, 0) && c.Text == "" {
			return dst, ruleNotFinite
		}
	}
	switch f.Target.DataType {
	case powerbi.String:
		return f.appendString(dst, c)
	case powerbi.Int64:
		return f.appendInt64(dst, c)
	case powerbi.Double:
		return f.appendDouble(dst, c)
	case powerbi.Decimal:
		return f.appendDecimal(dst, c)
	case powerbi.Boolean:
		return appendBoolean(dst, c)
	case powerbi.DateTime:
		return f.appendDateTime(dst, c)
	}
	return dst, ruleType
}

// Preview returns a cell as it will be sent: the JSON value, with text in quotes
// and null for nothing. A problem has no row and no address. Where the value
// cannot be sent, sent is "".
func (f Field) Preview(c cell.Cell) (sent string, problem *Problem) {
	var scratch cell.Cell
	out, r := f.appendValue(nil, f.prepared(&c, &scratch))
	if r != ruleNone {
		p := f.problem(0, &c, r)
		problem = &p
	}
	return string(out), problem
}

// problem describes a value that broke a rule.
func (f *Field) problem(row int, c *cell.Cell, r rule) Problem {
	p := Problem{Row: row, Column: f.Target.Name, Value: shown(c),
		Rule: words[r].rule, Advice: words[r].advice, Severity: r.severity()}
	if row > 0 && f.Letter != "" {
		p.Address = f.Letter + strconv.Itoa(row)
	}
	return p
}

func appendBoolean(dst []byte, c *cell.Cell) ([]byte, rule) {
	value := false
	switch c.Kind {
	case cell.Boolean:
		value = c.Int != 0
	case cell.Number:
		if c.Float != 0 && c.Float != 1 {
			return dst, ruleNotBoolean
		}
		value = c.Float == 1
	case cell.Text:
		switch t := written.Trim(c.Text); t {
		case "1":
			value = true
		case "0":
		default:
			var ok bool
			if value, ok = written.Truth(t, true); !ok {
				return dst, ruleNotBoolean
			}
		}
	default:
		return dst, ruleNotBoolean
	}
	if value {
		return append(dst, "true"...), ruleNone
	}
	return append(dst, "false"...), ruleNone
}
