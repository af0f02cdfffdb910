package ooxml

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape decodes the _xHHHH_ escapes of cell text in place and gives the rest.
// _x005F_ is the underline itself, so _x005F_x000D_ is the text _x000D_.
func unescape(text []byte) []byte {
	at := bytes.Index(text, []byte("_x"))
	if at < 0 {
		return text
	}
	out := text[:at]
	for i := at; i < len(text); {
		unit, ok := escaped(text[i:])
		if !ok {
			out = append(out, text[i])
			i++
			continue
		}
		i += 7
		r := rune(unit)
		if utf16.IsSurrogate(r) {
			low, ok := escaped(text[i:])
			if pair := utf16.DecodeRune(r, rune(low)); ok && pair != utf8.RuneError {
				r = pair
				i += 7
			} else {
				r = utf8.RuneError
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// escaped reads an escape _xHHHH_ at the start of text.
func escaped(text []byte) (uint16, bool) {
	if len(text) < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	var unit uint16
	for _, b := range text[2:6] {
		switch {
		case b >= '0' && b <= '9':
			unit = unit<<4 | uint16(b-'0')
		case b&^0x20 >= 'A' && b&^0x20 <= 'F':
			unit = unit<<4 | uint16(b&^0x20-'A'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}
