package written

import (
	"strings"
)

// time reads and takes out the time of day with its half of the day and its zone, where
// there is one.
func (r *reading) time() bool {
	from, to, ok := r.clockAt()
	if !ok {
		return false
	}
	if to == 0 {
		return true
	}
	r.Clock = true
	if which, n := r.halfAt(to); n > 0 {
		if !r.half(which) {
			return false
		}
		to += n
	} else if which, n := r.halfBefore(from); n > 0 {
		if !r.half(which) {
			return false
		}
		from -= n
	}
	for r.at(to).is("uhr", "h", "hrs", "uur", "o'clock") {
		to++
	}
	before := from - 1
	for r.at(before).kind == '.' {
		before--
	}
	if r.letter(before) || r.letter(to) {
		return false // it says something about the time, and what is not known
	}
	n, ok := r.zoneAt(to)
	if !ok {
		return false
	}
	to += n
	for from > 0 && (r.t[from-1].kind == ':' || r.t[from-1].kind == ',' || r.t[from-1].is("t")) {
		from--
	}
	r.cut(from, to)
	return true
}

// clockAt finds the time of day. to is 0 when there is none.
func (r *reading) clockAt() (from, to int, ok bool) {
	for i, t := range r.t {
		if t.kind != number {
			continue
		}
		next, second := r.at(i+1), r.at(i+2)
		switch {
		case t.width <= 2 && next.kind == ':' && second.kind == number && second.width == 2:
			return r.clockFrom(i, ':')
		case t.width <= 2 && next.is("時", "时", "点", "點", "시"):
			return r.clockParts(i)
		case t.width <= 2 && next.is("h") && second.kind == number && second.width == 2:
			return r.clockFrom(i, 'h')
		case t.width <= 2 && t.spaced && next.kind != '.':
			if _, n := r.halfAt(i + 1); n > 0 && t.value >= 1 && t.value <= 12 && len(r.t) > 3 && !r.at(i+1).m.filler {
				r.millis = int64(t.value) * hour
				return i, i + 1, true
			}
		case t.width == 14 && len(r.t) <= i+4: // 20240305154512
			return r.packed(i)
		}
		if (t.width == 6 || t.width == 4) && i > 0 && (r.t[i-1].width == 8 || r.t[i-1].is("t") && r.at(i-2).width == 8) { // 20240305 154512
			h, m, s := t.value/10000, t.value/100%100, t.value%100
			if t.width == 4 {
				h, m, s = t.value/100, t.value%100, 0
			}
			to := i + 1
			if fraction := r.at(i + 2); (next.kind == '.' || next.kind == ',') && fraction.kind == number && t.width == 6 {
				r.fraction(fraction.text)
				to += 2
			}
			return i, to, r.set(h, m, s)
		}
		if from, to, ok = r.clockDots(i); ok {
			return from, to, true
		}
	}
	return 0, 0, true
}

// set adds a time to the milliseconds read so far.
func (r *reading) set(h, m, s int) bool {
	r.millis += int64(h)*hour + int64(m)*minute + int64(s)*second
	return h <= 23 && m <= 59 && s <= 59
}

// fraction takes the digits behind the seconds.
func (r *reading) fraction(digits string) {
	r.millis, _ = cutFraction(digits)
	r.Finer = finer("." + digits)
}

// packed reads the time at the end of fourteen digits and leaves the day.
func (r *reading) packed(i int) (from, to int, ok bool) {
	t := &r.t[i]
	clock := t.value % 1_000_000
	t.value /= 1_000_000
	t.width, t.text = 8, t.text[:8]
	return i + 1, i + 1, r.set(clock/10000, clock/100%100, clock%100)
}

// clockFrom reads 15:45:12.123 or 15h45.
func (r *reading) clockFrom(i int, mark byte) (from, to int, ok bool) {
	h, m, s := r.t[i].value, r.t[i+2].value, 0
	to = i + 3
	if x := r.at(to + 1); (r.at(to).kind == ':' || mark == 'h' && r.at(to).is("m", "min", "mn")) && x.kind == number && x.width == 2 {
		s = x.value
		to += 2
		if mark == 'h' && r.at(to).is("s") {
			to++
		}
		if f := r.at(to + 1); (r.at(to).kind == '.' || r.at(to).kind == ',' || r.at(to).kind == ':') && f.kind == number && f.width <= 12 && !f.spaced {
			r.fraction(f.text)
			to += 2
		}
	}
	return i, to, r.set(h, m, s)
}

// clockParts reads 15時45分12秒.
func (r *reading) clockParts(i int) (from, to int, ok bool) {
	h, m, s := r.t[i].value, 0, 0
	to = i + 2
	if r.at(to).kind == number && r.at(to+1).is("分", "분") {
		m = r.t[to].value
		if to += 2; r.at(to).kind == number && r.at(to+1).is("秒", "초") {
			s = r.t[to].value
			to += 2
		}
	}
	return i, to, r.set(h, m, s)
}

// clockDots reads 15.45 and 12.17.05.123456 behind a date.
func (r *reading) clockDots(i int) (from, to int, ok bool) {
	t := r.t[i]
	behind := r.at(i-1).kind == '-' && r.at(i-2).kind == number && i >= 6 // DB2: 2024-03-05-15.45.12
	if i < 3 || t.width > 2 || !t.spaced && !behind && r.at(i-1).kind != name {
		return 0, 0, false
	}
	var v [3]int
	v[0], to = t.value, i+1
	for n := 1; n < 3 && r.at(to).kind == '.' && r.at(to+1).kind == number && r.at(to+1).width == 2 && !r.at(to+1).spaced; n++ {
		v[n] = r.t[to+1].value
		to += 2
	}
	if to == i+1 {
		return 0, 0, false
	}
	if f := r.at(to + 1); to == i+5 && r.at(to).kind == '.' && f.kind == number && f.width <= 12 {
		r.fraction(f.text)
		to += 2
	}
	if end := r.at(to); end.kind != 0 && end.kind != name && end.kind != '+' && end.kind != '-' {
		r.millis = 0
		return 0, 0, false
	}
	if !r.set(v[0], v[1], v[2]) {
		r.millis = 0
		return 0, 0, false
	}
	if behind {
		i--
	}
	return i, to, true
}

// mostHalf is how many words say which half of the day a time is in: de la tarde.
const mostHalf = 4

// halfAt reads the words for before or after noon that begin at a token: PM, p.m., p. m.,
// 3:30p, de la tarde.
func (r *reading) halfAt(i int) (which int8, n int) {
	word, to := "", i
	for words := 0; words < mostHalf && r.at(to).kind == name; words++ {
		word += r.at(to).text
		for to++; r.at(to).kind == '.'; to++ {
		}
		if half := halfOf(word, words); half > 0 {
			which, n = half, to-i
		}
	}
	return which, n
}

// halfBefore reads such words in front of the time: 下午3:30, p.m. 3:30, du. 3:30.
func (r *reading) halfBefore(to int) (which int8, n int) {
	word, from := "", to
	for words := 0; words < mostHalf; words++ {
		at := from
		for r.at(at-1).kind == '.' {
			at--
		}
		t := r.at(at - 1)
		if t.kind != name {
			break
		}
		word, from = t.text+word, at-1
		half := halfOf(word, words)
		if words == 0 && t.m.filler || words == 0 && t.is("a") { // at, in several languages
			half = 0
		}
		if half > 0 {
			which, n = half, to-from
		}
	}
	return which, n
}

// halfOf is the half of the day that a word, put together of more words, says. Of single
// Latin letters only those of English mean the same wherever they are used.
func halfOf(word string, more int) int8 {
	switch {
	case more == 0 && strings.EqualFold(word, "a"):
		return 1
	case more == 0 && strings.EqualFold(word, "p"):
		return 2
	case more == 0 && len(word) == 1:
		return 0
	}
	m, _ := lookUp(word)
	return m.half
}

// letter reports whether a token is a single Latin letter that stands beside a time and is none
// of the words that do.
func (r *reading) letter(i int) bool {
	t := r.at(i)
	return t.kind == name && len(t.text) == 1 && !t.is("t", "z", "a", "e", "g", "h")
}

// zoneAt reads the time zone that begins at a token and returns how many tokens it is.
func (r *reading) zoneAt(i int) (n int, ok bool) {
	first := r.at(i)
	for first.kind == ',' {
		i++
		n++
		first = r.at(i)
	}
	var b strings.Builder
	take := func() {
		b.WriteString(r.at(i + 0).text)
		if r.at(i).kind != name && r.at(i).kind != number {
			b.WriteByte(r.at(i).kind)
		}
		i++
		n++
	}
	switch {
	case first.kind == name && r.at(i+1).kind == '/' && r.at(i+2).kind == name: // Europe/Berlin
		for take(); r.at(i).kind == '/' && r.at(i+1).kind == name; {
			take()
			take()
			for r.at(i).kind == name && r.at(i).spaced && r.at(i).m == (meaning{}) { // New_York
				b.WriteByte('_')
				take()
			}
		}
	case first.kind == name && zoneOffset(strings.ToUpper(first.text)) != unknownOffset && first.m.month == 0 && (first.text == strings.ToUpper(first.text) || len(first.text) == 1):
		signed := r.at(i+1).kind == '+' || r.at(i+1).kind == '-'
		take()
		if signed && r.at(i+1).kind == number && r.at(i+1).width <= 4 {
			r.offsetTokens(&i, &n, &b)
		}
	case first.kind == '-' && r.at(i+2).kind == ':' && r.at(i-2).kind == ':' && r.at(0).width != 4:
		return 0, false // from one time to another
	case (first.kind == '+' || first.kind == '-') && r.at(i+1).kind == number && (r.at(i+1).width == 2 || r.at(i+1).width == 4) && !r.at(i+1).spaced:
		r.offsetTokens(&i, &n, &b)
		if next := r.at(i); next.kind == name && zoneOffset(next.text) != unknownOffset {
			n++
		}
	default:
		return 0, true
	}
	return n, r.zone(b.String())
}

// offsetTokens takes +02:00.
func (r *reading) offsetTokens(i, n *int, b *strings.Builder) {
	b.WriteByte(r.t[*i].kind)
	b.WriteString(r.t[*i+1].text)
	*i, *n = *i+2, *n+2
	if r.at(*i).kind == ':' && r.at(*i+1).kind == number {
		b.WriteString(":" + r.t[*i+1].text)
		*i, *n = *i+2, *n+2
	}
}
