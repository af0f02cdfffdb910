// Package humanize writes numbers, counts, sizes, durations and times the way
// people read them, in one way for the whole program. Every time it writes is local,
// and the zero time, which stands for a moment that never was, is written as "".
package humanize

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Number writes n with thousands separators: 1,234,567.
func Number[N ~int | ~int32 | ~int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Count writes a number of things: "no rows", "1 row", "1,234 rows". The plural of
// a noun that takes more than an s is given: Count(2, "query", "queries").
func Count[N ~int | ~int32 | ~int64](n N, noun string, plural ...string) string {
	switch n {
	case 0:
		return "no " + Plural(n, noun, plural...)
	case 1:
		return "1 " + noun
	}
	return Number(n) + " " + Plural(n, noun, plural...)
}

// Plural writes the noun as it stands behind n, without the number.
func Plural[N ~int | ~int32 | ~int64](n N, noun string, plural ...string) string {
	switch {
	case n == 1:
		return noun
	case len(plural) > 0:
		return plural[0]
	}
	return noun + "s"
}

// List joins names as a sentence does: "a", "a and b", "a, b and c".
func List(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// ListSome joins at most most names and counts the rest: "a, b and 3 more".
func ListSome(names []string, most int) string {
	if len(names) <= most {
		return List(names)
	}
	return strings.Join(names[:most], ", ") + " and " + Number(len(names)-most) + " more"
}

// Bytes writes a size: "512 bytes", "14 KB", "2.4 MB", "1.1 GB" (1 KB = 1,000 bytes).
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return Number(n) + " " + Plural(n, "byte")
	case n < 1_000_000:
		return fmt.Sprintf("%d KB", (n+500)/1000)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// Duration writes how long something takes: "42 ms", "12 s", "5 min 20 s",
// "1 h 5 min", "3 days". It has at most two units and leaves out one that is zero.
func Duration(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + Duration(-d)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second && d%time.Second >= 50*time.Millisecond:
		return fmt.Sprintf("%.1f s", d.Truncate(100*time.Millisecond).Seconds())
	}
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return pair(int(d/time.Minute), "min", int(d%time.Minute/time.Second), "s")
	}
	d = d.Round(time.Minute)
	if d < 24*time.Hour {
		return pair(int(d/time.Hour), "h", int(d%time.Hour/time.Minute), "min")
	}
	d = d.Round(time.Hour)
	days := int(d / (24 * time.Hour))
	if hours := int(d % (24 * time.Hour) / time.Hour); days < 3 && hours > 0 {
		return fmt.Sprintf("%s %d h", Count(days, "day"), hours)
	}
	return Count(days, "day")
}

func pair(a int, unitA string, b int, unitB string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, unitA)
	}
	return fmt.Sprintf("%d %s %d %s", a, unitA, b, unitB)
}

// Time writes a moment in local time, with the date where it is not the day of
// now: "14:05", "30 Nov 2026 14:05".
func Time(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t, now = t.Local(), now.Local()
	if sameDay(t, now) {
		return t.Format(clock(t))
	}
	return DateTime(t)
}

// clock is how the time of day is written: with the zone in the hour that the clocks show
// twice when summer time ends.
func clock(t time.Time) string {
	for _, d := range []time.Duration{-time.Hour, time.Hour} {
		if t.Format("15:04") == t.Add(d).Format("15:04") {
			return "15:04 MST"
		}
	}
	return "15:04"
}

// When writes a moment where there is little room: "14:05" today, "30 Nov" this year, else
// "30 Nov 2025".
func When(t, now time.Time) string {
	if t.Local().Year() == now.Local().Year() && !sameDay(t.Local(), now.Local()) {
		return format(t, "2 Jan")
	}
	if sameDay(t.Local(), now.Local()) {
		return Time(t, now)
	}
	return Date(t)
}

// moments are how services write a moment; it is UTC where no zone is given.
var moments = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "1/2/2006 3:04:05 PM", "1/2/2006 3:04:05PM", "1/2/2006 15:04:05"}

// ParseMoment reads a moment as services write it, the month first where it is written
// with slashes.
func ParseMoment(text string) (time.Time, bool) {
	for _, layout := range moments {
		if t, err := time.Parse(layout, strings.ToUpper(strings.TrimSpace(text))); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// DateTime writes a moment in local time with its date: "30 Nov 2026 14:05".
func DateTime(t time.Time) string { return format(t, "2 Jan 2006 "+clock(t.Local())) }

// Stamp writes a moment in local time for a line of a log, as RFC 3339 does:
// "2026-11-30T14:05:09+01:00".
func Stamp(t time.Time) string { return format(t, time.RFC3339) }

// Date writes the local day of a moment: "30 Nov 2026".
func Date(t time.Time) string { return format(t, "2 Jan 2006") }

func format(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format(layout)
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
