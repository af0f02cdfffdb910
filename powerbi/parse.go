package powerbi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// newAPIError reads an error in whichever of its shapes the service sends it:
//
//	{"error":{"code","message","details":[{"code","message","target"}]}}
//	{"error":{"code","pbi.error":{"code","details":[{"code","detail":{"value"}}]}}}
//	{"Message"}   {"message"}   {"code","message"}
//	nothing, with a header x-powerbi-error-info
//	a web page of a proxy
func newAPIError(op Operation, r *reply, now time.Time) *APIError {
	e := &APIError{Operation: op, Status: r.status, RequestID: r.RequestID, Time: now}
	e.ErrorInfo = cleanCode(r.header.Get("X-Powerbi-Error-Info"))
	e.Claims = challengeClaims(r.header.Values("WWW-Authenticate"))
	body := bytes.TrimSpace(bytes.TrimPrefix(r.body, []byte("\xef\xbb\xbf")))
	if len(body) == 0 {
		body = []byte(r.header.Get("X-Powerbi-Error-Details"))
	}
	if looksHTML(r.header, body) {
		e.Page = true
		e.Message = pageTitle(body)
	} else {
		e.readBody(body)
	}
	e.RetryAfter = retryAfter(r.header, e.Message, now)
	return e
}

func (e *APIError) readBody(body []byte) {
	fields := object(body)
	if fields == nil {
		if len(body) > 0 && body[0] != '{' && body[0] != '[' {
			e.Message = cleanMessage(string(body))
		}
		return
	}
	inner := object(fields["error"])
	if inner == nil {
		e.Code = cleanCode(textOf(fields["code"]) + textOf(fields["error"]))
		e.Message = cleanMessage(textOf(fields["message"]) + textOf(fields["error_description"]))
		return
	}
	e.Code = cleanCode(textOf(inner["code"]))
	e.Message = cleanMessage(textOf(inner["message"]))
	e.readPBI(object(inner["pbi.error"]))
	for _, d := range list(inner["details"]) {
		f := object(d)
		e.addDetail(textOf(f["code"]), textOf(f["message"]), textOf(f["target"]))
	}
}

// readPBI reads the part of an error that comes from the service's own layers.
// Its details say more than the message around it.
func (e *APIError) readPBI(fields map[string]json.RawMessage) {
	if code := cleanCode(textOf(fields["code"])); e.Code == "" {
		e.Code = code
	} else if code != "" && code != e.Code {
		e.addDetail(code, "", "")
	}
	found := ""
	for _, d := range list(fields["details"]) {
		f := object(d)
		value := textOf(object(f["detail"])["value"])
		e.addDetail(textOf(f["code"]), value, "")
		if found == "" && strings.ContainsRune(strings.TrimSpace(value), ' ') {
			found = cleanMessage(value)
		}
	}
	if found != "" {
		e.Message = found
	}
}

func (e *APIError) addDetail(code, message, target string) {
	const most = 20
	d := ErrorDetail{cleanCode(code), cleanMessage(message), cleanMessage(target)}
	if d != (ErrorDetail{}) && len(e.Causes) < most {
		e.Causes = append(e.Causes, d)
	}
}

// object reads a JSON object; the names are given in lower case. It is nil for
// anything else.
func object(raw json.RawMessage) map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &fields) != nil || fields == nil {
		return nil
	}
	lower := make(map[string]json.RawMessage, len(fields))
	for name, value := range fields {
		lower[strings.ToLower(name)] = value
	}
	return lower
}

func list(raw json.RawMessage) []json.RawMessage {
	var l []json.RawMessage
	json.Unmarshal(raw, &l) // anything but a list is an empty one
	return l
}

// textOf reads a JSON string, or a number as it is written.
func textOf(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || bytes.Equal(raw, []byte("null")) {
		return ""
	}
	if json.Unmarshal(raw, &s) != nil {
		return string(raw)
	}
	return s
}

var (
	privacyMarks  = regexp.MustCompile(`(?i)</?(pi|oii|eui|euii|eupi|ccon)>`)
	internalNames = regexp.MustCompile(`(?i)\bsobe_wowvirtualserver[\w.-]*\|`)
	tokenLike     = regexp.MustCompile(`\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?`)
	spaces        = regexp.MustCompile(`[\s\x00-\x1f]+`)
	escaped       = regexp.MustCompile(`\\(.)`)
	titles        = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	retryIn       = regexp.MustCompile(`(?i)retry (?:in|after) (\d+) seconds?`)
)

// cleanMessage takes the service's marks for personal data and its internal
// names out of a text, and anything that looks like a token.
func cleanMessage(s string) string {
	s = text.Shorten(strings.ToValidUTF8(s, ""), 4000)
	s = privacyMarks.ReplaceAllString(s, "")
	s = internalNames.ReplaceAllString(s, "")
	s = tokenLike.ReplaceAllString(s, "(token)")
	return text.Shorten(strings.TrimSpace(spaces.ReplaceAllString(s, " ")), 500)
}

// cleanCode takes the first word of a code.
func cleanCode(s string) string {
	if i := strings.IndexAny(s, ";, \t\r\n"); i >= 0 && strings.TrimSpace(s[:i]) != "" {
		s = s[:i]
	}
	return text.Shorten(cleanMessage(s), 100)
}

func looksHTML(h http.Header, body []byte) bool {
	start := strings.ToLower(string(body[:min(len(body), 200)]))
	start = strings.TrimSpace(strings.TrimPrefix(start, "\ufeff"))
	if strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html") {
		return true
	}
	return len(body) > 0 && strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "text/html")
}

func pageTitle(body []byte) string {
	if m := titles.FindSubmatch(body); m != nil {
		return text.Shorten(cleanMessage(string(m[1])), 100)
	}
	return ""
}

// blockedUntil finds the moment in a message such as "Request is blocked by the upstream
// service until: 11/25/2026 2:05:00 PM (UTC)".
var blockedUntil = regexp.MustCompile(`(?i)\bblocked\b.{0,100}?\buntil:?\s+(\d{4}-\d\d-\d\d[T ][0-9:.]+(?:Z|[+-]\d\d:\d\d)?|\d{1,2}/\d{1,2}/\d{4} [0-9:]+(?: ?[AP]M)?)`)

// retryAfter reads the wait the service asks for: in milliseconds, in seconds or as a
// date. Some answers say it in their message only.
func retryAfter(h http.Header, message string, now time.Time) time.Duration {
	const most = 24 * time.Hour
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date // the service's clock, whatever ours says
	}
	for _, name := range []string{"Retry-After-Ms", "X-Ms-Retry-After-Ms"} {
		if ms, err := strconv.ParseFloat(strings.TrimSpace(h.Get(name)), 64); err == nil && ms > 0 {
			return time.Duration(min(ms, float64(most.Milliseconds())) * float64(time.Millisecond))
		}
	}
	value := strings.TrimSpace(h.Get("Retry-After"))
	if m := blockedUntil.FindStringSubmatch(message); m != nil && value == "" {
		if at, ok := humanize.ParseMoment(m[1]); ok {
			return min(max(at.Sub(now), 0), most)
		}
	}
	if value == "" {
		if m := retryIn.FindStringSubmatch(message); m != nil {
			value = m[1]
		}
	}
	var wait time.Duration
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		wait = time.Duration(min(max(seconds, 0), most.Seconds()) * float64(time.Second))
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), most)
}

// claimsParameter is a parameter of a WWW-Authenticate header, in quotes or without.
var claimsParameter = regexp.MustCompile(`(?i)[ ,\t]claims=[ \t]*(?:"((?:[^"\\]|\\.)*)"?|([^",]*))`)

// challengeClaims finds the claims of a challenge such as
//
//	Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3..."
//
// and decodes them.
func challengeClaims(challenges []string) string {
	for _, c := range challenges {
		m := claimsParameter.FindStringSubmatch(c)
		if m == nil {
			continue
		}
		value := strings.TrimSpace(escaped.ReplaceAllString(m[1], "$1") + m[2])
		if json.Valid([]byte(value)) {
			return value
		}
		plain := strings.TrimRight(value, "=")
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if b, err := encoding.DecodeString(plain); err == nil && json.Valid(b) {
				return string(b)
			}
		}
	}
	return ""
}

// unreadable is a success whose answer cannot be read, so that its result is not known.
func unreadable(op Operation, requestID string, why error) error {
	remedy := "Check the connection's cloud and addresses; a proxy may also have changed the answer."
	if !op.reads() {
		remedy = unknownAdvice(op) + " If it happens again, check the connection's cloud and addresses."
	}
	l := lines{}
	l.add("Operation", string(op))
	l.add("Cause", cleanMessage(why.Error()))
	l.add("Request ID", requestID)
	return failure.New(failure.Connection, "power-bi-answer", "Power BI answered to “"+string(op)+"” with something that Pushdesk does not understand.", remedy).
		Because(why).WithDetails("%s", l)
}
