// Package written reads numbers, dates, times and truth values as people and programs
// write them: with signs of currency, units, marks between groups of digits, names of
// months, time zones, in every language. It is pure, and the one engine of all that reads
// texts: what the types of columns are found by and what values are converted by.
package written

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Order is the order of day, month and year in dates written with numbers.
type Order string

const (
	YearFirst  Order = "ymd" // 2024-03-31, 2024/03/31
	DayFirst   Order = "dmy" // 31/03/2024, 31.03.24
	MonthFirst Order = "mdy" // 03/31/2024
	Compact    Order = "yyyymmdd"
)

// Dress is what the values of a column have besides their digits. The zero value is none.
type Dress struct {
	Unit     string `json:"unit,omitempty"`     // the currency or unit that they may have; Percent
	Dash     bool   `json:"dash,omitempty"`     // a dash alone is zero
	Language string `json:"language,omitempty"` // whose names of months they have, where languages disagree
	Zone     string `json:"zone,omitempty"`     // the time zone that all of them have; UTC converts from any
	Bare     bool   `json:"bare,omitempty"`     // values without a dress are what was read once before: shares, times in the column's zone
}

const (
	// Percent is the unit of percentages, which are read as shares: 12.5% is 0.125.
	Percent = "%"
	// PerMille is the unit of thousandths.
	PerMille = "‰"
	// UTC is the zone that times of all zones are converted to.
	UTC = "utc"
)

// invisible reports whether a rune shows nothing: marks of writing direction, joiners, the
// byte order mark.
func invisible(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == 0xad, r == 0x61c, r == 0x180e, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0xfeff:
		return true
	}
	return false
}

// HasInvisible reports whether a text has marks that show nothing.
func HasInvisible(text string) bool { return strings.IndexFunc(text, invisible) >= 0 }

// Trim takes blanks of every kind and invisible marks from both ends.
func Trim(text string) string {
	if n := len(text); n == 0 || text[0] > ' ' && text[0] < 0x80 && text[n-1] > ' ' && text[n-1] < 0x80 {
		return text
	}
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
}

// fold returns the common form of a rune: a decimal digit of any script and the full-width
// forms as ASCII, every minus as '-'.
func fold(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r >= 0xff01 && r <= 0xff5e:
		r -= 0xfee0
	case r == 0xffe5:
		return '¥'
	case r == 0xffe1:
		return '£'
	case r == 0xffe0:
		return '¢'
	case r == 0xffe6:
		return '₩'
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xfe63, r == 0x207b, r == 0x2796, r == 0xfe58:
		return '-'
	case r == 0x207a, r == 0xfb29, r == 0xfe62, r == 0x2795:
		return '+'
	}
	if r >= 0x660 && unicode.IsDigit(r) {
		return '0' + digitOf(r)
	}
	return r
}

// digitOf is the value of a decimal digit. Unicode keeps the ten of a script together.
func digitOf(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}

// digit reports whether a byte is an ASCII digit.
func digit(b byte) bool { return b >= '0' && b <= '9' }

// HasDigit reports whether a text has a decimal digit of any script.
func HasDigit(text string) bool {
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case digit(b):
			return true
		case b < 0xd9: // no digit of two bytes and more begins with it
		case b == 0xd9, b == 0xdb, b == 0xdf, b == 0xe0, b == 0xe1, b == 0xea, b == 0xef, b >= 0xf0:
			if r, _ := utf8.DecodeRuneInString(text[i:]); unicode.IsDigit(r) {
				return true
			}
		}
	}
	return false
}

// DashLike reports whether a short text may be a dash, with a currency.
func DashLike(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return fold(r) == '-' }) >= 0
}

// FirstWord returns the word of ASCII letters that a text begins with. known reports whether
// numbers or dates begin so: a currency, a month, a weekday.
func FirstWord(text string) (word string, known bool) {
	n := 0
	for n < len(text) && (text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z' || text[n] == '.') {
		n++
	}
	if n < len(text) && (text[n] >= 0x80 || text[n] == '$' || text[n] == '/') {
		return text[:n], true
	}
	if n == 1 && n < len(text) && digit(text[1]) && strings.IndexByte(shortEras, text[0]) >= 0 {
		return text[:n], true
	}
	if n == 1 && text[0] == 'R' && n < len(text) && (text[n] == ' ' || text[n] == '-' || digit(text[n])) { // rand
		return text[:n], true
	}
	m, ok := lookUp(text[:n])
	tight := n < len(text) && digit(text[n]) // A0001
	return text[:n], ok && (m.money || m.code || m.month > 0 || m.disputed || m.weekday || !tight && (m.filler || m.half > 0))
}

// Nothing reports whether text is one of the words and signs that people and programs write
// where a value is missing.
func Nothing(text string) bool {
	switch text {
	case "-", "–", "—", "--", "---", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#WERT!", "#BEZUG!", "#NV", "#ZAHL!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#¡DIV/0!", "#¡REF!", "#¡VALOR!",
		"NA", "N/A", "n/a", "na", "N.A.", "n.a.", "#N/A", "null", "NULL", "Null", "nil", "NIL", "NaN", "nan", "None", "(blank)", "(null)", "k.A.", "k. A.", "n.v.", "n.v.t.", "", ":", "..", "...", "s/d", "s.d.", "n/d", "N/D", "nd", "ND",
		"н/д", "нет данных", "б/д", "なし", "無", "无", "\\N", ".", "?":
		return true
	}
	return false
}
