package connection

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// requestLimit is how long one request may take, unless who sends it sets a limit
// of its own.
const requestLimit = 30 * time.Second

// HTTPClient makes the client for all requests of a connection. It goes through
// the proxy that the environment names (HTTPS_PROXY, NO_PROXY), and trusts the
// system's certificate authorities and those of the endpoints. Its errors are
// *CAError. There is no way to switch the check of certificates off.
func HTTPClient(e Endpoints, _ Network) (*http.Client, error) {
	t := transport()
	pool, err := authorities(e)
	if err != nil {
		return nil, err
	}
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		return &proxyError{Status: answer.StatusCode}
	}
	return &http.Client{Transport: t, Timeout: requestLimit}, nil
}

// transport is a transport of our own with the settings that net/http thinks
// best, the proxy from the environment among them.
func transport() *http.Transport {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	return &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second}
}

// authorities gives the certificate authorities to trust: nil for the system's
// alone.
func authorities(e Endpoints) (*x509.CertPool, error) {
	if e.CAFile == "" && len(e.CAPEM) == 0 {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without a list of its own
	}
	if e.CAFile != "" {
		text, err := readAuthorities(e.CAFile)
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
type proxyError struct{ Status int }

func (e *proxyError) Error() string {
	if e.Status == http.StatusProxyAuthRequired {
		return http.StatusText(e.Status)
	}
	return fmt.Sprintf("proxyconnect refused: %d %s", e.Status, http.StatusText(e.Status))
}
