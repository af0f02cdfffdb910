package mapping

import (
	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

// Milliseconds since 1970 of the first and the last moment of a DateTime column.
// Source: the desktop data types page (years 1900 to 9999).
const (
	firstInstant = -2208988800000  // 1900-01-01T00:00:00.000
	lastInstant  = 253402300799999 // 9999-12-31T23:59:59.999
)

// appendDateTime writes a date as 2006-01-02T15:04:05, with milliseconds only
// when there are any, and never with a zone.
func (f *Field) appendDateTime(dst []byte, c *cell.Cell) ([]byte, rule) {
	ms, r := f.instant(c)
	switch {
	case r == ruleNothing:
		return append(dst, "null"...), r
	case r.bad():
		return dst, r
	}
	dst, wrong := appendInstant(dst, ms)
	if wrong != ruleNone {
		return dst, wrong
	}
	return dst, r
}

func appendInstant(dst []byte, ms int64) ([]byte, rule) {
	if ms < firstInstant || ms > lastInstant {
		return dst, ruleDateRange
	}
	dst = append(appendDate(append(dst, '"'), ms), 'T')
	return append(appendClock(dst, ms, false), '"'), ruleNone
}

// instant returns a date of any year as milliseconds since 1970.
func (f *Field) instant(c *cell.Cell) (ms int64, r rule) {
	switch c.Kind {
	case cell.Date, cell.DateTime:
		return c.Int, ruleNone.noted(ruleFakeLeapDay, c.Flags&cell.FakeLeapDay != 0)
	case cell.Text:
		ms, none, r := parseDate(c.Text, f.DateOrder, f.Dress)
		return ms, r.noted(ruleNothing, none)
	case cell.Number:
		if f.DateOrder == YearMonthDay && c.Float == float64(int64(c.Float)) {
			if c.Float == 0 {
				return 0, ruleNothing
			}
			if days, ok := written.PackedDay(int(c.Float)); ok {
				return days * 24 * 60 * 60 * 1000, ruleNone
			}
		}
		return 0, ruleNumberNotDate
	case cell.Time, cell.Duration:
		return 0, ruleTimeNotDate
	}
	return 0, ruleNotDate
}
