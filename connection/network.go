package connection

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"
)

// NetworkKind is the reason why no answer of the login host could be had. It is
// empty when the host did answer.
type NetworkKind string

const (
	NetworkName        NetworkKind = "name"          // the host's name is not known
	NetworkRefused     NetworkKind = "refused"       // the host takes no connections
	NetworkUnreachable NetworkKind = "unreachable"   // no way leads to the host
	NetworkTimeout     NetworkKind = "timeout"       // no answer in time
	NetworkCut         NetworkKind = "cut"           // the connection broke
	NetworkUntrusted   NetworkKind = "untrusted"     // the certificate's authority is not trusted
	NetworkCertificate NetworkKind = "certificate"   // the certificate is for another host or another time
	NetworkTLS         NetworkKind = "tls"           // no secure connection could be agreed on
	NetworkProxySignIn NetworkKind = "proxy sign-in" // the proxy wants a user name and a password
	NetworkProxyNTLM   NetworkKind = "proxy windows" // the proxy wants a Windows sign-in
	NetworkProxy       NetworkKind = "proxy"         // the proxy does not answer, or refuses to lead to the host
	NetworkPage        NetworkKind = "web page"      // a web page came in place of an answer
	NetworkElsewhere   NetworkKind = "elsewhere"     // the host sends sign-ins to another host
	NetworkAnswer      NetworkKind = "answer"        // the answer is not one of a login host
	NetworkOther       NetworkKind = "other"
)

// passes tells whether trouble of a kind may be over after a moment.
func (k NetworkKind) passes() bool {
	switch k {
	case NetworkRefused, NetworkUnreachable, NetworkTimeout, NetworkCut, NetworkOther:
		return true
	}
	return false
}

// networkKind finds out why there was no answer. The kinds of errors are those
// that net, crypto/tls, net/http and MSAL give.
func networkKind(err error) NetworkKind {
	var (
		proxy     *proxyError
		op        *net.OpError
		stray     *strayError
		page      msal.InvalidJsonErr
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		checked   *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		dns       *net.DNSError
		timeout   net.Error
		sending   *url.Error
	)
	text := err.Error()
	switch {
	case errors.As(err, &stray):
		return NetworkElsewhere
	case errors.As(err, &proxy):
		if len(proxy.Wants) > 0 {
			return NetworkProxyNTLM
		}
		if proxy.Status == http.StatusProxyAuthRequired {
			return NetworkProxySignIn
		}
		return NetworkProxy
	case strings.Contains(text, http.StatusText(http.StatusProxyAuthRequired)):
		return NetworkProxySignIn
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return NetworkProxy
	case errors.As(err, &page):
		if strings.Contains(page.Err.Error(), "<") {
			return NetworkPage
		}
		return NetworkAnswer
	case errors.As(err, &authority):
		return NetworkUntrusted
	case errors.As(err, &hostname), errors.As(err, &invalid), errors.As(err, &checked):
		return NetworkCertificate
	case errors.As(err, &dns):
		if dns.IsTimeout {
			return NetworkTimeout
		}
		return NetworkName
	case errors.Is(err, syscall.ECONNREFUSED):
		return NetworkRefused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		return NetworkUnreachable
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return NetworkTimeout
	case errors.As(err, &record), errors.As(err, &alert), strings.Contains(text, "HTTP response to HTTPS client"), strings.Contains(text, "tls: "):
		return NetworkTLS
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		strings.Contains(text, "stream error: "), strings.Contains(text, "http2: "): // HTTP/2 has no types for these
		return NetworkCut
	case errors.As(err, &op), errors.As(err, &sending):
		return NetworkOther
	}
	return NetworkAnswer
}

// networkReason is what the system says, in a few words that hold no address of a
// request and nothing that was sent.
func networkReason(err error) string {
	var (
		stray *strayError
		proxy *proxyError
		op    *net.OpError
		dns   *net.DNSError
		check *tls.CertificateVerificationError
		page  msal.InvalidJsonErr
	)
	switch {
	case errors.As(err, &stray):
		return "the next host would be " + stray.Host
	case errors.As(err, &proxy):
		if len(proxy.Wants) > 0 {
			return strings.Join(proxy.Wants, ", ")
		}
		return proxy.Error()
	case errors.As(err, &page):
		return "the answer is not JSON"
	case errors.As(err, &dns):
		return dns.Error()
	case errors.As(err, &check):
		return check.Err.Error()
	case errors.As(err, &op):
		return op.Error()
	}
	if at := strings.LastIndex(err.Error(), "TenantDiscoveryResponse: "); at >= 0 {
		return err.Error()[at:]
	}
	for e := err; e != nil; e = errors.Unwrap(e) { // the innermost says it best
		err = e
	}
	return err.Error()
}
