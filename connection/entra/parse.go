package entra

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pushdesk/storage/text"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"
)

// oauthAnswer is the documented shape of an error of the login service.
type oauthAnswer struct {
	Error         string `json:"error"`
	Suberror      string `json:"suberror"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	Claims        string `json:"claims"`
}

var (
	codePattern    = regexp.MustCompile(`AADSTS(\d{1,9})`)
	trailerPattern = regexp.MustCompile(`\s*Trace ID: (\S+)\s+Correlation ID: (\S+)\s+Timestamp: (.+)$`)
)

// parseEntra copies what is worth keeping of an error of MSAL's. The error itself
// must be dropped afterwards: the request inside it holds the secret. The order is
// that of trust: the answer's body, JSON in the text, a number in the text, the
// kind of the network's error.
func parseEntra(err error, host, secret string, now time.Time) *Error {
	e := &Error{Host: host}
	var call msal.CallErr
	if errors.As(err, &call) && call.Resp != nil {
		e.Status = call.Resp.StatusCode
		e.RetryAfter = retryAfter(call.Resp.Header, now)
		e.TraceID = call.Resp.Header.Get("x-ms-request-id")
		e.CorrelationID = call.Resp.Header.Get("client-request-id")
		e.Timestamp = call.Resp.Header.Get("Date")
		e.readBody(call.Resp)
	}
	if e.ErrorName == "" && e.Code == 0 && e.Network == "" {
		e.readText(err.Error())
	}
	if e.ErrorName == "" && e.Code == 0 && e.Network == "" && e.Status == 0 {
		e.Network = networkKind(err)
		e.Reason = networkReason(err)
	}
	e.tidy(secret)
	return e
}

// readBody reads the body of an answer.
func (e *Error) readBody(answer *http.Response) {
	const longest = 1 << 20
	body, err := io.ReadAll(io.LimitReader(answer.Body, longest))
	if err != nil {
		return
	}
	if e.readAnswer(body) {
		return
	}
	kind := answer.Header.Get("Content-Type")
	page := strings.HasPrefix(strings.TrimSpace(string(body)), "<") || strings.Contains(kind, "html")
	redirect := answer.StatusCode >= 300 && answer.StatusCode < 400
	switch {
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500:
	case redirect:
		e.Network = Page
		if to, err := url.Parse(answer.Header.Get("Location")); err == nil && to.Host != "" {
			e.Reason = "the answer leads to " + to.Host
		}
	case page:
		e.Network = Page
		e.Reason = "the answer is a web page"
	}
}

// readText finds an answer, or at least its number, in the text of an error.
func (e *Error) readText(says string) {
	if from, to := strings.IndexByte(says, '{'), strings.LastIndexByte(says, '}'); from >= 0 && to > from && e.readAnswer([]byte(says[from:to+1])) {
		return
	}
	if m := codePattern.FindStringIndex(says); m != nil {
		e.Description = says[m[0]:]
		e.Code = codeIn(e.Description)
		if name, _, ok := strings.Cut(says[:m[0]], ": "); ok && !strings.ContainsAny(name, " :/") {
			e.ErrorName = name
		}
	}
}

// readAnswer reads the JSON of an error; ok is false when it is none.
func (e *Error) readAnswer(body []byte) (ok bool) {
	var a oauthAnswer
	if json.Unmarshal(body, &a) != nil || a.Error == "" && a.Description == "" {
		return false
	}
	e.ErrorName, e.Suberror, e.Description, e.Claims = a.Error, a.Suberror, a.Description, a.Claims
	e.Code = codeIn(a.Description)
	if e.Code == 0 && len(a.Codes) > 0 {
		e.Code = a.Codes[0]
	}
	for _, f := range []struct{ from, to *string }{{&a.Timestamp, &e.Timestamp}, {&a.TraceID, &e.TraceID}, {&a.CorrelationID, &e.CorrelationID}} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	return true
}

func codeIn(says string) int {
	m := codePattern.FindStringSubmatch(says)
	if m == nil {
		return 0
	}
	code, _ := strconv.Atoi(m[1]) // nine digits at most
	return code
}

// tidy makes every text fit to be shown. A host that repeats what was sent to it
// must not bring the secret back.
func (e *Error) tidy(secret string) {
	if m := trailerPattern.FindStringSubmatchIndex(e.Description); m != nil {
		for i, to := range []*string{&e.TraceID, &e.CorrelationID, &e.Timestamp} {
			if *to == "" || i == 2 {
				*to = e.Description[m[2*i+2]:m[2*i+3]]
			}
		}
		e.Description = e.Description[:m[0]]
	}
	for _, f := range []*string{&e.ErrorName, &e.Suberror, &e.Description, &e.Claims, &e.CorrelationID, &e.TraceID, &e.Timestamp, &e.Reason} {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if form != "" {
				*f = strings.ReplaceAll(*f, form, "[hidden]")
			}
		}
		*f = text.Shorten(text.Clean(*f), 1000)
	}
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	after := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(after); err == nil {
		return min(max(0, time.Duration(seconds)), 24*60*60) * time.Second
	}
	if at, err := http.ParseTime(after); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
