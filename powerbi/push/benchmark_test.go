package push

import (
	"context"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/plan"
)

// BenchmarkSend sends 250,000 rows to a practice service in the same process,
// which keeps no values, and reports the most memory that both had in use.
func BenchmarkSend(b *testing.B) {
	const n = 250_000
	bench := newBench(b, powerbi.RetentionNone, practice.Options{DiscardRows: true, Behavior: faults.Behavior{NoLimits: true}})
	peak := uint64(0)
	quit, gone := make(chan struct{}), make(chan struct{})
	runtime.GC()
	go func() {
		defer close(gone)
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(sample)
			peak = max(peak, sample[0].Value.Uint64())
			select {
			case <-quit:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	runs := openRuns(b)
	free := plan.Pace{Requests: 1 << 30, RowsPerHour: 1 << 50, SlowFrom: 1 << 50}
	for b.Loop() {
		j := begin(b, runs)
		r, err := Send(context.Background(), NewTarget(bench.client, bench.target), stockMapping, rows(n), Options{Pace: free, Journal: j}, nil)
		if err != nil || r.RowsConfirmed != n {
			b.Fatalf("%+v, %v", r, err)
		}
	}
	close(quit)
	<-gone
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
}
