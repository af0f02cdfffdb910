package written

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a number, a word or a mark of a date.
type token struct {
	kind   byte // 'n', 'w' or the mark
	text   string
	value  int
	width  int  // digits of a number
	spaced bool // a blank stands before it
	m      meaning
}

const (
	mostTokens = 32
	number     = 'n'
	name       = 'w'
)

// parts are single characters that say what the number before them is.
const parts = "年月日年時时点點分秒년월일시분초"

// tokenize takes a text apart. ok is false when it holds something that no date does.
func tokenize(text string) (all []token, ok bool) {
	var room [mostTokens]token
	all = room[:0]
	spaced := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		f := fold(r)
		switch {
		case invisible(r):
			i += size
			continue
		case unicode.IsSpace(r) || r == '_':
			spaced = true
			i += size
			continue
		}
		if len(all) == mostTokens {
			return nil, false
		}
		t := token{spaced: spaced}
		spaced = false
		switch {
		case f >= '0' && f <= '9':
			t.kind = number
			from := i
			var ascii [16]byte
			for i < len(text) {
				r, size := utf8.DecodeRuneInString(text[i:])
				f := fold(r)
				if f < '0' || f > '9' {
					break
				}
				if t.width == 14 {
					return nil, false
				}
				ascii[t.width] = byte(f)
				t.value = t.value*10 + int(f-'0')
				t.width++
				i += size
			}
			if t.text = text[from:i]; len(t.text) != t.width {
				t.text = string(ascii[:t.width])
			}
		case unicode.IsLetter(f):
			t.kind = name
			from := i
			for i < len(text) {
				r, size := utf8.DecodeRuneInString(text[i:])
				if part := strings.ContainsRune(parts, r); part && i > from || !part && !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && !(r == '\'' || r == '’' || r == 'ʼ') {
					break
				} else if i += size; part {
					break
				}
			}
			t.text = text[from:i]
			if t.m, _ = lookUp(strings.TrimRight(t.text, "'’")); t.m == (meaning{}) && strings.HasPrefix(t.text, "ב") {
				t.text = strings.TrimPrefix(t.text, "ב") // in, before the month in Hebrew
				t.m, _ = lookUp(t.text)
			}
		case strings.ContainsRune(".,/-+:()'’،;", f):
			t.kind = byte(f)
			if f >= utf8.RuneSelf {
				t.kind = ','
			}
			i += size
		default:
			return nil, false
		}
		if all = append(all, t); t.kind == name {
			all = joined(all)
		}
	}
	return all, len(all) > 0
}

// joined makes one token of a month whose abbreviation has stops inside: ก.ย.
func joined(all []token) []token {
	n := len(all)
	if n < 3 || all[n-2].kind != '.' || all[n-3].kind != name || all[n-1].spaced || all[n-3].m.month > 0 {
		return all
	}
	if m, _ := lookUp(all[n-3].text + all[n-1].text); m.month > 0 {
		all[n-3].text, all[n-3].m = all[n-3].text+all[n-1].text, m
		return all[:n-2]
	}
	return all
}

// is reports whether a token is a word.
func (t token) is(words ...string) bool {
	if t.kind != name {
		return false
	}
	for _, w := range words {
		if strings.EqualFold(t.text, w) {
			return true
		}
	}
	return false
}

// reading is a date that is read from tokens.
type reading struct {
	Date
	t []token
}

func (r *reading) at(i int) token {
	if i < 0 || i >= len(r.t) {
		return token{}
	}
	return r.t[i]
}

// cut takes out the tokens from i to j.
func (r *reading) cut(i, j int) {
	r.t = append(r.t[:i:i], r.t[j:]...)
	if i < len(r.t) {
		r.t[i].spaced = true
	}
}

// slowDate reads a date from its words and numbers.
func slowDate(text string) (d Date, ok bool) {
	if len(text) < 6 || len(text) > longestDate {
		return d, false
	}
	t, ok := tokenize(text)
	if !ok {
		return d, false
	}
	r := reading{t: t}
	r.Languages = AnyLanguage
	r.aside()
	if !r.time() || !r.day() {
		return d, false
	}
	return r.Date, true
}

// aside takes out what stands in parentheses: names of zones, weekdays.
func (r *reading) aside() {
	for i := range r.t {
		if r.t[i].kind != '(' {
			continue
		}
		for j := i + 1; j < len(r.t); j++ {
			if r.t[j].kind == ')' {
				r.cut(i, j+1)
				return
			}
			if r.t[j].kind == number {
				return
			}
		}
	}
}

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
	} else if h := r.at(from - 1); h.kind == name && h.m.half > 0 && !h.m.filler {
		if !r.half(h.m.half) {
			return false
		}
		from--
	}
	for r.at(to).is("uhr", "h", "hrs", "uur", "o'clock") {
		to++
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

// halfAt reads a word for before or after noon: PM, p.m., p. m.
func (r *reading) halfAt(i int) (which int8, n int) {
	first := r.at(i)
	if first.kind != name {
		return 0, 0
	}
	stops := func(j int) int {
		for r.at(j).kind == '.' {
			j++
		}
		return j
	}
	if first.m.half > 0 {
		return first.m.half, stops(i+1) - i
	}
	j := stops(i + 1)
	if second := r.at(j); second.kind == name && utf8.RuneCountInString(first.text) <= 2 && utf8.RuneCountInString(second.text) <= 2 {
		if m, _ := lookUp(first.text + second.text); m.half > 0 {
			return m.half, stops(j+1) - i
		}
	}
	return 0, 0
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

// shortEras are the letters of Japanese eras, as in R6.4.1.
const shortEras = "RHSTMrhstm"

// era is a Japanese era: the year before its first, and how many it has; 0 for the present.
type era struct{ before, years int }

var eras = map[string]era{"令和": {2018, 0}, "平成": {1988, 31}, "昭和": {1925, 64}, "大正": {1911, 15}, "明治": {1867, 45},
	"R": {2018, 0}, "H": {1988, 31}, "S": {1925, 64}, "T": {1911, 15}, "M": {1867, 45}}

// day reads the day from the tokens that are left.
func (r *reading) day() bool {
	var numbers, names []int // their tokens
	of, first := era{}, false
	for i, t := range r.t {
		switch {
		case t.kind == number:
			numbers = append(numbers, i)
		case t.kind == name:
			text := strings.TrimSuffix(t.text, "元")
			if e, ok := eras[strings.ToUpper(text)]; ok && (i == 0 || len(text) > 1) {
				of, first = e, text != t.text
				r.ShortEra = len(text) == 1
				continue
			}
			m := t.m
			switch {
			case m.month > 0 || m.disputed:
				names = append(names, i)
			case m.weekday, m.filler, strings.Contains(parts, t.text):
			default:
				return false
			}
		case t.kind == '+' || t.kind == ';' || t.kind == '(' || t.kind == ')' || t.kind == ':':
			return false
		}
	}
	for len(names) > 1 { // martes, 5 mar: one of them is something else
		at := -1
		for j, i := range names {
			if m := r.t[i].m; m.weekday || m.filler {
				at = j
				break
			}
		}
		if at < 0 {
			return false
		}
		names = append(names[:at:at], names[at+1:]...)
	}
	if of.before > 0 {
		return r.era(numbers, of, first)
	}
	switch {
	case len(numbers) == 1 && len(names) == 0:
		return len(r.t) == 1 && r.packedDay(r.t[numbers[0]])
	case len(numbers) == 3 && len(names) == 1 && r.t[names[0]].m.weekday, len(numbers) == 3 && len(names) == 0:
		return r.numeric(numbers)
	case len(numbers) == 2 && len(names) == 1:
		return r.named(numbers, names[0])
	}
	return false
}

// packedDay reads 20240305.
func (r *reading) packedDay(t token) bool {
	if t.width != 8 {
		return false
	}
	if r.compact = true; t.value == 0 {
		r.None = true
		return true
	}
	var ok bool
	r.days, ok = CivilDay(t.value/10000, t.value/100%100, t.value%100)
	return ok
}

// marked reports whether a number is followed by a character that says what it is.
func (r *reading) marked(i int, what string) bool { return r.at(i + 1).is(strings.Split(what, "")...) }

// numeric reads three numbers with marks between them.
func (r *reading) numeric(at []int) bool {
	x, y, z := r.t[at[0]], r.t[at[1]], r.t[at[2]]
	switch {
	case r.marked(at[0], "年년") && r.marked(at[1], "月월"):
		return r.fix(x.value, y.value, z.value)
	case r.at(at[1]-1).is("tháng") && z.width == 4: // ngày 5 tháng 3 năm 2024
		return r.fix(z.value, y.value, x.value)
	case at[1] != at[0]+2 || at[2] != at[1]+2:
		return false
	}
	mark := r.t[at[0]+1].kind
	if mark != r.t[at[1]+1].kind || mark != '.' && mark != '/' && mark != '-' {
		return false
	}
	for _, t := range r.t[at[2]+1:] {
		if t.kind != '.' && t.kind != ',' && t.kind != name {
			return false
		}
	}
	r.a, r.b, r.c, r.mark = x.value, y.value, z.value, mark
	return x.width <= 4 && y.width <= 2 && z.width <= 4 && r.shape([3]int{x.width, y.width, z.width}, y.spaced)
}

// fix makes the date one that cannot be mistaken.
func (r *reading) fix(year, month, day int) (ok bool) {
	r.Fixed = true
	r.days, ok = CivilDay(year, month, day)
	return ok
}

// era reads a year of a Japanese era with month and day: 令和6年4月1日, R6.4.1, 令和元年5月1日.
func (r *reading) era(at []int, of era, first bool) bool {
	if first && len(at) == 2 {
		return r.fix(of.before+1, r.t[at[0]].value, r.t[at[1]].value)
	}
	if first || len(at) != 3 || r.t[at[0]].width > 2 || r.t[at[1]].width > 2 || r.t[at[2]].width > 2 {
		return false
	}
	if r.ShortEra { // R6.4.1, R6/4/1, R6-4-1 and nothing else
		mark := r.at(at[0] + 1).kind
		if at[1] != at[0]+2 || at[2] != at[1]+2 || at[2] != len(r.t)-1 || mark != r.at(at[1]+1).kind || mark != '.' && mark != '/' && mark != '-' {
			return false
		}
	}
	year := r.t[at[0]].value
	return year > 0 && (of.years == 0 || year <= of.years) && r.fix(of.before+year, r.t[at[1]].value, r.t[at[2]].value)
}

// named reads a day and a year beside the name of a month.
func (r *reading) named(at []int, month int) bool {
	day, year := r.t[at[0]], r.t[at[1]]
	if day.width == 4 || day.value > 31 && year.value <= 31 { // 2024 March 5
		day, year = year, day
	}
	switch {
	case day.width > 2 || year.width != 2 && year.width != 4:
		return false
	case year.width == 2 && year.value < 100:
		year.value = fullYear(year.value)
	}
	t := r.t[month]
	if year.value >= firstBuddhist && year.value < lastBuddhist {
		r.Buddhist = true
		year.value -= buddhist
	}
	word := small(t.text)
	r.Languages = languagesOf(word)
	if t.m.month == 0 {
		r.Month, r.a, r.c = word, day.value, year.value
		r.Languages = existing(r.Languages, word, r.c, r.a)
		return r.Languages != 0
	}
	return r.fix(year.value, int(t.m.month), day.value)
}
