// Package numeric reads the numbers and dates that spreadsheets store, and the number
// formats that say what they mean.
package numeric

import (
	"math"
	"strconv"
)

// ExactDigits is how many significant digits Excel keeps.
const ExactDigits = 15

// parsedNumber is a number and what its digits tell.
type parsedNumber struct {
	Value  float64
	digits int  // significant digits as written
	whole  bool // no fraction
}

var powersOfTen = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// ParseNumber reads a number in the form that sheets store: digits, at most one
// dot, an exponent. It refuses what strconv.ParseFloat would also take (1_000, 0x1F,
// inf, nan) and what does not fit a float64. The value is the nearest float64.
func ParseNumber(b []byte) (n parsedNumber, ok bool) {
	i, negative := 0, false
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		negative = b[i] == '-'
		i++
	}
	var mantissa uint64
	scale, trailing, seen := 0, 0, false // trailing: zeros since the last other digit
	dot := false
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			if b[i] != '.' || dot {
				break
			}
			dot = true
			continue
		}
		seen = true
		if dot {
			scale--
		}
		if d == 0 {
			if n.digits > 0 {
				trailing++
			}
		} else {
			n.digits += trailing + 1
			trailing = 0
		}
		if n.digits+trailing <= 19 {
			mantissa = mantissa*10 + uint64(d)
		}
	}
	if !seen {
		return n, false
	}
	total := n.digits + trailing
	if i < len(b) {
		exponent, ok := parseExponent(b[i:])
		if !ok {
			return n, false
		}
		scale += exponent
	}
	n.whole = scale+trailing >= 0 || n.digits == 0
	if total <= ExactDigits && scale >= -22 && scale <= 22 {
		// Both are exact in float64, so one operation rounds once.
		n.Value = float64(mantissa)
		if scale < 0 {
			n.Value /= powersOfTen[-scale]
		} else {
			n.Value *= powersOfTen[scale]
		}
		if negative {
			n.Value = -n.Value
		}
		return n, true
	}
	value, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsInf(value, 0) {
		return n, false
	}
	n.Value = value
	return n, true
}

// parseExponent reads e+12 to the end of b.
func parseExponent(b []byte) (int, bool) {
	if b[0] != 'e' && b[0] != 'E' {
		return 0, false
	}
	i, negative := 1, false
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		negative = b[i] == '-'
		i++
	}
	if i == len(b) {
		return 0, false
	}
	exponent := 0
	for ; i < len(b); i++ {
		if b[i] < '0' || b[i] > '9' {
			return 0, false
		}
		exponent = min(exponent*10+int(b[i]-'0'), 100_000)
	}
	if negative {
		exponent = -exponent
	}
	return exponent, true
}

// mostExact is below which a whole number is kept digit by digit: 38 digits are the
// longest decimal type of a database. Beyond, it is a size and no code.
const mostExact = 1e38

// ExactText returns the digits of a whole number that has more of them than Excel
// keeps, without an exponent, or nil when value holds the number well enough. That is
// so for every fraction: spreadsheets calculate with float64, however many digits a
// program writes.
func (n parsedNumber) ExactText(b []byte) []byte {
	if n.digits <= ExactDigits || !n.whole || math.Abs(n.Value) >= mostExact {
		return nil
	}
	out := make([]byte, 0, len(b)+32)
	scale, dot := 0, false
	for i, d := range b {
		switch {
		case d == '-':
			out = append(out, d)
		case d >= '0' && d <= '9':
			if len(out) == 0 && d == '0' || len(out) == 1 && out[0] == '-' && d == '0' {
				continue
			}
			if out = append(out, d); dot {
				scale--
			}
		case d == '.':
			dot = true
		case d == 'e' || d == 'E':
			exponent, _ := parseExponent(b[i:])
			return shift(out, scale+exponent)
		}
	}
	return shift(out, scale)
}

// shift moves the decimal point of the digits of a whole number.
func shift(digits []byte, scale int) []byte {
	if scale < 0 {
		return digits[:len(digits)+scale]
	}
	for range min(scale, 400) {
		digits = append(digits, '0')
	}
	return digits
}
