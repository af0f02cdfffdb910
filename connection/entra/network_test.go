package entra_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/failure"
	"pushdesk/storage/netfail"
)

// dial makes a bench's client dial in another way.
func (b *bench) dial(f func(ctx context.Context, network, address string) (net.Conn, error)) {
	b.hc.Transport.(*http.Transport).DialContext = f
}

// anywhere makes the client reach the practice service under every name.
func (b *bench) anywhere() {
	to := strings.TrimPrefix(b.service.LoginURL(), "https://")
	b.dial(func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, to)
	})
}

func (b *bench) proxy(t *testing.T, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	b.hc.Transport.(*http.Transport).Proxy = http.ProxyURL(u)
}

// listen takes connections, gives them to f and closes them.
func listen(t *testing.T, f func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { f(c); c.Close() }()
		}
	}()
	return l.Addr().String()
}

// nobody is an address at which nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// refusingProxy answers every request with a status.
func refusingProxy(t *testing.T, status int) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	t.Cleanup(s.Close)
	return s.URL
}

func metadata(host string) string {
	return `{"issuer":"https://` + host + `/x/v2.0","token_endpoint":"https://` + host + `/x/oauth2/v2.0/token","authorization_endpoint":"https://` + host + `/x/oauth2/v2.0/authorize"}`
}

func TestNetworkTrouble(t *testing.T) {
	fault := func(f faults.Fault) func(*testing.T, *bench) {
		f.Times = -1
		if f.Operation == "" {
			f.Operation = faults.OpMetadata
		}
		return func(_ *testing.T, b *bench) { b.service.Faults().Add(f) }
	}
	html := map[string]string{"Content-Type": "text/html"}
	for _, c := range []struct {
		name    string
		trouble func(*testing.T, *bench)
		kind    netfail.Kind
		says    string // part of the sentence
		remedy  string
		who     string
		tries   int // waits before it was given up
	}{
		{"name", func(_ *testing.T, b *bench) {
			b.dial(func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "login.example.com", IsNotFound: true}}
			})
		}, netfail.Name, "is not known to your network", "VPN", string(failure.NetworkTeam), 0},
		{"slow name", func(_ *testing.T, b *bench) {
			b.dial(func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.DNSError{Err: "i/o timeout", Name: "login.example.com", IsTimeout: true}
			})
		}, netfail.Timeout, "did not answer in time", "VPN", string(failure.NetworkTeam), 3},
		{"refused", func(t *testing.T, b *bench) { b.at.LoginURL = "https://" + nobody(t) }, netfail.Refused, "refuses connections", "firewall", string(failure.NetworkTeam), 3},
		{"silent", func(t *testing.T, b *bench) {
			b.at.LoginURL = "https://" + listen(t, func(c net.Conn) { io.Copy(io.Discard, c) })
			b.hc.Timeout = 10 * time.Millisecond
		}, netfail.Timeout, "did not answer in time", "try again", string(failure.NetworkTeam), 3},
		{"hangs up", func(t *testing.T, b *bench) { b.at.LoginURL = "https://" + listen(t, func(net.Conn) {}) }, netfail.Cut, "was cut", "Try again", string(failure.NetworkTeam), 3},
		{"unknown authority", func(t *testing.T, b *bench) {
			b.hc, _ = network.Client(connection.Endpoints{}, network.Settings{})
		}, netfail.Untrusted, "does not trust the certificate", "root certificate", string(failure.NetworkTeam), 0},
		{"another authority", func(t *testing.T, b *bench) {
			b.hc, _ = network.Client(connection.Endpoints{CAPEM: newBench(t, practice.Options{}).at.CAPEM}, network.Settings{})
		}, netfail.Untrusted, "does not trust the certificate", "CA file", string(failure.NetworkTeam), 0},
		{"certificate of another host", func(_ *testing.T, b *bench) {
			b.anywhere()
			b.at.LoginURL = "https://login.example.com"
		}, netfail.Certificate, "is not valid for it: x509: certificate is valid for", "clock", string(failure.NetworkTeam), 0},
		{"no TLS", func(t *testing.T, b *bench) {
			b.at.LoginURL = strings.Replace(refusingProxy(t, 200), "http:", "https:", 1)
		}, netfail.TLS, "No secure connection", "network team", string(failure.NetworkTeam), 0},
		{"proxy wants a sign-in", func(t *testing.T, b *bench) { b.proxy(t, refusingProxy(t, 407)) }, netfail.ProxySignIn, "requires a user name", "network settings", string(failure.NetworkTeam), 0},
		{"proxy requires a Windows sign-in", func(t *testing.T, b *bench) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Add("Proxy-Authenticate", "Negotiate")
				w.Header().Add("Proxy-Authenticate", "NTLM")
				w.WriteHeader(407)
			}))
			t.Cleanup(s.Close)
			b.proxy(t, s.URL)
		}, netfail.ProxyWindows, "Windows sign-in (Negotiate, NTLM)", "a user name and a password", string(failure.NetworkTeam), 0},
		{"proxy refuses", func(t *testing.T, b *bench) { b.proxy(t, refusingProxy(t, 403)) }, netfail.Proxy, "does not connect to", "network settings", string(failure.NetworkTeam), 0},
		{"proxy is down", func(t *testing.T, b *bench) { b.proxy(t, "http://"+nobody(t)) }, netfail.Proxy, "does not connect to", "network settings", string(failure.NetworkTeam), 0},
		{"sign-in page of a hotel", fault(faults.Fault{Status: 200, Body: "<html>Welcome", Header: html}), entra.Page, "returned a web page", "sign in to the network", string(failure.NetworkTeam), 0},
		{"page for the token", fault(faults.Fault{Operation: faults.OpToken, Status: 200, Body: " <!doctype html>", Header: html}), entra.Page, "returned a web page", "sign in to the network", string(failure.NetworkTeam), 0},
		{"page that forbids", fault(faults.Fault{Status: 403, Body: "<html>Blocked", Header: html}), entra.Page, "returned a web page", "this program", string(failure.NetworkTeam), 0},
		{"redirect", fault(faults.Fault{Operation: faults.OpToken, Status: 307, Header: map[string]string{"Location": "https://wifi.example.com/login"}}), entra.Page, "returned a web page", "sign in to the network", string(failure.NetworkTeam), 0},
		{"other cloud", func(_ *testing.T, b *bench) {
			b.anywhere()
			b.at.LoginURL = "https://login.microsoftonline.com"
			b.service.Faults().Add(faults.Fault{Operation: faults.OpMetadata, Status: 200, Body: metadata("login.microsoftonline.us"), Times: -1})
		}, entra.Elsewhere, "sends this tenant's sign-ins to another host (the next host would be login.microsoftonline.us)", "another cloud", "you", 0},
		{"foreign issuer", fault(faults.Fault{Status: 200, Body: metadata("evil.example.com")}), entra.Misfit, "not as a login service", "proxy", "you", 0},
		{"other JSON", fault(faults.Fault{Status: 200, Body: `{"hello":"world"}`}), entra.Misfit, "not as a login service", "Check the cloud", "you", 0},
		{"half of an answer", fault(faults.Fault{Operation: faults.OpToken, Status: 200, Body: `{"access_token":"ey`}), entra.Misfit, "not as a login service", "Check the cloud", "you", 0},
		{"no token in it", fault(faults.Fault{Operation: faults.OpToken, Status: 200, Body: `{"token_type":"Bearer","expires_in":3599}`}), entra.Misfit, "not as a login service", "Check the cloud", "you", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, practice.Options{Hosts: []string{"login.microsoftonline.com", "login.microsoftonline.us"}})
			c.trouble(t, b)
			tokens, waits := b.tokens(b.app)
			_, err := tokens.Token(t.Context())
			e := refusal(t, err)
			if e.Network != c.kind || !strings.Contains(e.Failure().Sentence, c.says) || !strings.Contains(e.Failure().Remedy, c.remedy) || string(e.Failure().Who) != c.who {
				t.Errorf("%q %q %q %q\n%v", e.Network, e.Failure().Sentence, e.Failure().Remedy, string(e.Failure().Who), err)
			}
			if len(waits.list) != c.tries || e.Reason == "" && e.Status == 0 || !strings.Contains(e.Failure().Details, "Network: "+string(c.kind)) {
				t.Errorf("waits %v, details:\n%s", waits, e.Failure().Details)
			}
			for _, r := range b.service.Requests() {
				if c.kind == entra.Elsewhere && r.Operation == faults.OpToken {
					t.Error("the secret was sent to the other host")
				}
			}
		})
	}
}

// Names of one login service may lead to each other.
func TestSisterHosts(t *testing.T) {
	b := newBench(t, practice.Options{Hosts: []string{"login.microsoftonline.com", "login.windows.net"}})
	b.anywhere()
	b.at.LoginURL = "https://login.microsoftonline.com"
	b.service.Faults().Add(faults.Fault{Operation: faults.OpMetadata, Status: 200, Times: -1,
		Body: strings.ReplaceAll(metadata("login.windows.net"), "/x/", "/"+b.app.TenantID+"/")})
	tokens, _ := b.tokens(b.app)
	mustToken(t, tokens)
}
