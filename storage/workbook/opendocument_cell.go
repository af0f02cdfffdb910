package workbook

import (
	"bytes"
	"slices"
	"strconv"

	"pushdesk/storage/cell"
)

// readCell reads the cell that was just started, up to its end. The value is in the
// attributes; the text inside is what a person sees of it.
func (o *odsRows) readCell() (c cell.Cell, raw string, err error) {
	t := o.t
	kind, failed := "", false
	for _, a := range t.attrs {
		if string(t.buf[a.name:a.nameEnd]) != "value-type" {
			continue
		}
		if value := string(t.buf[a.value:a.valueEnd]); value == "error" {
			failed = true // LibreOffice marks a failed formula so, beside the type of its text
		} else if kind == "" {
			kind = value
		}
	}
	formula := t.prefixedAttr("formula") != nil
	long := o.book.durations[t.odsText("style-name")]
	o.currency = 0
	if kind == "currency" {
		o.currency = o.currencyID(t.prefixedAttr("currency"))
	}
	value := bytes.Clone(t.prefixedAttr("value"))
	date, clock := bytes.Clone(t.prefixedAttr("date-value")), bytes.Clone(t.prefixedAttr("time-value"))
	truth := string(t.prefixedAttr("boolean-value"))
	given := t.prefixedAttr("string-value")
	stated := given != nil
	statedText := ""
	if stated {
		statedText = t.decodeAttr(given)
	}
	shown, some, err := o.readText()
	if err != nil {
		return c, "", err
	}
	if stated && !failed {
		shown, some = statedText, statedText != ""
	}
	if formula && kind == "string" && errorName([]byte(shown)) != "" {
		failed = true // Gnumeric does not mark it
	}
	switch {
	case failed:
		c.Kind, c.Text = cell.Error, shown
		return c, shown, nil
	case formula && kind == "float" && len(value) == 1 && truthWords[shown] == string(value):
		// LibreOffice writes what TRUE() gives as a number that is shown as a word.
		c.Kind, c.Int = cell.Boolean, int64(value[0]-'0')
		return c, shown, nil
	case kind == "float" || kind == "percentage" || kind == "currency":
		return o.readNumber(kind, value)
	case kind == "date":
		if setISO(&c, date) {
			return c, string(date), nil
		}
		if !farDate(date) {
			return c, "", corrupt("cell in row %d holds the date %.40q", o.row+1, date)
		}
		c.Kind, c.Text = cell.Text, string(date)
		return c, string(date), nil
	case kind == "time":
		if !setPeriod(&c, clock, long) {
			return c, "", corrupt("cell in row %d holds the time %.40q", o.row+1, clock)
		}
		return c, string(clock), nil
	case kind == "boolean":
		c.Kind = cell.Boolean
		if truth == "true" {
			c.Int = 1
		}
		return c, truth, nil
	case some:
		c.Kind, c.Text = cell.Text, shown
		return c, shown, nil
	case formula && kind == "":
		c.Flags = cell.Uncalculated
	}
	return c, "", nil
}

// currencyID numbers the currencies of the sheet, from 1 on; 0 is none, and those
// after so many that they do not matter.
func (o *odsRows) currencyID(name []byte) uint8 {
	if len(name) == 0 {
		return 0
	}
	at := slices.Index(o.symbols, string(name))
	if at < 0 {
		if len(o.symbols) == maxCurrencies {
			return 0
		}
		at, o.symbols = len(o.symbols), append(o.symbols, string(name))
	}
	return uint8(at + 1)
}

// farDate tells whether text is a date of a year before 1 or after 9999, which
// LibreOffice knows and Excel and Power BI do not: it is read as text.
func farDate(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("-"))
	i := bytes.IndexByte(text, '-')
	if i < 4 || i > 6 {
		return false
	}
	if _, ok := smallInt(text[:i]); !ok {
		return false
	}
	var c cell.Cell
	return setISO(&c, append([]byte("2000"), text[i:]...))
}

// truthWords are how LibreOffice shows truth values in the languages it is used in most.
var truthWords = map[string]string{"TRUE": "1", "WAHR": "1", "VRAI": "1", "VERO": "1", "VERDADERO": "1", "WAAR": "1", "VERDADEIRO": "1", "PRAWDA": "1",
	"FALSE": "0", "FALSCH": "0", "FAUX": "0", "FALSO": "0", "ONWAAR": "0", "FAŁSZ": "0"}

func (o *odsRows) readNumber(kind string, value []byte) (c cell.Cell, raw string, err error) {
	n, ok := parseNumber(value)
	if !ok {
		return c, "", corrupt("cell in row %d holds the number %.40q", o.row+1, value)
	}
	c.Kind, c.Float = cell.Number, n.value
	switch kind {
	case "percentage":
		c.Style = cell.Percent
	case "currency":
		c.Style = cell.Currency
	}
	if text := n.exactText(value); text != nil {
		c.Flags |= cell.Rounded
		c.Text = string(text)
	}
	return c, string(value), nil
}

// readText gives the paragraphs of a cell, one a line. Comments and drawings in the
// cell are no part of its text.
func (o *odsRows) readText() (text string, some bool, err error) {
	t := o.t
	if t.emptyEnd {
		t.next()
		return "", false, nil
	}
	depth := t.depth
	o.scratch = o.scratch[:0]
	paragraph := 0 // the depth inside a paragraph
	for {
		switch t.next() {
		case tokenStop:
			if t.err == nil {
				t.err = corrupt("it ends inside a cell")
			}
			return "", false, t.err
		case tokenEnd:
			if t.depth < depth {
				if len(o.scratch) > maxText*4 {
					return "", false, tooLarge("a text in row %d is longer than %s characters", o.row+1, grouped(maxText))
				}
				return string(o.scratch), some && len(o.scratch) > 0, nil
			}
			if paragraph > 0 && t.depth < paragraph {
				paragraph = 0
			}
		case tokenText:
			if paragraph > 0 {
				if o.scratch, err = t.appendText(o.scratch); err != nil {
					return "", false, err
				}
			}
		case tokenStart:
			if paragraph == 0 {
				if name := string(t.name); name != "p" && name != "h" {
					t.skip()
					continue
				}
				if some {
					o.scratch = append(o.scratch, '\n')
				}
				some, paragraph = true, t.depth
				continue
			}
			o.inside(string(t.name))
		}
		if len(o.scratch) > maxToken {
			return "", false, tooLarge("a text in row %d is longer than %d bytes", o.row+1, maxToken)
		}
	}
}

// inside handles an element in a paragraph: blanks and breaks are elements, and
// formatted text and links only wrap the text.
func (o *odsRows) inside(name string) {
	switch name {
	case "s":
		for range min(repeats(o.t.prefixedAttr("c")), maxText) {
			o.scratch = append(o.scratch, ' ')
		}
	case "tab":
		o.scratch = append(o.scratch, '\t')
	case "line-break":
		o.scratch = append(o.scratch, '\n')
	case "note", "annotation":
		o.t.skip()
	}
}

// setPeriod reads an ISO 8601 duration such as PT26H30M05.5S. One below a day is a
// time of day, unless its format shows hours beyond 24.
func setPeriod(c *cell.Cell, text []byte, long bool) bool {
	rest := text
	negative := len(rest) > 0 && rest[0] == '-'
	if negative {
		rest = rest[1:]
	}
	if len(rest) < 3 || rest[0] != 'P' {
		return false
	}
	rest = rest[1:]
	total, inTime := 0.0, false
	for len(rest) > 0 {
		if rest[0] == 'T' && !inTime {
			inTime, rest = true, rest[1:]
			continue
		}
		i := bytes.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' })
		if i <= 0 {
			return false
		}
		n, err := strconv.ParseFloat(string(bytes.ReplaceAll(rest[:i], []byte(","), []byte("."))), 64)
		if err != nil || n > 1e12 {
			return false
		}
		switch {
		case rest[i] == 'D' && !inTime:
			total += n * dayMillis
		case rest[i] == 'H' && inTime:
			total += n * 3_600_000
		case rest[i] == 'M' && inTime:
			total += n * 60_000
		case rest[i] == 'S' && inTime:
			total += n * 1000
		default:
			return false
		}
		rest = rest[i+1:]
	}
	if total > lastSerial*dayMillis {
		return false
	}
	c.Kind, c.Int = cell.Duration, int64(total+0.5)
	if negative {
		c.Int = -c.Int
	} else if !long && c.Int < dayMillis {
		c.Kind = cell.Time
	}
	return true
}
