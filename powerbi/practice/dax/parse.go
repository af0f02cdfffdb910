package dax

import (
	"strconv"
	"strings"
)

// Query is what the service understands of DAX:
//
//	EVALUATE 'T'
//	EVALUATE TOPN(n, 'T')
//	EVALUATE TOPN(n, FILTER('T', condition))
//	EVALUATE TOPN(n, DISTINCT('T'[A]), 'T'[A], ASC) ORDER BY 'T'[A] ASC
//	EVALUATE ROW("name", COUNTROWS('T'), "name", MAX('T'[A]), ...)
//	EVALUATE { COUNTROWS('T') }
//
// A condition compares columns with values; see filter.go. Words have no case; a
// table name may stand without quotes when it is a plain
// word, and a quote inside quotes is written twice.
type Query struct {
	table  string // sample of this table ...
	top    int64  // ... at most so many rows; -1 means all
	filter condition
	counts []count

	distinct string // the column whose different values are wanted, in their order; "" = whole rows
}

// count is the number of rows of a table, or the largest value of a column.
type count struct{ name, table, column string }

// Parse reads a query.
func Parse(text string) (Query, error) {
	words, err := scan(text)
	if err != nil {
		return Query{}, err
	}
	p := &parser{words: words}
	q := p.query()
	if p.failed || len(p.words) > 0 {
		return Query{}, errNotUnderstood
	}
	return q, nil
}

func (p *parser) query() Query {
	if !strings.EqualFold(p.take('w'), "EVALUATE") {
		p.failed = true
	}
	switch {
	case p.call("TOPN"):
		n, err := strconv.ParseInt(p.take('n'), 10, 64)
		p.failed = p.failed || err != nil
		p.take(',')
		q := p.filtered()
		q.top = n
		if p.next(',') {
			p.take(',')
			p.failed = p.failed || !p.by(q)
			p.take(',')
			p.failed = p.failed || !strings.EqualFold(p.take('w'), "ASC")
		}
		p.take(')')
		if len(p.words) > 0 && strings.EqualFold(p.take('w'), "ORDER") {
			p.failed = p.failed || !strings.EqualFold(p.take('w'), "BY") || !p.by(q) || !strings.EqualFold(p.take('w'), "ASC")
		}
		return q
	case p.call("ROW"):
		var q Query
		for more := true; more; {
			name := p.take('s')
			p.take(',')
			q.counts = append(q.counts, p.count(name))
			if more = p.next(','); more {
				p.take(',')
			}
		}
		p.take(')')
		return q
	case p.next('{'):
		p.take('{')
		q := Query{counts: []count{p.count("Value")}}
		p.take('}')
		return q
	}
	q := p.filtered()
	q.top = -1
	return q
}

// by reads the column of a query of different values, by which they are ordered.
func (p *parser) by(q Query) bool {
	return strings.EqualFold(p.column(q.table), q.distinct)
}

// count reads COUNTROWS of a table or MAX of a column.
func (p *parser) count(name string) count {
	c := count{name: name}
	if p.call("MAX") {
		c.table = p.table()
		c.column = p.take('c')
	} else {
		p.failed = p.failed || !p.call("COUNTROWS")
		c.table = p.table()
	}
	p.take(')')
	return c
}

// filtered reads a table, or FILTER of one with a condition such as
//
//	'T'[A] = "x" && ISBLANK('T'[B]) || 'T'[C] = 5
func (p *parser) filtered() Query {
	if !p.call("FILTER") {
		return p.source()
	}
	q := p.source()
	p.take(',')
	q.filter = p.either(q.table, 0)
	p.take(')')
	return q
}

// source reads a table, or the different values of a column.
func (p *parser) source() Query {
	if !p.call("DISTINCT") {
		return Query{table: p.table()}
	}
	q := Query{table: p.table()}
	q.distinct = p.take('c')
	p.take(')')
	return q
}
