package netfail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"pushdesk/storage/failure"
	"pushdesk/storage/netfail"
)

func TestKindOf(t *testing.T) {
	dial := func(cause error) error {
		return &url.Error{Op: "Get", URL: "https://host/secret", Err: &net.OpError{Op: "dial", Net: "tcp", Err: cause}}
	}
	for _, c := range []struct {
		err  error
		want netfail.Kind
	}{
		{nil, netfail.None},
		{errors.New("no money"), netfail.None},
		{fmt.Errorf("ask: %w", context.Canceled), netfail.Stopped},
		{context.DeadlineExceeded, netfail.Timeout},
		{dial(os.ErrDeadlineExceeded), netfail.Timeout},
		{dial(&net.DNSError{Name: "host", IsNotFound: true}), netfail.Name},
		{dial(&net.DNSError{Name: "host", IsTimeout: true}), netfail.Timeout},
		{dial(syscall.ECONNREFUSED), netfail.Refused},
		{dial(syscall.EHOSTUNREACH), netfail.Unreachable},
		{dial(syscall.ECONNRESET), netfail.Cut},
		{dial(errors.New("odd")), netfail.Other},
		{&url.Error{Op: "Get", Err: io.EOF}, netfail.Cut},
		{&url.Error{Op: "Get", Err: errors.New("stream error: stream ID 1")}, netfail.Cut},
		{&url.Error{Op: "Get", Err: &net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED}}, netfail.Proxy},
		{&url.Error{Op: "Get", Err: errors.New("Proxy Authentication Required")}, netfail.ProxySignIn},
		{&netfail.ProxyError{Status: 407}, netfail.ProxySignIn},
		{&netfail.ProxyError{Status: 407, Offers: []string{"NTLM"}}, netfail.ProxyWindows},
		{&netfail.ProxyError{Status: 502}, netfail.Proxy},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, netfail.Untrusted},
		{&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "host"}}, netfail.OtherHost},
		{x509.CertificateInvalidError{Reason: x509.Expired}, netfail.Expired},
		{x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, netfail.Certificate},
		{&tls.CertificateVerificationError{Err: errors.New("odd")}, netfail.Certificate},
		{tls.AlertError(40), netfail.TLS},
		{errors.New("http: server gave HTTP response to HTTPS client"), netfail.TLS},
	} {
		if got := netfail.KindOf(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
		if strings.Contains(netfail.Reason(c.err), "secret") {
			t.Errorf("%q holds the address of the request", netfail.Reason(c.err))
		}
	}
}

// The kinds hold for what net/http really gives.
func TestKindOfRealFailures(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // what it thinks of the client
	secure.StartTLS()
	defer secure.Close()
	cut := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer cut.Close()
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer slow.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for address, want := range map[string]netfail.Kind{
		strings.Replace(plain.URL, "http:", "https:", 1): netfail.TLS,
		secure.URL: netfail.Untrusted,
		cut.URL:    netfail.Cut,
		slow.URL:   netfail.Timeout,
		gone.URL:   netfail.Refused,
	} {
		client := http.Client{Timeout: time.Minute}
		if address == slow.URL {
			client.Timeout = 50 * time.Millisecond
		}
		answer, err := client.Get(address)
		if err == nil {
			answer.Body.Close()
		}
		if got := netfail.KindOf(err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	for kind, want := range map[netfail.Kind]string{
		netfail.Refused:      "The login host a.example refuses connections.",
		netfail.Certificate:  "The certificate of the login host a.example is not valid for it: odd.",
		netfail.ProxyWindows: "The network's proxy requires a Windows sign-in (odd), which Pushdesk does not support.",
		netfail.None:         "The login host a.example could not be reached.",
	} {
		f := netfail.Explain(kind, "the login host a.example", "odd")
		if f.Sentence != want || f.Remedy == "" || f.Who != failure.NetworkTeam || f.Request == "" || strings.Contains(f.Request, "{") {
			t.Errorf("%+v", f)
		}
	}
	if f := netfail.Explain(netfail.Unreachable, "Power BI", ""); f.Who != failure.You || f.Code != "network-unreachable" {
		t.Errorf("%+v", f)
	}
}
