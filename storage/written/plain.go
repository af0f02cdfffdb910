package written

import "strings"

// longest is how long a text may be to be read as a number.
const longest = 48

// exactDigits is how many significant digits a float64 always keeps.
const exactDigits = 15

// Plain is how a text of nothing but ASCII digits, dots and commas can be read as a number:
// with the dot or with the comma as decimal mark, and whether that makes it whole. 1,234
// is 1234 with a decimal dot and 1.234 with a decimal comma.
type Plain struct {
	Dot, Comma           bool
	WholeDot, WholeComma bool
	Marks                bool // it has a dot or a comma
	Zero                 bool
}

// Reads reports whether the text is a number with a decimal mark, and a whole one.
func (p Plain) Reads(decimal byte) (ok, whole bool) {
	if decimal == ',' {
		return p.Comma, p.WholeComma
	}
	return p.Dot, p.WholeDot
}

// AsPlain looks at a text as a number without any dress: the quick way for most texts.
// Leading zeros (007), a leading plus, blanks, exponents and more digits than a number can
// hold make it none: such texts are codes, or need a closer look.
func AsPlain(text string) (n Plain) {
	if text != "" && text[0] == '-' {
		text = text[1:]
	}
	if text == "" || len(text) > longest {
		return n
	}
	digits, leading := 0, true // leading: only zeros so far
	dots, commas, lastDot, lastComma := 0, 0, -1, -1
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b >= '0' && b <= '9':
			if b != '0' {
				leading = false
			}
			if !leading {
				digits++
			}
		case b == '.':
			dots, lastDot = dots+1, i
		case b == ',':
			commas, lastComma = commas+1, i
		default:
			return n
		}
	}
	if text[0] == '0' && len(text) > 1 && digit(text[1]) {
		return n
	}
	if dots+commas == 0 && digits <= exactDigits {
		return Plain{Zero: leading, Dot: true, Comma: true, WholeDot: true, WholeComma: true}
	}
	n.Marks, n.Zero = dots+commas > 0, leading
	n.Dot, n.WholeDot = readsWith(text, '.', ',', dots, lastDot)
	n.Comma, n.WholeComma = readsWith(text, ',', '.', commas, lastComma)
	if digits > 17 || digits > exactDigits && (n.WholeDot || n.WholeComma) {
		return Plain{}
	}
	return n
}

// readsWith reports whether text is a number with these marks, and a whole one.
func readsWith(text string, decimal, group byte, decimals, lastDecimal int) (ok, whole bool) {
	if decimals > 1 {
		return false, false
	}
	integer := text
	if decimals == 1 {
		if lastDecimal == len(text)-1 || strings.IndexByte(text[lastDecimal:], group) >= 0 {
			return false, false
		}
		integer = text[:lastDecimal]
	}
	if strings.IndexByte(integer, group) < 0 {
		return integer != "" || decimals == 1, decimals == 0
	}
	return grouped(integer, group), decimals == 0
}

// grouped reports whether the digits of a whole number stand in groups: of three, or as in
// India, with commas, of two before the last three.
func grouped(integer string, mark byte) bool {
	first := strings.IndexByte(integer, mark)
	if first < 1 || first > 3 || integer[0] == '0' {
		return false
	}
	threes, twos := true, first <= 2 && mark == ','
	for rest := integer[first:]; rest != ""; {
		next := strings.IndexByte(rest[1:], mark)
		size := next
		if next < 0 {
			size = len(rest) - 1
		}
		threes = threes && size == 3
		twos = twos && (next >= 0 && size == 2 || next < 0 && size == 3)
		rest = rest[1+size:]
	}
	return threes || twos
}
