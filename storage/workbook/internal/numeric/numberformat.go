package numeric

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pushdesk/storage/cell"
)

// meaning is what a number format makes of a number.
type meaning uint8

const (
	MeansNumber   meaning = iota
	meansDate             // a day
	meansDateTime         // a day with a time
	meansTime             // a time of day
	meansDuration         // elapsed time
	// meansDateOrTime is a built-in format that is a day in some languages of Excel
	// and a time in others: only the value shows which.
	meansDateOrTime
)

// NumberFormat is what the number format of a cell says about its value.
type NumberFormat struct {
	Meaning  meaning
	Style    cell.Style
	Width    uint8  // digits of a zero-padded format
	Currency string // the symbol of a currency format, "" if it shows none
	Foreign  bool   // looks like a date in letters of another language (TT.MM.JJJJ)
}

// BuiltinFormat returns the formats that a workbook uses by number only.
// Source: ECMA-376 part 1, 18.8.30, and the East Asian and Thai tables there.
func BuiltinFormat(id int) NumberFormat {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id >= 57 && id <= 58, id >= 71 && id <= 74, id == 81:
		return NumberFormat{Meaning: meansDate}
	case id == 22, id == 77:
		return NumberFormat{Meaning: meansDateTime}
	case id == 34, id == 35, id == 55, id == 56:
		return NumberFormat{Meaning: meansDateOrTime}
	case id >= 18 && id <= 21, id == 32, id == 33, id == 75, id == 76:
		return NumberFormat{Meaning: meansTime}
	case id >= 45 && id <= 47, id >= 78 && id <= 80:
		return NumberFormat{Meaning: meansDuration}
	case id == 9, id == 10, id == 67, id == 68:
		return NumberFormat{Style: cell.Percent}
	case id >= 5 && id <= 8, id == 42, id == 44:
		return NumberFormat{Style: cell.Currency, Currency: "$"}
	case id >= 37 && id <= 41, id == 43:
		return NumberFormat{Style: cell.Currency}
	case id == 49:
		return NumberFormat{Style: cell.AsText}
	}
	return NumberFormat{}
}

// ParseNumberFormat reads a format code such as yyyy-mm-dd, 0.00%, [h]:mm or
// _("$"* #,##0.00_). Only the first section, which shows positive numbers, counts.
func ParseNumberFormat(code string) NumberFormat {
	p := formatParser{}
	p.scan(code)
	return p.result()
}

// formatParser collects what the first section of a format code holds.
type formatParser struct {
	year, month, day, hour, second, ampm bool
	elapsed, general                     bool
	percent, text                        bool
	hashes, point, slash, exponent       bool
	zeros                                int
	foreign                              int // letters T, J and A, of dates in other languages
	currency                             string
	last                                 byte // h, s or another date letter, for the meaning of m
	pendingM                             bool // an m whose meaning the next letter decides
}

func (p *formatParser) scan(code string) {
	for i := 0; i < len(code); {
		r, n := utf8.DecodeRuneInString(code[i:])
		switch {
		case r == ';':
			return
		case r == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return
			}
			p.symbols(code[i+1 : i+1+end])
			n = end + 2
		case r == '\\' || r == '_' || r == '*':
			if i+1 < len(code) {
				next, m := utf8.DecodeRuneInString(code[i+1:])
				if r == '\\' {
					p.symbols(string(next))
				}
				n += m
			}
		case r == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return
			}
			p.bracket(code[i+1 : i+end])
			n = end + 1
		case StartsWith(code[i:], "General"):
			p.general = true
			n = len("General")
		case StartsWith(code[i:], "Standard"): // German for General, from careless writers
			p.general = true
			n = len("Standard")
		case StartsWith(code[i:], "AM/PM"):
			p.ampm = true
			n = len("AM/PM")
		case StartsWith(code[i:], "A/P"):
			p.ampm = true
			n = len("A/P")
		case (r == 'E' || r == 'e') && i+1 < len(code) && (code[i+1] == '+' || code[i+1] == '-'):
			p.exponent = true
			n = 2
		default:
			p.letter(r)
		}
		i += n
	}
}

// bracket reads what is in brackets: elapsed time, a currency, a locale, a
// colour or a condition.
func (p *formatParser) bracket(inside string) {
	if strings.HasPrefix(inside, "$") {
		symbol, _, _ := strings.Cut(inside[1:], "-")
		if symbol != "" && len(symbol) <= 16 {
			p.currency = symbol
		}
		return
	}
	if lower := strings.ToLower(inside); lower != "" &&
		(strings.Trim(lower, "h") == "" || strings.Trim(lower, "m") == "" || strings.Trim(lower, "s") == "") {
		p.elapsed = true
		p.last = lower[0]
	}
}

func (p *formatParser) symbols(text string) {
	for _, r := range text {
		if unicode.Is(unicode.Sc, r) {
			p.currency = string(r)
		}
	}
}

func (p *formatParser) letter(r rune) {
	lower := unicode.ToLower(r)
	switch lower {
	case 'm':
		if p.last == 'h' {
			p.pendingM = false // minutes
		} else if p.last != 'm' {
			p.pendingM = true
		}
		if p.last != 'h' {
			p.last = 'm'
		}
		return
	case 'd', 'y', 'b', 'e', 'g', 'a':
		p.settleMonth()
		switch lower {
		case 'd':
			p.day = true
		case 'a':
			p.foreign++
		default:
			p.year = true
		}
		p.last = 'd'
	case 'h':
		p.settleMonth()
		p.hour = true
		p.last = 'h'
	case 's':
		p.pendingM = false // mm:ss are minutes
		p.second = true
		p.last = 's'
	case '0':
		p.zeros++
	case '#', '?', ',':
		p.hashes = true
	case '.':
		p.point = true
	case '/':
		p.slash = true
	case '%':
		p.percent = true
	case '@':
		p.text = true
	case 't', 'j':
		p.foreign++
	default:
		if unicode.Is(unicode.Sc, r) {
			p.currency = string(r)
		}
	}
}

func (p *formatParser) settleMonth() {
	if p.pendingM {
		p.month, p.pendingM = true, false
	}
}

func (p *formatParser) result() NumberFormat {
	p.settleMonth()
	date := p.year || p.month || p.day
	clock := p.hour || p.second || p.ampm
	digits := p.zeros > 0 || p.hashes
	switch {
	case p.elapsed && !date:
		return NumberFormat{Meaning: meansDuration}
	case p.general:
		return NumberFormat{}
	case p.foreign > 0 && !p.year && !p.day && !clock:
		return NumberFormat{Foreign: p.month || p.foreign > 1}
	case p.month && digits && !clock && !p.year && !p.day:
		return NumberFormat{} // an m beside digits: #,##0,,"m" without its quotes
	case date && clock:
		return NumberFormat{Meaning: meansDateTime}
	case date:
		return NumberFormat{Meaning: meansDate}
	case p.second && !p.hour && !p.ampm:
		return NumberFormat{Meaning: meansDuration} // mm:ss, as built-in format 45
	case clock:
		return NumberFormat{Meaning: meansTime}
	case p.percent:
		return NumberFormat{Style: cell.Percent}
	case p.text && !digits:
		return NumberFormat{Style: cell.AsText}
	case p.currency != "":
		return NumberFormat{Style: cell.Currency, Currency: p.currency}
	case p.zeros > 1 && !p.hashes && !p.point && !p.slash && !p.exponent:
		return NumberFormat{Style: cell.ZeroPadded, Width: uint8(min(p.zeros, 255))}
	}
	return NumberFormat{}
}
