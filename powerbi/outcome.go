package powerbi

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// Outcome is what is known of a request after it ended.
type Outcome string

const (
	Accepted Outcome = "accepted" // the service did what was asked
	Refused  Outcome = "refused"  // nothing was done: the service said no, or the request never left this computer
	Unknown  Outcome = "unknown"  // it may or may not have been done; repeating it may do it twice
)

// OutcomeOf says what is known of a request by its error. An error that this
// package did not make counts as Unknown.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Accepted
	}
	var unsent *notSentError
	if errors.As(err, &unsent) {
		return Refused
	}
	var transport *TransportError
	if errors.As(err, &transport) && !transport.Sent {
		return Refused
	}
	var answer *APIError
	if errors.As(err, &answer) {
		switch {
		case answer.Status >= 400 && answer.Status < 500,
			answer.Status == http.StatusTemporaryRedirect, answer.Status == http.StatusPermanentRedirect:
			return Refused
		}
	}
	return Unknown
}

// Answer is what the service said about a request that it accepted.
type Answer struct {
	RequestID string        // what Microsoft's support asks for
	Duration  time.Duration // from the first byte sent to the last received
	Bytes     int           // of the answer, decompressed
	Cut       bool          // the answer is a list, of which the beginning was read
}

// reply is an answer, read whole.
type reply struct {
	status int
	header http.Header
	body   []byte
	Answer
}

// sending watches how far a request got.
type sending struct{ onWire atomic.Bool }

// traceSending adds the watch to a context. From the moment a request has a
// connection, its bytes may be on their way: everything before that (name
// look-up, dialling, the proxy, TLS) has certainly sent nothing. net/http takes a
// second connection for a write only when it knows that the first carried nothing.
func traceSending(ctx context.Context) (context.Context, *sending) {
	s := &sending{}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { s.onWire.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { s.onWire.Store(true) },
	}), s
}

// left reports whether something of the request may have left this computer.
func (s *sending) left() bool { return s.onWire.Load() }
