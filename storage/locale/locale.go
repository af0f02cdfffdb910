// Package locale tells how the region of this computer's user writes.
package locale

import (
	"os"
	"strings"
	"sync"

	"github.com/jeandeaual/go-locale"
)

// Region returns the region that this computer's user has chosen, such as "US" or
// "DE", or "" if the system does not say. LC_ALL and LC_TIME go before the system's
// own answer, where they are set, because they say how dates are written.
func Region() string {
	for _, name := range []string{"LC_ALL", "LC_TIME"} {
		if value := os.Getenv(name); value != "" {
			return regionOf(value)
		}
	}
	return regionOf(system())
}

// system asks once: on macOS without cgo the answer costs a process.
var system = sync.OnceValue(func() string {
	tag, err := locale.GetLocale()
	if err != nil {
		return ""
	}
	return tag
})

// regionOf takes the region out of a tag: en_US.UTF-8, de-DE, zh-Hant-TW.
func regionOf(tag string) string {
	tag, _, _ = strings.Cut(tag, ".")
	tag, _, _ = strings.Cut(tag, "@")
	parts := strings.FieldsFunc(tag, func(r rune) bool { return r == '_' || r == '-' })
	for _, p := range parts[min(1, len(parts)):] {
		if len(p) == 2 {
			return strings.ToUpper(p)
		}
	}
	return ""
}

// MonthFirst reports whether dates are written with the month before the day where
// this computer is, as only the United States and few others do.
func MonthFirst() bool {
	switch Region() {
	case "US", "PH", "PR", "GU", "FM", "MH", "PW":
		return true
	}
	return false
}
