// Package netfail tells why a request got no answer: which of the things between
// this computer and a host failed.
package netfail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Kind is why there was no answer.
type Kind string

const (
	None         Kind = ""              // the error is not one of the network
	Stopped      Kind = "stopped"       // the caller cancelled
	Name         Kind = "name"          // the host's name is not known
	Refused      Kind = "refused"       // the host refuses connections
	Unreachable  Kind = "unreachable"   // there is no route to the host
	Timeout      Kind = "timeout"       // no answer in time
	Cut          Kind = "cut"           // the connection broke
	Untrusted    Kind = "untrusted"     // the certificate's authority is not trusted
	OtherHost    Kind = "other host"    // the certificate is for another host
	Expired      Kind = "expired"       // the certificate has expired, or this computer's clock is wrong
	Certificate  Kind = "certificate"   // the certificate is unusable in another way
	TLS          Kind = "tls"           // no secure connection could be agreed on
	ProxySignIn  Kind = "proxy sign-in" // the proxy asks for a user name and a password
	ProxyWindows Kind = "proxy windows" // the proxy asks for a Windows sign-in
	Proxy        Kind = "proxy"         // the proxy does not answer, or refuses to connect to the host
	Other        Kind = "other"
)

// Passes reports whether a failure of this kind may be over after a moment.
func (k Kind) Passes() bool {
	switch k {
	case Refused, Unreachable, Timeout, Cut, Other:
		return true
	}
	return false
}

// ProxyError is a proxy's refusal to connect to a host.
type ProxyError struct {
	Status int
	Offers []string // the ways to sign in that it offers, if Basic is not one of them
}

func (e *ProxyError) Error() string {
	switch {
	case e.Status == http.StatusProxyAuthRequired && len(e.Offers) > 0:
		return http.StatusText(e.Status) + ": it offers " + strings.Join(e.Offers, ", ")
	case e.Status == http.StatusProxyAuthRequired:
		return http.StatusText(e.Status)
	}
	return fmt.Sprintf("proxyconnect refused: %d %s", e.Status, http.StatusText(e.Status))
}

// KindOf finds out why there was no answer, from the errors of net, crypto/tls and
// net/http. It returns None for an error of none of these.
func KindOf(err error) Kind {
	if err == nil {
		return None
	}
	var (
		proxy   *ProxyError
		op      *net.OpError
		dns     *net.DNSError
		timeout net.Error
		sending *url.Error
	)
	text := strings.ToLower(err.Error())
	switch {
	case errors.Is(err, context.Canceled):
		return Stopped
	case errors.As(err, &proxy) && len(proxy.Offers) > 0:
		return ProxyWindows
	case errors.As(err, &proxy) && proxy.Status == http.StatusProxyAuthRequired,
		strings.Contains(text, "proxy authentication required"): // net/http has no type for it
		return ProxySignIn
	case proxy != nil, errors.As(err, &op) && op.Op == "proxyconnect", strings.Contains(text, "proxyconnect"):
		return Proxy
	}
	if kind := certificateKind(err); kind != None {
		return kind
	}
	switch {
	case errors.As(err, &dns) && dns.IsTimeout:
		return Timeout
	case dns != nil:
		return Name
	case isOne(err, refused):
		return Refused
	case isOne(err, unreachable):
		return Unreachable
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout(), isOne(err, late):
		return Timeout
	case tlsFailed(err, text):
		return TLS
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isOne(err, broken),
		strings.Contains(text, "stream error: "), strings.Contains(text, "http2: "): // HTTP/2 has no types for these
		return Cut
	case errors.As(err, &op), errors.As(err, &sending):
		return Other
	}
	return None
}

// isOne reports whether an error is one of some.
func isOne(err error, of []error) bool {
	return slices.ContainsFunc(of, func(e error) bool { return errors.Is(err, e) })
}

func certificateKind(err error) Kind {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		checked   *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &authority):
		return Untrusted
	case errors.As(err, &hostname):
		return OtherHost
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return Expired
	case errors.As(err, &invalid), errors.As(err, &checked):
		return Certificate
	}
	return None
}

func tlsFailed(err error, text string) bool {
	var (
		record tls.RecordHeaderError
		alert  tls.AlertError
	)
	return errors.As(err, &record) || errors.As(err, &alert) || strings.Contains(text, "http response to https client") || strings.Contains(text, "tls: ")
}

// Reason is what the system says, in a few words that hold no address of a request
// and nothing that was sent.
func Reason(err error) string {
	var (
		proxy *ProxyError
		op    *net.OpError
		dns   *net.DNSError
		check *tls.CertificateVerificationError
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &proxy) && len(proxy.Offers) > 0:
		return strings.Join(proxy.Offers, ", ")
	case proxy != nil:
		return proxy.Error()
	case errors.As(err, &dns):
		return dns.Error()
	case errors.As(err, &check):
		return check.Err.Error()
	case errors.As(err, &op):
		return op.Error()
	}
	for e := err; e != nil; e = errors.Unwrap(e) { // the innermost says it best
		err = e
	}
	return err.Error()
}
