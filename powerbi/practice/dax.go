package practice

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// query is what the service understands of DAX:
//
//	EVALUATE 'T'
//	EVALUATE TOPN(n, 'T')
//	EVALUATE TOPN(n, FILTER('T', condition))
//	EVALUATE ROW("name", COUNTROWS('T'), ...)
//	EVALUATE { COUNTROWS('T') }
//
// A condition compares columns with values; see dax_filter.go. Words have no case; a
// table name may stand without quotes when it is a plain
// word, and a quote inside quotes is written twice.
type query struct {
	table  string // sample of this table ...
	top    int64  // ... at most so many rows; -1 means all
	filter condition
	counts []count
}

type count struct{ name, table string }

var errNotUnderstood = errors.New("the syntax is incorrect; the practice service understands EVALUATE of a table, of TOPN, of FILTER, and of ROW with COUNTROWS")

func parseQuery(text string) (query, error) {
	words, err := daxWords(text)
	if err != nil {
		return query{}, err
	}
	p := &daxParser{words: words}
	q := p.query()
	if p.failed || len(p.words) > 0 {
		return query{}, errNotUnderstood
	}
	return q, nil
}

// daxWord is one piece of a query.
type daxWord struct {
	kind byte // 'w' word, 't' quoted table, 's' string, 'n' number, 'c' column in brackets, or the sign itself
	text string
}

func daxWords(text string) ([]daxWord, error) {
	var words []daxWord
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case strings.IndexByte("(),{}=", c) >= 0:
			words = append(words, daxWord{c, text[i : i+1]})
			i++
		case strings.HasPrefix(text[i:], "&&") || strings.HasPrefix(text[i:], "||"):
			words = append(words, daxWord{c, text[i : i+2]})
			i += 2
		case c == '[':
			inner, size, ok := quoted(text[i:], ']')
			if !ok {
				return nil, fmt.Errorf("a bracket is not closed")
			}
			words = append(words, daxWord{'c', inner})
			i += size
		case c == '\'' || c == '"':
			inner, size, ok := quoted(text[i:], c)
			if !ok {
				return nil, fmt.Errorf("a quote is not closed")
			}
			kind := byte('t')
			if c == '"' {
				kind = 's'
			}
			words = append(words, daxWord{kind, inner})
			i += size
		default:
			end := i
			for end < len(text) && strings.IndexByte(" \t\r\n(),{}[]=&|'\"", text[end]) < 0 {
				end++
			}
			kind := byte('w')
			if c >= '0' && c <= '9' || c == '-' {
				kind = 'n'
			}
			if end == i { // a sign that means nothing here
				return nil, errNotUnderstood
			}
			words = append(words, daxWord{kind, text[i:end]})
			i = end
		}
	}
	return words, nil
}

// quoted takes a quoted text in which the quote is written twice.
func quoted(s string, quote byte) (inner string, size int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != quote {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == quote {
			b.WriteByte(quote)
			i++
			continue
		}
		return b.String(), i + 1, true
	}
	return "", 0, false
}

type daxParser struct {
	words  []daxWord
	failed bool
}

func (p *daxParser) take(kind byte) string {
	if p.failed = p.failed || len(p.words) == 0 || p.words[0].kind != kind; p.failed {
		return ""
	}
	w := p.words[0].text
	p.words = p.words[1:]
	return w
}

// call tells whether the next word is this function, and takes it with its bracket.
func (p *daxParser) call(name string) bool {
	if p.failed || len(p.words) < 2 || p.words[0].kind != 'w' || p.words[1].kind != '(' || !strings.EqualFold(p.words[0].text, name) {
		return false
	}
	p.words = p.words[2:]
	return true
}

func (p *daxParser) table() string {
	if len(p.words) > 0 && p.words[0].kind == 't' {
		return p.take('t')
	}
	return p.take('w')
}

func (p *daxParser) query() query {
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
		var q query
		for {
			name := p.take('s')
			p.take(',')
			q.counts = append(q.counts, count{name, p.countRows()})
			if p.failed || len(p.words) == 0 || p.words[0].kind != ',' {
				break
			}
			p.take(',')
		}
		p.take(')')
		return q
	case !p.failed && len(p.words) > 0 && p.words[0].kind == '{':
		p.take('{')
		q := query{counts: []count{{"Value", p.countRows()}}}
		p.take('}')
		return q
	}
	q := p.filtered()
	q.top = -1
	return q
}

func (p *daxParser) countRows() string {
	if !p.call("COUNTROWS") {
		p.failed = true
	}
	name := p.table()
	p.take(')')
	return name
}
