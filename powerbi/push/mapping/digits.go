package mapping

// number is a decimal number taken apart without loss: the digits before and
// after the point, and the power of ten they are multiplied by.
type number struct {
	negative    bool
	whole, frac string
	exponent    int
}

// maxExponent bounds what is written out; a float64 needs at most 308.
const maxExponent = 400

// parseNumber reads -12.50, 1e5 and the like, with a point or another mark before
// the decimals. It takes nothing that Go's own parser takes beyond that: no
// underscores, hexadecimals, infinities.
func parseNumber(s string, mark byte) (n number, ok bool) {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		n.negative = s[i] == '-'
		i++
	}
	from := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	n.whole = s[from:i]
	if i < len(s) && s[i] == mark {
		i++
		from = i
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		n.frac = s[from:i]
	}
	if len(n.whole)+len(n.frac) == 0 {
		return n, false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		sign := 1
		if i < len(s) && (s[i] == '-' || s[i] == '+') {
			if s[i] == '-' {
				sign = -1
			}
			i++
		}
		from = i
		for ; i < len(s) && isDigit(s[i]); i++ {
			n.exponent = min(n.exponent*10+int(s[i]-'0'), 1_000_000)
		}
		if i == from {
			return n, false
		}
		n.exponent *= sign
	}
	return n, i == len(s)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// size is the number of digits, and point how many of them (and of the zeros that
// follow them) stand before the decimal point; it may be negative.
func (n number) size() int  { return len(n.whole) + len(n.frac) }
func (n number) point() int { return len(n.whole) + n.exponent }

func (n number) digit(i int) byte {
	if i < len(n.whole) {
		return n.whole[i]
	}
	return n.frac[i-len(n.whole)]
}

// scaled returns the number multiplied by ten to the power of places. exact is
// false when digits are left over, fits when it is beyond 64 bits.
func (n number) scaled(places int) (value uint64, exact, fits bool) {
	end := n.point() + places
	exact = true
	for i := range n.size() {
		d := uint64(n.digit(i) - '0')
		if i >= end {
			exact = exact && d == 0
			continue
		}
		if value > (1<<64-1-d)/10 {
			return 0, exact, false
		}
		value = value*10 + d
	}
	for i := n.size(); i < end && value != 0; i++ {
		if value > (1<<64-1)/10 {
			return 0, exact, false
		}
		value *= 10
	}
	return value, exact, true
}

// appendPlain writes the number without an exponent, without needless zeros, and
// with at least width digits before the point.
func (n number) appendPlain(dst []byte, width int) (out []byte, ok bool) {
	if n.exponent > maxExponent || n.exponent < -maxExponent {
		return dst, false
	}
	first, last := 0, n.size() // the significant digits
	for first < last && n.digit(first) == '0' {
		first++
	}
	for last > first && n.digit(last-1) == '0' {
		last--
	}
	if n.negative && first < last {
		dst = append(dst, '-')
	}
	point := n.point()
	if first == last {
		point = 0
	}
	shown := max(point-first, 0)
	if first == last {
		shown = 0
	}
	for i := shown; i < max(width, 1); i++ {
		dst = append(dst, '0')
	}
	for i := first; i < point; i++ {
		if i < last {
			dst = append(dst, n.digit(i))
		} else {
			dst = append(dst, '0')
		}
	}
	if last <= point || first == last {
		return dst, true
	}
	dst = append(dst, '.')
	for i := point; i < last; i++ {
		if i < first {
			dst = append(dst, '0')
		} else {
			dst = append(dst, n.digit(i))
		}
	}
	return dst, true
}
