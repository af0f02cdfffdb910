package push

import (
	"context"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mappingtest"
	"pushdesk/powerbi/push/plan"
)

// wideRows are rows whose batches end by their bytes.
func wideRows(n int) *mappingtest.Rows {
	src := rows(n)
	src.Depot = strings.Repeat("wide ", 300)
	return src
}

// TestFewRequestsInTheSlowMode: where requests count by the hour, batches of wide rows
// are as large as the service takes them, and the plan knows.
func TestFewRequestsInTheSlowMode(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	const n = 30_000
	for _, c := range []struct {
		name     string
		slowFrom int64
		body     int64
		least    int
		most     int
	}{
		{"in the slow mode", 1000, 0, 4, 6},
		{"before it", 1_000_000, 0, 11, 13},
		{"a service that takes less", 1000, 6 << 20, 9, 22},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{Limits: traffic.Limits{SlowFrom: c.slowFrom, BodyBytes: c.body}}})
			pace := plan.Pace{SlowFrom: c.slowFrom}
			if _, err := Send(context.Background(), NewTarget(b.api, b.target), stockMapping, rowsFrom(1_000_000, 2000), Options{Clock: b.clock, Pace: pace}, nil); err != nil {
				t.Fatal(err)
			}
			before, _ := b.posts(0)
			report, err := mapping.CheckRows(context.Background(), wideRows(n), stockMapping, mapping.CheckOptions{})
			if err != nil {
				t.Fatal(err)
			}
			plan := plan.Make(plan.Input{Rows: n, Bytes: report.Bytes, Batches: report.Batches, ExistingRows: 2000, Pace: pace, Now: noon})
			r, err := Send(context.Background(), NewTarget(b.api, b.target), stockMapping, wideRows(n), Options{Clock: b.clock, Pace: pace}, nil)
			if err != nil || r.RowsConfirmed != n {
				t.Fatalf("%+v, %v", r, err)
			}
			all, tooLarge := b.posts(413)
			if all -= before; all < c.least || all > c.most {
				t.Errorf("%d requests, want %d to %d", all, c.least, c.most)
			}
			if c.body == 0 && (tooLarge > 0 || max(plan.Requests-all, all-plan.Requests) > 2) {
				t.Errorf("%d too large; planned %d requests, took %d", tooLarge, plan.Requests, all)
			}
			if c.body > 0 && (tooLarge == 0 || tooLarge > 2) {
				t.Errorf("%d bodies were too large before it was learned", tooLarge)
			}
			list := b.stored()
			seen := map[int]int{}
			for _, id := range list {
				seen[id]++
			}
			if len(list) != n+2000 || len(seen) != n+2000 {
				t.Errorf("%d rows, %d of them different", len(list), len(seen))
			}
		})
	}
}
