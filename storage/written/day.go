package written

import (
	"strings"
	"unicode"
)

// shortEras are the letters of Japanese eras, as in R6.4.1.
const shortEras = "RHSTMrhstm"

// era is a Japanese era, or that of Taiwan: the year before its first, and how many it has; 0 for the present.
type era struct{ before, years int }

// buddhistCentury is the one that years of two digits from firstThai on are in beside a month
// in Thai: 67 is 2024. Those before it would be long ago, and are years as elsewhere.
const buddhistCentury, firstThai = 2500, 43

func thai(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return unicode.Is(unicode.Thai, r) }) >= 0
}

var eras = map[string]era{"令和": {2018, 0}, "平成": {1988, 31}, "昭和": {1925, 64}, "大正": {1911, 15}, "明治": {1867, 45}, "民國": {1911, 0}, "民国": {1911, 0},
	"R": {2018, 0}, "H": {1988, 31}, "S": {1925, 64}, "T": {1911, 15}, "M": {1867, 45}}

// day reads the day from the tokens that are left.
func (r *reading) day() bool {
	var numbers, names []int // their tokens
	of, first := era{}, false
	for i, t := range r.t {
		switch {
		case t.is("ca", "cca"): // about, and a weekday in other languages
			return false
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
	for i, t := range r.t {
		if i < at[0] && t.kind == '-' || t.kind == name && (len(t.text) == 1 || len(t.text) == 2 && t.text == strings.ToUpper(t.text) && t.m.half == 0) {
			return false // something is said about the date: PO 2024-05-14
		}
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
	if first || len(at) != 3 || r.t[at[0]].width > 3 || r.t[at[1]].width > 2 || r.t[at[2]].width > 2 {
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
	case year.width == 2 && year.value >= firstThai && thai(r.t[month].text):
		year.value += buddhistCentury
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
