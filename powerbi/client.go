package powerbi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pushdesk/storage/pause"
	"pushdesk/storage/text"
)

// TokenSource returns access tokens for the Power BI API. Both methods must be
// safe for use by several goroutines.
type TokenSource interface {
	// Token returns a token that is still valid for some minutes.
	Token(ctx context.Context) (string, error)
	// Renew returns a token other than the last one, because the service rejected
	// that. claims is the JSON of a claims challenge, or "".
	Renew(ctx context.Context, claims string) (string, error)
}

// Client calls the API of one cloud. Its methods may be used by several
// goroutines.
//
// It asks the token source before every request. When the service rejects the
// token, it renews it once and repeats the request, which is safe because such an
// answer means that nothing was done. Reads are repeated a few times, after short
// waits, when the service is busy (429, 503). Nothing else is ever repeated:
// OutcomeOf says what is known of a request that failed.
//
// Large: a method for each operation of the API.
type Client struct {
	base   string // without a slash at the end
	person bool   // the tokens are a person's
	tokens TokenSource
	http   *http.Client
	limit  time.Duration // for a request without a large body
	now    func() time.Time
	wait   func(context.Context, time.Duration) error
}

const (
	apiPath      = "/v1.0/myorg"
	defaultLimit = time.Minute
	slowestBytes = 64 << 10 // bytes a second that a sender must reach before a request is given up
	maxBody      = 20 << 20 // of an answer; results of queries end at 15 MB
	maxErrorBody = 1 << 20  // of an answer that is an error
	maxHops      = 3        // redirects followed
	tokenTries   = 3        // tokens tried: the current one, one that another request renewed, a new one
	readTries    = 3        // tries of a read while the service is busy
	longestPause = 3 * time.Second
)

// NewClient returns a client of the API at apiURL, such as https://api.powerbi.com
// (the path /v1.0/myorg is appended). The requests go through hc, or a client of
// their own when it is nil; hc's Timeout is the limit for a request, and requests
// with a large body get more in proportion.
func NewClient(apiURL string, tokens TokenSource, hc *http.Client) *Client {
	own := http.Client{Timeout: defaultLimit}
	if hc != nil {
		own = *hc
	}
	limit := own.Timeout
	if limit <= 0 {
		limit = defaultLimit
	}
	own.Timeout = 0
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	base := strings.TrimRight(strings.TrimSpace(apiURL), "/")
	base = strings.TrimSuffix(base, apiPath) + apiPath
	return &Client{base: base, tokens: tokens, http: &own, limit: limit, now: time.Now, wait: pause.For}
}

// ForPerson says that the tokens are a person's, not an app's: what is refused has
// other reasons then. It must be called before the first request.
func (c *Client) ForPerson() *Client {
	c.person = true
	return c
}

// refused reads an answer that is no success.
func (c *Client) refused(op Operation, r *reply) *APIError {
	e := newAPIError(op, r, c.now())
	e.Person = c.person
	return e
}

// call is one operation of the API.
type call struct {
	op     Operation
	method string
	path   []string // segments below /v1.0/myorg, not escaped
	query  url.Values
	body   []byte
	into   any // decoded from the answer; nil when the answer says nothing
	most   int // bytes of an answer that is a list: of a longer one the beginning is read; 0 = it is no list
}

// do carries out a call.
func (c *Client) do(ctx context.Context, k call) (Answer, error) {
	address, err := c.address(k)
	if err != nil {
		return Answer{}, &notSentError{k.op, err}
	}
	for try := 1; ; try++ {
		r, err := c.authorized(ctx, k, address)
		if err == nil {
			return r.Answer, k.decode(r)
		}
		wait, again := c.repeatRead(ctx, k, err, try)
		if !again || c.wait(ctx, wait) != nil {
			return Answer{}, err
		}
	}
}

// decode reads the answer of a call into its result.
func (k call) decode(r *reply) error {
	if k.into == nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.UseNumber() // values of rows keep their digits
	if r.Cut {
		if !k.into.(beginning).decodeBeginning(d) {
			return unreadable(k.op, r.RequestID, fmt.Errorf("it is longer than %d bytes", k.most))
		}
		return nil
	}
	if err := d.Decode(k.into); err != nil {
		return unreadable(k.op, r.RequestID, fmt.Errorf("it is not the JSON expected: %w", err))
	}
	return nil
}

// address returns the URL of a call.
func (c *Client) address(k call) (*url.URL, error) {
	var b strings.Builder
	b.WriteString(c.base)
	for _, s := range k.path {
		if s == "" || s == "." || s == ".." {
			return nil, fmt.Errorf("%q is no name or ID", s)
		}
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	if len(k.query) > 0 {
		b.WriteByte('?')
		b.WriteString(k.query.Encode())
	}
	u, err := url.Parse(b.String())
	switch {
	case err != nil || u.Hostname() == "":
		return nil, addressError("", "it is no web address") // not repeated: it may hold anything
	case u.User != nil:
		return nil, addressError(u.Redacted(), "it holds a user name")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return nil, addressError(c.base, "it does not begin with https://")
	}
	return u, nil
}

// authorized sends a call with a token, and once more with a new one when the
// service rejects the first.
func (c *Client) authorized(ctx context.Context, k call, address *url.URL) (*reply, error) {
	token, err := c.tokens.Token(ctx)
	if err != nil {
		return nil, &notSentError{k.op, err}
	}
	for try, renewed := 1, false; ; try++ {
		r, err := c.follow(ctx, k, address, token)
		var refused *APIError
		if err == nil || renewed || try == tokenTries || !errors.As(err, &refused) || !refused.TokenRejected() {
			return r, err
		}
		// Another request may have renewed the token meanwhile.
		next, err := c.tokens.Token(ctx)
		if err == nil && (next == token || refused.Claims != "") {
			next, err = c.tokens.Renew(ctx, refused.Claims)
			renewed = true
		}
		if err != nil {
			return nil, &notSentError{k.op, err}
		}
		token = next
	}
}

// follow sends a request, and again where the service redirects it to.
func (c *Client) follow(ctx context.Context, k call, address *url.URL, token string) (*reply, error) {
	for hop := 0; ; hop++ {
		r, err := c.once(ctx, k, address, token)
		if err != nil {
			return nil, err
		}
		if r.status >= 200 && r.status < 300 {
			if looksHTML(r.header, r.body) {
				return nil, c.refused(k.op, r)
			}
			return r, nil
		}
		if hop < maxHops && (r.status == http.StatusTemporaryRedirect || r.status == http.StatusPermanentRedirect) {
			if next := redirectTarget(address, r.header.Get("Location")); next != nil {
				address = next
				continue
			}
		}
		return nil, c.refused(k.op, r)
	}
}

// once sends one request and reads its answer, whatever the status is.
func (c *Client) once(ctx context.Context, k call, address *url.URL, token string) (*reply, error) {
	limit := c.limit + time.Duration(len(k.body)/slowestBytes)*time.Second
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	limited, way := traceSending(limited)

	var body io.Reader
	if k.body != nil {
		body = bytes.NewReader(k.body) // read in place, and again after a redirect
	}
	req, err := http.NewRequestWithContext(limited, k.method, address.String(), body)
	if err != nil {
		return nil, &notSentError{k.op, err}
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Pushdesk")
	if k.body != nil {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	began := c.now()
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, newTransportError(k.op, way.left(), err)
	}
	defer resp.Body.Close()
	r := &reply{status: resp.StatusCode, header: resp.Header}
	most := int64(maxErrorBody)
	if r.status < 300 && k.into != nil {
		if most = maxBody; k.most > 0 {
			most = int64(k.most)
		}
	}
	r.body, err = io.ReadAll(io.LimitReader(resp.Body, most+1))
	r.Answer = Answer{RequestID: requestID(resp.Header), Duration: c.now().Sub(began)}
	r.Bytes = len(r.body)
	// A status that arrived is an answer; what is left of its body matters only
	// where it holds the result.
	if r.status < 300 && k.into != nil {
		if err != nil {
			return nil, newTransportError(k.op, true, err)
		}
		switch {
		case int64(len(r.body)) <= most:
		case k.most > 0:
			r.Cut, r.body = true, r.body[:most]
		default:
			return nil, unreadable(k.op, r.RequestID, fmt.Errorf("it is longer than %d bytes", most))
		}
	}
	return r, nil
}

// repeatRead reports whether a read that failed shall be tried again, and when.
func (c *Client) repeatRead(ctx context.Context, k call, err error, try int) (time.Duration, bool) {
	var busy *APIError
	if !k.op.reads() || try >= readTries || !errors.As(err, &busy) {
		return 0, false
	}
	if busy.Status != http.StatusTooManyRequests && busy.Status != http.StatusServiceUnavailable {
		return 0, false
	}
	pause := busy.RetryAfter
	if pause == 0 {
		pause = time.Duration(try) * 500 * time.Millisecond
	}
	if pause > longestPause {
		return 0, false // the caller decides about a wait that a person notices
	}
	if end, ok := ctx.Deadline(); ok && c.now().Add(pause).After(end) {
		return 0, false
	}
	return pause, true
}

// requestID finds the ID that the service gave a request.
func requestID(h http.Header) string {
	for _, name := range []string{"RequestId", "X-Ms-Request-Id", "Request-Id"} {
		if id := h.Get(name); id != "" {
			return text.Shorten(id, 100)
		}
	}
	return ""
}
