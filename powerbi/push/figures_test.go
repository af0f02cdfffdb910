package push

import (
	"testing"
	"time"
)

func TestNumbersInWords(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567", -1000: "-1,000", -123456: "-123,456"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for d, want := range map[time.Duration]string{0: "0 s", 59 * time.Second: "59 s", 3392 * time.Second: "56 min 32 s", time.Hour: "1 h", 3*time.Hour + 29*time.Minute + 40*time.Second: "3 h 30 min"} {
		if got := clock(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}
