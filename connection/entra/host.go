package entra

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"pushdesk/connection/network"
)

// loginFamilies are names of one and the same login service. A tenant's metadata
// may lead from one to another, and the secret may go there. The hosts are those
// that MSAL knows.
var loginFamilies = [][]string{
	{"login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"},
	{"login.microsoftonline.us", "login.usgovcloudapi.net"},
	{"login.partner.microsoftonline.cn", "login.chinacloudapi.cn"},
}

// sameLogin reports whether two hosts are one login service.
func sameLogin(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return a == b || slices.ContainsFunc(loginFamilies, func(f []string) bool { return slices.Contains(f, a) && slices.Contains(f, b) })
}

// keptAtHome lets requests go to one login service only. What a host says about
// itself decides where MSAL sends the secret; without this check it could be sent
// anywhere.
type keptAtHome struct {
	host string
	next http.RoundTripper
}

func (k keptAtHome) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" || !sameLogin(r.URL.Host, k.host) {
		return nil, &strayError{Host: r.URL.Host}
	}
	return k.next.RoundTrip(r)
}

// strayError says that a request was not sent, because it would have gone to a
// host that the connection does not name.
type strayError struct{ Host string }

func (e *strayError) Error() string { return fmt.Sprintf("the request would have gone to %s", e.Host) }

// longestAnswer is how many bytes of an answer of the login service are read; the
// longest, the keys of all clouds, have some 30 KB.
const longestAnswer = 4 << 20

// loginClient is a client for the login service alone. It follows no redirects: a
// login host gives none, and whatever does is something else on the way.
func loginClient(hc *http.Client, host string) *http.Client {
	own := *hc
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.Transport = network.Limit(keptAtHome{host: host, next: own.Transport}, longestAnswer)
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil
	return &own
}
