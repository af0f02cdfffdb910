package powerbi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// explain finds the cause in the catalogue.
func (e *TransportError) explain() cause { return transports[e.silence()] }

// silence finds out why there was no answer. The kinds of errors are those that net,
// crypto/tls and net/http give.
func (e *TransportError) silence() silence {
	var (
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		op        *net.OpError
		timeout   net.Error
	)
	err := e.Err
	text := strings.ToLower(err.Error())
	proxy := errors.As(err, &op) && op.Op == "proxyconnect" || strings.Contains(text, "proxyconnect")
	switch {
	case errors.Is(err, context.Canceled):
		return noStopped
	case strings.Contains(text, "proxy authentication required: it offers"):
		return noProxyWindows
	case strings.Contains(text, "proxy authentication required"):
		return noProxySignIn
	case proxy:
		return noProxy
	case errors.As(err, &dns):
		return noName
	case errors.As(err, &authority):
		return noUntrusted
	case errors.As(err, &hostname):
		return noOtherHost
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return noExpired
	case errors.As(err, &invalid), errors.As(err, &alert), errors.As(err, &record), strings.Contains(text, "tls: "),
		strings.Contains(text, "http response to https client"):
		return noInsecure
	case errors.Is(err, syscall.ECONNREFUSED):
		return noRefused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		return noUnreachable
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return noTimeout
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), e.Sent:
		return noCut
	}
	return noOther
}

func (e *TransportError) Sentence() string { return e.explain().sentence }

func (e *TransportError) Remedy() string {
	if e.Sent && !e.Operation.reads() {
		return e.explain().remedy + " " + unknownAdvice(e.Operation)
	}
	return e.explain().remedy
}

func (e *TransportError) Who() string { return e.explain().who }

// Request is what the person who can fix it is asked for, in words to them.
func (e *TransportError) Request() string { return e.explain().request() }

func (e *TransportError) Details() string {
	l := lines{}
	l.add("Operation", string(e.Operation))
	l.add("Cause", cleanMessage(e.Err.Error()))
	if e.Sent {
		l.add("Request", "may have reached the service")
	} else {
		l.add("Request", "did not leave this computer")
	}
	return l.String()
}
