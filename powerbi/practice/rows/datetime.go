package rows

import (
	"fmt"
	"time"
)

// parseDateTime reads the forms of a DateTime value:
//
//	2026-11-20                    seen in clients
//	2026-11-20T08:15:30           seen in clients and a live test; up to seven decimals of a second
//	2026-11-20 08:15:30           seen in a live test
//	11/20/2026                    month first, in Microsoft's own sample; a time may follow
//
// Z or an offset such as +02:00 may end a form with a time. What the real service
// does with it is not known; here the value becomes UTC.
func parseDateTime(b []byte) (time.Time, bool) {
	p := dateParser{b: b, ok: true}
	var year, month, day int
	us := len(b) > 2 && (b[1] == '/' || b[2] == '/')
	if us {
		month = p.digits(1, 2)
		p.take('/')
		day = p.digits(1, 2)
		p.take('/')
		year = p.digits(4, 4)
	} else {
		year = p.digits(4, 4)
		p.take('-')
		month = p.digits(2, 2)
		p.take('-')
		day = p.digits(2, 2)
	}
	var hour, minute, second, nanos, offset int
	if p.ok && len(p.b) > 0 {
		if p.b[0] == 'T' && !us {
			p.take('T')
		} else {
			p.take(' ')
		}
		hour = p.digits(2, 2)
		p.take(':')
		minute = p.digits(2, 2)
		p.take(':')
		second = p.digits(2, 2)
		nanos = p.fraction()
		offset = p.offset()
	}
	if !p.ok || len(p.b) > 0 || year < 1900 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	if t.Day() != day {
		return time.Time{}, false // 30 February
	}
	t = t.Add(-time.Duration(offset) * time.Minute)
	return t, t.Year() >= 1900 && t.Year() <= 9999
}

type dateParser struct {
	b  []byte
	ok bool
}

func (p *dateParser) take(c byte) {
	if p.ok = p.ok && len(p.b) > 0 && p.b[0] == c; p.ok {
		p.b = p.b[1:]
	}
}

// digits takes between least and most digits.
func (p *dateParser) digits(least, most int) (n int) {
	count := 0
	for p.ok && count < most && len(p.b) > 0 && p.b[0] >= '0' && p.b[0] <= '9' {
		n = n*10 + int(p.b[0]-'0')
		p.b = p.b[1:]
		count++
	}
	p.ok = p.ok && count >= least
	return n
}

// fraction takes the decimals of a second, if there are any, in nanoseconds.
func (p *dateParser) fraction() int {
	if !p.ok || len(p.b) == 0 || p.b[0] != '.' {
		return 0
	}
	p.take('.')
	before := len(p.b)
	n := p.digits(1, 7)
	for count := before - len(p.b); count < 9; count++ {
		n *= 10
	}
	return n
}

// offset takes Z or an offset, if there is one, in minutes.
func (p *dateParser) offset() int {
	if !p.ok || len(p.b) == 0 {
		return 0
	}
	sign := 1
	switch p.b[0] {
	case 'Z':
		p.take('Z')
		return 0
	case '-':
		sign = -1
	case '+':
	default:
		p.ok = false
		return 0
	}
	p.b = p.b[1:]
	hours := p.digits(2, 2)
	p.take(':')
	minutes := p.digits(2, 2)
	p.ok = p.ok && hours <= 14 && minutes <= 59
	return sign * (hours*60 + minutes)
}

// storedDateTime returns the value the model keeps: in steps of 1/300 of a second.
func storedDateTime(t time.Time) time.Time {
	ticks := (t.Nanosecond()*300 + 500_000_000) / 1_000_000_000
	millis := (ticks*1000 + 150) / 300
	return t.Truncate(time.Second).Add(time.Duration(millis) * time.Millisecond)
}

// formatDateTime writes a value as executeQueries does.
func formatDateTime(t time.Time) string {
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02T15:04:05.000")
}

// AnsweredDateTime returns a stored DateTime, a JSON string, as a query answers it.
func AnsweredDateTime(raw []byte) []byte {
	t, ok := parseDateTime([]byte(Text(raw)))
	if !ok {
		return raw
	}
	return fmt.Appendf(nil, "%q", formatDateTime(storedDateTime(t)))
}
