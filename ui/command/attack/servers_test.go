//go:build unix

package attack

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/ui/command/cli"
)

// place is a request.
type place struct {
	name  string
	is    func(r *http.Request) bool
	sends bool // it comes up in a send; else the test of a connection
}

// places are the requests that a hostile server answers in its own way.
var places = []place{
	{"discovery", func(r *http.Request) bool {
		return strings.Contains(r.URL.Path, "/.well-known/") || strings.Contains(r.URL.Path, "/discovery/")
	}, false},
	{"token", func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/token") }, false},
	{"workspaces", func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/groups") }, false},
	{"datasets", func(r *http.Request) bool {
		return strings.HasSuffix(r.URL.Path, "/datasets") && r.Method == http.MethodGet
	}, true},
	{"tables", func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/tables") }, true},
	{"create", func(r *http.Request) bool {
		return strings.HasSuffix(r.URL.Path, "/datasets") && r.Method == http.MethodPost
	}, true},
	{"rows", func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/rows") }, true},
	{"query", func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/executeQueries") }, true},
}

// stretch writes pieces until nobody reads any more.
func stretch(w io.Writer, head, piece string) {
	if _, err := io.WriteString(w, head); err != nil {
		return
	}
	long := []byte(strings.Repeat(piece, 1<<16/len(piece)+1))
	for {
		if _, err := w.Write(long); err != nil {
			return
		}
	}
}

// bombed does the same, compressed.
func bombed(w http.ResponseWriter, head, piece string) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	stretch(z, head, piece)
}

// raw takes the connection, and writes what is no answer.
func raw(w http.ResponseWriter, do func(c net.Conn)) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	do(c)
}

func text(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

const jsonType = "application/json; charset=utf-8"

// behavior is an answer, or none.
type behavior struct {
	name string
	do   func(h *hostile, w http.ResponseWriter, r *http.Request)
}

// entries is a list of many bytes, of as many entries as they can hold.
func entries(first, size int) string {
	b := make([]byte, 0, size+100)
	b = fmt.Appendf(b, `{"value":[{"id":"%d"}`, first)
	for ; len(b) < size; first++ {
		b = append(strconv.AppendInt(append(b, `,{"id":"`...), int64(first), 36), `","name":"x"}`...)
	}
	return string(append(b, `]}`...))
}

// behaviors are what a hostile server does instead of an answer.
var behaviors = []behavior{
	{"endless text", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		stretch(w, `{"value":"`, "x")
	}},
	{"endless list", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		stretch(w, `{"value":[`, `{"id":"1","name":"x"},`)
	}},
	{"bomb", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		bombed(w, `{"value":[`, `{"id":"1","name":"x"},`)
	}},
	{"bomb in an error", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusBadRequest)
		z := gzip.NewWriter(w)
		stretch(z, `{"error":{"message":"`, "x")
	}},
	{"deep bomb", func(_ *hostile, w http.ResponseWriter, _ *http.Request) { bombed(w, "", `{"value":[`) }},
	{"deep", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		text(w, 200, jsonType, strings.Repeat(`{"value":[`, 200_000))
	}},
	{"cut", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5000")
		text(w, 200, jsonType, `{"value":[{"id":`)
	}},
	{"nothing", func(_ *hostile, w http.ResponseWriter, _ *http.Request) { text(w, 200, jsonType, "") }},
	{"no content", func(_ *hostile, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }},
	{"a page", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		text(w, 200, "text/html", "<html><script>alert(1)</script>Sign in to the network</html>")
	}},
	{"null", func(_ *hostile, w http.ResponseWriter, _ *http.Request) { text(w, 200, jsonType, "null") }},
	{"other types", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		text(w, 200, jsonType, `{"value":7,"id":[],"access_token":{},"expires_in":"soon","results":"x","token_endpoint":9,"tenant_discovery_endpoint":[]}`)
	}},
	{"numbers", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		text(w, 200, jsonType, `{"value":[{"id":1e999,"name":null}],"expires_in":1e999,"results":[{"tables":[{"rows":[{"[n]":-1e308},{"[n]":99999999999999999999}]}]}]}`)
	}},
	{"escapes", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		text(w, 400, jsonType, `{"error":{"code":"x\u001b[2J","message":"\u001b]0;owned\u0007\u009b31m\u202e\u2066\u007f\nPassword:"},"error_description":"\u001b[2J\u202e"}`)
	}},
	{"the request's token", func(_ *hostile, w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return
		}
		text(w, 400, jsonType, fmt.Sprintf(`{"error":{"code":"x","message":%q},"error_description":%q}`, r.Header.Get("Authorization")+" "+string(body), string(body)))
	}},
	{"no UTF-8", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		text(w, 500, jsonType, "{\"error\":{\"message\":\"\xff\xfe\xc0\x80\x9b\"}}")
	}},
	{"large head", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("RequestId", strings.Repeat("x", 4<<20))
		text(w, 200, jsonType, "{}")
	}},
	{"endless head", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		raw(w, func(c net.Conn) { stretch(c, "HTTP/1.1 200 OK\r\n", "X-A: b\r\n") })
	}},
	{"endless early answers", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		raw(w, func(c net.Conn) { stretch(c, "", "HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n") })
	}},
	{"no HTTP", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		raw(w, func(c net.Conn) { stretch(c, "", "\x00\xff\x1b[2J") })
	}},
	{"broken off", func(_ *hostile, w http.ResponseWriter, _ *http.Request) { raw(w, func(net.Conn) {}) }},
	{"silence", func(h *hostile, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-h.over:
		}
	}},
	{"to another host", func(h *hostile, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, h.other.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}},
	{"to itself", func(_ *hostile, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
	}},
	{"to a file", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusPermanentRedirect)
	}},
	{"without TLS", func(h *hostile, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(h.front.URL, "https:", "http:", 1)+r.URL.Path, http.StatusFound)
	}},
	{"wait for ever", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "99999999999999999999")
		text(w, 429, jsonType, `{"error":{"code":"x","message":"wait"}}`)
	}},
	{"pages without end", func(h *hostile, w http.ResponseWriter, r *http.Request) {
		text(w, 200, jsonType, fmt.Sprintf(`{"value":[{"id":"1","name":"x"}],"@odata.nextLink":%q}`, h.front.URL+r.URL.Path))
	}},
	{"large list", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		text(w, 200, jsonType, entries(0, 7_900_000))
	}},
	{"large pages", func(_ *hostile, w http.ResponseWriter, r *http.Request) {
		skip, _ := strconv.Atoi(r.URL.Query().Get("$skip"))
		text(w, 200, jsonType, entries(skip, 3_000_000))
	}},
	{"an odd status", func(_ *hostile, w http.ResponseWriter, _ *http.Request) {
		raw(w, func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 999 \x1b[2J\r\nContent-Length: 2\r\n\r\n{}") })
	}},
}

// hostile stands in front of a practice service, answers some requests in its own way,
// and hands on the others.
type hostile struct {
	service *practice.Service
	key     practice.Credential
	front   *httptest.Server
	other   *httptest.Server // that must not be told a token
	to      *http.Client
	over    chan struct{}
	ca      string
	place   atomic.Int64 // of places; less than 0: none
	does    int

	mu     sync.Mutex
	tokens []string // that were seen
	told   int      // requests that brought a token to the other server
}

// behind starts one.
func behind(t *testing.T, place, does int) *hostile {
	t.Helper()
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h := &hostile{service: s, over: make(chan struct{}), does: does}
	h.place.Store(int64(place))
	h.key, _ = s.Credential(practice.AppPractice)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CAPEM())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	h.to = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	h.front = httptest.NewTLSServer(h)
	h.other = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			h.mu.Lock()
			h.told++
			h.mu.Unlock()
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(func() {
		close(h.over)
		h.front.CloseClientConnections()
		h.front.Close()
		h.other.Close()
	})
	h.ca = write(t, filepath.Join(t.TempDir(), "ca.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.front.Certificate().Raw})))
	return h
}

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "); token != "" {
		h.mu.Lock()
		h.tokens = append(h.tokens, token)
		h.mu.Unlock()
	}
	if place := h.place.Load(); place >= 0 && places[place].is(r) {
		behaviors[h.does].do(h, w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	ask, err := http.NewRequestWithContext(r.Context(), r.Method, h.service.APIURL()+r.URL.RequestURI(), bytes.NewReader(bytes.ReplaceAll(body, []byte(h.front.URL), []byte(h.service.APIURL()))))
	if err != nil {
		return
	}
	for _, name := range []string{"Authorization", "Content-Type", "Accept"} {
		if v := r.Header.Get(name); v != "" {
			ask.Header.Set(name, v)
		}
	}
	answer, err := h.to.Do(ask)
	if err != nil {
		return
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		return
	}
	got = bytes.ReplaceAll(got, []byte(h.service.APIURL()), []byte(h.front.URL))
	for name, v := range answer.Header {
		if name != "Content-Length" {
			w.Header()[name] = v
		}
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(got)
}

// home is one with a connection to the server.
func (h *hostile) home(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	if r := run(t, home, nil, "connection", "add", "--name", "Local", "--cloud", "custom", "--authority-url", h.front.URL, "--api-url", h.front.URL, "--resource", h.service.Resource(),
		"--ca-file", h.ca, "--tenant", h.key.TenantID, "--client", h.key.ClientID, "--json"); !withoutSecret(r) { // each command gets the secret
		t.Fatalf("%d %s%s", r.code, r.out, r.err)
	}
	return home
}

// tried runs the command in which a place comes up, and checks what every attack must leave
// whole: besides, no token goes elsewhere, and no more is called confirmed than is stored.
func (h *hostile) tried(t *testing.T, what, home string, sends bool) {
	t.Helper()
	args := []string{"connection", "test", "Local", "--json"}
	if sends {
		data := write(t, filepath.Join(t.TempDir(), "sales.csv"), "Region,Amount\nWest,1\nEast,2\n")
		args = []string{"send", data, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "D", "--table", "T", "--create", "--yes", "--json"}
		if place := h.place.Load(); place >= 0 && places[place].name == "tables" {
			h.place.Store(-1)
			if r := run(t, home, h.env(), args...); r.code != 0 {
				t.Fatalf("%d %s%s", r.code, r.out, r.err)
			}
			h.place.Store(place)
			args = append(args, "--again")
		}
	}
	before := h.stored()
	r := run(t, home, h.env(), args...)
	h.mu.Lock()
	defer h.mu.Unlock()
	survived(t, what, r, append(h.tokens, h.key.ClientSecret)...)
	if h.told > 0 {
		t.Errorf("%s: another host was told a token", what)
	}
	if got, ok := r.reply(); ok && sends && got.RowsConfirmed > h.stored()-before {
		t.Errorf("%s: %d rows confirmed, %d stored", what, got.RowsConfirmed, h.stored()-before)
	}
}

func (h *hostile) env() []string { return []string{cli.SecretVariable + "=" + h.key.ClientSecret} }

func (h *hostile) stored() int64 {
	n, err := h.service.CountRows(practice.Workspace, "D", "T")
	if err != nil {
		return 0
	}
	return n
}

// TestAttackServers answers each request of a send and of the test of a connection in each
// hostile way. Endless and bombed answers cost no more memory than others.
func TestAttackServers(t *testing.T) {
	var list []attack
	for i, b := range behaviors {
		for j, p := range places {
			list = append(list, attack{b.name + " for " + p.name, func(t *testing.T) {
				h := behind(t, j, i)
				home := h.home(t)
				h.tried(t, b.name+" for "+p.name, home, p.sends)
				if *long && !p.sends {
					h.tried(t, b.name+" for "+p.name, home, true)
				}
			}})
		}
	}
	try(t, 7, list) // no divisor of the places: every behavior and every place comes up
	if len(behaviors) < 28 || len(places) < 8 {
		t.Errorf("%d behaviors at %d places", len(behaviors), len(places))
	}
}

// TestAttackMemory: what is endless or a bomb is tried at every place, in the short form too.
func TestAttackMemory(t *testing.T) {
	var list []attack
	for i, b := range behaviors {
		if !strings.Contains(b.name, "endless") && !strings.Contains(b.name, "bomb") && !strings.Contains(b.name, "large") {
			continue
		}
		for j, p := range places {
			list = append(list, attack{b.name + " for " + p.name, func(t *testing.T) {
				h := behind(t, j, i)
				h.tried(t, b.name+" for "+p.name, h.home(t), p.sends)
			}})
		}
	}
	try(t, 3, list)
}

// TestAttackNobody sends through a server that is not hostile: the attacks reach what they
// attack.
func TestAttackNobody(t *testing.T) {
	h := behind(t, -1, 0)
	home := h.home(t)
	h.tried(t, "nobody", home, true)
	if n := h.stored(); n != 2 {
		t.Errorf("%d rows are stored", n)
	}
	if r := run(t, home, h.env(), "connection", "test", "Local", "--json"); r.code != 0 || r.memory < 10<<20 || r.memory > mostMemory {
		t.Errorf("%d, %d MB: %s%s", r.code, r.memory>>20, r.out, r.err)
	}
}

// TestAttackSignals: a server that never answers keeps nobody: the second signal ends the
// program, whether it is that of Ctrl+C or that of a system that shuts down.
func TestAttackSignals(t *testing.T) {
	silence := slices.IndexFunc(behaviors, func(b behavior) bool { return b.name == "silence" })
	rows := slices.IndexFunc(places, func(p place) bool { return p.name == "rows" })
	for _, by := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		h := behind(t, rows, silence)
		data := write(t, filepath.Join(t.TempDir(), "sales.csv"), "Region,Amount\nWest,1\nEast,2\n")
		r := ended(t, by, h.home(t), h.env(), "send", data, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "D", "--table", "T", "--create", "--yes", "--json")
		survived(t, by.String(), r, h.key.ClientSecret)
		if r.interrupted != 2 || r.code == 0 {
			t.Errorf("%v: %d signals, exit code %d\n%s", by, r.interrupted, r.code, r.err)
		}
	}
}
