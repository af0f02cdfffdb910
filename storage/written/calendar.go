package written

const (
	second = 1000
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// CivilDay returns the days since 1970-01-01 of a day that exists, in years 1 to 9999.
func CivilDay(year, month, day int) (int64, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	// Years that start in March put the leap day last.
	y, m := year, month-3
	if m < 0 {
		y, m = y-1, m+12
	}
	return int64(365*y+y/4-y/100+y/400+(153*m+2)/5+day-1) - 719_468, true
}

// PackedDay returns the days since 1970-01-01 of a day written as one number: 20240331.
func PackedDay(n int) (int64, bool) { return CivilDay(n/10000, n/100%100, n%100) }

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// fullYear is a year of two digits in full: 00 to 29 are in this century.
func fullYear(year int) int {
	if year < 30 {
		return year + 2000
	}
	return year + 1900
}
