package connection

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// requestLimit is how long one request may take, unless who sends it sets a limit
// of its own.
const requestLimit = 30 * time.Second

// HTTPClient makes the client for all requests of a connection. It leaves this
// computer the way the network settings say, and trusts the system's certificate
// authorities, those of the settings and those of the endpoints. Its errors are
// *CAError. There is no way to switch the check of certificates off.
func HTTPClient(e Endpoints, n Network) (*http.Client, error) {
	t := transport()
	pool, err := authorities(e, n)
	if err != nil {
		return nil, err
	}
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	t.Proxy = func(r *http.Request) (*url.URL, error) { return n.Proxy(r.URL) }
	t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		refused := &proxyError{Status: answer.StatusCode}
		basic, others := signInsOf(answer)
		if answer.StatusCode == http.StatusProxyAuthRequired && !basic {
			refused.Wants = others
		}
		return refused
	}
	return &http.Client{Transport: t, Timeout: requestLimit}, nil
}

// transport is a transport of our own with the settings that net/http thinks best.
func transport() *http.Transport {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	return &http.Transport{ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second}
}

// authorities gives the certificate authorities to trust: nil for the system's
// alone.
func authorities(e Endpoints, n Network) (*x509.CertPool, error) {
	if e.CAFile == "" && n.RootsFile == "" && len(e.CAPEM) == 0 {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without a list of its own
	}
	for _, file := range []string{n.RootsFile, e.CAFile} {
		if file == "" {
			continue
		}
		text, err := readAuthorities(file)
		if err != nil {
			return nil, err
		}
		pool.AppendCertsFromPEM(text)
	}
	if len(e.CAPEM) > 0 {
		if err := checkAuthorities(e.CAPEM); err != nil {
			return nil, &CAError{Err: err}
		}
		pool.AppendCertsFromPEM(e.CAPEM)
	}
	return pool, nil
}

// proxyError is a proxy's refusal to lead to a host.
type proxyError struct {
	Status int
	Wants  []string // the ways to sign in that it offers, when Basic is not one of them
}

func (e *proxyError) Error() string {
	switch {
	case e.Status == http.StatusProxyAuthRequired && len(e.Wants) > 0:
		return http.StatusText(e.Status) + ": it offers " + strings.Join(e.Wants, ", ")
	case e.Status == http.StatusProxyAuthRequired:
		return http.StatusText(e.Status)
	}
	return fmt.Sprintf("proxyconnect refused: %d %s", e.Status, http.StatusText(e.Status))
}
