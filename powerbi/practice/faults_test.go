package practice

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
)

func TestFaultStatus(t *testing.T) {
	b := newHarness(t, Options{})
	path, id := b.stock("None")
	rows := path + "/tables/Stock/rows"
	fault := b.s.Faults().Add(faults.Fault{Operation: faults.OpRows, Method: "POST", After: 1, Times: 2, Status: 503, Body: `{"code":"Busy"}`, RetryAfter: 7, Header: map[string]string{"X-Test": "yes"}})
	for i, want := range []int{200, 503, 503, 200} {
		r := b.do("POST", rows, fixture.StockRows(1))
		if r.status != want {
			t.Errorf("request %d: %d, want %d", i, r.status, want)
		}
		if want == 503 && (r.body != `{"code":"Busy"}` || r.header.Get("Retry-After") != "7" || r.header.Get("X-Test") != "yes") {
			t.Errorf("the answer: %s %v", r.body, r.header)
		}
	}
	if n, _ := b.s.CountRows(b.group, id, "Stock"); n != 2 {
		t.Errorf("%d rows", n)
	}
	if n := b.s.Faults().Struck(fault); n != 2 {
		t.Errorf("struck %d times", n)
	}
	b.s.Faults().Clear()
	b.s.Faults().Add(faults.Fault{Operation: faults.OpRows, Status: 429, RetryAfter: 3})
	if wait := refusedFor(t, b.do("POST", rows, fixture.StockRows(1))); wait != 3*time.Second {
		t.Errorf("wait %v", wait)
	}
	always := b.s.Faults().Add(faults.Fault{PathContains: "/tables", Times: -1, Status: 403, ErrorInfo: "TokenExpired"})
	for range 3 {
		if r := b.want(403, "GET", path+"/tables", nil); r.body != "" || r.info() != "TokenExpired" {
			t.Errorf("answer %q %q", r.body, r.info())
		}
	}
	b.want(200, "GET", path, nil)
	b.s.Faults().Remove(always)
	b.want(200, "GET", path+"/tables", nil)
}

// A connection that is cut leaves the sender without an answer; whether the rows
// are stored depends on when.
func TestFaultCut(t *testing.T) {
	for _, h2 := range []bool{true, false} {
		b := newHarness(t, Options{})
		if !h2 {
			transport := b.hc.Transport.(*http.Transport)
			transport.ForceAttemptHTTP2 = false
			transport.Protocols = new(http.Protocols)
			transport.Protocols.SetHTTP1(true)
		}
		path, id := b.stock("None")
		rows := "/v1.0/myorg" + path + "/tables/Stock/rows"
		for _, c := range []struct {
			fault faults.Fault
			rows  int64
		}{{faults.Fault{Operation: faults.OpRows, CutBefore: true}, 0}, {faults.Fault{Operation: faults.OpRows, CutAfter: true}, 3}} {
			b.s.Faults().Add(c.fault)
			if r, err := b.try("POST", rows, fixture.StockRows(3)); err == nil {
				t.Errorf("HTTP/2 %v, %+v: answered %d", h2, c.fault, r.status)
			}
			if n, _ := b.s.CountRows(b.group, id, "Stock"); n != c.rows {
				t.Errorf("HTTP/2 %v, %+v: %d rows, want %d", h2, c.fault, n, c.rows)
			}
		}
		log := b.s.Requests()
		if last := log[len(log)-1]; last.Status != 0 || last.Rows != 3 || !last.Struck {
			t.Errorf("log %+v", last)
		}
		if r, err := b.try("POST", rows, fixture.StockRows(1)); err != nil || r.status != 200 {
			t.Errorf("afterwards: %d, %v", r.status, err)
		}
	}
}

func TestFaultRevokesTokensAndRole(t *testing.T) {
	b := newHarness(t, Options{})
	path, _ := b.stock("None")
	rows := path + "/tables/Stock/rows"
	b.s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, RevokeTokens: true})
	b.want(200, "POST", rows, fixture.StockRows(1))
	if r := b.want(403, "POST", rows, fixture.StockRows(1)); r.info() != "TokenExpired" {
		t.Errorf("revoked in the middle: %q", r.info())
	}
	b.token = b.signIn(AppPractice)
	b.s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, Role: RoleViewer})
	b.want(200, "POST", rows, fixture.StockRows(1))
	for range 2 { // the role stays changed
		if r := b.want(401, "POST", rows, fixture.StockRows(1)); r.code() != "PowerBINotAuthorizedException" {
			t.Errorf("role changed in the middle: %s", r.body)
		}
	}
	if err := b.s.SetRole(Workspace, AppPractice, RoleAdmin); err != nil {
		t.Fatal(err)
	}
	b.s.Faults().Add(faults.Fault{Operation: faults.OpRows, Role: RoleNone})
	if r := b.want(401, "POST", rows, fixture.StockRows(1)); r.info() != "GroupNotAccessible" {
		t.Errorf("role taken away: %q", r.info())
	}
}

func TestFaultDelay(t *testing.T) {
	b := newHarness(t, Options{})
	b.s.Faults().Add(faults.Fault{Operation: faults.OpGroups, Delay: time.Millisecond})
	b.want(200, "GET", "/groups", nil)
	// A client that gives up is not waited for, and neither is Close.
	b.s.Faults().Add(faults.Fault{Operation: faults.OpGroups, Delay: time.Hour, Times: -1})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", b.s.APIURL()+"/v1.0/myorg/groups", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	if _, err := b.sent(req); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.try("GET", "/v1.0/myorg/groups", nil)
	}()
	b.until(func() bool { s := b.s.State().Faults; return s[len(s)-1].Struck >= 2 })
	if err := b.s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	<-done
}

func TestFaultOnToken(t *testing.T) {
	b := newHarness(t, Options{})
	c, _ := b.s.Credential(AppPractice)
	b.s.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 429, RetryAfter: 7})
	if r := b.form("/"+c.TenantID+"/oauth2/v2.0/token", clientForm(c)); r.status != 429 || r.header.Get("Retry-After") != "7" {
		t.Errorf("%d %v", r.status, r.header)
	}
	b.s.Faults().Add(faults.Fault{Operation: faults.OpMetadata, Status: 200, Body: "<html>captive portal</html>", Header: map[string]string{"Content-Type": "text/html"}})
	_, err := b.msal(c).AcquireTokenByCredential(context.Background(), []string{entra.Resource + "/.default"})
	if err == nil {
		t.Error("MSAL took HTML for metadata")
	}
	b.signIn(AppPractice)
}

func TestControlPaths(t *testing.T) {
	b := newHarness(t, Options{})
	path, _ := b.stock("None")
	call := func(method, path, body string) reply {
		t.Helper()
		r, err := b.try(method, "/practice"+path, body)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := call("GET", "/ping", ""); r.status != 200 {
		t.Errorf("ping: %d", r.status)
	}
	id := decode[map[string]int](t, call("POST", "/faults", `{"operation":"rows","status":503,"delayMs":1}`).body)["id"]
	b.want(503, "POST", path+"/tables/Stock/rows", fixture.StockRows(1))
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(1))
	state := decode[State](t, call("GET", "/state", "").body)
	if len(state.Faults) != 1 || state.Faults[0].Struck != 1 || state.Faults[0].Fault.DelayMS != 1 {
		t.Errorf("faults: %+v", state.Faults)
	}
	w := state.Tenants[0].Workspaces[0]
	if w.Name != Workspace || w.Roles[AppViewer] != RoleViewer || w.Datasets[1].Tables[0].Rows != 1 {
		t.Errorf("state: %+v", w)
	}
	for _, c := range b.s.Credentials() {
		if c.ClientSecret != "" && strings.Contains(call("GET", "/state", "").body+call("GET", "/requests", "").body, c.ClientSecret) {
			t.Errorf("the secret of %s is shown", c.Name)
		}
	}
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"DELETE", "/faults/" + string(rune('0'+id)), "", 204},
		{"DELETE", "/faults", "", 204},
		{"POST", "/faults", `{"operaton":"rows"}`, 400},
		{"POST", "/faults", `{"role":"King"}`, 400},
		{"POST", "/faults", `{"status":7}`, 400},
		{"POST", "/role", `{"workspace":"Practice workspace","who":"Viewer","role":"Member"}`, 204},
		{"POST", "/role", `{"workspace":"x","who":"Viewer","role":"Member"}`, 400},
		{"POST", "/settings", `{"executeQueries":false}`, 204},
		{"POST", "/settings", `{"x":false}`, 400},
		{"POST", "/revoke-tokens", "", 204},
		{"GET", "/nothing", "", 404},
	} {
		if r := call(c.method, c.path, c.body); r.status != c.status {
			t.Errorf("%s %s: %d %s, want %d", c.method, c.path, r.status, r.body, c.status)
		}
	}
	if r := b.want(403, "GET", "/groups", nil); r.info() != "TokenExpired" {
		t.Errorf("after revoke-tokens: %q", r.info())
	}
	b.token = b.signIn(AppPractice)
	b.want(401, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE Stock"}]}`)
	call("POST", "/settings", `{"executeQueries":true,"servicePrincipals":false}`)
	b.want(401, "GET", "/groups", nil)
}

// A web page must not be able to drive the service.
func TestControlRefusesWebPages(t *testing.T) {
	b := newHarness(t, Options{})
	for name, change := range map[string]func(*http.Request){
		"origin":       func(r *http.Request) { r.Header.Set("Origin", "https://evil.example.com") },
		"own origin":   func(r *http.Request) { r.Header.Set("Origin", b.s.APIURL()) },
		"foreign host": func(r *http.Request) { r.Host = "evil.example.com" },
		"other port":   func(r *http.Request) { r.Host = "127.0.0.1:1" },
		"cross site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
	} {
		req, err := http.NewRequestWithContext(context.Background(), "DELETE", b.s.APIURL()+"/practice/faults", nil)
		if err != nil {
			t.Fatal(err)
		}
		change(req)
		if r := b.send(req); r.status != 403 {
			t.Errorf("%s: %d", name, r.status)
		}
	}
}

// TestControlNeedsItsToken: who has not seen the service start can ask whether it is
// there, and nothing else.
func TestControlNeedsItsToken(t *testing.T) {
	b := newHarness(t, Options{})
	for token, want := range map[string]int{"": 401, "guess": 401, b.s.ControlToken() + "x": 401, b.s.ControlToken(): 200} {
		for _, path := range []string{"state", "requests", "behavior"} {
			req, err := http.NewRequestWithContext(context.Background(), "GET", b.s.APIURL()+"/practice/"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set(ControlHeader, token)
			if r := b.send(req); r.status != want {
				t.Errorf("%s with %q: %d", path, token, r.status)
			}
		}
	}
	for _, path := range []string{"ping", "clock"} {
		req, err := http.NewRequestWithContext(context.Background(), "GET", b.s.APIURL()+"/practice/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r := b.send(req); r.status != 200 {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}

// TestLostReplies: one POST of rows in so many gets no reply, and its rows are stored,
// late, never, or others add as many.
func TestLostReplies(t *testing.T) {
	for lost, want := range map[faults.Lost]struct{ soon, late int64 }{faults.LostStored: {9, 9}, faults.LostNever: {6, 6}, faults.LostLate: {6, 9}, faults.LostOthers: {9, 9}} {
		b := newHarness(t, Options{Behavior: faults.Behavior{LoseOneIn: 3, Lost: lost, LostMS: 135_000}})
		path, id := b.stock("None")
		for i := range 3 {
			r, err := b.try("POST", "/v1.0/myorg"+path+"/tables/Stock/rows", fixture.StockRows(3))
			if (err != nil) != (i == 2) || err == nil && r.status != 200 {
				t.Errorf("%q: request %d: %v", lost, i, err)
			}
		}
		if n, _ := b.s.CountRows(b.group, id, "Stock"); n != want.soon {
			t.Errorf("%q: %d rows, want %d", lost, n, want.soon)
		}
		b.s.Faults().Forward(3 * time.Minute)
		b.want(200, "GET", path, nil)
		if n, _ := b.s.CountRows(b.group, id, "Stock"); n != want.late {
			t.Errorf("%q: %d rows three minutes later, want %d", lost, n, want.late)
		}
	}
}

// TestNoQueriesAndAWrongDate: what a sender cannot rely on.
func TestNoQueriesAndAWrongDate(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{NoQueries: true, DateOffMS: -300_000}})
	path, _ := b.stock("None")
	r := b.want(401, "POST", path+"/executeQueries", map[string]any{"queries": []map[string]string{{"query": `EVALUATE ROW("n", COUNTROWS('Stock'))`}}})
	at, err := http.ParseTime(r.header.Get("Date"))
	if off := b.s.Faults().Now().Sub(at); err != nil || off < 299*time.Second || off > 302*time.Second {
		t.Errorf("the date is %v off: %v", off, err)
	}
}
