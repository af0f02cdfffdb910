package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Handler answers a request.
type Handler func(*Request) *Answer

// Answer is what a handler gives back. It is written after the faults that were
// asked for have had their say, so that a connection can be cut between the storing
// of rows and the answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// New returns an answer with a body.
func New(status int, contentType string, body []byte) *Answer {
	a := Empty(status)
	a.Header.Set("Content-Type", contentType)
	a.Body = body
	return a
}

// Empty returns an answer without a body.
func Empty(status int) *Answer { return &Answer{Status: status, Header: make(http.Header, 4)} }

// With returns the answer with a header set.
func (a *Answer) With(header, value string) *Answer {
	a.Header.Set(header, value)
	return a
}

// Plain returns an answer in words.
func Plain(status int, text string) *Answer {
	return New(status, "text/plain; charset=utf-8", []byte(text))
}

// JSON returns an answer with a value as JSON.
func JSON(status int, value any) *Answer {
	body, err := json.Marshal(value)
	if err != nil {
		return Plain(http.StatusInternalServerError, err.Error()) // a value that the service builds wrongly
	}
	return New(status, "application/json; charset=utf-8", body)
}

// NotFound answers an unknown path.
func NotFound(*Request) *Answer { return Empty(http.StatusNotFound) }

// MethodNotAllowed answers a known path with a method it does not take.
func MethodNotAllowed(allow string) Handler {
	return func(*Request) *Answer { return Empty(http.StatusMethodNotAllowed).With("Allow", allow) }
}

// Throttled is the answer of the real service to too much of anything. The text
// and its spelling were seen on the live service.
func Throttled(wait time.Duration) *Answer {
	seconds := max(1, int64((wait+time.Second-1)/time.Second))
	return JSON(http.StatusTooManyRequests, map[string]string{"message": fmt.Sprintf(
		"You have exceeded the amount of requests allowed in the current time frame and further requests will fail. Retry in %d seconds.", seconds)}).
		With("Retry-After", strconv.FormatInt(seconds, 10))
}
