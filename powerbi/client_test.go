package powerbi_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/failure"
)

var quiet = log.New(io.Discard, "", 0)

// counting is a token source whose tokens are t1, t2, ...
type counting struct {
	renewed int
	claims  string
}

func (c *counting) token() string                         { return fmt.Sprint("t", c.renewed+1) }
func (c *counting) Token(context.Context) (string, error) { return c.token(), nil }
func (c *counting) Renew(_ context.Context, claims string) (string, error) {
	c.renewed++
	c.claims = claims
	return c.token(), nil
}

// script is a server that gives its answers in turn, the last one for ever.
type script struct {
	*httptest.Server
	seen []string // "METHOD path body authorization"
}

func serve(t *testing.T, answers ...http.HandlerFunc) *script {
	t.Helper()
	s := &script{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.seen = append(s.seen, strings.Join([]string{r.Method, r.URL.EscapedPath(), string(body), r.Header.Get("Authorization")}, " "))
		answers[min(len(s.seen), len(answers))-1](w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// says is an answer: a status, a body and headers by name and value.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func TestRenewal(t *testing.T) {
	claims := `{"access_token":{"nbf":{"essential":true}}}`
	challenge := `Bearer realm="a, \"b\"", authorization_uri="https://login/x=y", error="insufficient_claims", claims="` +
		base64.StdEncoding.EncodeToString([]byte(claims)) + `"`
	ok := says(200, "")
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		renewed int
		claims  string
		status  int // of the error; 0 when it works in the end
		seen    int
	}{
		{"expired by header", []http.HandlerFunc{says(403, "", "x-powerbi-error-info", "TokenExpired"), ok}, 1, "", 0, 2},
		{"invalid by header", []http.HandlerFunc{says(403, "", "x-powerbi-error-info", "InvalidToken"), ok}, 1, "", 0, 2},
		{"expired by body", []http.HandlerFunc{says(403, `{"error":{"code":"TokenExpired"}}`), ok}, 1, "", 0, 2},
		{"nothing said", []http.HandlerFunc{says(403, ""), ok}, 1, "", 0, 2},
		{"challenge", []http.HandlerFunc{says(401, "", "WWW-Authenticate", challenge), ok}, 1, claims, 0, 2},
		{"rejected for good", []http.HandlerFunc{says(403, "")}, 1, "", 403, 2},
		{"no role", []http.HandlerFunc{says(401, "", "x-powerbi-error-info", "GroupNotAccessible"), ok}, 0, "", 401, 1},
		{"no right", []http.HandlerFunc{says(403, `{"Message":"API is not accessible for application"}`), ok}, 0, "", 403, 1},
		{"a page", []http.HandlerFunc{says(403, "<html>blocked</html>"), ok}, 0, "", 403, 1},
		{"other status", []http.HandlerFunc{says(404, ""), ok}, 0, "", 404, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.answers...)
			tokens := &counting{}
			_, err := powerbi.NewClient(s.URL, tokens, nil).AddRows(t.Context(), "w", "d", "t", []byte(oneRow))
			var e *powerbi.APIError
			if got := errors.As(err, &e); got != (c.status != 0) || got && e.Status != c.status {
				t.Errorf("%v", err)
			}
			if tokens.renewed != c.renewed || tokens.claims != c.claims || len(s.seen) != c.seen {
				t.Errorf("renewed %d times with claims %q; requests %q", tokens.renewed, tokens.claims, s.seen)
			}
			if want := fmt.Sprintf("POST /v1.0/myorg/groups/w/datasets/d/tables/t/rows %s Bearer t%d", oneRow, c.renewed+1); s.seen[len(s.seen)-1] != want {
				t.Errorf("sent %q, want %q", s.seen[len(s.seen)-1], want)
			}
		})
	}
}

// A token that another request has renewed meanwhile is used before a new one is asked for.
func TestRenewedElsewhere(t *testing.T) {
	tokens := &counting{}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		tokens.renewed++ // as if by another request
		says(403, "")(w, r)
	}, says(200, ""))
	if _, err := powerbi.NewClient(s.URL, tokens, nil).AddRows(t.Context(), "w", "d", "t", nil); err != nil || tokens.renewed != 1 {
		t.Errorf("%v, renewed %d times", err, tokens.renewed)
	}
	// A source that gives another token every time does not make it try for ever.
	s = serve(t, func(w http.ResponseWriter, r *http.Request) { tokens.renewed++; says(403, "")(w, r) })
	if _, err := powerbi.NewClient(s.URL, tokens, nil).AddRows(t.Context(), "w", "d", "t", nil); err == nil || len(s.seen) != 3 {
		t.Errorf("%v after %d requests", err, len(s.seen))
	}
}

func TestReadsAreRepeated(t *testing.T) {
	busy, empty := says(503, ""), says(200, `{"value":[]}`)
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		waits   []time.Duration
		fails   bool
	}{
		{"503", []http.HandlerFunc{busy, busy, empty}, []time.Duration{500 * time.Millisecond, time.Second}, false},
		{"503 for good", []http.HandlerFunc{busy}, []time.Duration{500 * time.Millisecond, time.Second}, true},
		{"429", []http.HandlerFunc{says(429, "", "Retry-After", "2"), empty}, []time.Duration{2 * time.Second}, false},
		{"long wait", []http.HandlerFunc{says(429, "", "Retry-After", "60"), empty}, nil, true},
		{"500", []http.HandlerFunc{says(500, ""), empty}, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := powerbi.NewClient(serve(t, c.answers...).URL, fixed("t"), nil)
			var waits []time.Duration
			client.OnWait(func(d time.Duration) { waits = append(waits, d) })
			_, err := client.Datasets(t.Context(), "w")
			if (err != nil) != c.fails || !slices.Equal(waits, c.waits) {
				t.Errorf("waits %v, %v", waits, err)
			}
		})
	}
	t.Run("not past the deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		var e *powerbi.APIError
		if _, err := powerbi.NewClient(serve(t, busy).URL, fixed("t"), nil).Datasets(ctx, "w"); !errors.As(err, &e) || e.Status != 503 {
			t.Errorf("%v", err)
		}
	})
	t.Run("writes never", func(t *testing.T) {
		for name, write := range map[string]func(*powerbi.Client) error{
			"create": func(c *powerbi.Client) error {
				_, err := c.CreateDataset(t.Context(), "w", stock, "")
				return err
			},
			"delete": func(c *powerbi.Client) error { return c.DeleteDataset(t.Context(), "w", "d") },
			"update": func(c *powerbi.Client) error { return c.UpdateTable(t.Context(), "w", "d", stock.Tables[0]) },
			"clear":  func(c *powerbi.Client) error { return c.DeleteRows(t.Context(), "w", "d", "t") },
			"rows":   func(c *powerbi.Client) error { _, err := c.AddRows(t.Context(), "w", "d", "t", nil); return err },
		} {
			s := serve(t, says(429, "", "Retry-After", "1"))
			if err := write(powerbi.NewClient(s.URL, fixed("t"), nil)); err == nil || len(s.seen) != 1 {
				t.Errorf("%s: %d requests, %v", name, len(s.seen), err)
			}
		}
	})
}

func TestRedirect(t *testing.T) {
	home := serve(t, says(200, ""))
	for _, c := range []struct {
		name, location string
		status         int
		follows        bool
	}{
		{"same host", "/elsewhere", 307, true},
		{"308", "/elsewhere", 308, true},
		{"other port", home.URL + "/x", 307, false},
		{"other host", "https://example.com/x", 307, false},
		{"302", "/elsewhere", 302, false},
		{"no location", "", 307, false},
		{"user in location", "http://a:b@127.0.0.1/x", 307, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, says(c.status, "", "Location", c.location), says(200, ""))
			_, err := powerbi.NewClient(s.URL, fixed("t"), nil).AddRows(t.Context(), "w", "d", "t", []byte(oneRow))
			if (err == nil) != c.follows {
				t.Errorf("%v", err)
			}
			if c.follows && s.seen[1] != "POST /elsewhere "+oneRow+" Bearer t" {
				t.Errorf("followed with %q", s.seen)
			}
		})
	}
	t.Run("round in circles", func(t *testing.T) {
		s := serve(t, says(307, "", "Location", "/again"))
		if _, err := powerbi.NewClient(s.URL, fixed("t"), nil).AddRows(t.Context(), "w", "d", "t", nil); powerbi.OutcomeOf(err) != powerbi.Refused || len(s.seen) != 4 {
			t.Errorf("%v after %d requests", err, len(s.seen))
		}
	})
	if len(home.seen) != 0 {
		t.Errorf("the token went to another server: %q", home.seen)
	}
}

func TestRedirectTarget(t *testing.T) {
	for _, c := range []struct {
		from, to string
		follows  bool
	}{
		{"https://api.powerbi.com/v1.0", "https://wabi-north-europe-redirect.analysis.windows.net/v1.0", true},
		{"https://api.powerbi.com/v1.0", "https://api.powerbi.com/v2", true},
		{"https://wabi-x.analysis.windows.net/", "https://api.powerbi.com/", true},
		{"https://api.powerbi.com/", "http://api.powerbi.com/", false},
		{"https://api.powerbi.com/", "https://api.powerbi.com.example.com/", false},
		{"https://api.powerbi.com/", "https://evilpowerbi.com/", false},
		{"https://api.powerbi.com/", "https://user@api.powerbi.com/", false},
		{"https://api.powerbi.com/", "https://api.powerbigov.us/", false},
		{"https://api.high.powerbigov.us/", "https://cluster.high.analysis.usgovcloudapi.net/", true},
		{"https://api.high.powerbigov.us/", "https://cluster.mil.analysis.usgovcloudapi.net/", false},
		{"https://api.powerbi.cn/", "https://cluster.analysis.chinacloudapi.cn/", true},
		{"https://api.example.com/", "https://cluster.example.com/", false},
		{"https://api.example.com/", "https://api.example.com:8443/", false},
		{"https://api.example.com:8443/", "https://api.example.com:8443/again", true},
		{"https://api.example.com/", "https://api.example.com:443/again", true},
		{"https://api.powerbi.com/", "https://wabi-x.analysis.windows.net:8443/", false},
	} {
		if got := powerbi.RedirectTarget(c.from, c.to); got != c.follows {
			t.Errorf("%s to %s: follows %v", c.from, c.to, got)
		}
	}
}

func TestPathsAreEscaped(t *testing.T) {
	s := serve(t, says(200, ""))
	c := powerbi.NewClient(s.URL+"/v1.0/myorg/", fixed("t"), nil)
	if err := c.DeleteRows(t.Context(), "w", "d", "Ünits #1/2"); err != nil || s.seen[0] != "DELETE /v1.0/myorg/groups/w/datasets/d/tables/%C3%9Cnits%20%231%2F2/rows  Bearer t" {
		t.Errorf("%q, %v", s.seen, err)
	}
	for _, bad := range []string{"", ".", ".."} {
		if err := c.DeleteDataset(t.Context(), "w", bad); powerbi.OutcomeOf(err) != powerbi.Refused || len(s.seen) != 1 {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPages(t *testing.T) {
	b := newBench(t, practice.AppPractice, practice.Options{})
	for i := range 1003 {
		name := fmt.Sprintf("w%04d", i)
		if _, err := b.service.AddWorkspace(name); err != nil {
			t.Fatal(err)
		}
		if err := b.service.SetRole(name, practice.AppPractice, practice.RoleMember); err != nil {
			t.Fatal(err)
		}
	}
	list, err := b.client.Workspaces(t.Context())
	if err != nil || len(list) != 1005 || list[1004].Name != "w1002" {
		t.Errorf("%d workspaces, %v", len(list), err)
	}
	// A service that gives the first page again and again.
	page := `{"value":[` + strings.TrimSuffix(strings.Repeat(`{"id":"a"},`, 1000), ",") + `]}`
	list, err = powerbi.NewClient(serve(t, says(200, page)).URL, fixed("t"), nil).Workspaces(t.Context())
	if err != nil || len(list) != 1000 {
		t.Errorf("%d workspaces, %v", len(list), err)
	}
}

func TestBadAnswers(t *testing.T) {
	huge := func(w http.ResponseWriter, r *http.Request) {
		chunk := []byte(strings.Repeat(" ", 1<<20))
		for range 21 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"no JSON":      says(200, "hello"),
		"cut JSON":     says(200, `{"value":[{"id":`),
		"wrong type":   says(200, `{"value":{"id":1}}`),
		"endless body": huge,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := powerbi.NewClient(serve(t, answer).URL, fixed("t"), nil).Datasets(t.Context(), "w")
			if f, ok := failure.From(err); !ok || f.Code != "power-bi-answer" || f.Remedy == "" || f.Details == "" {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("page for rows", func(t *testing.T) {
		_, err := powerbi.NewClient(serve(t, says(200, "<!DOCTYPE html><title>Sign in to the hotel</title>")).URL, fixed("t"), nil).AddRows(t.Context(), "w", "d", "t", nil)
		var e *powerbi.APIError
		if !errors.As(err, &e) || !e.Page || e.Message != "Sign in to the hotel" || powerbi.OutcomeOf(err) != powerbi.Unknown {
			t.Errorf("%v", err)
		}
	})
	t.Run("created without ID", func(t *testing.T) {
		_, err := powerbi.NewClient(serve(t, says(202, `{}`)).URL, fixed("t"), nil).CreateDataset(t.Context(), "w", stock, "")
		if powerbi.OutcomeOf(err) != powerbi.Unknown {
			t.Errorf("%v", err)
		}
	})
	t.Run("body cut after success", func(t *testing.T) {
		cut := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "10")
			w.WriteHeader(200)
			io.WriteString(w, "abc")
		}
		if _, err := powerbi.NewClient(serve(t, cut).URL, fixed("t"), nil).AddRows(t.Context(), "w", "d", "t", nil); err != nil {
			t.Errorf("rows that were accepted: %v", err)
		}
	})
}

// Sending rows must not copy the body.
func BenchmarkAddRows(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer server.Close()
	c := powerbi.NewClient(server.URL, fixed("t"), nil)
	body := []byte(`{"rows":[` + strings.Repeat(" ", 4<<20) + `]}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.AddRows(b.Context(), "w", "d", "t", body); err != nil {
			b.Fatal(err)
		}
	}
}
