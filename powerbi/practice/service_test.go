package practice

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"sync"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
	"pushdesk/powerbi/practice/tenant"
)

// The whole way of a sender: token, workspace, dataset, rows, count, sample.
func TestMainPath(t *testing.T) {
	b := newHarness(t, Options{})
	groups := decode[struct {
		Context string `json:"@odata.context"`
		Value   []api.Group
	}](t, b.want(200, "GET", "/groups", nil).body)
	if len(groups.Value) != 2 || groups.Context == "" {
		t.Fatalf("groups: %+v", groups)
	}
	path, id := b.stock("None")
	r := b.want(200, "POST", path+"/tables/Stock/rows", `{"rows":[`+fixture.StockRow+`,`+fixture.StockRow+`]}`)
	if r.body != "" {
		t.Errorf("rows answered %q, want an empty body", r.body)
	}
	r = b.want(200, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE ROW(\"n\", COUNTROWS('Stock'))"}],"serializerSettings":{"includeNulls":true}}`)
	if r.body != `{"results":[{"tables":[{"rows":[{"[n]":2}]}]}]}` {
		t.Errorf("count answered %s", r.body)
	}
	r = b.want(200, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE TOPN(1,'Stock')"}]}`)
	if want := `{"results":[{"tables":[{"rows":[{"Stock[Depot]":"Gent","Stock[CountedOn]":"2026-11-20T00:00:00","Stock[Units]":42,"Stock[Value]":1234.50}]}]}]}`; r.body != want {
		t.Errorf("sample answered %s\nwant %s", r.body, want)
	}
	rows, err := b.s.Rows(b.group, id, "Stock")
	if err != nil || len(rows) != 2 || string(rows[0]) != fixture.StockRow {
		t.Errorf("rows stored: %s, %v", rows, err)
	}
	b.want(200, "DELETE", path+"/tables/Stock/rows", nil)
	r = b.want(200, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE ROW(\"n\", COUNTROWS('Stock'))"}],"serializerSettings":{"includeNulls":true}}`)
	if r.body != `{"results":[{"tables":[{"rows":[{"[n]":null}]}]}]}` {
		t.Errorf("count of an empty table answered %s", r.body)
	}
}

// Close ends requests that wait, breaks off those that stall, and leaves no
// goroutine behind.
func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := &harness{t: t, s: s, clock: newClock(), hc: clientOf(t, s)}
	b.token = b.signIn(AppPractice)
	if b.group, err = s.WorkspaceID(Workspace); err != nil {
		t.Fatal(err)
	}
	path, id := b.stock("None")
	s.Faults().Add(faults.Fault{Operation: faults.OpGroups, Hold: make(chan struct{})})
	stalled, feed := io.Pipe()
	var wait sync.WaitGroup
	wait.Go(func() { b.try("GET", "/v1.0/myorg/groups", nil) })
	wait.Go(func() {
		req, err := http.NewRequestWithContext(context.Background(), "POST", s.APIURL()+"/v1.0/myorg"+path+"/tables/Stock/rows", stalled)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header.Set("Authorization", "Bearer "+b.token)
		if r, err := b.sent(req); err == nil {
			t.Errorf("a stalled request was answered %d", r.status)
		}
	})
	feed.Write([]byte(`{"rows":[`))
	b.until(func() bool { return b.pending(id) == 1 })
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	feed.Close()
	wait.Wait()
	b.hc.CloseIdleConnections()
	b.until(func() bool { return runtime.NumGoroutine() <= before })
	if _, err := b.try("GET", "/practice/ping", nil); err == nil {
		t.Error("a closed service answers")
	}
}

// The log keeps the last requests only.
func TestRequestLogIsBounded(t *testing.T) {
	b := newHarness(t, Options{LogSize: 4})
	path, _ := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(7))
	for range 3 {
		b.want(200, "GET", "/groups?$top=1", nil)
	}
	log := b.s.Requests()
	if len(log) != 4 || log[0].Operation != faults.OpRows || log[0].Rows != 7 || log[0].Status != 200 || log[0].Caller != "Practice" || log[0].Bytes == 0 || !tenant.IsGUID(log[0].RequestID) {
		t.Errorf("log %+v", log)
	}
	if last := log[3]; last.Operation != faults.OpGroups || last.Method != "GET" || last.Path != "/v1.0/myorg/groups" || last.Query != "$top=1" {
		t.Errorf("last %+v", last)
	}
}

// Many clients at once see each row stored once.
func TestManyClients(t *testing.T) {
	b := newHarness(t, Options{Dir: t.TempDir(), Behavior: faults.Behavior{NoLimits: true}})
	path, id := b.stock("None")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 10 {
				if r, err := b.try("POST", "/v1.0/myorg"+path+"/tables/Stock/rows", fixture.StockRows(5)); err != nil || r.status != 200 {
					t.Errorf("%d, %v", r.status, err)
				}
				b.query(path, `EVALUATE TOPN(3,Stock)`, false)
			}
		})
	}
	wait.Wait()
	if n, _ := b.s.CountRows(b.group, id, "Stock"); n != 400 {
		t.Errorf("%d rows", n)
	}
}

// BenchmarkPost10000x12 is the whole way of a full batch: HTTPS, check, store.
func BenchmarkPost10000x12(b *testing.B) {
	for name, opts := range map[string]Options{"folder": {Dir: b.TempDir()}, "discard": {DiscardRows: true}} {
		b.Run(name, func(b *testing.B) {
			opts.Behavior.NoLimits = true
			h := newHarness(b, opts)
			columns, body := fixture.WideBody(10_000)
			r := h.want(201, "POST", "/groups/"+h.group+"/datasets", map[string]any{"name": "D", "tables": []powerbi.Table{{Name: "T", Columns: columns}}})
			path := "/groups/" + h.group + "/datasets/" + decode[api.Dataset](b, r.body).ID + "/tables/T/rows"
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				h.want(200, "POST", path, body)
			}
		})
	}
}
