package dax

import (
	"errors"
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

var errNotUnderstood = errors.New("the syntax is incorrect; the practice service understands EVALUATE of a table, of TOPN, of FILTER, and of ROW with COUNTROWS")

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

type parser struct {
	words  []word
	failed bool
}

// next reports whether the next word is of a kind.
func (p *parser) next(kind byte) bool {
	return !p.failed && len(p.words) > 0 && p.words[0].kind == kind
}

// take takes the next word, which must be of a kind.
func (p *parser) take(kind byte) string {
	if p.failed = !p.next(kind); p.failed {
		return ""
	}
	w := p.words[0].text
	p.words = p.words[1:]
	return w
}

// call reports whether the next word is this function, and takes it with its bracket.
func (p *parser) call(name string) bool {
	if !p.next('w') || len(p.words) < 2 || p.words[1].kind != '(' || !strings.EqualFold(p.words[0].text, name) {
		return false
	}
	p.words = p.words[2:]
	return true
}

func (p *parser) table() string {
	if p.next('t') {
		return p.take('t')
	}
	return p.take('w')
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
