package rows

import (
	"fmt"
	"math"
	"strconv"

	"pushdesk/powerbi"
)

// value takes one value and checks it for a column's type. problem says why the
// value is refused; err is a fault of the JSON.
func (s *scanner) value(kind powerbi.DataType) (problem string, err error) {
	if s.i >= len(s.b) {
		return "", errCutShort
	}
	switch c := s.b[s.i]; {
	case c == 'n':
		return "", s.literal("null")
	case c == 't':
		return mismatch(kind, powerbi.Boolean, "true"), s.literal("true")
	case c == 'f':
		return mismatch(kind, powerbi.Boolean, "false"), s.literal("false")
	case c == '"':
		return s.textValue(kind)
	case c == '-' || c >= '0' && c <= '9':
		return s.numberValue(kind)
	case c == '{' || c == '[':
		return "a value cannot be an object or a list", nil
	}
	return "", errSyntax
}

// mismatch refuses a value of another type than the column's.
func mismatch(kind, got powerbi.DataType, shown string) string {
	if kind == got {
		return ""
	}
	return fmt.Sprintf("%s does not fit the type %s", shown, kind)
}

func (s *scanner) textValue(kind powerbi.DataType) (string, error) {
	raw, units, escaped, err := s.text()
	if err != nil {
		return "", err
	}
	switch kind {
	case powerbi.String:
		if units > powerbi.MaxStringLength {
			return fmt.Sprintf("the text has %d characters, more than %d", units, powerbi.MaxStringLength), nil
		}
		return "", nil
	case powerbi.DateTime:
		if escaped {
			raw = []byte(unescaped(raw, true))
		}
		if _, ok := parseDateTime(raw); !ok {
			return fmt.Sprintf("%q is not a date and time of the years 1900 to 9999", clip(string(raw))), nil
		}
		return "", nil
	}
	return fmt.Sprintf("the text %q does not fit the type %s", clip(unescaped(raw, escaped)), kind), nil
}

func (s *scanner) numberValue(kind powerbi.DataType) (string, error) {
	raw, whole, exponent, err := s.number()
	if err != nil {
		return "", err
	}
	switch kind {
	case powerbi.Int64:
		if !whole {
			return fmt.Sprintf("%s is not written as a whole number", clip(string(raw))), nil
		}
		if len(raw) > 18 { // 18 digits always fit
			n, err := strconv.ParseInt(string(raw), 10, 64)
			if err != nil || n == math.MinInt64 || n == math.MaxInt64 {
				return fmt.Sprintf("%s is outside the range of Int64", clip(string(raw))), nil
			}
		}
		return "", nil
	case powerbi.Double:
		if exponent || len(raw) > 300 { // fewer digits than this are below the largest double
			f, err := strconv.ParseFloat(string(raw), 64)
			if err != nil || math.Abs(f) == math.MaxFloat64 {
				return fmt.Sprintf("%s is outside the range of Double", clip(string(raw))), nil
			}
		}
		return "", nil
	case powerbi.Decimal:
		return checkDecimal(raw), nil
	}
	return mismatch(kind, powerbi.Double, "the number "+clip(string(raw))), nil
}

// checkDecimal checks a number for the fixed decimal type: at most four decimals
// and at most ±922,337,203,685,477.5807, the tighter of the two documented bounds.
func checkDecimal(raw []byte) string {
	digits := make([]byte, 0, 32) // significant digits, without leading zeros
	scale, exponent := 0, 0       // the value is digits × 10^(exponent-scale)
	point := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '-':
		case c == '.':
			point = true
		case c == 'e' || c == 'E':
			exponent = clampedInt(raw[i+1:])
			i = len(raw)
		default:
			if point {
				scale++
			}
			if c != '0' || len(digits) > 0 {
				digits = append(digits, c)
			}
		}
	}
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
		scale--
	}
	if len(digits) == 0 {
		return "" // zero, whatever its exponent
	}
	if scale -= exponent; scale > 4 {
		return fmt.Sprintf("%s has more than four decimals", clip(string(raw)))
	}
	fits := len(digits)-scale <= 15
	if fits {
		for ; scale < 4; scale++ {
			digits = append(digits, '0')
		}
		// At most 19 digits are left, which a uint64 holds.
		n, err := strconv.ParseUint(string(digits), 10, 64)
		fits = err == nil && n <= math.MaxInt64
	}
	if !fits {
		return fmt.Sprintf("%s is outside the range of Decimal", clip(string(raw)))
	}
	return ""
}

// clampedInt reads an exponent, which may have any number of digits.
func clampedInt(b []byte) int {
	sign, n := 1, 0
	for _, c := range b {
		switch {
		case c == '-':
			sign = -1
		case c >= '0' && c <= '9':
			n = min(n*10+int(c-'0'), 1<<26)
		}
	}
	return sign * n
}
