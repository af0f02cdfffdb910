package mapping

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

// judgement is what a cell is to a condition.
type judgement uint8

const (
	unmet judgement = iota
	met
	uncompared // the cell cannot be compared with the value
)

func judged(ok bool) judgement {
	if ok {
		return met
	}
	return unmet
}

// matcher is a condition with its value read. It may be used by one goroutine at a time.
type matcher struct {
	field Field
	op    Op

	text      string // of a String, as it is compared
	plain     []byte // of a number, as appendPlain writes it
	low, high int64  // of a DateTime: the first moment, and the first one after
	truth     bool
	buffer    []byte
	scratch   cell.Cell
}

// newMatcher reads a condition; its error is an ErrCondition.
func newMatcher(m Mapping, c Condition) (*matcher, error) {
	f := m.Compared(c)
	x := &matcher{field: f, op: c.Op}
	x.field.From, x.field.OnTooLong = c.From, TooLongTruncate // a condition sees all of a text
	kind := f.Target.DataType
	if c.From < 0 {
		return nil, condition("A condition has no column.", "Choose a column of the file for it.")
	}
	if c.Op.Words(kind) == "" {
		return nil, condition(fmt.Sprintf("“%s” is not an operator of a condition.", c.Op), "Use = != < <= > >= contains, is blank or is not blank.")
	}
	if !slices.Contains(Ops(kind), c.Op) {
		remedy := "Use = or !=, is blank or is not blank."
		switch {
		case kind == powerbi.String:
			remedy = "Text can be compared with =, !=, contains, is blank and is not blank. To compare sizes, send the column as a number or a date."
		case c.Op == OpContains:
			remedy = "Only text can contain something. Compare this column with = != < <= > or >=, or send it as text."
		}
		return nil, condition(fmt.Sprintf("“%s %s” does not fit the column “%s”, which is compared as %s.", c.Header, c.Op.Words(kind), c.Header, kind.Label()), remedy)
	}
	if c.Op.Valued() {
		return x, x.read(c, kind)
	}
	return x, nil
}

// read reads the value as one of the column's type.
func (x *matcher) read(c Condition, kind powerbi.DataType) error {
	value := strings.TrimSpace(c.Value)
	if value == "" {
		return condition(fmt.Sprintf("The condition on “%s” has no value.", c.Header), "Give a value, or ask whether the cell is blank.")
	}
	wrong := func(what, how string) error {
		return condition(fmt.Sprintf("“%s” is not %s, and the column “%s” is compared as %s.", Shorten(value), what, c.Header, kind.Label()), how)
	}
	switch kind {
	case powerbi.String:
		x.text = value
		if x.op == OpContains {
			x.text = strings.ToLower(value)
		}
	case powerbi.Boolean:
		switch {
		case strings.EqualFold(value, "true"):
			x.truth = true
		case !strings.EqualFold(value, "false"):
			return wrong("true or false", "Write true or false.")
		}
	case powerbi.DateTime:
		ms, none, r := parseDate(value, DateOrderUnknown, written.Dress{})
		if r != ruleNone || none || len(value) < 5 || value[4] != '-' {
			return wrong("a date", "Write it as 2026-01-31, or with a time as 2026-01-31T08:00.")
		}
		x.low, x.high = ms, ms+1
		if !strings.Contains(value, ":") {
			x.high = ms + day
		}
	default:
		n, ok := parseNumber(value, '.')
		if !ok || strings.ContainsAny(value, "eE") || n.size() > maxExponent {
			return wrong("a number", "Write it with digits and a point only, for example 1234.5.")
		}
		if kind == powerbi.Double {
			n = asShown(n, value)
		}
		x.plain, _ = n.appendPlain(nil, 0)
	}
	return nil
}

// asShown rounds a fraction to the fifteen digits that a spreadsheet shows.
func asShown(n number, digits string) number {
	if n.size() <= 15 {
		return n
	}
	if _, whole, _ := n.scaled(0); whole {
		return n
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(v, 0) {
		return n
	}
	short, ok := parseNumber(strconv.FormatFloat(v, 'e', 14, 64), '.')
	if !ok {
		return n
	}
	return short
}

// meets judges a cell.
func (x *matcher) meets(c *cell.Cell) judgement {
	c = x.field.prepared(c, &x.scratch)
	blank := c.Kind == cell.Blank || c.Kind == cell.Text && strings.TrimSpace(c.Text) == ""
	switch {
	case !x.op.Valued():
		return judged((blank || c.Kind == cell.Error) == (x.op == OpBlank))
	case blank:
		return judged(x.op == OpIsNot)
	case c.Kind == cell.Error:
		return uncompared
	}
	switch x.field.Target.DataType {
	case powerbi.String:
		return x.meetsText(c)
	case powerbi.DateTime:
		ms, r := x.field.instant(c)
		if r.bad() || r == ruleNothing {
			return uncompared
		}
		return x.ordered(cmp.Compare(ms, x.low), cmp.Compare(ms, x.high-1))
	}
	var r rule
	if x.buffer, r = x.field.appendValue(x.buffer[:0], c); r.bad() {
		return uncompared
	}
	if x.field.Target.DataType == powerbi.Boolean {
		return judged((string(x.buffer) == strconv.FormatBool(x.truth)) == (x.op == OpIs))
	}
	if len(x.buffer) > 15 || bytes.IndexByte(x.buffer, 'e') >= 0 { // more digits than count in a fraction, or an exponent
		sent := string(x.buffer)
		n, ok := parseNumber(sent, '.')
		if ok && x.field.Target.DataType == powerbi.Double {
			n = asShown(n, sent)
		}
		if x.buffer, ok = n.appendPlain(x.buffer[:0], 0); !ok {
			return uncompared
		}
	}
	order := compare(x.buffer, x.plain)
	return x.ordered(order, order)
}

func (x *matcher) meetsText(c *cell.Cell) judgement {
	text := c.Text
	if c.Kind != cell.Text {
		var r rule
		if x.buffer, r = appendPlainText(x.buffer[:0], c); r.bad() {
			return uncompared
		}
		text = string(x.buffer)
	}
	if x.op == OpContains {
		return judged(strings.Contains(strings.ToLower(text), x.text))
	}
	return judged(strings.EqualFold(strings.TrimSpace(text), x.text) == (x.op == OpIs))
}

// ordered judges by how a value stands to the first and to the last of those that the
// condition names.
func (x *matcher) ordered(first, last int) judgement {
	switch x.op {
	case OpIs:
		return judged(first >= 0 && last <= 0)
	case OpIsNot:
		return judged(first < 0 || last > 0)
	case OpBelow:
		return judged(first < 0)
	case OpAtMost:
		return judged(last <= 0)
	case OpAbove:
		return judged(last > 0)
	}
	return judged(first >= 0)
}

// compare orders two numbers as appendPlain writes them.
func compare(a, b []byte) int {
	switch below, above := a[0] == '-', b[0] == '-'; {
	case below && above:
		return magnitude(b[1:], a[1:])
	case below:
		return -1
	case above:
		return 1
	}
	return magnitude(a, b)
}

// magnitude is compare without signs.
func magnitude(a, b []byte) int {
	whole := func(n []byte) int {
		if i := bytes.IndexByte(n, '.'); i >= 0 {
			return i
		}
		return len(n)
	}
	return cmp.Or(cmp.Compare(whole(a), whole(b)), bytes.Compare(a, b))
}
