package humanize_test

import (
	"fmt"
	"testing"
	"time"

	"pushdesk/storage/humanize"
)

func TestNumbers(t *testing.T) {
	for want, got := range map[string]string{
		"0":                   humanize.Number(0),
		"999":                 humanize.Number(999),
		"1,000":               humanize.Number(1000),
		"-1,234,567":          humanize.Number(int64(-1234567)),
		"no cells":            humanize.Count(0, "cell"),
		"1 cell":              humanize.Count(1, "cell"),
		"2,000 cells":         humanize.Count(2000, "cell"),
		"no queries":          humanize.Count(0, "query", "queries"),
		"3 queries":           humanize.Count(3, "query", "queries"),
		"a":                   humanize.List([]string{"a"}),
		"a, b and c":          humanize.List([]string{"a", "b", "c"}),
		"a, b and 1,998 more": humanize.ListSome(append([]string{"a", "b"}, make([]string, 1998)...), 2),
		"1 byte":              humanize.Bytes(1),
		"14 KB":               humanize.Bytes(13_600),
		"2.4 MB":              humanize.Bytes(2_400_000),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                               "0 ms",
		42 * time.Millisecond:           "42 ms",
		1500 * time.Millisecond:         "1.5 s",
		12300 * time.Millisecond:        "12 s",
		59600 * time.Millisecond:        "1 min",
		320 * time.Second:               "5 min 20 s",
		time.Hour:                       "1 h",
		65 * time.Minute:                "1 h 5 min",
		59*time.Minute + 59*time.Second: "59 min 59 s",
		25 * time.Hour:                  "1 day 1 h",
		30 * 24 * time.Hour:             "30 days",
	} {
		if got := humanize.Duration(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestTimesAreLocal(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Local
	time.Local = zone
	t.Cleanup(func() { time.Local = before })
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC) // 29 Nov 22:00 in New York
	if got := humanize.Time(now.Add(time.Hour), now); got != "23:00" {
		t.Errorf("got %q, want the local time", got)
	}
	if got := humanize.DateTime(time.Time{}) + humanize.Date(time.Time{}) + humanize.Time(time.Time{}, now); got != "" {
		t.Errorf("the zero time is written as %q", got)
	}
	if got := humanize.Time(now.Add(3*time.Hour), now); got != "30 Nov 2026 01:00" {
		t.Errorf("got %q, want the date of the next local day", got)
	}
}

func ExampleCount() {
	fmt.Println(humanize.Count(1234, "row"))
	// Output: 1,234 rows
}
