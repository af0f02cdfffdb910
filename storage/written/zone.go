package written

import (
	"fmt"
	"strings"
)

// unknownOffset is that of a zone whose offset the text does not tell.
const unknownOffset = 1 << 20

// zones are the abbreviations of time zones that mean one thing, in minutes ahead of UTC.
var zones = map[string]int{"Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEZ": 0, "WEST": 60, "WESZ": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
	"EET": 120, "OEZ": 120, "EEST": 180, "OESZ": 180, "MSK": 180, "TRT": 180, "EST": -300, "EDT": -240, "CDT": -300, "MDT": -360, "MST": -420, "PDT": -420, "PST": -480,
	"AKST": -540, "AKDT": -480, "HST": -600, "BRT": -180, "JST": 540, "KST": 540, "HKT": 480, "SGT": 480, "AEST": 600, "AEDT": 660, "ACST": 570, "ACDT": 630, "AWST": 480,
	"NZST": 720, "NZDT": 780, "SAST": 120, "WIB": 420, "PKT": 300,
	// These mean several things; the text does not tell which.
	"BST": unknownOffset - 1, "IST": unknownOffset - 1, "CST": unknownOffset - 1, "AST": unknownOffset - 1, "ADT": unknownOffset - 1}

// zoneOffset returns the offset of an abbreviation, unknownOffset when it is none.
func zoneOffset(name string) int {
	if offset, ok := zones[name]; ok {
		return offset
	}
	return unknownOffset
}

// zone reads Z, +02:00, GMT+2, CET or Europe/Berlin.
func (d *Date) zone(text string) bool {
	name, rest := text, ""
	if i := strings.IndexAny(text, "+-"); i >= 0 && !strings.Contains(text, "/") {
		name, rest = strings.TrimSpace(text[:i]), text[i:]
	}
	if rest != "" {
		if name != "" && !strings.EqualFold(name, "GMT") && !strings.EqualFold(name, "UTC") {
			return false
		}
		minutes, ok := offset(rest)
		d.Zone, d.offset = offsetName(minutes), minutes
		return ok
	}
	if strings.Contains(name, "/") { // a place
		for _, part := range strings.Split(name, "/") {
			if part == "" || part[0] < 'A' || part[0] > 'Z' || strings.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") != "" {
				return false
			}
		}
		d.Zone, d.offset = name, unknownOffset
		return len(name) < 40
	}
	name = strings.ToUpper(name)
	minutes, ok := zones[name]
	if !ok {
		return false
	}
	switch {
	case minutes == 0:
		name = "UTC"
	case minutes == unknownOffset-1:
		minutes = unknownOffset
	}
	d.Zone, d.offset = name, minutes
	return true
}

// offset reads +02:00, +0200, +02, +2 or +2:00, to the end.
func offset(s string) (minutes int, ok bool) {
	sign := 1
	if s[0] == '-' {
		sign = -1
	}
	s = s[1:]
	h, n := leadingInt(s, 2)
	rest := s[n:]
	m := 0
	switch {
	case n == 0:
		return 0, false
	case rest == "":
	case rest[0] == ':':
		m, n = leadingInt(rest[1:], 2)
		if n != 2 || len(rest) != 3 && rest[3:] != ":00" {
			return 0, false
		}
	default:
		if m, n = leadingInt(rest, 2); n != 2 || len(rest) != 2 {
			return 0, false
		}
	}
	if h > 14 || m%15 != 0 || m == 15 || h == 14 && m > 0 { // no zone has others
		return 0, false
	}
	return sign * (h*60 + m), true
}

func offsetName(minutes int) string {
	if minutes == 0 {
		return "UTC"
	}
	sign := '+'
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	return fmt.Sprintf("%c%02d:%02d", sign, minutes/60, minutes%60)
}
