package export

import "strings"

// Guard keeps a spreadsheet that opens a text file from taking a text for a formula,
// which could start programs: it puts an apostrophe before it. A plain number keeps its
// sign. Unguard undoes it.
func Guard(s string) string {
	if live(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// Unguard takes the apostrophe away that Guard has put before a text.
func Unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && live(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

// live reports whether a spreadsheet would calculate a text instead of showing it.
func live(s string) bool {
	if s == "" || !strings.ContainsRune("=+-@\t\r\uff1d\uff0b\uff0d\uff20", []rune(s)[0]) {
		return false
	}
	return s[0] != '-' && s[0] != '+' || strings.Trim(s[1:], "0123456789.,% ") != "" || len(s) == 1 || s[1] < '0' || s[1] > '9'
}
