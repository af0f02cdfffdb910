package dax

import (
	"bytes"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/rows"
)

// condition tells whether a row is wanted. It is given the columns of the table and
// the JSON of the row's values.
type condition func(columns []powerbi.Column, fields [][]byte) bool

// maxDepth is how deep brackets may stand in each other.
const maxDepth = 100

// filtered reads a table, or FILTER of one with a condition such as
//
//	'T'[A] = "x" && ISBLANK('T'[B]) || 'T'[C] = 5
func (p *parser) filtered() Query {
	if !p.call("FILTER") {
		return Query{table: p.table()}
	}
	q := Query{table: p.table()}
	p.take(',')
	q.filter = p.either(q.table, 0)
	p.take(')')
	return q
}

func (p *parser) either(table string, depth int) condition {
	return p.chain('|', func(list []condition) condition {
		return func(columns []powerbi.Column, fields [][]byte) bool {
			for _, c := range list {
				if c(columns, fields) {
					return true
				}
			}
			return false
		}
	}, func() condition { return p.both(table, depth) })
}

func (p *parser) both(table string, depth int) condition {
	return p.chain('&', func(list []condition) condition {
		return func(columns []powerbi.Column, fields [][]byte) bool {
			for _, c := range list {
				if !c(columns, fields) {
					return false
				}
			}
			return true
		}
	}, func() condition { return p.comparison(table, depth) })
}

// chain reads conditions with a sign between them.
func (p *parser) chain(sign byte, join func([]condition) condition, one func() condition) condition {
	list := []condition{one()}
	for !p.failed && len(p.words) > 0 && p.words[0].kind == sign {
		p.take(sign)
		list = append(list, one())
	}
	if len(list) == 1 {
		return list[0]
	}
	return join(list)
}

func (p *parser) comparison(table string, depth int) condition {
	if depth > maxDepth {
		p.failed = true
	}
	switch {
	case p.failed || len(p.words) == 0:
		p.failed = true
		return nil
	case p.words[0].kind == '(':
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
		return onColumn(name, func(_ powerbi.Column, value []byte) bool { return bytes.Equal(value, rows.Null) })
	}
	name := p.column(table)
	p.take('=')
	switch {
	case p.failed || len(p.words) == 0:
		p.failed = true
	case p.words[0].kind == 's':
		want := strings.TrimRight(p.take('s'), " ")
		return onColumn(name, func(c powerbi.Column, value []byte) bool {
			if c.DataType != powerbi.String || bytes.Equal(value, rows.Null) {
				return want == "" && bytes.Equal(value, rows.Null)
			}
			text := rows.Text(value)
			return strings.EqualFold(strings.TrimRight(text, " "), want) // as the engine compares
		})
	case p.words[0].kind == 'n':
		want := p.take('n')
		return onColumn(name, func(c powerbi.Column, value []byte) bool { return string(value) == want })
	case p.call("TRUE"):
		p.take(')')
		return onColumn(name, func(_ powerbi.Column, value []byte) bool { return string(value) == "true" })
	case p.call("FALSE"):
		p.take(')')
		return onColumn(name, func(_ powerbi.Column, value []byte) bool { return string(value) == "false" })
	default:
		p.failed = true
	}
	return nil
}

// column reads 'T'[Column] of the table that is filtered.
func (p *parser) column(table string) string {
	if name := p.table(); !strings.EqualFold(name, table) {
		p.failed = true
	}
	return p.take('c')
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
