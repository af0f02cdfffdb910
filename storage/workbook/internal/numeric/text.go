package numeric

import (
	"strings"

	"pushdesk/storage/workbook/internal/xmlscan"
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

// ErrorName returns the name of an error of Excel without allocating, or "".
func ErrorName(b []byte) string {
	switch string(b) {
	case "#N/A":
		return "#N/A"
	case "#VALUE!":
		return "#VALUE!"
	case "#REF!":
		return "#REF!"
	case "#DIV/0!":
		return "#DIV/0!"
	case "#NAME?":
		return "#NAME?"
	case "#NUM!":
		return "#NUM!"
	case "#NULL!":
		return "#NULL!"
	}
	return ""
}

func TrimSpace(b []byte) []byte {
	for len(b) > 0 && xmlscan.IsSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && xmlscan.IsSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
