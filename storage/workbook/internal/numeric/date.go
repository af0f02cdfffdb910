package numeric

import (
	"bytes"
	"math"
	"strconv"

	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

const (
	DayMillis = 86_400_000
	// FirstDay is 1899-12-30, day 0 of serials from 61 on, in days since 1970.
	FirstDay = -25_569
	// lastSerial is the day after 9999-12-31, which Excel cannot show any more.
	lastSerial = 2_958_466
	// shortDays: a number below it under a format that shows only the time is no
	// day of the year 1900 but more than 24 hours in a format that hides them.
	shortDays = 366
	// sevenNines is how far 45000.9999999 is short of a whole day. Programs that calculate
	// with days and write seven decimals mean that day, and Excel shows it so.
	sevenNines = 1e-7
	// noise is how far a time calculated as a part of a day may be short of what is meant.
	noise = 2e-12
	// shift1904 is how many days the 1904 system is behind the 1900 system.
	shift1904 = 1_462
)

// SetSerial makes c a date, time or duration from the number of days that a sheet
// stores. It gives false, leaving c alone, when Excel could not show the number in
// that format. Times are rounded to the millisecond, but not into another day: the last
// moment of a day that databases write, 23:59:59.997 or .9999999, is one of that day.
func SetSerial(c *cell.Cell, serial float64, m meaning, system1904 bool) bool {
	if math.Abs(serial) > lastSerial {
		return false
	}
	if m == meansDuration {
		c.Kind, c.Int = cell.Duration, int64(math.Round(serial*DayMillis))
		return true
	}
	if serial < 0 {
		return false
	}
	millis := int64(math.Round(serial * DayMillis))
	if m == meansDateOrTime {
		if m = meansDate; serial < 1 {
			m = meansTime
		}
	}
	day := math.Ceil(serial)
	if short := day - serial; short > 0 && short < sevenNines+noise*2 {
		whole := m == meansDate || short <= max(noise, day-math.Nextafter(day, 0)) || short > sevenNines-noise*10
		if millis = int64(day) * DayMillis; !whole {
			millis = min(int64(math.Round(serial*DayMillis)), millis-1)
		}
	}
	if m == meansTime && serial < 1 {
		c.Kind, c.Int = cell.Time, millis%DayMillis // just before midnight is midnight
		return true
	}
	if m == meansTime && serial < shortDays {
		c.Kind, c.Int = cell.Duration, millis
		return true
	}
	if system1904 {
		millis += shift1904 * DayMillis
	}
	days, rest := millis/DayMillis, millis%DayMillis
	if days >= lastSerial {
		return false
	}
	// The 1900 system counts a 29 February 1900 that never was: serial 60.
	switch {
	case days < 60:
		days++
	case days == 60:
		c.Flags |= cell.FakeLeapDay
	}
	c.Kind, c.Int = cell.DateTime, (days+FirstDay)*DayMillis+rest
	if m == meansDate && rest == 0 {
		c.Kind = cell.Date
	}
	return true
}

// SetStoredDate makes c what a cell of the type d holds: a date or a time in ISO 8601,
// or the duration that some writers put there. As with serials, the format distinguishes a
// date from the midnight of one.
func SetStoredDate(c *cell.Cell, m meaning, text []byte) bool {
	if len(text) > 0 && (text[0] == 'P' || text[0] == '-') {
		return SetPeriod(c, text, m != meansTime)
	}
	if len(text) > 0 && text[0] == 'T' {
		text = text[1:]
	}
	if !SetISO(c, text) {
		return false
	}
	switch {
	case c.Kind == cell.DateTime && m == meansDate && c.Int%DayMillis == 0:
		c.Kind = cell.Date
	case c.Kind == cell.Date && m == meansDateTime:
		c.Kind = cell.DateTime
	}
	return true
}

// SetISO makes c a date, date-time or time from ISO 8601 text. A zone is passed
// over: sheets know none, and what Excel shows is the time as written.
func SetISO(c *cell.Cell, text []byte) bool {
	days, n, dated := parseDay(text)
	if dated {
		if n == len(text) {
			c.Kind, c.Int = cell.Date, days*DayMillis
			return true
		}
		if text[n] != 'T' && text[n] != ' ' {
			return false
		}
		n++
	}
	millis, m, ok := written.ParseClock(string(text[n:]))
	if !ok {
		return false
	}
	if rest := text[n+m:]; len(rest) > 0 && !IsZone(rest) {
		return false
	}
	c.Kind, c.Int = cell.Time, millis
	if dated {
		c.Kind, c.Int = cell.DateTime, days*DayMillis+millis
	}
	return true
}

// parseDay reads yyyy-mm-dd at the start of b and gives the days since 1970 and
// the bytes read.
func parseDay(b []byte) (days int64, n int, ok bool) {
	if len(b) < 10 || b[4] != '-' || b[7] != '-' {
		return 0, 0, false
	}
	year, ok1 := SmallInt(b[:4])
	month, ok2 := SmallInt(b[5:7])
	day, ok3 := SmallInt(b[8:10])
	if !ok1 || !ok2 || !ok3 {
		return 0, 0, false
	}
	days, ok = written.CivilDay(year, month, day)
	return days, 10, ok
}

// IsZone reports whether b is Z or an offset such as +02:00.
func IsZone(b []byte) bool {
	if len(b) == 1 {
		return b[0] == 'Z' || b[0] == 'z'
	}
	if b[0] != '+' && b[0] != '-' {
		return false
	}
	b = b[1:]
	if len(b) == 5 && b[2] == ':' {
		b = append(append(make([]byte, 0, 4), b[:2]...), b[3:]...)
	}
	n, ok := SmallInt(b)
	return ok && (len(b) == 2 && n <= 14 || len(b) == 4 && n <= 1400)
}

// SetPeriod reads an ISO 8601 duration such as PT26H30M05.5S. One below a day is a
// time of day, unless its format shows hours beyond 24.
func SetPeriod(c *cell.Cell, text []byte, long bool) bool {
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
			total += n * DayMillis
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
	if total > lastSerial*DayMillis {
		return false
	}
	c.Kind, c.Int = cell.Duration, int64(total+0.5)
	if negative {
		c.Int = -c.Int
	} else if !long && c.Int < DayMillis {
		c.Kind = cell.Time
	}
	return true
}
