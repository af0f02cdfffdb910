package mapping

import (
	"strconv"
	"unicode/utf8"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
	"pushdesk/storage/text"
)

// appendString writes anything as text: numbers with the digits that are stored
// and the zeros of their format, dates in ISO form, booleans as Excel shows them.
func (f *Field) appendString(dst []byte, c *cell.Cell) ([]byte, rule) {
	if c.Kind == cell.Text {
		return appendText(dst, c.Text, f.OnTooLong == TooLongTruncate)
	}
	start := len(dst)
	dst, r := appendPlainText(append(dst, '"'), c)
	if r.bad() {
		return dst[:start], r
	}
	return append(dst, '"'), r
}

// appendPlainText writes a cell that is no text, without quotes. It needs no
// escaping in JSON.
func appendPlainText(dst []byte, c *cell.Cell) ([]byte, rule) {
	switch c.Kind {
	case cell.Number:
		return appendNumberText(dst, c)
	case cell.Boolean:
		if c.Int != 0 {
			return append(dst, "TRUE"...), ruleNone
		}
		return append(dst, "FALSE"...), ruleNone
	case cell.Date:
		return appendDate(dst, c.Int), ruleNone.noted(ruleFakeLeapDay, c.Flags&cell.FakeLeapDay != 0)
	case cell.DateTime:
		return appendClock(append(appendDate(dst, c.Int), 'T'), c.Int, false), ruleNone
	case cell.Time, cell.Duration:
		return appendClock(dst, c.Int, true), ruleNone
	}
	return dst, ruleType
}

// appendNumberText writes a number with its stored digits: no exponent, no
// needless .0, and with the zeros of a format such as 00000.
func appendNumberText(dst []byte, c *cell.Cell) ([]byte, rule) {
	width := 0
	if c.Style == cell.ZeroPadded {
		width = int(c.Width)
	}
	if v := int64(c.Float); c.Text == "" && width == 0 && float64(v) == c.Float && v > -1<<53 && v < 1<<53 {
		return strconv.AppendInt(dst, v, 10), ruleNone
	}
	digits := c.Text
	var buffer [32]byte
	if digits == "" {
		digits = string(strconv.AppendFloat(buffer[:0], c.Float, 'e', -1, 64))
	}
	n, ok := parseNumber(digits, '.')
	if !ok {
		return dst, ruleNotNumber
	}
	dst, ok = n.appendPlain(dst, width)
	if !ok {
		return dst, ruleTooManyDigits
	}
	_, whole, _ := n.scaled(0)
	return dst, ruleNone.noted(ruleRounded, whole && c.Flags&cell.Rounded != 0)
}

// appendText writes a text as a JSON string. Its length is counted in UTF-16
// units, as one client of the service does; the service does not say.
func appendText(dst []byte, s string, truncate bool) ([]byte, rule) {
	if len(s) <= powerbi.MaxStringLength && plain(s) {
		return append(append(append(dst, '"'), s...), '"'), ruleNone
	}
	const hex = "0123456789abcdef"
	start := len(dst)
	dst = append(dst, '"')
	found := ruleNone
	units := 0
	from := 0 // of what is not written yet
	for i := 0; i < len(s); {
		c := s[i]
		size, unit := 1, 1
		var r rune
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
			if r > 0xffff {
				unit = 2
			}
		}
		if units += unit; units > powerbi.MaxStringLength {
			if !truncate {
				return dst[:start], ruleTooLong
			}
			return append(append(dst, s[from:i]...), '"'), ruleTruncated
		}
		switch {
		case c >= utf8.RuneSelf && (r != utf8.RuneError || size > 1), c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\':
			i += size
			continue
		}
		dst = append(dst, s[from:i]...)
		switch {
		case c >= utf8.RuneSelf:
			dst = append(dst, "\ufffd"...)
			found = ruleBrokenText
		case c == '"', c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i += size
		from = i
	}
	return append(append(dst, s[from:]...), '"'), found
}

// plain reports whether a text is ASCII that needs no escaping.
func plain(s string) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 { // eight bytes at once, in one word
		w := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, slash := w^ones*'"', w^ones*'\\'
		if (w|(w-ones*' ')|(quote-ones)|(slash-ones))&highs != 0 {
			return false
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// shown returns a cell for a person to recognize, shortened.
func shown(c *cell.Cell) string {
	switch c.Kind {
	case cell.Blank:
		return ""
	case cell.Text, cell.Error:
		return Shorten(c.Text)
	case cell.Number:
		if c.Text != "" {
			return Shorten(c.Text)
		}
		return strconv.FormatFloat(c.Float, 'g', -1, 64)
	}
	out, _ := appendPlainText(nil, c)
	return string(out)
}

// Shorten cuts a text to what fits into a list of problems.
func Shorten(s string) string { return text.Shorten(s, 80) }
