// Package biff has what the binary formats of Excel, .xls and .xlsb, have in common.
package biff

import (
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// RK unpacks a number that is stored in 30 bits: a whole number or the upper half of a
// float, either of them perhaps a hundred times too large.
func RK(packed uint32) float64 {
	var n float64
	if packed&2 != 0 {
		n = float64(int32(packed) >> 2)
	} else {
		n = math.Float64frombits(uint64(packed&^3) << 32)
	}
	if packed&1 != 0 {
		n /= 100
	}
	return n
}

// ErrorName returns the name of an error by its code, or "".
func ErrorName(code byte) string {
	switch code {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0f:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1d:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	case 0x2a:
		return "#N/A"
	case 0x2b:
		return "#GETTING_DATA"
	}
	return ""
}

// AppendUTF16 appends UTF-16 in little-endian order as UTF-8. Half a character at the
// end is left out.
func AppendUTF16(dst, units []byte) []byte {
	for i := 0; i+1 < len(units); i += 2 {
		r := rune(binary.LittleEndian.Uint16(units[i:]))
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
			continue
		case utf16.IsSurrogate(r):
			pair := rune(utf8.RuneError)
			if i+3 < len(units) {
				pair = utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(units[i+2:])))
			}
			if r = pair; pair != utf8.RuneError {
				i += 2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// AppendLatin1 appends characters of which only the low byte is stored.
func AppendLatin1(dst, low []byte) []byte {
	for _, b := range low {
		if b < utf8.RuneSelf {
			dst = append(dst, b)
		} else {
			dst = utf8.AppendRune(dst, rune(b))
		}
	}
	return dst
}

// rawNumber writes a number as the other formats of Excel store it.
func rawNumber(n float64) string {
	if size := math.Abs(n); size >= 1e21 || size < 1e-9 && size > 0 {
		return strconv.FormatFloat(n, 'E', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
