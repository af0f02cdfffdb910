package mapping

// Milliseconds.
const (
	hour = 60 * 60 * 1000
	day  = 24 * hour
)

// appendDate writes the day of an instant as 2006-01-02.
func appendDate(dst []byte, ms int64) []byte {
	y, m, d := civil(floorDiv(ms, day))
	if y >= 0 && y <= 9999 {
		return append(dst, digit(y/1000), digit(y/100), digit(y/10), digit(y), '-',
			digit(int64(m)/10), digit(int64(m)), '-', digit(int64(d)/10), digit(int64(d)))
	}
	if y < 0 {
		dst = append(dst, '-')
		y = -y
	}
	if y > 9999 {
		dst = appendDigits(dst, y/10000, 1)
	}
	dst = append(appendDigits(dst, y%10000, 4), '-')
	dst = append(appendDigits(dst, int64(m), 2), '-')
	return appendDigits(dst, int64(d), 2)
}

// appendClock writes the time of an instant as 15:04:05 or 15:04:05.000; with
// long set ms is a length of time whose hours may be any number.
func appendClock(dst []byte, ms int64, long bool) []byte {
	if !long {
		ms -= floorDiv(ms, day) * day
	} else if ms < 0 {
		dst = append(dst, '-')
		ms = -ms
	}
	h, m, s := ms/hour, ms/60_000%60, ms/1000%60
	if h > 99 {
		dst = appendDigits(dst, h/100, 1)
	}
	dst = append(dst, digit(h/10), digit(h), ':', digit(m/10), digit(m), ':', digit(s/10), digit(s))
	if ms %= 1000; ms != 0 {
		dst = appendDigits(append(dst, '.'), ms, 3)
	}
	return dst
}

func digit(n int64) byte { return byte('0' + n%10) }

// appendDigits writes a number of zero or more with at least width digits.
func appendDigits(dst []byte, n int64, width int) []byte {
	var b [20]byte
	i := len(b)
	for n > 0 || width > 0 {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
		width--
	}
	return append(dst, b[i:]...)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// civil returns the date of a day counted from 1970-01-01 in the Gregorian
// calendar, by counting eras of 400 years from the first of March of year 0.
func civil(days int64) (year int64, month, dayOfMonth int) {
	z := days + 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	dayOfMonth = int(doy - (153*mp+2)/5 + 1)
	month = int(mp + 3)
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, dayOfMonth
}
