package powerbi

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// maxTableName is the longest name of a table, in UTF-16 units.
// Source: the API's published description (swagger.json of PowerBI-CSharp).
const maxTableName = 100

// notInTableName reports whether a character is refused in the names of tables and
// relationships: most punctuation and all control characters are.
// Source: the API's published description (swagger.json of PowerBI-CSharp).
func notInTableName(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == ' ', r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z':
		return false
	case r > '~':
		return control(r)
	}
	return !strings.ContainsRune("#-@^_~", r)
}

// notInColumnName is the same for columns and measures.
func notInColumnName(r rune) bool { return control(r) && r != '\t' && r != '\n' && r != '\r' }

// control reports whether a character cannot be printed. Text that was not UTF-8
// arrives as utf8.RuneError.
func control(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }

// CleanTableName makes a name that the service takes for a table out of any
// text, such as a sheet's or file's name: Q1.Sales becomes “Q1 Sales”. A text that
// holds nothing usable becomes “Table”, and “Date”, which trips a fault of the
// service, “Dates”.
func CleanTableName(s string) string {
	s = tidy(s, notInTableName)
	s = strings.TrimSpace(cut(s, maxTableName))
	switch {
	case s == "":
		return "Table"
	case strings.EqualFold(s, "Date"):
		return s + "s"
	}
	return s
}

// CleanColumnNames makes names that the service takes for the columns of one
// table: printable, without spaces around, none empty, none twice in whatever
// case. A name that is taken already gets a number: “Price”, “Price 2”.
func CleanColumnNames(names []string) []string {
	clean := make([]string, len(names))
	wanted := map[string]bool{}
	for i, name := range names {
		clean[i] = tidy(name, notInColumnName)
		if clean[i] != "" {
			wanted[nameKey(clean[i])] = true
		}
	}
	taken := seen{}
	next := map[string]int{} // the number to try next, so that a thousand equal names do not take a million steps
	for i, name := range clean {
		base := name
		if name == "" {
			base = "Column"
			name = fmt.Sprintf("Column %d", i+1)
		} else if _, again := taken.take(name); !again {
			continue
		}
		// The number must not make a name that another column has by itself.
		for n := max(2, next[nameKey(base)]); ; n++ {
			if !wanted[nameKey(name)] {
				if _, again := taken.take(name); !again {
					next[nameKey(base)] = n
					break
				}
			}
			name = fmt.Sprintf("%s %d", base, n)
		}
		clean[i] = name
	}
	return clean
}

// tidy puts one space for every run of spaces, line ends and refused characters,
// and takes out marks that show nothing.
func tidy(s string, refused func(rune) bool) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case invisible(r):
		case r == '\'' && refused(r): // Bob's becomes Bobs
		case unicode.IsSpace(r) || refused(r):
			gap = true
		default:
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// invisible reports whether a character is a mark that shows nothing, such as the
// byte order mark or a zero-width space. The two joiners belong to some scripts.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d'
}

// cut shortens a text to so many UTF-16 units without cutting a character.
func cut(s string, most int) string {
	n := 0
	for i, r := range s {
		n++
		if r > 0xffff {
			n++
		}
		if n > most {
			return s[:i]
		}
	}
	return s
}

// seen knows names as the model compares them: without case and without spaces
// at the end.
type seen map[string]string

// take remembers a name; taken tells that it was there before, written as first.
func (s seen) take(name string) (first string, taken bool) {
	key := nameKey(name)
	if first, taken = s[key]; !taken {
		s[key] = name
	}
	return first, taken
}

func nameKey(name string) string { return strings.ToLower(strings.TrimRight(name, " ")) }

// units counts characters as the service's own platform does.
func units(s string) int { return len(utf16.Encode([]rune(s))) }
