package locale_test

import (
	"testing"

	"pushdesk/storage/locale"
)

func TestRegion(t *testing.T) {
	for tag, want := range map[string]struct {
		region     string
		monthFirst bool
	}{
		"en_US.UTF-8":   {"US", true},
		"es-US":         {"US", true},
		"en_PH":         {"PH", true},
		"en_GB.UTF-8":   {"GB", false},
		"de_DE@euro":    {"DE", false},
		"zh-Hant-TW":    {"TW", false},
		"C.UTF-8":       {"", false},
		"POSIX":         {"", false},
		"es_419":        {"", false},
		"sr_RS.UTF-8@x": {"RS", false},
	} {
		t.Setenv("LC_ALL", tag)
		if got := locale.Region(); got != want.region || locale.MonthFirst() != want.monthFirst {
			t.Errorf("%s: %q, month first %v", tag, got, locale.MonthFirst())
		}
	}
}
