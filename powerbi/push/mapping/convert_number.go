package mapping

import (
	"math"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

// appendInt64 writes a whole number from the digits that are stored, never
// through a float64 that cannot hold them.
func (f *Field) appendInt64(dst []byte, c *cell.Cell) ([]byte, rule) {
	switch c.Kind {
	case cell.Number:
		if c.Text != "" {
			n, ok := parseNumber(c.Text, '.')
			if !ok {
				return dst, ruleNotNumber
			}
			dst, r := appendWhole(dst, n)
			return dst, r.noted(ruleRounded, c.Flags&cell.Rounded != 0)
		}
		switch {
		case c.Float != math.Trunc(c.Float):
			return dst, ruleNotWhole
		case c.Float <= -1<<63 || c.Float >= 1<<63:
			return dst, ruleIntRange
		}
		return strconv.AppendInt(dst, int64(c.Float), 10), ruleNone.noted(ruleRounded, c.Flags&cell.Rounded != 0)
	case cell.Boolean:
		return strconv.AppendInt(dst, c.Int, 10), ruleNone
	case cell.Text:
		n, zeros, r := f.textNumber(c.Text)
		if r != ruleNone {
			return dst, r
		}
		dst, r = appendWhole(dst, n)
		return dst, r.noted(ruleLeadingZeros, zeros)
	}
	return dst, notNumber(c.Kind)
}

// appendWhole writes a number that must be whole and inside the range of Int64,
// whose smallest and largest value the service does not take.
func appendWhole(dst []byte, n number) ([]byte, rule) {
	value, exact, fits := n.scaled(0)
	switch {
	case !exact:
		return dst, ruleNotWhole
	case !fits || value >= math.MaxInt64:
		return dst, ruleIntRange
	case n.negative:
		return strconv.AppendInt(dst, -int64(value), 10), ruleNone
	}
	return strconv.AppendUint(dst, value, 10), ruleNone
}

// appendDouble writes a float64. Lengths of time become hours.
func (f *Field) appendDouble(dst []byte, c *cell.Cell) ([]byte, rule) {
	switch c.Kind {
	case cell.Number:
		dst, r := appendFloat(dst, c.Float)
		return dst, r.noted(rulePrecision, c.Text != "" && math.Abs(c.Float) >= 1<<53)
	case cell.Boolean:
		return strconv.AppendInt(dst, c.Int, 10), ruleNone
	case cell.Duration, cell.Time:
		return appendFloat(dst, float64(c.Int)/hour)
	case cell.Text:
		n, zeros, r := f.textNumber(c.Text)
		if r != ruleNone {
			if ms, ok := written.Span(written.Trim(c.Text)); ok {
				return appendFloat(dst, float64(ms)/hour)
			}
			return dst, r
		}
		var digits [64]byte
		plain, ok := n.appendPlain(digits[:0], 0)
		if !ok {
			return dst, ruleDoubleRange
		}
		value, err := strconv.ParseFloat(string(plain), 64)
		if err != nil {
			return dst, ruleDoubleRange
		}
		dst, r = appendFloat(dst, value)
		return dst, r.noted(ruleLeadingZeros, zeros).noted(rulePrecision, math.Abs(value) >= 1<<53)
	}
	return dst, notNumber(c.Kind)
}

// appendFloat writes a float64 as encoding/json does: the shortest digits that
// read back the same, with an exponent only where it is very small or large.
func appendFloat(dst []byte, v float64) ([]byte, rule) {
	size := math.Abs(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return dst, ruleNotFinite
	case size == math.MaxFloat64:
		return dst, ruleDoubleRange
	case v == 0:
		return append(dst, '0'), ruleNone // never -0
	case size < 1<<53 && v == math.Trunc(v):
		return strconv.AppendInt(dst, int64(v), 10), ruleNone
	case size < 1e-6 || size >= 1e21:
		return strconv.AppendFloat(dst, v, 'e', -1, 64), ruleNone
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64), ruleNone
}

// appendDecimal writes a number of at most four decimals as its digits.
func (f *Field) appendDecimal(dst []byte, c *cell.Cell) ([]byte, rule) {
	var buffer [32]byte
	switch c.Kind {
	case cell.Number:
		if c.Text == "" {
			if c.Float == math.Trunc(c.Float) && math.Abs(c.Float) < 1e11 {
				return strconv.AppendInt(dst, int64(c.Float), 10), ruleNone
			}
			// Up to fifteen digits stand for one float64 only, so that a number
			// which is the nearest to such digits was written with them.
			if scaled := math.Round(c.Float * 1e4); math.Abs(scaled) < 1e15 && scaled/1e4 == c.Float {
				return appendScaled(dst, int64(scaled)), ruleNone
			}
			n, _ := parseNumber(string(strconv.AppendFloat(buffer[:0], c.Float, 'e', -1, 64)), '.')
			return appendFixed(dst, n)
		}
		n, ok := parseNumber(c.Text, '.')
		if !ok {
			return dst, ruleNotNumber
		}
		out, r := appendFixed(dst, n)
		if r != ruleDecimalPlaces {
			return out, r
		}
		// Sums such as 19.990000000000002 carry digits that Excel itself never
		// shows; with fifteen digits the value is exact.
		n, _ = parseNumber(string(strconv.AppendFloat(buffer[:0], c.Float, 'e', 14, 64)), '.')
		out, r = appendFixed(dst, n)
		return out, r.noted(ruleNoise, true)
	case cell.Boolean:
		return strconv.AppendInt(dst, c.Int, 10), ruleNone
	case cell.Text:
		n, zeros, r := f.textNumber(c.Text)
		if r != ruleNone {
			return dst, r
		}
		dst, r = appendFixed(dst, n)
		return dst, r.noted(ruleLeadingZeros, zeros)
	}
	return dst, notNumber(c.Kind)
}

// appendScaled writes ten thousandths without needless zeros.
func appendScaled(dst []byte, v int64) []byte {
	if v < 0 {
		dst = append(dst, '-')
		v = -v
	}
	dst = strconv.AppendInt(dst, v/1e4, 10)
	if frac := v % 1e4; frac != 0 {
		width := 4
		for ; frac%10 == 0; width-- {
			frac /= 10
		}
		dst = appendDigits(append(dst, '.'), frac, width)
	}
	return dst
}

// appendFixed writes a number that must fit the fixed decimal type: four decimals,
// and ±922,337,203,685,477.5807, the tighter of the two documented bounds.
func appendFixed(dst []byte, n number) ([]byte, rule) {
	value, exact, fits := n.scaled(4)
	switch {
	case !exact:
		return dst, ruleDecimalPlaces
	case !fits || value > math.MaxInt64:
		return dst, ruleDecimalRange
	}
	dst, _ = n.appendPlain(dst, 0)
	return dst, ruleNone
}

// notNumber names what a cell is instead of a number.
func notNumber(k cell.Kind) rule {
	switch k {
	case cell.Date, cell.DateTime:
		return ruleDateNotNumber
	case cell.Duration, cell.Time:
		return ruleDurationNotNumber
	}
	return ruleNotNumber
}

// textNumber reads a number that is written as text, with the field's decimal mark and in
// its dress. zeros tells that leading zeros are lost.
func (f *Field) textNumber(text string) (n number, zeros bool, r rule) {
	s := written.Trim(text)
	mark := byte('.')
	if f.DecimalMark == "," {
		mark = ','
	}
	share := f.Dress.Unit == written.Percent || f.Dress.Unit == written.PerMille
	n, ok := parseNumber(s, mark)
	if ok && (!share || f.Dress.Bare) && !strings.ContainsAny(s, "eE") && s[0] != '+' {
		if n.size() > maxExponent {
			return n, false, ruleNotNumber
		}
		return n, len(n.whole) > 1 && n.whole[0] == '0', ruleNone
	}
	a, ok := written.ParseAmount(s)
	switch {
	case !ok, a.Guess != "":
		return n, false, ruleNotNumber
	case !a.Fits(f.Dress) && a.Dash:
		return n, false, ruleNotNumber
	case !a.Fits(f.Dress):
		return n, false, ruleUnit
	case f.DecimalMark == "" && a.Commas():
		return n, false, ruleNumberMark
	}
	if ok, _ := a.Reads(mark); !ok {
		return n, false, ruleNotNumber
	}
	if n, ok = parseNumber(string(a.AppendPlain(nil, mark)), '.'); !ok {
		return n, false, ruleNotNumber
	}
	return n, false, ruleNone
}
