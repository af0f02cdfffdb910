package push

import (
	"strconv"
	"strings"
	"time"
)

// clock writes a length of time with two units at most: 2 h 5 min.
func clock(d time.Duration) string {
	s := int64((d + time.Second/2) / time.Second)
	unit := func(n int64, name string) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10) + " " + name
	}
	var parts []string
	switch {
	case s >= 3600:
		s = (s + 30) / 60 * 60
		parts = []string{unit(s/3600, "h"), unit(s%3600/60, "min")}
	case s >= 60:
		parts = []string{unit(s/60, "min"), unit(s%60, "s")}
	default:
		return strconv.FormatInt(s, 10) + " s"
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// count writes a number with its noun: 1 row, 12,400 rows.
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if noun == "batch" {
		noun = "batche"
	}
	return thousands(n) + " " + noun + "s"
}

// thousands writes a number with commas.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := len(s) % 3
	if n < 0 {
		start = (len(s)-1)%3 + 1
	}
	var b strings.Builder
	b.WriteString(s[:start])
	for i := start; i < len(s); i += 3 {
		if i > 0 && s[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteString(s[i : i+3])
	}
	return b.String()
}
