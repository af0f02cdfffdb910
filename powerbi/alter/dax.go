package alter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reference is a name in square brackets in a DAX expression, with the table before it.
type reference struct {
	table     string // "" where none stands before it
	name      string
	from, end int // of the brackets in the expression, in bytes
}

// references finds the columns and measures that an expression names. Names in texts and
// in comments are none. The name of one of the tables may stand before a column with a
// space between; other words there, such as RETURN, are no tables.
func references(expression string, tables ...string) (list []reference) {
	before, adjacent, quoted := "", false, false // the word just read, which may be a table
	for i := 0; i < len(expression); {
		rest := expression[i:]
		switch c := expression[i]; {
		case c == '"':
			_, n := delimited(rest, '"')
			i, before = i+n, ""
		case strings.HasPrefix(rest, "//"), strings.HasPrefix(rest, "--"):
			i += lengthTo(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += lengthTo(rest, "*/")
		case c == '\'':
			var n int
			before, n = delimited(rest, '\'')
			i, adjacent, quoted = i+n, true, true
		case c == '[':
			name, n := delimited(rest, ']')
			table := before
			if !adjacent && !quoted && !slices.ContainsFunc(tables, func(t string) bool { return strings.EqualFold(t, before) }) {
				table = ""
			}
			list = append(list, reference{table: table, name: name, from: i, end: i + n})
			i, before = i+n, ""
		case unicode.IsSpace(rune(c)):
			i, adjacent = i+1, false
		default:
			n := word(rest)
			if n == 0 {
				_, n = utf8.DecodeRuneInString(rest)
				i, before, adjacent, quoted = i+n, "", false, false
				continue
			}
			i, before, adjacent, quoted = i+n, rest[:n], true, false
		}
	}
	return list
}

// delimited reads a name or a text between signs; the closing one stands for itself when
// it is written twice.
func delimited(s string, closing byte) (inner string, length int) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != closing {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == closing {
			b.WriteByte(closing)
			i++
			continue
		}
		return b.String(), i + 1
	}
	return b.String(), len(s)
}

// lengthTo is how far a comment goes, its end included.
func lengthTo(s, end string) int {
	if i := strings.Index(s[2:], end); i >= 0 {
		return 2 + i + len(end)
	}
	return len(s)
}

// word is the length of the word that a text begins with.
func word(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.IsDigit(r) && r != '.') {
			return i
		}
	}
	return len(s)
}

// rewritten returns an expression with other names for columns and measures of its own
// table. renamed has the old names in lower case.
func rewritten(expression, home string, renamed map[string]string) string {
	var b strings.Builder
	at := 0
	for _, r := range references(expression, home) {
		to, ok := renamed[strings.ToLower(r.name)]
		if !ok || r.table != "" && !strings.EqualFold(r.table, home) {
			continue
		}
		b.WriteString(expression[at:r.from])
		b.WriteString("[" + strings.ReplaceAll(to, "]", "]]") + "]")
		at = r.end
	}
	return b.String() + expression[at:]
}
