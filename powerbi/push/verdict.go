package push

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
)

// verdict is what became of a POST of rows.
type verdict int

const (
	wasAccepted    verdict = iota
	wasThrottled           // refused because of a limit: wait, and send the same bytes
	wasUnreachable         // it never left: wait, and send the same bytes
	wasEarly               // the dataset was created a moment ago and is not there yet: wait, and send the same bytes
	wasSignedOut           // the token was rejected, and so was a new one
	wasTooLarge            // refused because of its size: halve it
	wasBadRows             // refused because of what it holds: find the rows
	wasRefused             // refused for a reason that another try does not change
	wasUnknown             // nobody can say
)

func apiError(err error) *powerbi.APIError {
	var e *powerbi.APIError
	errors.As(err, &e)
	return e
}

// judge returns what became of a POST of rows by its error.
func judge(err error) verdict {
	if err == nil {
		return wasAccepted
	}
	if powerbi.OutcomeOf(err) != powerbi.Refused {
		return wasUnknown
	}
	var answer *powerbi.APIError
	if errors.As(err, &answer) {
		switch {
		case answer.Throttled():
			return wasThrottled
		case answer.TokenRejected():
			return wasSignedOut
		case answer.Status == http.StatusRequestEntityTooLarge:
			return wasTooLarge
		case answer.Status == http.StatusBadRequest || answer.Status == http.StatusUnprocessableEntity:
			return wasBadRows
		}
		return wasRefused
	}
	if passing(err) {
		return wasUnreachable
	}
	return wasRefused
}

// passing reports whether an error is of a kind that passes by itself: the network,
// or a service that is busy.
func passing(err error) bool {
	var answer *powerbi.APIError
	if errors.As(err, &answer) {
		return answer.Throttled() || answer.Status >= 500
	}
	var transport *powerbi.TransportError
	var network net.Error
	var temporary interface{ Temporary() bool }
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return false
	case errors.As(err, &temporary) && temporary.Temporary():
		return true
	case errors.As(err, &transport), errors.As(err, &network):
		return true
	}
	return errors.Is(err, context.DeadlineExceeded)
}

// saysOf returns the service's own words about a refusal.
func saysOf(err error) string {
	var answer *powerbi.APIError
	if errors.As(err, &answer) {
		parts := []string{answer.Message}
		for _, d := range answer.Causes {
			parts = append(parts, d.Message)
		}
		if s := strings.TrimSpace(strings.Join(parts, " ")); s != "" {
			return s
		}
	}
	return history.Explain(err).Sentence
}

func requestIDOf(answer powerbi.Answer, err error) string {
	var e *powerbi.APIError
	if errors.As(err, &e) {
		return e.RequestID
	}
	return answer.RequestID
}
