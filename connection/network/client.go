package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"time"

	"pushdesk/connection"
	"pushdesk/storage/netfail"
)

// requestLimit is how long one request may take, unless who sends it sets a limit
// of its own.
const requestLimit = 30 * time.Second

// Client returns the client for all requests of a connection. They leave this
// computer the way the settings say, and the system's certificate authorities are
// trusted, those of the settings and those of the endpoints. Its errors are
// ErrAuthorities. There is no way to switch the check of certificates off.
func Client(e connection.Endpoints, n Settings) (*http.Client, error) {
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
		refused := &netfail.ProxyError{Status: answer.StatusCode}
		basic, others := signInsOf(answer)
		if answer.StatusCode == http.StatusProxyAuthRequired && !basic {
			refused.Offers = others
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
func authorities(e connection.Endpoints, n Settings) (*x509.CertPool, error) {
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
		pem, err := readAuthorities(file)
		if err != nil {
			return nil, err
		}
		pool.AppendCertsFromPEM(pem)
	}
	if len(e.CAPEM) > 0 {
		if err := checkAuthorities(e.CAPEM); err != nil {
			return nil, unusable("", err)
		}
		pool.AppendCertsFromPEM(e.CAPEM)
	}
	return pool, nil
}
