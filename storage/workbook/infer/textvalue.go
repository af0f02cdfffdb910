package infer

import (
	"math"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/numeric"
)

// Type is what a column is sent as.
type Type string

const (
	TypeText     Type = "text"
	TypeWhole    Type = "whole"
	TypeDecimal  Type = "decimal"
	TypeBoolean  Type = "boolean"
	TypeDateTime Type = "datetime"
	TypeDuration Type = "duration"
)

// maxTextNumber is how long a text may be to be read as a number or a date.
const maxTextNumber = 48

// textNumber is how a text can be read as a number: with the dot or with the comma
// as decimal mark, and whether that makes it whole. 1,234 is 1234 with a decimal
// dot and 1.234 with a decimal comma.
type textNumber struct {
	dot, comma           bool
	wholeDot, wholeComma bool
	marks                bool // it has a dot or a comma
}

// asTextNumber looks at a text as a number. Leading zeros (007), a leading plus,
// blanks, exponents and more digits than a number can hold make it none: such texts
// are codes.
func asTextNumber(text string) (n textNumber) {
	if text != "" && text[0] == '-' {
		text = text[1:]
	}
	if text == "" || len(text) > maxTextNumber {
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
	if text[0] == '0' && len(text) > 1 && text[1] >= '0' && text[1] <= '9' {
		return n
	}
	n.marks = dots+commas > 0
	n.dot, n.wholeDot = readsWith(text, '.', ',', dots, lastDot)
	n.comma, n.wholeComma = readsWith(text, ',', '.', commas, lastComma)
	if digits > 17 || digits > numeric.ExactDigits && (n.wholeDot || n.wholeComma) {
		return textNumber{}
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
	first := strings.IndexByte(integer, group)
	if first < 0 {
		return integer != "" || decimals == 1, decimals == 0
	}
	if first < 1 || first > 3 || integer[0] == '0' {
		return false, false
	}
	for rest := integer[first:]; rest != ""; rest = rest[4:] {
		if len(rest) < 4 || rest[0] != group || strings.IndexByte(rest[1:4], group) >= 0 {
			return false, false
		}
	}
	return true, decimals == 0
}

// readTextNumber returns the number of a text that asTextNumber takes.
func readTextNumber(text string, decimal byte) (float64, bool) {
	n := asTextNumber(text)
	if decimal == ',' && !n.comma || decimal != ',' && !n.dot {
		return 0, false
	}
	var buf [maxTextNumber + 2]byte
	plain := buf[:0]
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == decimal:
			plain = append(plain, '.')
		case b != '.' && b != ',':
			plain = append(plain, b)
		}
	}
	p, ok := numeric.ParseNumber(plain)
	return p.Value, ok
}

// DateOrder is the order of day, month and year in dates written with numbers.
type DateOrder string

const (
	YearFirst  DateOrder = "ymd" // 2024-03-31, 2024/03/31
	DayFirst   DateOrder = "dmy" // 31/03/2024, 31.03.24
	MonthFirst DateOrder = "mdy" // 03/31/2024
)

// textDate is a text that has the shape of a date.
type textDate struct {
	a, b, c int  // the three numbers as they stand
	mark    byte // between them
	iso     bool // starts with a year of four digits
	millis  int64
	clock   bool // has a time of day
	zoned   bool // has a zone
}

// asTextDate reads 2024-03-31, 2024/03/31, 31.03.2024, 3/31/24 and the like, with a
// time behind it or without.
func asTextDate(text string) (d textDate, ok bool) {
	if len(text) < 6 || len(text) > maxTextNumber || text[0] < '0' || text[0] > '9' {
		return d, false
	}
	var widths [3]int
	numbers := [3]*int{&d.a, &d.b, &d.c}
	i := 0
	for field, number := range numbers {
		from := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' && i-from < 4 {
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
	switch {
	case widths[0] == 4 && widths[1] <= 2 && widths[2] <= 2 && (d.mark != '.' || widths[1] == 2 && widths[2] == 2):
		d.iso = true
	case widths[0] <= 2 && widths[1] <= 2 && widths[2] == 4:
	case widths[0] <= 2 && widths[1] <= 2 && widths[2] == 2 && (d.mark != '.' || widths[0] == 2 && widths[1] == 2):
		if d.c += 1900; d.c < 1930 {
			d.c += 100
		}
	default:
		return d, false
	}
	if i == len(text) {
		return d, true
	}
	if text[i] != ' ' && (text[i] != 'T' || !d.iso) {
		return d, false
	}
	d.clock = true
	d.millis, d.zoned, ok = textClock(strings.TrimLeft(text[i+1:], " "))
	return d, ok
}

// textClock reads h:mm, h:mm:ss, with a fraction, AM or PM, or a zone.
func textClock(text string) (millis int64, zoned, ok bool) {
	var buf [maxTextNumber + 1]byte
	padded := buf[:0]
	if len(text) > 1 && text[1] == ':' {
		padded = append(padded, '0')
	}
	padded = append(padded, text...)
	millis, n, ok := numeric.ParseClock(padded)
	if !ok {
		return 0, false, false
	}
	rest := strings.TrimLeft(string(padded[n:]), " ")
	if rest == "" {
		return millis, false, true
	}
	if strings.EqualFold(rest, "AM") || strings.EqualFold(rest, "PM") {
		hour := millis / 3_600_000
		if hour < 1 || hour > 12 {
			return 0, false, false
		}
		if millis -= hour * 3_600_000; strings.EqualFold(rest, "PM") {
			millis += 12 * 3_600_000
		}
		return millis + hour%12*3_600_000, false, true
	}
	return millis, true, numeric.IsZone([]byte(rest))
}

// day returns the day in an order of its numbers, in days since 1970.
func (d textDate) day(order DateOrder) (int64, bool) {
	switch {
	case d.iso != (order == YearFirst):
		return 0, false
	case order == YearFirst:
		return numeric.CivilDay(d.a, d.b, d.c)
	case order == DayFirst:
		return numeric.CivilDay(d.c, d.b, d.a)
	}
	return numeric.CivilDay(d.c, d.a, d.b)
}

// asTextBoolean reads true and false, and with words also yes, no and their
// translations.
func asTextBoolean(text string, words bool) (value, ok bool) {
	if len(text) == 0 || len(text) > 5 {
		return false, false
	}
	switch lower := strings.ToLower(text); lower {
	case "true", "false":
		return lower == "true", true
	case "yes", "y", "ja", "oui", "sí", "si":
		return true, words
	case "no", "n", "nein", "non":
		return false, words
	}
	return false, false
}

// FitsOnlyText reports whether a text is nothing but text: no number, date or boolean.
func FitsOnlyText(text string) bool {
	text = strings.TrimSpace(text)
	if n := asTextNumber(text); n.dot || n.comma {
		return false
	}
	if _, ok := asTextDate(text); ok {
		return false
	}
	_, ok := asTextBoolean(text, false)
	return !ok
}

// TextFormat is how the texts of a column are read as another type. The zero value
// leaves them text.
type TextFormat struct {
	Type    Type      // what the texts become; "" or TypeText leaves them as they are
	Decimal byte      // of numbers: '.' or ','
	Order   DateOrder // of dates
	Words   bool      // of booleans: yes and no count, too
	// Ambiguous is set when the texts allow another reading as well (1,234 or
	// 03/04/2024) and no value decides; a person should be asked.
	Ambiguous bool
}

// Read reads one text. It gives false, and a Text cell, when the text does not fit.
func (f TextFormat) Read(text string) (cell.Cell, bool) {
	c := cell.Cell{Kind: cell.Text, Text: text}
	return c, f.read(&c)
}

// read changes a Text cell into what its column holds, if it fits.
func (f *TextFormat) read(c *cell.Cell) bool {
	text := strings.TrimSpace(c.Text)
	switch f.Type {
	case TypeWhole, TypeDecimal:
		value, ok := readTextNumber(text, f.Decimal)
		if !ok || f.Type == TypeWhole && value != math.Trunc(value) {
			return false
		}
		*c = cell.Cell{Kind: cell.Number, Float: value}
	case TypeBoolean:
		value, ok := asTextBoolean(text, f.Words)
		if !ok {
			return false
		}
		*c = cell.Cell{Kind: cell.Boolean}
		if value {
			c.Int = 1
		}
	case TypeDateTime:
		d, ok := asTextDate(text)
		if !ok {
			return false
		}
		day, ok := d.day(f.Order)
		if !ok {
			return false
		}
		*c = cell.Cell{Kind: cell.Date, Int: day*numeric.DayMillis + d.millis}
		if d.clock {
			c.Kind = cell.DateTime
		}
	default:
		return false
	}
	return true
}

// ReadTexts reads the texts of a row as its columns say, as far as they fit.
func ReadTexts(cells []cell.Cell, formats []TextFormat) {
	for i := range cells[:min(len(cells), len(formats))] {
		if cells[i].Kind == cell.Text && formats[i].Type != "" {
			formats[i].read(&cells[i])
		}
	}
}
