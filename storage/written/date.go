package written

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestDate is how long a text may be to be read as a date.
const longestDate = 96

// Date is a text that has the shape of a date.
type Date struct {
	Clock bool   // it has a time of day
	Zone  string // its time zone: "+02:00", "UTC", "CET"; "" none
	None  bool   // it says that there is no date: 00000000
	Finer bool   // its fraction of a second is finer than a millisecond
	Fixed bool   // day, month and year cannot be mistaken: a name of a month, 年月日
	// Buddhist is set when its year was one of the calendar of Thailand, 543 years ahead.
	Buddhist bool
	ShortEra bool // a Japanese era by its letter: R6.4.1
	TwoDigit bool // its year has two digits
	// Month is the name of its month, where languages disagree which one that is.
	Month     string
	Languages Languages // that have the name of its month

	a, b, c int // the three numbers as they stand; day, 0, year with a disputed name
	mark    byte
	look    Look
	iso     bool // starts with a year of four digits
	compact bool // 20240331
	days    int64
	millis  int64
	offset  int // minutes ahead of UTC; unknownOffset
}

// ParseDate reads 2024-03-31, 31.03.2024, 3/31/24, 3 March 2024, Tue Mar 5 15:45:12 CET
// 2024, 2024年3月5日 and the like, with a time behind it or without. Which of its numbers
// is the day is said by Day.
func ParseDate(text string) (d Date, ok bool) {
	if d, ok = QuickDate(text); ok {
		return d, true
	}
	if d, ok = netDate(text); ok {
		return d, true
	}
	return slowDate(text)
}

// netDate reads the dates of .NET in JSON, milliseconds since 1970: /Date(1764324932000+0100)/.
// The offset tells where it was written, and does not change the moment.
func netDate(text string) (d Date, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(text, "\\"), "/Date(")
	if !ok {
		return d, false
	}
	negative := strings.HasPrefix(rest, "-")
	rest = strings.TrimPrefix(rest, "-")
	ms, n := int64(0), 0
	for n < len(rest) && n < 15 && digit(rest[n]) {
		ms = ms*10 + int64(rest[n]-'0')
		n++
	}
	rest = rest[n:]
	if len(rest) > 5 && (rest[0] == '+' || rest[0] == '-') {
		if _, size := leadingInt(rest[1:], 4); size == 4 {
			rest = rest[5:]
		}
	}
	if n == 0 || rest != ")/" && rest != ")\\/" {
		return d, false
	}
	if negative {
		ms = -ms
	}
	d = Date{Languages: AnyLanguage, Clock: true, Fixed: true, Zone: "UTC", days: ms / day, millis: ms % day}
	if d.millis < 0 {
		d.days, d.millis = d.days-1, d.millis+day
	}
	return d, true
}

// QuickDate reads dates of nothing but ASCII digits and marks: the quick way for most.
func QuickDate(text string) (d Date, ok bool) {
	d.Languages = AnyLanguage
	if len(text) < 6 || len(text) > longestDate || !digit(text[0]) {
		return d, false
	}
	var widths [3]int
	numbers := [3]*int{&d.a, &d.b, &d.c}
	i := 0
	for field, number := range numbers {
		from := i
		for i < len(text) && digit(text[i]) && i-from < 4 {
			*number = *number*10 + int(text[i]-'0')
			i++
		}
		if widths[field] = i - from; widths[field] == 0 {
			return d, false
		}
		if field == 2 {
			break
		}
		if i == len(text) || text[i] != '/' && text[i] != '-' && text[i] != '.' || field == 1 && text[i] != d.mark {
			return d, false
		}
		d.mark = text[i]
		i++
	}
	if !d.shape(widths, false) {
		return d, false
	}
	if i == len(text) {
		return d, true
	}
	if text[i] != ' ' && (text[i] != 'T' || !d.iso) {
		return d, false
	}
	d.Clock = true
	ok = d.clock(strings.TrimLeft(text[i+1:], " "))
	return d, ok
}

// shape reports whether three numbers of so many digits can be a date, and which kind.
// spaced tells of blanks behind the marks.
func (d *Date) shape(widths [3]int, spaced bool) bool {
	dotted := d.mark == '.' && !spaced
	switch {
	case widths[0] == 4 && widths[1] <= 2 && widths[2] <= 2 && (!dotted || widths[1] == 2 && widths[2] == 2):
		d.iso = true
	case widths[0] <= 2 && widths[1] <= 2 && widths[2] == 4:
	case widths[0] <= 2 && widths[1] <= 2 && widths[2] == 2 && (!dotted || widths[0] == 2 && widths[1] == 2):
		if d.c > 0 || d.a > 0 {
			d.TwoDigit = true
			d.c = fullYear(d.c)
		}
	default:
		return false
	}
	if !d.iso {
		d.look = d.lookOf(widths)
	}
	d.None = d.a == 0 && d.b == 0 && d.c == 0
	year := &d.c
	if d.iso {
		year = &d.a
	}
	if *year >= firstBuddhist && *year < lastBuddhist {
		d.Buddhist = true
		*year -= buddhist
	}
	return true
}

// Lunar reports whether the year of a date of numbers is one that the Persian and the Islamic
// calendar have by now.
func (d *Date) Lunar() bool {
	year := d.c
	if d.iso {
		year = d.a
	}
	return !d.Fixed && !d.compact && year >= firstLunar && year < lastLunar
}

// Look is how a date of numbers is written that ends with its year, as a set of bits. Those
// of a column that one program wrote have none but the same.
type Look uint8

const (
	firstShort  Look = 1 << iota // 5/
	firstZero                    // 05/
	secondShort                  // /3
	secondZero                   // /03
	shortYear
	longYear
	withDash
	withSlash
)

// Differs reports whether the dates of two looks were written by different programs: with
// zeros in front or without, with years of two or of four digits, with other marks.
func (l Look) Differs(other Look) bool {
	for _, kind := range []Look{firstShort | firstZero, secondShort | secondZero, shortYear | longYear, withDash | withSlash} {
		if l&kind != 0 && other&kind != 0 && l&other&kind == 0 {
			return true
		}
	}
	return false
}

// Look returns how the date is written; 0 for one that begins with its year or has words.
func (d *Date) Look() Look { return d.look }

// Dotted reports whether the date is written with dots, the day first.
func (d *Date) Dotted() bool { return d.mark == '.' && !d.iso }

func (d *Date) lookOf(widths [3]int) (l Look) {
	for i, value := range [2]int{d.a, d.b} {
		switch {
		case value > 9:
		case widths[i] == 1:
			l |= firstShort << (2 * i)
		default:
			l |= firstZero << (2 * i)
		}
	}
	if l |= longYear; widths[2] == 2 {
		l ^= longYear | shortYear
	}
	switch d.mark {
	case '-':
		l |= withDash
	case '/':
		l |= withSlash
	}
	return l
}

// Years that only the calendars of Persia and Islam and that of Thailand have by now, and how
// far that is ahead.
const (
	firstLunar, lastLunar       = 1300, 1500
	firstBuddhist, lastBuddhist = 2440, 2700
	buddhist                    = 543
)

// Day returns the day in an order of its numbers, in days since 1970, and in the language
// of a column, where it matters.
func (d *Date) Day(order Order, tag string) (int64, bool) {
	switch {
	case d.None:
		return 0, true
	case d.compact:
		return d.days, order == Compact
	case d.Fixed:
		return d.days, order != Compact
	case d.Month != "":
		month := monthIn(tag, d.Month)
		if month == 0 || order == Compact {
			return 0, false
		}
		return CivilDay(d.c, int(month), d.a)
	case order == Compact, order == YearFirst && !d.iso:
		return 0, false
	case d.iso:
		return CivilDay(d.a, d.b, d.c)
	case order == DayFirst:
		return CivilDay(d.c, d.b, d.a)
	case d.mark == '.':
		if _, dotted := CivilDay(d.c, d.b, d.a); dotted { // with dots the day is first, if it can be
			return 0, false
		}
	}
	return CivilDay(d.c, d.a, d.b)
}

// Same returns two numbers that are equal if day and month are: then their order does not
// matter.
func (d *Date) Same() (a, b int) {
	if d.Fixed || d.iso || d.Month != "" || d.compact {
		return 0, 0
	}
	return d.a, d.b
}

// BeginsWithYear reports whether the date is written with numbers, the year first.
func (d *Date) BeginsWithYear() bool { return d.iso }

// Early reports whether the day of the month is at most twelve, so that somebody may have
// taken it for a month, in the order that the numbers have.
func (d *Date) Early(order Order) bool {
	switch order {
	case YearFirst:
		return d.c <= 12
	case MonthFirst:
		return d.b <= 12
	}
	return d.a <= 12
}

// Moment returns the date as milliseconds since 1970-01-01T00:00:00 in an order of its
// numbers and the dress of its column: as written when it has the column's zone, as UTC
// when that is asked for. ok is false when it does not fit.
func (d *Date) Moment(order Order, dress Dress) (ms int64, ok bool) {
	days, ok := d.Day(order, dress.Language)
	if !ok {
		return 0, false
	}
	ms = days*day + d.millis
	switch {
	case d.None, d.Zone == dress.Zone, d.Zone == "" && dress.Bare:
	case dress.Zone == UTC && d.Zone != "" && d.offset != unknownOffset:
		ms -= int64(d.offset) * minute
	default:
		return 0, false
	}
	return ms, true
}

// MayBeDate reports quickly whether a text is worth a try with ParseDate: it has digits,
// and begins with one or with a word that stands in dates.
func MayBeDate(text string) bool {
	if len(text) < 6 || len(text) > longestDate {
		return false
	}
	if digit(text[0]) {
		return true
	}
	if strings.IndexFunc(text, unicode.IsDigit) < 0 {
		return false
	}
	if text[0] < 0x80 {
		if text[0] == '/' || text[0] == '\\' || digit(text[1]) && strings.IndexByte(shortEras, text[0]) >= 0 {
			return true
		}
		n := 0
		for n < len(text) && (text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z' || text[n] >= 0x80) {
			n++
		}
		m, known := lookUp(text[:n])
		return known && (m.month > 0 || m.disputed || m.weekday || m.filler || m.half > 0)
	}
	return true
}

// MayBePacked reports whether the month of eight or fourteen digits is one.
func MayBePacked(digits string) bool {
	month := int(digits[4]-'0')*10 + int(digits[5]-'0')
	return month >= 1 && month <= 12
}

// Usual reports whether the year is one that most dates of files are in.
func (d *Date) Usual() bool {
	first, _ := CivilDay(1900, 1, 1)
	last, _ := CivilDay(2100, 12, 31)
	return d.days >= first && d.days <= last || d.days == lastDay
}

// lastDay is 9999-12-31, which stands for no end.
var lastDay, _ = CivilDay(9999, 12, 31)

// OffsetKnown reports whether the offset of the time zone is known, so that the time can be
// converted.
func (d *Date) OffsetKnown() bool { return d.Zone != "" && d.offset != unknownOffset }

// DayAndMonth reports whether a text is a day and the name of a month without a year, as
// spreadsheets make of codes such as SEPT2: 2-Sep, Sep-02.
func DayAndMonth(text string) bool {
	at := strings.IndexAny(text, "-. ") // 02. Sep, as in German
	if at < 1 || len(text) > 9 {
		return false
	}
	a, b := text[:at], strings.TrimLeft(text[at:], "-. ")
	if b == "" {
		return false
	}
	if !digit(text[0]) {
		a, b = b, a
	}
	n, size := leadingInt(a, 2)
	if size == 0 || size != len(a) || n < 1 || n > 31 || len(b) < 3 || len(b) > 4 {
		return false
	}
	m, _ := lookUp(b)
	return m.month > 0
}

// LooksDated reports whether a text that ParseDate does not read looks like a date all the
// same: it has a year, beside a day and a month or a time of day, and hardly other words.
func LooksDated(text string) bool {
	if len(text) > longestDate {
		return false
	}
	years, days, months, others := 0, 0, 0, 0
	clock := false
	for rest := text; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		kind := unicode.IsDigit
		if !unicode.IsDigit(r) {
			if kind = unicode.IsLetter; !unicode.IsLetter(r) {
				rest = rest[size:]
				continue
			}
		}
		n := strings.IndexFunc(rest, func(r rune) bool { return !kind(r) })
		if n < 0 {
			n = len(rest)
		}
		word := rest[:n]
		before := text[:len(text)-len(rest)]
		rest = rest[n:]
		switch value, width := leadingInt(word, 4); {
		case !unicode.IsDigit(r):
			if m, _ := lookUp(word); m.month > 0 || m.disputed {
				months++
			} else if !m.weekday && !m.filler && m.half == 0 && !strings.Contains(parts, word) {
				if others++; before == "" && utf8.RuneCountInString(word) > 3 {
					return false // a title, the name of a file
				}
			}
		case width == 4 && len(word) == 4 && value >= 1900 && value < 2100:
			years++
		case len(word) == 4 && years == 1 && strings.HasSuffix(before, "+"), len(word) == 4 && years == 1 && strings.HasSuffix(before, "-"): // a time zone
		case len(word) > 2 || width != len(word):
			return false
		case width == 2 && strings.HasSuffix(before, ":"):
			clock = true
		case value >= 1 && value <= 31:
			days++
		}
	}
	if others > 1 && !clock || others > 2 {
		return false
	}
	return years == 1 && (clock && days+months > 0 || days == 2 || days >= 1 && months == 1)
}
