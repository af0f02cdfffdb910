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
//	EVALUATE ROW("name", COUNTROWS('T'), ...)
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
}

type count struct{ name, table string }

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
		p.take(')')
		return q
	case p.call("ROW"):
		var q Query
		for more := true; more; {
			name := p.take('s')
			p.take(',')
			q.counts = append(q.counts, count{name, p.countRows()})
			if more = p.next(','); more {
				p.take(',')
			}
		}
		p.take(')')
		return q
	case p.next('{'):
		p.take('{')
		q := Query{counts: []count{{"Value", p.countRows()}}}
		p.take('}')
		return q
	}
	q := p.filtered()
	q.top = -1
	return q
}

func (p *parser) countRows() string {
	if !p.call("COUNTROWS") {
		p.failed = true
	}
	name := p.table()
	p.take(')')
	return name
}

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
