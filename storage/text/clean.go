// Package text cleans text that comes from outside, such as cells, names and answers
// of a service, shortens it for a line on the screen, and finds names that look alike.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as it may be shown on one line, in the window, on a terminal or in
// an export: control characters, marks that turn the direction of writing and other
// characters without a width are dropped; line breaks and tabs become spaces.
func Line(s string) string {
	if plain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, Lines(s))
}

// Lines is like Line but keeps line breaks, tabs and every kind of space.
func Lines(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "")
	var b strings.Builder
	b.Grow(len(s))
	before := rune(0)
	for i, r := range s {
		keep := unicode.IsSpace(r) || !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r)
		if r == joiner || r == nonJoiner { // letters of some scripts, and some emoji, need them
			after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			keep = before > unicode.MaxLatin1 && after > unicode.MaxLatin1 && after != utf8.RuneError && !unicode.Is(unicode.Cf, after)
		}
		if keep {
			b.WriteRune(r)
			before = r
		}
	}
	return b.String()
}

const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// plain reports whether s is printable ASCII, as most text is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Clean makes text usable that was copied from a web page or a mail: it is Line
// without spaces at the ends.
func Clean(s string) string { return strings.TrimSpace(Line(s)) }

// Name is Clean for a name: runs of spaces inside become one.
func Name(s string) string { return strings.Join(strings.Fields(Line(s)), " ") }

// Shorten cuts s to at most most characters, the last of which is then "…".
func Shorten(s string, most int) string {
	n, cut := 0, 0
	for i := range s {
		if n == most-1 {
			cut = i
		}
		if n++; n > most {
			return strings.ToValidUTF8(s[:cut], "\ufffd") + "…"
		}
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// UpperFirst returns s with a capital at the start, as a sentence begins.
func UpperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// LowerFirst returns s with a small letter at the start, as it continues after a colon.
func LowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToLower(r)) + s[size:]
}
