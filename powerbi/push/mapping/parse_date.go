package mapping

import "strings"

// parseDate reads a date that is written as text, as milliseconds since 1970:
//
//	2026-11-20, 2026/11/20          with or without a time
//	20/11/2026, 20.11.2026, 20-11-2026  where day and month cannot be mistaken, or order says which is first
//	20 Nov 2026, 20-Nov-2026, Nov 20, 2026, November 20 2026
//
// A time may follow after a blank or a T: 8:15, 08:15:30, 08:15:30.250, with AM
// or PM. With Z or an offset the result is UTC, and zone is set. Years have four
// digits.
func parseDate(text string, order DateOrder) (ms int64, zone bool, r rule) {
	p := dateText{rest: strings.TrimSpace(text)}
	year, month, dayOfMonth, r := p.date(order)
	if r != ruleNone {
		return 0, false, r
	}
	days, ok := daysOf(year, month, dayOfMonth)
	if !ok {
		return 0, false, ruleNotDate
	}
	clock, offset, zone, ok := p.time()
	if !ok || p.rest != "" {
		return 0, false, ruleNotDate
	}
	return days*day + clock - offset, zone, ruleNone
}

// dateText takes a text apart from its start.
type dateText struct{ rest string }

// digits takes a number of at most most digits; size is how many there were.
func (p *dateText) digits(most int) (n, size int) {
	for size < most && size < len(p.rest) && isDigit(p.rest[size]) {
		n = n*10 + int(p.rest[size]-'0')
		size++
	}
	p.rest = p.rest[size:]
	return n, size
}

// take takes one of some characters; 0 when none is next.
func (p *dateText) take(set string) byte {
	if p.rest == "" || strings.IndexByte(set, p.rest[0]) < 0 {
		return 0
	}
	c := p.rest[0]
	p.rest = p.rest[1:]
	return c
}

func (p *dateText) blanks() {
	for p.take(" ,") != 0 {
	}
}

var months = [...]string{"january", "february", "march", "april", "may", "june",
	"july", "august", "september", "october", "november", "december"}

// monthName takes the name of a month, in full or its first three letters, with
// or without a point; 0 when none is next.
func (p *dateText) monthName() int {
	end := 0
	for end < len(p.rest) && (p.rest[end]|0x20 >= 'a' && p.rest[end]|0x20 <= 'z') {
		end++
	}
	word := p.rest[:end]
	for i, m := range months {
		if strings.EqualFold(word, m) || strings.EqualFold(word, m[:3]) || strings.EqualFold(word, "sept") && i == 8 {
			p.rest = p.rest[end:]
			p.take(".")
			return i + 1
		}
	}
	return 0
}

// year takes a year of four digits.
func (p *dateText) year() (int, rule) {
	if year, size := p.digits(5); size == 4 {
		return year, ruleNone
	}
	return 0, ruleNotDate
}

func (p *dateText) date(order DateOrder) (year, month, dayOfMonth int, r rule) {
	if month = p.monthName(); month > 0 { // Nov 20, 2026
		p.blanks()
		dayOfMonth, _ = p.digits(2)
		p.blanks()
		year, r = p.year()
		return year, month, dayOfMonth, r
	}
	first, size := p.digits(5)
	mark := p.take("-/.")
	if size == 4 { // 2026-11-20
		month, _ = p.digits(2)
		if mark == 0 || p.take(string(mark)) == 0 {
			return 0, 0, 0, ruleNotDate
		}
		dayOfMonth, _ = p.digits(2)
		return first, month, dayOfMonth, ruleNone
	}
	if size == 0 || size > 2 {
		return 0, 0, 0, ruleNotDate
	}
	between := func() bool { return p.take(string(mark)) != 0 }
	if mark == 0 {
		between = func() bool { p.blanks(); return true }
		p.blanks()
	}
	if month = p.monthName(); month > 0 { // 20 Nov 2026, 20-Nov-2026
		if !between() {
			return 0, 0, 0, ruleNotDate
		}
		year, r = p.year()
		return year, month, first, r
	}
	second, size := p.digits(2)
	if mark == 0 || size == 0 || !between() {
		return 0, 0, 0, ruleNotDate
	}
	if year, r = p.year(); r != ruleNone {
		return 0, 0, 0, r
	}
	switch {
	case order == MonthFirst, order != DayFirst && first <= 12 && second > 12:
		return year, first, second, ruleNone
	case order == DayFirst, first > 12, first == second: // nothing but the day
		return year, second, first, ruleNone
	}
	return 0, 0, 0, ruleDateAmbiguous
}

// time takes a time of day, which may be missing, as milliseconds, and an offset
// from UTC.
func (p *dateText) time() (ms, offset int64, zone, ok bool) {
	if p.rest == "" {
		return 0, 0, false, true
	}
	if p.take("Tt") == 0 {
		before := len(p.rest)
		p.blanks()
		if len(p.rest) == before {
			return 0, 0, false, false
		}
	}
	h, hs := p.digits(2)
	if hs == 0 || p.take(":") == 0 {
		return 0, 0, false, false
	}
	m, size := p.digits(2)
	if size != 2 {
		return 0, 0, false, false
	}
	s, fraction := 0, 0
	if p.take(":") != 0 {
		if s, size = p.digits(2); size != 2 {
			return 0, 0, false, false
		}
		if p.take(".,") != 0 {
			if fraction, size = p.digits(3); size == 0 {
				return 0, 0, false, false
			}
			for ; size < 3; size++ {
				fraction *= 10
			}
			p.digits(9) // finer than the type keeps
		}
	}
	if h, ok = p.half(h); !ok || h > 23 || m > 59 || s > 59 {
		return 0, 0, false, false
	}
	offset, zone, ok = p.offset()
	return int64(h)*hour + int64(m)*60_000 + int64(s)*1000 + int64(fraction), offset, zone, ok
}

// half applies AM or PM, where it follows.
func (p *dateText) half(h int) (int, bool) {
	rest := strings.TrimLeft(p.rest, " ")
	if len(rest) < 2 || rest[1]|0x20 != 'm' {
		return h, true
	}
	switch rest[0] | 0x20 {
	case 'p':
		p.rest = rest[2:]
		return h%12 + 12, h >= 1 && h <= 12
	case 'a':
		p.rest = rest[2:]
		return h % 12, h >= 1 && h <= 12
	}
	return h, true
}

// offset takes Z, +02:00 or -0530, where it follows.
func (p *dateText) offset() (ms int64, zone, ok bool) {
	switch p.take("Zz+-") {
	case 0:
		return 0, false, true
	case '+':
		ms = 1
	case '-':
		ms = -1
	default:
		return 0, true, true
	}
	h, hs := p.digits(2)
	p.take(":")
	m, s := p.digits(2)
	if hs != 2 || s != 0 && s != 2 || h > 14 || m > 59 {
		return 0, false, false
	}
	return ms * (int64(h)*hour + int64(m)*60_000), true, true
}
