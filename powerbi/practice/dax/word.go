package dax

import (
	"errors"
	"strings"
)

// word is one piece of a query.
type word struct {
	kind byte // 'w' word, 't' quoted table, 's' string, 'n' number, 'c' column in brackets, or the sign itself
	text string
}

func scan(text string) ([]word, error) {
	var words []word
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case strings.IndexByte("(),{}=", c) >= 0:
			words = append(words, word{c, text[i : i+1]})
			i++
		case strings.HasPrefix(text[i:], "&&") || strings.HasPrefix(text[i:], "||"):
			words = append(words, word{c, text[i : i+2]})
			i += 2
		case c == '[':
			inner, size, ok := quoted(text[i:], ']')
			if !ok {
				return nil, errors.New("a bracket is not closed")
			}
			words = append(words, word{'c', inner})
			i += size
		case c == '\'' || c == '"':
			inner, size, ok := quoted(text[i:], c)
			if !ok {
				return nil, errors.New("a quote is not closed")
			}
			kind := byte('t')
			if c == '"' {
				kind = 's'
			}
			words = append(words, word{kind, inner})
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
			words = append(words, word{kind, text[i:end]})
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
