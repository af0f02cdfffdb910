package dax

import (
	"errors"
	"regexp"
	"strings"
)

// word is one piece of a query.
type word struct {
	kind byte // 'w' word, 't' quoted table, 's' string, 'n' number, 'c' column in brackets, or the sign itself
	text string
}

// A quote inside quotes, and a bracket inside brackets, is written twice.
var shapes = []struct {
	kind  byte // 0: the first character
	shape *regexp.Regexp
}{
	{0, regexp.MustCompile(`^([(),{}=>]|&&|\|\|)`)},
	{'c', regexp.MustCompile(`^\[((?:[^\]]|\]\])*)\]`)},
	{'t', regexp.MustCompile(`^'((?:[^']|'')*)'`)},
	{'s', regexp.MustCompile(`^"((?:[^"]|"")*)"`)},
	{'n', regexp.MustCompile(`^([-0-9][^ \t\r\n(),{}\[\]=>&|'"]*)`)},
	{'w', regexp.MustCompile(`^([^ \t\r\n(),{}\[\]=>&|'"]+)`)},
}

var errNotUnderstood = errors.New("the syntax is incorrect; the practice service understands EVALUATE of a table, of TOPN, FILTER and DISTINCT, and of ROW with COUNTROWS and MAX")

// scan cuts a query into its words.
func scan(text string) (words []word, err error) {
next:
	for {
		if text = strings.TrimLeft(text, " \t\r\n"); text == "" {
			return words, nil
		}
		for _, s := range shapes {
			m := s.shape.FindStringSubmatch(text)
			if m == nil {
				continue
			}
			w := word{s.kind, m[1]}
			switch s.kind {
			case 0:
				w.kind = text[0]
			case 'c', 't', 's':
				quote := m[0][len(m[0])-1:]
				w.text = strings.ReplaceAll(m[1], quote+quote, quote)
			}
			words = append(words, w)
			text = text[len(m[0]):]
			continue next
		}
		if strings.ContainsAny(text[:1], `['"`) {
			return nil, errors.New("a bracket or a quote is not closed")
		}
		return nil, errNotUnderstood // a sign that means nothing here
	}
}

// parser takes the words of a query one by one.
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
