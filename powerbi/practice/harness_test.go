package practice

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
	"pushdesk/powerbi/practice/tenant"
)

// clock is a clock that a test drives.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Now().Truncate(time.Second)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// harness is a running service with a client that trusts it.
type harness struct {
	t     testing.TB
	s     *Service
	clock *clock
	hc    *http.Client
	token string
	group string
}

// newHarness runs a service on a driven clock and signs in as the Practice app.
func newHarness(t testing.TB, opts Options) *harness {
	t.Helper()
	c := newClock()
	if opts.Now == nil {
		opts.Now = c.now
	}
	s, err := Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &harness{t: t, s: s, clock: c, hc: clientOf(t, s, opts.Hosts...)}
	b.token = b.signIn(AppPractice)
	b.group, err = s.WorkspaceID(Workspace)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// clientOf makes a client that trusts a service; it dials it for every host name.
func clientOf(t testing.TB, s *Service, hosts ...string) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.CAPEM()) {
		t.Fatal("the CA is not PEM")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	if len(hosts) > 0 {
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, s.host.Address)
		}
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

// msal makes a confidential client of the real MSAL library.
func (b *harness) msal(c Credential, options ...confidential.Option) confidential.Client {
	b.t.Helper()
	cred, err := confidential.NewCredFromSecret(c.ClientSecret)
	if err != nil {
		b.t.Fatal(err)
	}
	options = append([]confidential.Option{confidential.WithHTTPClient(b.hc), confidential.WithInstanceDiscovery(false)}, options...)
	client, err := confidential.New(b.s.LoginURL()+"/"+c.TenantID, c.ClientID, cred, options...)
	if err != nil {
		b.t.Fatal(err)
	}
	return client
}

// signIn gets a token for a ready-made app through MSAL.
func (b *harness) signIn(name string) string {
	b.t.Helper()
	c, ok := b.s.Credential(name)
	if !ok {
		b.t.Fatalf("no credential %q", name)
	}
	res, err := b.msal(c).AcquireTokenByCredential(context.Background(), []string{b.s.Resource() + "/.default"})
	if err != nil {
		b.t.Fatal(err)
	}
	return res.AccessToken
}

// reply is an answer, read whole.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) info() string { return r.header.Get("x-powerbi-error-info") }

// code gives the error code of a body.
func (r reply) code() string {
	var e api.ErrorBody
	json.Unmarshal([]byte(r.body), &e)
	return e.Error.Code
}

// try sends a request and gives the error of the transport, if any.
func (b *harness) try(method, path string, body any) (reply, error) {
	var in io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(v)
	case []byte:
		in = bytes.NewReader(v)
	default:
		data, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, b.s.APIURL()+path, in)
	if err != nil {
		b.t.Fatal(err)
	}
	if b.token != "" {
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	if b.s.door.control != nil { // it is of this process
		req.Header.Set(ControlHeader, b.s.ControlToken())
	}
	req.Header.Set("Content-Type", "application/json")
	return b.sent(req)
}

// sent sends a request and reads the answer whole.
func (b *harness) sent(req *http.Request) (reply, error) {
	resp, err := b.hc.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	if !tenant.IsGUID(resp.Header.Get("RequestId")) {
		b.t.Errorf("%s %s: no RequestId", req.Method, req.URL.Path)
	}
	return reply{resp.StatusCode, resp.Header, string(data)}, nil
}

// send sends a request that must be answered.
func (b *harness) send(req *http.Request) reply {
	b.t.Helper()
	r, err := b.sent(req)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// get reads a path without a token.
func (b *harness) get(path string) reply {
	b.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), "GET", b.s.LoginURL()+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.send(req)
}

// count gives the requests of an operation in the log.
func (b *harness) count(op faults.Operation) (n int) {
	for _, r := range b.s.Requests() {
		if r.Operation == op {
			n++
		}
	}
	return n
}

// do sends a request below /v1.0/myorg that must be answered.
func (b *harness) do(method, path string, body any) reply {
	b.t.Helper()
	r, err := b.try(method, "/v1.0/myorg"+path, body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// want sends a request and checks its status.
func (b *harness) want(status int, method, path string, body any) reply {
	b.t.Helper()
	r := b.do(method, path, body)
	if r.status != status {
		b.t.Fatalf("%s %s: status %d, want %d; body %s", method, path, r.status, status, r.body)
	}
	return r
}

// decode reads a JSON body.
func decode[T any](t testing.TB, body string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("decode %s: %v", body, err)
	}
	return v
}

// stock creates a dataset with a table Stock and gives its path and ID.
func (b *harness) stock(policy string) (path, id string) {
	b.t.Helper()
	r := b.want(201, "POST", "/groups/"+b.group+"/datasets?defaultRetentionPolicy="+policy, map[string]any{
		"name": "Depot stock", "defaultMode": "Push", "tables": []powerbi.Table{{Name: "Stock", Columns: fixture.StockColumns}}})
	id = decode[struct{ ID string }](b.t, r.body).ID
	return "/groups/" + b.group + "/datasets/" + id, id
}
