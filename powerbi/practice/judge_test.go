package practice

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
	"pushdesk/powerbi/practice/traffic"
)

// TestWindows: the same requests against each way the periods may run. The clock
// stands at some minutes past an hour when it starts.
func TestWindows(t *testing.T) {
	for _, c := range []struct {
		windows traffic.Windows
		first   time.Duration // from the hour to the first POST
		wait    time.Duration // from the POST that is refused to room
	}{
		{traffic.Rolling, 40 * time.Minute, 50 * time.Minute}, // the first POST was ten minutes ago
		{traffic.Fixed, 40 * time.Minute, 10 * time.Minute},   // the hour ends
		{traffic.First, 40 * time.Minute, 50 * time.Minute},   // its hour began with the first POST
	} {
		t.Run(string(c.windows), func(t *testing.T) {
			b := newHarness(t, Options{TokenLife: 24 * time.Hour, Behavior: faults.Behavior{Windows: c.windows, Limits: traffic.Limits{RowsPerHour: 100}}})
			path, _ := b.stock("None")
			rows := path + "/tables/Stock/rows"
			now := b.clock.now()
			b.clock.add(now.Truncate(time.Hour).Add(time.Hour + c.first).Sub(now))
			b.want(200, "POST", rows, fixture.StockRows(60))
			b.clock.add(10 * time.Minute)
			b.want(200, "POST", rows, fixture.StockRows(40))
			if wait := refusedFor(t, b.do("POST", rows, fixture.StockRows(1))); wait != c.wait {
				t.Errorf("wait %v, want %v", wait, c.wait)
			}
			b.clock.add(c.wait - time.Second)
			refusedFor(t, b.do("POST", rows, fixture.StockRows(1)))
			b.clock.add(time.Second)
			b.want(200, "POST", rows, fixture.StockRows(1))
			// A rolling window has room for the first batch's rows only.
			fits := b.do("POST", rows, fixture.StockRows(99)).status == http.StatusOK
			if fits != (c.windows != traffic.Rolling) {
				t.Errorf("99 more rows fit: %v", fits)
			}
		})
	}
}

// TestCountDelay: queries run behind what was stored.
func TestCountDelay(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{CountDelayMS: 30_000}})
	path, _ := b.stock("None")
	count := func() string { return b.query(path, `EVALUATE ROW("n", COUNTROWS('Stock'))`, true).body }
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(7))
	if got := count(); !strings.Contains(got, `"[n]":null`) {
		t.Error(got)
	}
	b.clock.add(20 * time.Second)
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(5))
	b.clock.add(10 * time.Second)
	if got := count(); !strings.Contains(got, `"[n]":7`) {
		t.Error(got)
	}
	if got := b.query(path, `EVALUATE 'Stock'`, false).body; strings.Count(got, "Stock[Depot]") != 7 {
		t.Error(got)
	}
	b.s.Faults().SetCountDelay(0)
	if got := count(); !strings.Contains(got, `"[n]":12`) {
		t.Error(got)
	}
}

// TestOthersWrite: somebody else adds rows between an answer and the count, and
// they use up the limits.
func TestOthersWrite(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{Limits: traffic.Limits{RowsPerHour: 20}}})
	path, _ := b.stock("None")
	b.s.Faults().Add(faults.Fault{Operation: faults.OpQuery, Others: 3})
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(7))
	if got := b.query(path, `EVALUATE ROW("n", COUNTROWS('Stock'))`, true).body; !strings.Contains(got, `"[n]":10`) {
		t.Error(got)
	}
	refusedFor(t, b.do("POST", path+"/tables/Stock/rows", fixture.StockRows(11)))
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(10))
}

// TestFaultsByChance: a seed makes the same trouble each time.
func TestFaultsByChance(t *testing.T) {
	trouble := func(seed uint64) string {
		b := newHarness(t, Options{Behavior: faults.Behavior{NoLimits: true}})
		path, _ := b.stock("None")
		b.s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: -1, Seed: seed, OneIn: 3, Among: []faults.Fault{{Status: 503}, {Status: 429, RetryAfter: 9}, {Status: 500}}})
		var got []string
		for range 60 {
			got = append(got, fmt.Sprint(b.do("POST", path+"/tables/Stock/rows", fixture.StockRows(1)).status))
		}
		return strings.Join(got, " ")
	}
	first := trouble(7)
	for _, status := range []string{"200", "503", "429", "500"} {
		if n := strings.Count(first, status); n < 2 {
			t.Errorf("%s came %d times in 60: %s", status, n, first)
		}
	}
	if again := trouble(7); again != first {
		t.Errorf("the same seed made other trouble:\n%s\n%s", first, again)
	}
	if trouble(8) == first {
		t.Error("another seed made the same trouble")
	}
}

// TestBehaviorOverThePaths: everything that makes the service a judge can be changed
// from outside while it runs.
func TestBehaviorOverThePaths(t *testing.T) {
	b := newHarness(t, Options{})
	path, id := b.stock("None")
	rows := path + "/tables/Stock/rows"
	control := func(status int, method, what, body string) string {
		t.Helper()
		q, err := http.NewRequestWithContext(context.Background(), method, b.s.APIURL()+"/practice/"+what, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set(ControlHeader, b.s.ControlToken())
		resp, err := b.hc.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != status {
			t.Fatalf("%s %s %s: %s %s", method, what, body, resp.Status, text)
		}
		return string(text)
	}
	control(200, "POST", "behavior", `{"windows":"fixed","countDelayMs":9000,"limits":{"rowsPerHour":30}}`)
	var got faults.Behavior
	if err := json.Unmarshal([]byte(control(200, "GET", "behavior", "")), &got); err != nil || got.Windows != traffic.Fixed || got.Limits.RowsPerHour != 30 || got.Limits.Pending != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	b.want(200, "POST", rows, fixture.StockRows(10))
	control(204, "POST", "others", fmt.Sprintf(`{"dataset":%q,"rows":20}`, id))
	refusedFor(t, b.do("POST", rows, fixture.StockRows(1)))
	count := func(want string) {
		t.Helper()
		if got := b.query(path, `EVALUATE ROW("n", COUNTROWS('Stock'))`, true).body; !strings.Contains(got, `"[n]":`+want) {
			t.Errorf("want %s: %s", want, got)
		}
	}
	count("null")
	control(200, "POST", "clock", `{"forwardMs":3600000}`)
	b.token = b.signIn(AppPractice)
	count("30")
	b.want(200, "POST", rows, fixture.StockRows(30))

	// Of a batch that is refused, the rows before the bad one may be stored.
	control(200, "POST", "behavior", `{"noLimits":true,"countDelayMs":0,"partlyStored":true}`)
	bad := strings.Replace(fixture.StockRow, `"Units":42`, `"Units":"many"`, 1)
	b.want(400, "POST", rows, `{"rows":[`+fixture.StockRow+`,`+fixture.StockRow+`,`+bad+`,`+fixture.StockRow+`]}`)
	count("62")
	b.want(400, "POST", rows, `{"rows":[`+bad+`,`+fixture.StockRow+`]}`)
	count("62")
	control(200, "POST", "behavior", `{"partlyStored":false}`)
	b.want(400, "POST", rows, `{"rows":[`+fixture.StockRow+`,`+bad+`]}`)
	count("62")

	for what, bodies := range map[string][]string{
		"behavior": {`{"windows":"lunar"}`, `{"countDelayMs":-1}`, `{"limits":{"pending":-1}}`, `{"unknown":1}`, `[]`},
		"clock":    {`{"forwardMs":-1}`}, "others": {`{"dataset":"nowhere","rows":1}`},
	} {
		for _, body := range bodies {
			control(400, "POST", what, body)
		}
	}
}
