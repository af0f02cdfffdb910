package cell

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Display returns a cell as a person reads it: dates as 2023-03-15, times as
// 18:00:00, durations as 26:30:00, percentages with their sign, numbers with up to
// 15 digits and without an exponent as far as that is readable.
func Display(c Cell) string {
	switch c.Kind {
	case Text, Error:
		return c.Text
	case Number:
		return displayNumber(c)
	case Boolean:
		if c.Int != 0 {
			return "TRUE"
		}
		return "FALSE"
	case Date:
		return time.UnixMilli(c.Int).UTC().Format("2006-01-02")
	case DateTime:
		return time.UnixMilli(c.Int).UTC().Format("2006-01-02 15:04:05.999")
	case Time, Duration:
		return displayClock(c.Int)
	}
	return ""
}

func displayNumber(c Cell) string {
	if c.Text != "" {
		return c.Text
	}
	switch {
	case c.Style == Percent:
		return PlainNumber(c.Float*100) + "%"
	case c.Style == ZeroPadded && c.Float >= 0 && c.Float == math.Trunc(c.Float):
		digits := PlainNumber(c.Float)
		for len(digits) < int(c.Width) {
			digits = "0" + digits
		}
		return digits
	}
	return PlainNumber(c.Float)
}

// PlainNumber writes a number as Excel's General format does, with up to 15 digits.
func PlainNumber(f float64) string {
	if size := math.Abs(f); size >= 1e21 || size < 1e-9 && size > 0 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 15-1, 64), 64)
	if err != nil {
		short = f
	}
	if short == 0 {
		return "0" // also for minus zero
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

func displayClock(millis int64) string {
	sign := ""
	if millis < 0 {
		sign, millis = "-", -millis
	}
	text := fmt.Sprintf("%s%02d:%02d:%02d", sign, millis/3_600_000, millis/60_000%60, millis/1000%60)
	if rest := millis % 1000; rest > 0 {
		text += fmt.Sprintf(".%03d", rest)
	}
	return text
}
