package practice

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
	"pushdesk/powerbi/practice/traffic"
)

// refusedFor checks a 429 and gives its wait.
func refusedFor(t *testing.T, r reply) time.Duration {
	t.Helper()
	seconds, err := strconv.Atoi(r.header.Get("Retry-After"))
	want := fmt.Sprintf(`{"message":"You have exceeded the amount of requests allowed in the current time frame and further requests will fail. Retry in %d seconds."}`, seconds)
	if r.status != http.StatusTooManyRequests || err != nil || seconds < 1 || r.body != want {
		t.Fatalf("%d, Retry-After %q, %s", r.status, r.header.Get("Retry-After"), r.body)
	}
	return time.Duration(seconds) * time.Second
}

func TestRequestsAMinute(t *testing.T) {
	b := newHarness(t, Options{})
	path, _ := b.stock("None")
	rows := path + "/tables/Stock/rows"
	for range 100 {
		b.want(200, "POST", rows, fixture.StockRows(1))
	}
	b.clock.add(20 * time.Second)
	for range 20 {
		b.want(200, "POST", rows, fixture.StockRows(1))
	}
	if wait := refusedFor(t, b.do("POST", rows, fixture.StockRows(1))); wait != 40*time.Second {
		t.Errorf("wait %v, want 40 s", wait)
	}
	b.clock.add(39 * time.Second)
	refusedFor(t, b.do("POST", rows, fixture.StockRows(1)))
	b.clock.add(time.Second)
	b.want(200, "POST", rows, fixture.StockRows(1))
	// Another dataset has limits of its own.
	other, _ := b.stock("None")
	b.want(200, "POST", other+"/tables/Stock/rows", fixture.StockRows(1))
}

func TestRequestsAnHourForLargeTables(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{Limits: traffic.Limits{SlowFrom: 100, Requests: 5}}})
	path, _ := b.stock("None")
	rows := path + "/tables/Stock/rows"
	b.want(200, "POST", rows, fixture.StockRows(99))
	b.clock.add(10 * time.Minute)
	for range 4 {
		b.want(200, "POST", rows, fixture.StockRows(1))
		b.clock.add(2 * time.Minute)
	}
	if wait := refusedFor(t, b.do("POST", rows, fixture.StockRows(1))); wait != 42*time.Minute {
		t.Errorf("wait %v, want 42 minutes until the first request is an hour old", wait)
	}
	b.want(200, "DELETE", rows, nil) // a small table again
	b.want(200, "POST", rows, fixture.StockRows(1))
}

func TestRowsAnHour(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{Limits: traffic.Limits{RowsPerHour: 100}}})
	path, id := b.stock("None")
	rows := path + "/tables/Stock/rows"
	b.want(200, "POST", rows, fixture.StockRows(30))
	b.clock.add(10 * time.Minute)
	b.want(200, "POST", rows, fixture.StockRows(60))
	if wait := refusedFor(t, b.do("POST", rows, fixture.StockRows(11))); wait != 50*time.Minute {
		t.Errorf("wait %v, want 50 minutes", wait)
	}
	if wait := refusedFor(t, b.do("POST", rows, fixture.StockRows(41))); wait != 60*time.Minute {
		t.Errorf("wait %v, want an hour, until both batches have left", wait)
	}
	b.want(200, "POST", rows, fixture.StockRows(10))
	b.token = ""
	b.clock.add(50 * time.Minute)
	b.token = b.signIn(AppPractice)
	b.want(200, "POST", rows, fixture.StockRows(30))
	if n, _ := b.s.CountRows(b.group, id, "Stock"); n != 130 {
		t.Errorf("%d rows", n)
	}
}

func TestRowsARequestAndBodySize(t *testing.T) {
	b := newHarness(t, Options{})
	path, id := b.stock("None")
	rows := path + "/tables/Stock/rows"
	b.want(200, "POST", rows, fixture.StockRows(10_000))
	if r := b.want(400, "POST", rows, fixture.StockRows(10_001)); !strings.Contains(r.body, "more than 10000 rows") {
		t.Errorf("too many rows: %s", r.body)
	}
	pad := func(size int) string {
		return `{"rows":[` + strings.Repeat(" ", size-len(fixture.StockRow)-11) + fixture.StockRow + `]}`
	}
	b.want(200, "POST", rows, pad(powerbi.MaxBodyBytes))
	if r := b.want(413, "POST", rows, pad(powerbi.MaxBodyBytes+1)); r.code() != "RequestEntityTooLarge" {
		t.Errorf("too large: %s", r.body)
	}
	// Without a length the size shows only while reading.
	req, err := http.NewRequestWithContext(context.Background(), "POST", b.s.APIURL()+"/v1.0/myorg"+rows, struct{ *strings.Reader }{strings.NewReader(pad(powerbi.MaxBodyBytes + 5))})
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	if r := b.send(req); r.status != 413 {
		t.Errorf("too large without a length: %d", r.status)
	}
	if n, _ := b.s.CountRows(b.group, id, "Stock"); n != 10_001 {
		t.Errorf("%d rows", n)
	}
}

func TestStoredRows(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{Limits: traffic.Limits{RowsNone: 50, RowsFIFO: 50, RowsFIFOSlack: 10}}})
	count := func(id string) int64 { n, _ := b.s.CountRows(b.group, id, "Stock"); return n }
	path, id := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(50))
	if r := b.want(400, "POST", path+"/tables/Stock/rows", fixture.StockRows(1)); r.code() != "InvalidRequest" {
		t.Errorf("full: %s", r.body)
	}
	if count(id) != 50 {
		t.Errorf("%d rows", count(id))
	}
	path, id = b.stock("basicFIFO")
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(60))
	if count(id) != 60 {
		t.Errorf("within the slack: %d rows, want 60", count(id))
	}
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(1))
	rows, err := b.s.Rows(b.group, id, "Stock")
	if err != nil || len(rows) != 50 {
		t.Fatalf("trimmed: %d rows, %v, want 50", len(rows), err)
	}
	// Rows 11 to 60 of the first batch had Units 10 to 59; the oldest 11 are gone.
	if !strings.Contains(string(rows[0]), `"Units":11,`) || !strings.Contains(string(rows[49]), `"Units":0,`) {
		t.Errorf("first %s, last %s", rows[0], rows[49])
	}
}

func TestPendingRequests(t *testing.T) {
	b := newHarness(t, Options{})
	path, id := b.stock("None")
	rows := path + "/tables/Stock/rows"
	hold := make(chan struct{})
	b.s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: 5, Hold: hold})
	var wait sync.WaitGroup
	for range 5 {
		wait.Go(func() {
			if r, err := b.try("POST", "/v1.0/myorg"+rows, fixture.StockRows(1)); err != nil || r.status != 200 {
				t.Errorf("held request: %d, %v", r.status, err)
			}
		})
	}
	b.until(func() bool { return b.pending(id) == 5 })
	refusedFor(t, b.do("POST", rows, fixture.StockRows(1)))
	close(hold)
	wait.Wait()
	b.want(200, "POST", rows, fixture.StockRows(1))
	if n, _ := b.s.CountRows(b.group, id, "Stock"); n != 6 {
		t.Errorf("%d rows", n)
	}
}

// pending gives the POSTs of rows to a dataset that wait for their answer.
func (b *harness) pending(id string) int {
	b.s.tenant.Lock()
	defer b.s.tenant.Unlock()
	return b.s.tenant.Workspace(b.group).Dataset(id).Traffic.Pending
}

// until waits for something that another goroutine brings about.
func (b *harness) until(done func() bool) {
	b.t.Helper()
	for range 2000 {
		if done() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	b.t.Fatal("it did not happen")
}

func TestNoLimits(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{NoLimits: true, Limits: traffic.Limits{Requests: 2, RowsPerHour: 10, RowsNone: 10, Queries: 1}}})
	path, _ := b.stock("None")
	for range 5 {
		b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(10))
		b.want(200, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE TOPN(1,Stock)"}]}`)
	}
}

func TestQueriesAMinute(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{Limits: traffic.Limits{Queries: 3}}})
	path, _ := b.stock("None")
	query := `{"queries":[{"query":"EVALUATE 'Stock'"}]}`
	for range 3 {
		b.want(200, "POST", path+"/executeQueries", query)
	}
	if wait := refusedFor(t, b.do("POST", path+"/executeQueries", query)); wait != time.Minute {
		t.Errorf("wait %v", wait)
	}
	b.clock.add(time.Minute)
	b.want(200, "POST", path+"/executeQueries", query)
}
