package rows

import (
	"testing"
	"time"
)

func TestStoredDateTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-20T08:15:30":         "2026-11-20T08:15:30",
		"2026-11-20T08:15:30.001":     "2026-11-20T08:15:30",
		"2026-11-20T08:15:30.002":     "2026-11-20T08:15:30.003",
		"2026-11-20T08:15:30.123":     "2026-11-20T08:15:30.123",
		"2026-11-20T08:15:30.9999999": "2026-11-20T08:15:31",
		"1900-01-01":                  "1900-01-01T00:00:00",
	} {
		got, ok := parseDateTime([]byte(text))
		if s := formatDateTime(storedDateTime(got)); !ok || s != want {
			t.Errorf("%s is stored as %s, want %s", text, s, want)
		}
	}
	if d, _ := parseDateTime([]byte("2026-11-20T00:30:00+02:00")); !d.Equal(time.Date(2026, 11, 19, 22, 30, 0, 0, time.UTC)) {
		t.Errorf("an offset: %v", d)
	}
}
