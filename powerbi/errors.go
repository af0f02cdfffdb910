package powerbi

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pushdesk/storage/failure"
)

// APIError is an answer of the service that is not a success.
type APIError struct {
	Operation  Operation
	Status     int           // HTTP status
	Code       string        // the error code of the body
	Message    string        // the service's own words, without its internal names
	Causes     []ErrorDetail // more of them
	ErrorInfo  string        // header x-powerbi-error-info, the most telling of all
	RequestID  string        // what Microsoft's support asks for
	RetryAfter time.Duration // how long the service asks to wait; 0 when it does not say
	Claims     string        // JSON of a claims challenge: a new token must carry these
	Page       bool          // the answer is a web page: something between here and the service sent it
	Time       time.Time     // when the answer came
	Person     bool          // the token was a person's, not an app's
}

// ErrorDetail is one of several causes of an error.
type ErrorDetail struct {
	Code    string
	Message string
	Target  string // the property or value it is about
}

func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: Power BI answered %d %s", e.Operation, e.Status, http.StatusText(e.Status))
	for _, s := range []string{e.ErrorInfo, e.Code, e.Message} {
		if s != "" {
			b.WriteString(": ")
			b.WriteString(s)
		}
	}
	return b.String()
}

// TokenRejected reports whether the service refused the token itself, rather than
// what its owner may do. Such a request did nothing and can be repeated with a
// new token. Source: measured by others on the live service; the statuses do not
// mean what HTTP says (a bad token is 403, a missing right often 401).
func (e *APIError) TokenRejected() bool {
	if e.Status != http.StatusUnauthorized && e.Status != http.StatusForbidden {
		return false
	}
	if e.Claims != "" {
		return true
	}
	switch e.ErrorInfo {
	case "TokenExpired", "InvalidToken":
		return true
	case "":
		nothing := e.Code == "" && e.Message == "" && len(e.Causes) == 0 && !e.Page
		return e.Code == "TokenExpired" || e.Status == http.StatusForbidden && nothing
	}
	return false
}

// Throttled reports whether the service refused because of too many requests or rows.
func (e *APIError) Throttled() bool { return e.Status == http.StatusTooManyRequests }

// TransportError is a request that got no answer.
type TransportError struct {
	Operation Operation
	Sent      bool // the request may have reached the service
	Err       error
}

func newTransportError(op Operation, sent bool, err error) *TransportError {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // the address says nothing to a person
	}
	return &TransportError{op, sent, err}
}

func (e *TransportError) Error() string {
	if e.Sent {
		return fmt.Sprintf("%s: no answer from Power BI: %v", e.Operation, e.Err)
	}
	return fmt.Sprintf("%s: Power BI was not reached: %v", e.Operation, e.Err)
}

func (e *TransportError) Unwrap() error { return e.Err }

// notSentError is a request that could not be made: there was no token for it,
// or no address. What it wraps explains itself.
type notSentError struct {
	op  Operation
	err error
}

func (e *notSentError) Error() string { return fmt.Sprintf("%s: %v", e.op, e.err) }
func (e *notSentError) Unwrap() error { return e.err }

// addressError is an address of the API to which no token may be sent.
func addressError(address, reason string) error {
	return failure.New(failure.Connection, "api-address", "The connection's API address cannot be used: "+reason+".", "Correct the address in the connection.").
		WithDetails("Address: %s", cmp.Or(address, "not readable"))
}

// lines are the details of an error, one "Name: value" a line.
type lines []string

func (l *lines) add(name, value string) {
	if value != "" {
		*l = append(*l, name+": "+value)
	}
}

func (l lines) String() string { return strings.Join(l, "\n") }
