package written

import "strings"

// SpanInWords reports whether a text is a duration with the letters of its parts: 1h 30m, 2 d,
// 1 Std. 5 Min.
func SpanInWords(text string) bool {
	if len(text) < 2 || len(text) > 40 {
		return false
	}
	if iso, ok := strings.CutPrefix(text, "P"); ok { // PT1H30M
		iso = strings.ToLower(strings.Replace(iso, "T", "", 1))
		return iso != "" && digit(iso[0]) && strings.Trim(iso, "0123456789.,ymwdhs") == "" && !digit(iso[len(iso)-1])
	}
	if !digit(text[0]) {
		return false
	}
	parts := 0
	for text != "" {
		if parts > 0 { // 1 days 02:00:00
			if _, ok := Span(text); ok {
				return true
			}
		}
		n := 0
		for n < len(text) && (digit(text[n]) || n > 0 && (text[n] == '.' || text[n] == ',')) {
			n++
		}
		rest := strings.TrimLeft(text[n:], " ")
		letters := 0
		for letters < len(rest) && rest[letters]|0x20 >= 'a' && rest[letters]|0x20 <= 'z' {
			letters++
		}
		if n == 0 || letters == 0 || !spanWords[strings.ToLower(rest[:letters])] {
			return false
		}
		text = strings.TrimLeft(rest[letters:], "., ")
		parts++
	}
	return parts > 0
}

// spanWords are the parts of durations.
var spanWords = map[string]bool{"w": true, "d": true, "h": true, "m": true, "s": true, "hr": true, "hrs": true, "min": true, "mins": true, "sec": true, "secs": true, "std": true, "sek": true,
	"day": true, "days": true, "hour": true, "hours": true, "minute": true, "minutes": true, "second": true, "seconds": true, "week": true, "weeks": true,
	"tag": true, "tage": true, "stunde": true, "stunden": true, "minuten": true, "sekunden": true, "j": true, "jour": true, "jours": true, "heure": true, "heures": true, "uur": true, "dag": true, "dagen": true}

// Span reads a time of day or a duration in hours and minutes, -30:15 or 7:05:30.5 or 7:05
// PM, as milliseconds.
func Span(text string) (ms int64, ok bool) {
	negative := strings.HasPrefix(text, "-")
	rest := strings.TrimPrefix(text, "-")
	h, n := leadingInt(rest, 5)
	if n == 0 || n == len(rest) || rest[n] != ':' {
		return 0, false
	}
	d := Date{}
	if h < 24 && !negative {
		if !d.clock(rest) || d.Zone != "" {
			return 0, false
		}
		return d.millis, true
	}
	minutes, size, ok := ParseClock("0" + rest[n:])
	if !ok || size-1 != len(rest)-n {
		return 0, false
	}
	if ms = int64(h)*hour + minutes; negative {
		ms = -ms
	}
	return ms, true
}
