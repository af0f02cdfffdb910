package powerbi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/failure"
)

// fixed is a token source with one token and no way to renew it.
type fixed string

func (f fixed) Token(context.Context) (string, error)         { return string(f), nil }
func (f fixed) Renew(context.Context, string) (string, error) { return string(f), nil }

// What is known of a request agrees with what the service stored.
func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  faults.Fault
		want   powerbi.Outcome
		stored int64
	}{
		{"no fault", faults.Fault{Operation: faults.OpTables}, powerbi.Accepted, 1},
		{"cut before storing", faults.Fault{Operation: faults.OpRows, CutBefore: true}, powerbi.Unknown, 0},
		{"cut after storing", faults.Fault{Operation: faults.OpRows, CutAfter: true}, powerbi.Unknown, 1},
		{"400", faults.Fault{Operation: faults.OpRows, Status: 400}, powerbi.Refused, 0},
		{"404", faults.Fault{Operation: faults.OpRows, Status: 404}, powerbi.Refused, 0},
		{"413", faults.Fault{Operation: faults.OpRows, Status: 413}, powerbi.Refused, 0},
		{"429", faults.Fault{Operation: faults.OpRows, Status: 429, RetryAfter: 1}, powerbi.Refused, 0},
		{"500", faults.Fault{Operation: faults.OpRows, Status: 500}, powerbi.Unknown, 0},
		{"503", faults.Fault{Operation: faults.OpRows, Status: 503}, powerbi.Unknown, 0},
		{"role taken away", faults.Fault{Operation: faults.OpRows, Role: practice.RoleViewer}, powerbi.Refused, 0},
		{"token revoked once", faults.Fault{Operation: faults.OpRows, RevokeTokens: true}, powerbi.Accepted, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, practice.AppPractice, practice.Options{})
			id := b.stock()
			b.service.Faults().Add(c.fault)
			_, err := b.client.AddRows(t.Context(), b.workspace, id, "Stock", []byte(oneRow))
			if got := powerbi.OutcomeOf(err); got != c.want {
				t.Errorf("%s, want %s: %v", got, c.want, err)
			}
			if n, _ := b.service.CountRows(b.workspace, id, "Stock"); n != c.stored {
				t.Errorf("%d rows stored, want %d", n, c.stored)
			}
			posts := 0
			for _, r := range b.service.Requests() {
				if r.Operation == faults.OpRows {
					posts++
				}
			}
			if most := 1 + b.tokens.renewed; posts > most || len(b.waits) > 0 {
				t.Errorf("rows were posted %d times, waits %v", posts, b.waits)
			}
		})
	}
}

func TestNotSent(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	defer untrusted.Close()
	untrusted.Config.ErrorLog = quiet
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer refusing.Close()
	through := func(proxy string) *http.Client {
		u, err := url.Parse(proxy)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(u)}}
	}
	missing := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.powerbi.com", IsNotFound: true}}
	}}}
	gone, cancel := context.WithCancel(t.Context())
	cancel()

	for _, c := range []struct {
		name     string
		ctx      context.Context
		api      string
		hc       *http.Client
		tokens   powerbi.TokenSource
		sentence string
	}{
		{"closed port", t.Context(), closed.URL, nil, fixed("t"), "Power BI refuses connections."},
		{"unknown authority", t.Context(), untrusted.URL, nil, fixed("t"), "This computer does not trust the certificate of Power BI."},
		{"no such name", t.Context(), "https://api.powerbi.com", missing, fixed("t"), "The address of Power BI is not known to your network."},
		{"proxy wants a password", t.Context(), "https://api.powerbi.com", through(refusing.URL), fixed("t"), "The network's proxy requires a user name and a password."},
		{"proxy is down", t.Context(), "https://api.powerbi.com", through(closed.URL), fixed("t"), "The network's proxy does not connect to Power BI."},
		{"not TLS", t.Context(), "https" + strings.TrimPrefix(refusing.URL, "http"), nil, fixed("t"), "No secure connection to Power BI could be made."},
		{"stopped before", gone, untrusted.URL, nil, fixed("t"), "The request was stopped."},
		{"no token", t.Context(), closed.URL, nil, noToken{}, ""},
		{"plain http", t.Context(), "http://api.powerbi.com", nil, fixed("t"), "The connection's API address cannot be used: it does not begin with https://."},
		{"no address", t.Context(), "https://", nil, fixed("t"), "The connection's API address cannot be used: it is no web address."},
		{"user in address", t.Context(), "https://me:secret@api.powerbi.com", nil, fixed("t"), "The connection's API address cannot be used: it holds a user name."},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := powerbi.NewClient(c.api, c.tokens, c.hc).AddRows(c.ctx, "w", "d", "t", []byte(oneRow))
			if got := powerbi.OutcomeOf(err); got != powerbi.Refused {
				t.Errorf("%s: %v", got, err)
			}
			if c.sentence == "" {
				if !errors.Is(err, errNoToken) {
					t.Errorf("the token's error is hidden: %v", err)
				}
			} else if f, ok := failure.From(err); !ok || f.Sentence != c.sentence {
				t.Errorf("%v", err)
			} else if f.Remedy == "" || f.Details == "" || strings.Contains(f.Details, "secret") {
				t.Errorf("remedy %q, details %q", f.Remedy, f.Details)
			}
		})
	}
}

var errNoToken = errors.New("no token")

type noToken struct{}

func (noToken) Token(context.Context) (string, error)         { return "", errNoToken }
func (noToken) Renew(context.Context, string) (string, error) { return "", errNoToken }

// A request that may have left is unknown, however it ended.
func TestSentWithoutAnswer(t *testing.T) {
	hold := make(chan struct{})
	arrived := make(chan struct{}, 3)
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}))
	defer silent.Close()
	defer close(hold)

	t.Run("stopped", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		_, err := powerbi.NewClient(silent.URL, fixed("t"), nil).AddRows(ctx, "w", "d", "t", []byte(oneRow))
		check(t, err, powerbi.Unknown, "The request was stopped.", "Count the rows")
	})
	t.Run("too slow", func(t *testing.T) {
		c := powerbi.NewClient(silent.URL, fixed("t"), nil)
		c.LimitTo(20 * time.Millisecond)
		err := c.DeleteRows(t.Context(), "w", "d", "t")
		check(t, err, powerbi.Unknown, "Power BI did not answer in time.", "Check whether it was done")
	})
	t.Run("reads do not care", func(t *testing.T) {
		c := powerbi.NewClient(silent.URL, fixed("t"), nil)
		c.LimitTo(20 * time.Millisecond)
		_, err := c.Datasets(t.Context(), "w")
		check(t, err, powerbi.Unknown, "Power BI did not answer in time.", "try again.")
	})
}

func check(t *testing.T, err error, want powerbi.Outcome, sentence, remedy string) {
	t.Helper()
	if got := powerbi.OutcomeOf(err); got != want {
		t.Errorf("%s, want %s: %v", got, want, err)
	}
	if f, ok := failure.From(err); !ok || f.Sentence != sentence || !strings.Contains(f.Remedy, remedy) {
		t.Errorf("%v", err)
	}
}

// A connection that the server has closed meanwhile carried nothing, so that
// net/http takes another one; when that cannot be had, nothing was sent.
func TestStaleConnection(t *testing.T) {
	var dials atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"value":[]}`) }))
	defer server.Close()
	hc := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if dials.Add(1) > 1 {
			return nil, errors.New("the network is gone")
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}}}
	c := powerbi.NewClient(server.URL, fixed("t"), hc)
	if _, err := c.Datasets(t.Context(), "w"); err != nil {
		t.Fatal(err)
	}
	server.CloseClientConnections()
	_, err := c.AddRows(t.Context(), "w", "d", "t", []byte(oneRow))
	// Whether net/http noticed the close before it wrote is a matter of timing:
	// it must not be called accepted, and a second dial must be called unsent.
	if got := powerbi.OutcomeOf(err); got == powerbi.Accepted || dials.Load() > 1 && got != powerbi.Refused {
		t.Errorf("%s after %d dials: %v", got, dials.Load(), err)
	}
}

func TestOutcomeOfOtherErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want powerbi.Outcome
	}{
		{nil, powerbi.Accepted},
		{errors.New("something"), powerbi.Unknown},
		{context.Canceled, powerbi.Unknown},
		{fmt.Errorf("batch 3: %w", &powerbi.APIError{Status: 400}), powerbi.Refused},
		{&powerbi.APIError{Status: 307}, powerbi.Refused},
		{&powerbi.APIError{Status: 302}, powerbi.Unknown},
		{&powerbi.APIError{Status: 200, Page: true}, powerbi.Unknown},
		{&powerbi.TransportError{Err: io.EOF}, powerbi.Refused},
		{&powerbi.TransportError{Err: io.EOF, Sent: true}, powerbi.Unknown},
		{io.EOF, powerbi.Unknown},
	} {
		if got := powerbi.OutcomeOf(c.err); got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
	}
}
