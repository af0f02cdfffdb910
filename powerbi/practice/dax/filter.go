package dax

import (
	"bytes"
	"math/big"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/rows"
)

// condition reports whether a row is wanted. It is given the columns of the table and
// the JSON of the row's values.
type condition func(columns []powerbi.Column, fields [][]byte) bool

// maxDepth is how deep brackets may stand in each other.
const maxDepth = 100

// either reads conditions of which one must be met.
func (p *parser) either(table string, depth int) condition {
	return p.chain('|', true, func() condition { return p.both(table, depth) })
}

// both reads conditions which must all be met.
func (p *parser) both(table string, depth int) condition {
	return p.chain('&', false, func() condition { return p.comparison(table, depth) })
}

// chain reads conditions with a sign between them. The first whose result is enough
// decides.
func (p *parser) chain(sign byte, enough bool, one func() condition) condition {
	list := []condition{one()}
	for p.next(sign) {
		p.take(sign)
		list = append(list, one())
	}
	return func(columns []powerbi.Column, fields [][]byte) bool {
		for _, c := range list {
			if c(columns, fields) == enough {
				return enough
			}
		}
		return !enough
	}
}

// comparison reads one condition.
func (p *parser) comparison(table string, depth int) condition {
	p.failed = p.failed || depth > maxDepth
	switch {
	case p.next('('):
		p.take('(')
		c := p.either(table, depth+1)
		p.take(')')
		return c
	case p.call("TRUE"):
		p.take(')')
		return func([]powerbi.Column, [][]byte) bool { return true }
	case p.call("ISBLANK"):
		name := p.column(table)
		p.take(')')
		return equals(name, "null")
	}
	name := p.column(table)
	if p.next('>') {
		p.take('>')
		switch {
		case p.next('s'):
			text := p.take('s')
			return above(name, func(value []byte) bool { return compareText(rows.Text(value), text) > 0 })
		case p.next('n'):
			number := p.take('n')
			return above(name, func(value []byte) bool { return compareNumbers(string(value), number) > 0 })
		}
		p.failed = true
		return nil
	}
	p.take('=')
	switch {
	case p.next('s'):
		return equalsText(name, p.take('s'))
	case p.next('n'):
		return equals(name, p.take('n'))
	}
	for _, literal := range []string{"true", "false"} {
		if p.call(literal) {
			p.take(')')
			return equals(name, literal)
		}
	}
	p.failed = true
	return nil
}

// column reads 'T'[Column] of the table that is filtered.
func (p *parser) column(table string) string {
	if name := p.table(); !strings.EqualFold(name, table) {
		p.failed = true
	}
	return p.take('c')
}

// equals wants a value that is written like this in JSON.
func equals(column, literal string) condition {
	return onColumn(column, func(_ powerbi.Column, value []byte) bool { return string(value) == literal })
}

// equalsText wants a text, as the engine compares: without case and blanks at the end.
// A blank equals the empty text.
func equalsText(column, want string) condition {
	want = strings.TrimRight(want, " ")
	return onColumn(column, func(c powerbi.Column, value []byte) bool {
		if c.DataType != powerbi.String || bytes.Equal(value, rows.Null) {
			return want == "" && bytes.Equal(value, rows.Null)
		}
		return strings.EqualFold(strings.TrimRight(rows.Text(value), " "), want)
	})
}

// above wants a value above another; a blank is above nothing.
func above(column string, is func(value []byte) bool) condition {
	return onColumn(column, func(_ powerbi.Column, value []byte) bool { return !bytes.Equal(value, rows.Null) && is(value) })
}

// compare orders two values of a column, as the engine does: blanks first, texts without
// case.
func compare(kind powerbi.DataType, a, b []byte) int {
	noA, noB := bytes.Equal(a, rows.Null), bytes.Equal(b, rows.Null)
	switch {
	case noA && noB:
		return 0
	case noA:
		return -1
	case noB:
		return 1
	}
	switch kind {
	case powerbi.String:
		return compareText(rows.Text(a), rows.Text(b))
	case powerbi.Boolean, powerbi.DateTime:
		return bytes.Compare(a, b)
	}
	return compareNumbers(string(a), string(b))
}

func compareText(a, b string) int {
	return strings.Compare(strings.ToLower(strings.TrimRight(a, " ")), strings.ToLower(strings.TrimRight(b, " ")))
}

func compareNumbers(a, b string) int {
	x, okA := new(big.Rat).SetString(a)
	y, okB := new(big.Rat).SetString(b)
	if !okA || !okB {
		return strings.Compare(a, b)
	}
	return x.Cmp(y)
}

func onColumn(name string, is func(c powerbi.Column, value []byte) bool) condition {
	return func(columns []powerbi.Column, fields [][]byte) bool {
		for i, c := range columns {
			if strings.EqualFold(c.Name, name) {
				return is(c, fields[i])
			}
		}
		return false
	}
}
