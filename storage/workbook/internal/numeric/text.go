package numeric

import (
	"strings"
)

// SmallInt reads a whole number of at most nine digits without a sign.
func SmallInt(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, d := range b {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int(d-'0')
	}
	return n, true
}

// StartsWith reports whether code starts with a word, whatever the case.
func StartsWith(code, word string) bool {
	return len(code) >= len(word) && strings.EqualFold(code[:len(word)], word)
}

// Units counts the UTF-16 units of text, as Excel and the service count characters.
func Units(text string) int {
	n := 0
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b >= 0xf0:
			n += 2
		case b < 0x80 || b >= 0xc0:
			n++
		}
	}
	return n
}

// errorNames are the errors of Excel.
var errorNames = map[string]string{"#N/A": "#N/A", "#VALUE!": "#VALUE!", "#REF!": "#REF!", "#DIV/0!": "#DIV/0!", "#NAME?": "#NAME?", "#NUM!": "#NUM!", "#NULL!": "#NULL!"}

// ErrorName returns the name of an error of Excel without allocating, or "".
func ErrorName(b []byte) string { return errorNames[string(b)] }
