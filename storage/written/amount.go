package written

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// Reads reports whether the digits are a number with a decimal mark, and a whole one.
func (a *Amount) Reads(decimal byte) (ok, whole bool) {
	if a.Dash {
		return true, true
	}
	group := byte(',')
	if decimal == ',' {
		group = '.'
	}
	if a.fixed {
		decimal, group = '.', ','
	}
	body := a.digits[:a.n]
	at, groups, others := -1, 0, 0
	for i, b := range body {
		switch b {
		case decimal:
			if at >= 0 {
				return false, false
			}
			at = i
		case group:
			groups++
		case '\'':
			others++
		}
	}
	integer := body
	if at >= 0 {
		if integer = body[:at]; strings.ContainsAny(string(body[at+1:]), ".,'") {
			return false, false
		}
	}
	switch {
	case groups > 0 && others > 0:
		return false, false
	case groups > 0 && !grouped(string(integer), group), others > 0 && !grouped(string(integer), '\''):
		return false, false
	}
	return true, at < 0 && a.exponent >= 0
}

// AppendPlain appends the number with a point as decimal mark, without groups, and with an
// exponent where percent or the text need one.
func (a *Amount) AppendPlain(dst []byte, decimal byte) []byte {
	if a.Dash {
		return append(dst, '0')
	}
	if a.fixed {
		decimal = '.'
	}
	if a.Negative {
		dst = append(dst, '-')
	}
	for _, b := range a.digits[:a.n] {
		switch {
		case digit(b):
			dst = append(dst, b)
		case b == decimal:
			dst = append(dst, '.')
		}
	}
	exponent := a.exponent
	switch a.Unit {
	case Percent:
		exponent -= 2
	case PerMille:
		exponent -= 3
	}
	if exponent != 0 {
		dst = append(dst, 'e')
		if exponent < 0 {
			dst, exponent = append(dst, '-'), -exponent
		}
		if exponent >= 100 {
			dst = append(dst, byte('0'+exponent/100))
		}
		if exponent >= 10 {
			dst = append(dst, byte('0'+exponent/10%10))
		}
		dst = append(dst, byte('0'+exponent%10))
	}
	return dst
}

// Zero reports whether the number is zero.
func (a *Amount) Zero() bool {
	return !slices.ContainsFunc(a.digits[:a.n], func(b byte) bool { return b >= '1' && b <= '9' })
}

// Large reports whether an exponent
// stands for digits that it does not show: 4.01235E+12.
func (a *Amount) Large() bool {
	fraction := 0
	for i := a.n - 1; i >= 0 && digit(a.digits[i]); i-- {
		fraction++
	}
	if fraction == a.n {
		fraction = 0
	}
	return a.Traits&Scientific != 0 && a.exponent >= 9 && a.exponent <= 22 && fraction < a.exponent
}

// Exponent is the power of ten that the text gives.
func (a *Amount) Exponent() int { return a.exponent }

// Marks reports whether the number has a dot or a comma, which other numbers may explain.
func (a *Amount) Marks() bool { return !a.fixed && bytes.ContainsAny(a.digits[:a.n], ".,") }

// Commas reports whether the number has a comma.
func (a *Amount) Commas() bool { return bytes.IndexByte(a.digits[:a.n], ',') >= 0 }

// Money reports whether the unit is a currency, or percent.
func (a *Amount) Money() bool { return Money(a.Unit) }

// Money reports whether a unit is a currency, or percent.
func Money(unit string) bool {
	if unit == Percent || unit == PerMille || unit == rand || strings.IndexFunc(unit, func(r rune) bool { return unicode.Is(unicode.Sc, r) }) >= 0 {
		return true
	}
	m, known := lookUp(unit)
	return known && (m.money && !attached[strings.ToLower(unit)] || m.code && unit == strings.ToUpper(unit))
}

// KnownUnit reports whether a unit is a currency, percent or a unit of measure.
func KnownUnit(unit string) bool {
	return Money(unit) || attached[strings.ToLower(unit)] || unit == "m"
}

// Thousandths reports whether a currency has three decimals, or the unit is none.
func Thousandths(unit string) bool {
	switch strings.ToUpper(unit) {
	case Percent, PerMille, "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND", "DT", "KD", "BD", "JD", "LD", "د.ك", "د.ب", "د.ت":
		return true
	}
	return false
}

// Fits reports whether a number may stand in a column of a dress: without a unit, or with
// that of the column. Shares stand for themselves only: beside 12.5% a plain 3 may be 3 or
// 300 percent.
func (a *Amount) Fits(d Dress) bool {
	switch {
	case a.Guess != "":
		return false
	case a.Dash:
		return d.Dash && (a.Unit == "" || a.Unit == d.Unit)
	case a.Unit == d.Unit, a.Unit != "" && a.Unit == sameUnit(d.Unit):
		return true
	case d.Unit == Percent || d.Unit == PerMille:
		return a.Unit == "" && (d.Bare || a.Zero())
	}
	return a.Unit == ""
}

// Number reads a number with a decimal mark in the dress of its column and appends it as
// ParseFloat and the like read it. It takes what people write for numbers, codes too: a
// person has said that the column holds numbers.
func Number(dst []byte, text string, decimal byte, d Dress) ([]byte, bool) {
	a, ok := ParseAmount(text)
	if !ok || !a.Fits(d) {
		return dst, false
	}
	if ok, _ := a.Reads(decimal); !ok {
		return dst, false
	}
	return a.AppendPlain(dst, decimal), true
}
