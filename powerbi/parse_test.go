package powerbi

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, c := range []struct {
		value, date, message string
		want                 time.Duration
	}{
		{"", "", "", 0},
		{"3392", "", "", 3392 * time.Second},
		{" 1.5 ", "", "", 1500 * time.Millisecond},
		{"-5", "", "", 0},
		{"99999999999999999999", "", "", 24 * time.Hour},
		{"NaN", "", "", 0},
		{"soon", "", "", 0},
		{date(time.Minute), "", "", time.Minute},
		{date(-time.Minute), "", "", 0},
		{date(time.Minute), date(30 * time.Second), "", 30 * time.Second},
		{"", "", "Retry in 12 seconds.", 12 * time.Second},
		{"5", "", "Retry in 12 seconds.", 5 * time.Second},
	} {
		h := http.Header{}
		h.Set("Retry-After", c.value)
		h.Set("Date", c.date)
		if got := retryAfter(h, c.message, now); got != c.want {
			t.Errorf("%q at %q, %q: %s, want %s", c.value, c.date, c.message, got, c.want)
		}
	}
}

// TestRetryAfterSaidOtherwise: in milliseconds, or in the message as a moment.
func TestRetryAfterSaidOtherwise(t *testing.T) {
	now := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		header, value, message string
		want                   time.Duration
	}{
		{"retry-after-ms", "2500", "", 2500 * time.Millisecond},
		{"x-ms-retry-after-ms", "90000", "", 90 * time.Second},
		{"retry-after-ms", "soon", "", 0},
		{"retry-after-ms", "1e12", "", 24 * time.Hour},
		{"", "", "Request is blocked by the upstream service until: 11/25/2026 2:05:00 PM (UTC)", 5 * time.Minute},
		{"", "", "Request is blocked by the upstream service until: 11/25/2026 14:05:00", 5 * time.Minute},
		{"", "", "The request was blocked until 2026-11-25T16:30:00+02:00.", 30 * time.Minute},
		{"", "", "blocked until: 2026-11-25T14:00:07Z", 7 * time.Second},
		{"", "", "blocked until 11/25/2026 1:05:00 PM", 0},
		{"", "", "blocked until tomorrow", 0},
		{"Retry-After", "9", "blocked until 11/25/2026 2:05:00 PM", 9 * time.Second},
	} {
		h := http.Header{}
		if c.header != "" {
			h.Set(c.header, c.value)
		}
		if got := retryAfter(h, c.message, now); got != c.want {
			t.Errorf("%s %q, %q: %s, want %s", c.header, c.value, c.message, got, c.want)
		}
	}
	h := http.Header{"Date": {now.Add(time.Hour).Format(http.TimeFormat)}} // the service's clock is ahead
	if got := retryAfter(h, "blocked until 11/25/2026 3:05:00 PM (UTC)", now); got != 5*time.Minute {
		t.Errorf("by the service's clock: %s", got)
	}
}

func TestMessagesAreCleaned(t *testing.T) {
	for in, want := range map[string]string{
		"Table '<pi>Stock</pi>' in 'sobe_wowvirtualserver-we1|5d0c'": "Table 'Stock' in '5d0c'",
		"a\r\n\t b\x00c": "a b c",
		"token eyJhbGciOiJSUzI1.eyJhdWQiOi.c2ln!": "token (token)!",
		"\xff\xfeabc":            "abc",
		strings.Repeat("é", 600): strings.Repeat("é", 499) + "…",
	} {
		if got := cleanMessage(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestChallengeClaims(t *testing.T) {
	for in, want := range map[string]string{
		``:                             "",
		`Bearer`:                       "",
		`Bearer realm="x"`:             "",
		`Bearer claims="eyJhIjoxfQ=="`: `{"a":1}`,
		`Bearer error="insufficient_claims", claims=e30`: "{}",
		`Bearer claims="{\"a\":1}"`:                      `{"a":1}`,
		`Bearer claims="not base64!"`:                    "",
		`Bearer claims="`:                                "",
		`Bearer a="\`:                                    "",
	} {
		if got := challengeClaims([]string{in}); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// Whatever is answered, an error is made that explains itself and is not endless.
func FuzzAPIError(f *testing.F) {
	f.Add(401, `{"error":{"code":"a","message":"b","details":[{"code":"c","message":"d","target":"e"}]}}`, "", "")
	f.Add(404, `{"error":{"code":"a","pbi.error":{"code":"b","parameters":{},"details":[{"code":"c","detail":{"type":1,"value":"d e"}}]}}}`, "X", "Bearer claims=\"e30\"")
	f.Add(500, `{"Message":"x","error":"y"}`, "TokenExpired", "")
	f.Add(502, `<html><title>x`, "", "Bearer a=")
	f.Add(400, `[[[[{"error":[1,2]}`, "a;b", "")
	f.Add(400, `{"error":{"code":{"x":1},"message":[1],"details":{"a":1},"pbi.error":[]}}`, ";", ",=,")
	f.Fuzz(func(t *testing.T, status int, body, info, challenge string) {
		h := http.Header{"X-Powerbi-Error-Info": {info}, "Www-Authenticate": {challenge}}
		e := newAPIError(OpAddRows, &reply{status: status, header: h, body: []byte(body)}, time.Now())
		if e.Failure().Sentence == "" || e.Failure().Remedy == "" || e.Error() == "" || !strings.HasSuffix(e.Failure().Sentence, ".") {
			t.Errorf("not explained: %+v", e)
		}
		if len(e.Failure().Details) > 100_000 {
			t.Errorf("details of %d bytes", len(e.Failure().Details))
		}
	})
}
