package written

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Traits are the ways in which a number is dressed, for the sentence that says it.
type Traits uint16

const (
	Parentheses Traits = 1 << iota // minus
	MinusBehind
	OddMinus   // not the hyphen of the keyboard
	PlusSign   // in front
	CentsDash  // 12,-
	OtherDigit // of another script, or full-width
	Hidden     // invisible marks
	BlankGroup // blanks between groups of digits
	MarkGroup  // apostrophes between groups of digits
	Scientific // an exponent
	Triangle   // a triangle as minus, as accountants in Japan write it
)

// Amount is a text taken apart as a number: what stands around its digits, and the digits
// with their marks.
type Amount struct {
	Unit     string // currency or unit; Percent, PerMille; "" none
	Negative bool
	Dash     bool   // a dash in the place of digits, as accountants write zero
	Code     bool   // may be an identifier: it becomes a number only if a person says so
	Guess    string // a mark or word that makes the value a guess: ~, k
	Traits   Traits

	digits   [longest]byte // ASCII digits and marks; ' between other groups
	n        int
	fixed    bool // its dot is the decimal mark, whatever that of the column is
	exponent int
}

// multipliers are what stands behind a number that is multiplied by it. What they mean
// depends on language and house: 5 M may be five million or five thousand.
var multipliers = []string{"k", "m", "b", "bn", "mm", "mn", "mio", "mill", "mrd", "mia", "mld", "tsd", "tys", "mln", "t", "tn", "tr", "lakh", "lac", "crore", "cr", "dr", "th",
	"тыс", "млн", "млрд", "万", "萬", "億", "亿", "千", "만", "억", "x"}

// rand is the currency of South Africa, a letter that codes begin with as well.
const rand = "R"

// attached are units that may stand behind a number without a blank between.
var attached = map[string]bool{"kg": true, "g": true, "mg": true, "µg": true, "t": true, "lb": true, "lbs": true, "oz": true, "km": true, "cm": true, "mm": true, "µm": true, "nm": true,
	"ft": true, "yd": true, "mi": true, "l": true, "ml": true, "cl": true, "dl": true, "hl": true, "h": true, "hrs": true, "min": true, "sec": true, "ms": true, "µs": true, "ns": true, "s": true,
	"kwh": true, "mwh": true, "gwh": true, "wh": true, "kw": true, "mw": true, "w": true, "v": true, "kv": true, "mv": true, "ma": true, "hz": true, "khz": true, "mhz": true, "ghz": true,
	"pa": true, "kpa": true, "hpa": true, "mpa": true, "bar": true, "mbar": true, "psi": true, "n": true, "kn": true, "nm²": true, "j": true, "kj": true, "kcal": true, "cal": true, "°": true, "°c": true, "°f": true, "℃": true,
	"m²": true, "m³": true, "km²": true, "cm²": true, "cm³": true, "m2": true, "m3": true, "ha": true, "km/h": true, "m/s": true, "mph": true, "kb": true, "mb": true, "gb": true, "tb": true, "kib": true, "mib": true, "gib": true,
	"px": true, "pt": true, "dpi": true, "pcs": true, "pc": true, "stk": true, "st": true, "szt": true, "ks": true, "db": true, "ppm": true, "ppb": true, "bpm": true, "rpm": true, "個": true, "件": true, "円": true, "元": true, "원": true, "개": true, "枚": true, "本": true, "台": true, "人": true}

// ParseAmount takes a text apart as a number in any dress. It says nothing about which mark
// is the decimal one, see Reads. ok is false for everything that is not a number.
func ParseAmount(text string) (a Amount, ok bool) {
	if len(text) > 2*longest {
		return a, false
	}
	p := amount{Amount: &a, rest: text}
	return a, p.parse() && p.sensible()
}

// amount reads a text as an Amount, from left to right.
type amount struct {
	*Amount
	rest           string
	signed, opened bool
	closed         bool
	prefix, suffix string
	spaced         bool // a blank between digits and suffix
	tight          bool // no blank between prefix and digits
	percents       bool
	significant    int
	whole          bool // no dot, no comma
}

// next returns the next rune that shows, folded, and its size together with the invisible
// ones before it; -1 at the end.
func (p *amount) next() (r, raw rune, size int) {
	for size < len(p.rest) {
		r, n := utf8.DecodeRuneInString(p.rest[size:])
		size += n
		if !invisible(r) {
			return fold(r), r, size
		}
		p.Traits |= Hidden
	}
	return -1, -1, size
}

func (p *amount) parse() bool {
	if !p.before() {
		return false
	}
	if p.Dash {
		return true
	}
	return p.inside() && p.after()
}

// before reads what stands before the digits.
func (p *amount) before() bool {
	for {
		r, raw, size := p.next()
		switch {
		case r < 0:
			p.rest = ""
			p.Dash = p.signed && p.Negative && !p.opened && p.Guess == ""
			p.Negative = false
			return p.Dash
		case r >= '0' && r <= '9':
			return true
		case (r == '.' || r == ',' || r == '٫') && p.prefix == "" && startsDigit(p.rest[size:]):
			return true
		case (raw == '△' || raw == '▲') && !p.signed && beforeAmount(p.rest[size:]):
			p.signed, p.Negative, p.tight = true, true, false
			p.Traits |= Triangle
		case r == '-' || r == '+':
			if p.signed {
				return false
			}
			p.signed = true
			if r == '+' {
				p.Traits |= PlusSign
			} else if p.Negative = true; raw != '-' {
				p.Traits |= OddMinus
			}
			p.tight = false
		case r == '(':
			if p.opened {
				return false
			}
			p.opened, p.tight = true, false
			p.Traits |= Parentheses
		case unicode.IsSpace(r):
			p.tight = false
		case r == '\\' && p.prefix == "" && startsDigit(p.rest[size:]): // the yen sign of Shift_JIS
			p.prefix, p.tight = "¥", true
		case r == '%' || r == '٪' || r == '‰':
			if p.prefix != "" || p.percents {
				return false
			}
			p.percent(r)
		case strings.ContainsRune("~*≈≃<>≤≥±'’=", r):
			if p.Guess != "" {
				return false
			}
			p.Guess = string(r)
		case p.prefix == "":
			n := unitRun(p.rest, false)
			if n == 0 {
				return false
			}
			p.prefix, p.tight = p.rest[:n], true
			size = n
		default:
			return false
		}
		p.rest = p.rest[size:]
	}
}

// beforeAmount reports whether a sign stands right before digits, or a currency.
func beforeAmount(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return startsDigit(s) || unicode.Is(unicode.Sc, fold(r))
}

func startsDigit(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	r = fold(r)
	return r >= '0' && r <= '9'
}

func (p *amount) percent(r rune) {
	p.percents, p.Unit = true, Percent
	if r == '‰' {
		p.Unit = PerMille
	}
}

// unitRun returns the length of the currency or unit that s begins with.
func unitRun(s string, digits bool) int {
	n, count := 0, 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		f := fold(r)
		switch {
		case unicode.IsLetter(f), unicode.Is(unicode.M, f), unicode.Is(unicode.Sc, f), f == '.', f == '/', f == '°', f == '²', f == '³', f == '℃', f == '\'' && n > 0:
		case digits && n > 0 && (f == '2' || f == '3') && (n+size == len(s) || s[n+size] == '/' || s[n+size] == ')'): // m2
		default:
			return n
		}
		if count++; count > 12 {
			return 0
		}
		n += size
	}
	return n
}

// put adds a byte to the body.
func (p *amount) put(b byte) bool {
	if p.n == len(p.digits) {
		return false
	}
	p.digits[p.n] = b
	p.n++
	return true
}

// inside reads the digits with their marks, and an exponent.
func (p *amount) inside() bool {
	p.whole = true
	last := rune(0) // the digit or mark before
	for {
		r, raw, size := p.next()
		after := p.rest[min(size, len(p.rest)):]
		switch {
		case r >= '0' && r <= '9':
			if raw != r {
				p.Traits |= OtherDigit
			}
			if p.significant > 0 || r != '0' {
				p.significant++
			}
			if !p.put(byte(r)) {
				return false
			}
		case r == '.' || r == ',' || r == '٫' || r == '⹁' || r == '،':
			switch {
			case r == '٫':
				r, p.fixed = '.', true
			case r != '.' && r != ',':
				r = ','
			}
			if !startsDigit(after) {
				return p.dashes(size)
			}
			p.whole = false
			if !p.put(byte(r)) {
				return false
			}
		case r == ':' && !startsDigit(after):
			return p.dashes(size)
		case r == '/' && strings.HasPrefix(after, "="): // 500/= in East Africa
			p.rest, p.Traits = after[1:], p.Traits|CentsDash
			return true
		case r == '/': // 500/- in India
			return p.dashes(size)
		case r == '\'' || r == '’' || r == '‘' || r == 'ʼ' || r == '`' || r == '´' || r == '٬' || r == '˙':
			if last < '0' || last > '9' || !startsDigit(after) || !p.put('\'') {
				return false
			}
			p.Traits |= MarkGroup
		case unicode.IsSpace(r) && startsDigit(after):
			if last < '0' || last > '9' || !p.put('\'') {
				return false
			}
			p.Traits |= BlankGroup
		case (r == 'e' || r == 'E') && p.exponentFollows(after):
			return true
		default:
			return p.n > 0
		}
		last = r
		p.rest = after
	}
}

// dashes reads the dashes that stand for no cents: 12,- 250,-- 12.—
func (p *amount) dashes(size int) bool {
	rest := p.rest[size:]
	for count := 0; ; count++ {
		r, n := utf8.DecodeRuneInString(rest)
		if n == 0 || fold(r) != '-' || count == 2 {
			if p.rest = rest; count == 0 {
				return false
			}
			p.Traits |= CentsDash
			return true
		}
		rest = rest[n:]
	}
}

// exponentFollows reads +05 to its end. A text such as 32E0134 has none.
func (p *amount) exponentFollows(s string) bool {
	i, sign := 0, 1
	signed := false
	if r, n := utf8.DecodeRuneInString(s); n > 0 && (fold(r) == '-' || fold(r) == '+') {
		if signed = true; fold(r) == '-' {
			sign = -1
		}
		i = n
	}
	from, value := i, 0
	for ; i < len(s) && digit(s[i]); i++ {
		value = min(value*10+int(s[i]-'0'), 9999)
	}
	size := i - from
	if size == 0 || size > 3 || !signed && (size > 2 || s[from] == '0') || value > 400 {
		return false
	}
	if p.whole && !signed {
		p.Code = true // 1E5: a number to a person who says so
	}
	p.exponent = sign * value
	p.Traits |= Scientific
	p.rest = s[i:]
	return true
}

// after reads what stands behind the digits.
func (p *amount) after() bool {
	blank := false
	for {
		r, raw, size := p.next()
		switch {
		case r < 0:
			return p.opened == p.closed
		case unicode.IsSpace(r):
			blank = true
		case r == '-' || r == '+':
			if p.signed || p.opened && !p.closed {
				return false
			}
			p.signed = true
			if r == '-' {
				p.Negative = true
				p.Traits |= MinusBehind
				if raw != '-' {
					p.Traits |= OddMinus
				}
			}
		case r == ')':
			if !p.opened || p.closed {
				return false
			}
			p.closed = true
		case r == '%' || r == '٪' || r == '‰':
			if p.percents || p.suffix != "" {
				return false
			}
			p.percent(r)
		case r == '*' || r == '~':
			if p.Guess != "" {
				return false
			}
			p.Guess = string(r)
		case p.suffix == "" && !p.percents:
			n := unitRun(p.rest, true)
			if n == 0 {
				return false
			}
			p.suffix, p.spaced = p.rest[:n], blank
			size = n
		default:
			return false
		}
		p.rest = p.rest[size:]
	}
}

// sensible looks at what was read as a whole.
func (p *amount) sensible() bool {
	if p.opened {
		p.Negative = true
	}
	if p.prefix != "" && p.suffix != "" { // $12 USD
		if m, _ := lookUp(p.suffix); !m.code || p.suffix != strings.ToUpper(p.suffix) || !p.currencyBefore() {
			return false
		}
		p.prefix = ""
	}
	if p.percents && (p.prefix != "" || p.suffix != "") {
		return false
	}
	switch {
	case p.prefix != "":
		if !p.currencyBefore() {
			return false
		}
	case p.suffix != "":
		if !p.unitBehind() {
			return false
		}
	}
	if p.Dash {
		return p.suffix == ""
	}
	body := p.digits[:p.n]
	if len(body) > 1 && body[0] == '0' && digit(body[1]) { // 007
		return false
	}
	if p.whole && p.Traits&PlusSign != 0 && p.significant >= 7 && p.Unit == "" { // +4930123456
		return false
	}
	if p.significant > 17 || p.whole && p.significant > exactDigits && p.Unit == "" {
		p.Code = true
	}
	dot, _ := p.Reads('.')
	comma, _ := p.Reads(',')
	return dot || comma
}

// currencyBefore reports whether what stands before the digits is a currency.
func (p *amount) currencyBefore() bool {
	unit := p.prefix
	m, known := lookUp(unit)
	symbol := strings.IndexFunc(unit, func(r rune) bool { return unicode.Is(unicode.Sc, fold(r)) }) >= 0
	switch {
	case symbol && utf8.RuneCountInString(unit) <= 5:
	case known && m.code && unit == strings.ToUpper(unit):
	case unit == rand && !(p.tight && p.whole):
	case known && m.money && m.month == 0:
		if p.tight && p.whole && unit[0] < 0x80 && !strings.HasSuffix(unit, ".") { // KM12
			p.Code = true
		}
	default:
		return false
	}
	p.Unit = sameUnit(unit)
	return true
}

// unitBehind reports whether what stands behind the digits is a currency or a unit.
func (p *amount) unitBehind() bool {
	unit := p.suffix
	m, known := lookUp(unit)
	symbol := strings.IndexFunc(unit, func(r rune) bool { return unicode.Is(unicode.Sc, fold(r)) }) >= 0
	if small := strings.ToLower(strings.Trim(unit, ".")); slices.Contains(multipliers, small) && !(p.spaced && (unit == "m" || unit == "t") || unit == "mm") {
		p.Guess = unit
		return true
	}
	switch {
	case symbol, known && m.money, known && m.code && unit == strings.ToUpper(unit):
	case attached[strings.ToLower(unit)], p.spaced && unit == "m":
	case !p.spaced, utf8.RuneCountInString(unit) < 2, strings.IndexFunc(unit, unicode.IsLetter) < 0, known && m.filler && len(unit) > 2, known && (m.month > 0 || m.disputed || m.weekday || m.half > 0 || m.truth > 0), zoneOffset(strings.ToUpper(unit)) != unknownOffset:
		return false
	}
	p.Unit = sameUnit(unit)
	return true
}

// sameUnit is one spelling of a unit that has several. Signs and abbreviations that stand for
// the money of several countries, such as $ and kr, are not put together with a code.
func sameUnit(unit string) string {
	if same, ok := sameUnits[strings.ToUpper(strings.Trim(unit, "."))]; ok {
		return same
	}
	return unit
}

// sameUnits are the other spellings of currencies, in capital letters.
var sameUnits = map[string]string{"EUR": "€", "EURO": "€", "EUROS": "€", "￥": "¥", "GBP": "£", "RUB": "₽", "RUR": "₽", "РУБ": "₽", "TRY": "₺", "TL": "₺", "UAH": "₴", "ГРН": "₴",
	"PLN": "zł", "ZŁ": "zł", "CZK": "Kč", "KČ": "Kč", "ILS": "₪", "NIS": "₪", "KRW": "₩", "VND": "₫", "THB": "฿", "INR": "₹", "KZT": "₸", "ТГ": "₸"}
