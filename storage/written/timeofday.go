package written

import "strings"

// clock reads h:mm, h:mm:ss, with a fraction, AM or PM, or a zone, to the end of text.
func (d *Date) clock(text string) bool {
	millis, n, ok := ParseClock(text)
	if !ok {
		return false
	}
	d.millis = millis
	d.Finer = n > len("5:04:05.000") && finer(text[:n])
	rest := strings.TrimLeft(text[n:], " ")
	switch {
	case rest == "":
		return true
	case strings.EqualFold(rest, "AM"):
		return d.half(1)
	case strings.EqualFold(rest, "PM"):
		return d.half(2)
	}
	return d.mayHave(rest) && d.zone(rest)
}

// mayHave reports whether what follows a time is an offset: 10:15-11:15 behind a date that
// does not begin with its year is from one time to another.
func (d *Date) mayHave(offset string) bool {
	return d.iso || offset[0] != '-' || !strings.Contains(offset, ":")
}

// half makes the time one before (1) or after noon (2).
func (d *Date) half(which int8) bool {
	at := d.millis / hour
	if which == 1 && at == 0 { // 00:30 AM
		return true
	}
	if at < 1 || at > 12 {
		return which == 2 && at > 12 && at < 24 // 15:45 PM
	}
	if d.millis -= at * hour; which == 2 {
		d.millis += 12 * hour
	}
	d.millis += at % 12 * hour
	return true
}

// ParseClock reads h:mm, h:mm:ss or h:mm:ss.fff at the start of s and returns the
// milliseconds since midnight and the bytes read. What is finer than a millisecond is cut
// off: the last moment of a day stays in it.
func ParseClock(s string) (millis int64, n int, ok bool) {
	h, n := leadingInt(s, 2)
	if n == 0 || n == len(s) || s[n] != ':' || h > 23 {
		return 0, 0, false
	}
	m, size := leadingInt(s[n+1:], 2)
	if size != 2 || m > 59 {
		return 0, 0, false
	}
	n += 3
	millis = int64(h)*hour + int64(m)*minute
	if n == len(s) || s[n] != ':' {
		return millis, n, true
	}
	sec, size := leadingInt(s[n+1:], 2)
	if size != 2 || sec > 59 {
		return 0, 0, false
	}
	n += 3
	millis += int64(sec) * second
	if n < len(s) && (s[n] == '.' || s[n] == ',') {
		fraction, size := cutFraction(s[n+1:])
		if size == 0 {
			return 0, 0, false
		}
		n += 1 + size
		millis += fraction
	}
	return millis, n, true
}

// finer reports whether a time has digits beyond the millisecond that are cut off.
func finer(clock string) bool {
	i := strings.IndexAny(clock, ".,")
	return i >= 0 && len(clock) > i+4 && strings.Trim(clock[i+4:], "0") != ""
}

// leadingInt reads at most most digits at the start of s.
func leadingInt(s string, most int) (value, n int) {
	for n < len(s) && n < most && digit(s[n]) {
		value = value*10 + int(s[n]-'0')
		n++
	}
	return value, n
}

// cutFraction reads the digits of a fraction of a second as milliseconds.
func cutFraction(s string) (millis int64, n int) {
	for scale := int64(100); n < len(s) && digit(s[n]); n++ {
		millis += int64(s[n]-'0') * scale
		scale /= 10
	}
	return millis, n
}
