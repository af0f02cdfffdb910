package command

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice"
	"pushdesk/ui/command/cli"
)

// TestPracticeKeepsTheSameRules is S19: the practice workspace of this computer is sent to on
// the same path as any service, so that what it says of a run differs in nothing.
func TestPracticeKeepsTheSameRules(t *testing.T) {
	x := apart(t)
	x.service(practice.AppPractice)
	path := tempFile(t, "rows.csv", []byte("A,B,When\nx,1,2026-01-05\ny,2,2026-01-06\n"))
	plain := func(args ...string) map[string]any {
		t.Helper()
		x.want(cli.ExitDone, append(args, "--json")...)
		var d map[string]any
		x.document(&d)
		for _, key := range []string{"runId", "datasetId", "workspaceId", "started", "ended", "durationMs", "connection", "requestIds", "timings", "earlier", "quota", "plan"} {
			delete(d, key)
		}
		return d
	}
	served := plain(local(path, "Same", "--create")...)
	ours := plain("send", path, "--practice", "--dataset", "Same", "--table", "T")
	for key, value := range served {
		a, _ := json.Marshal(value)
		b, _ := json.Marshal(ours[key])
		if string(a) != string(b) && !strings.HasPrefix(key, "phase") {
			t.Errorf("%s: %s with a service, %s with the practice workspace", key, a, b)
		}
	}
}

// TestALimitBelowABatch: rows that no hour has room for at once are sent as smaller batches.
func TestALimitBelowABatch(t *testing.T) {
	x := newTerminal(t)
	p, err := practice.Open(t.Context(), filepath.Join(x.home, "practice"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	b := p.Service().Faults().Behavior()
	b.Limits.RowsPerHour = 5
	if err := p.Service().Faults().SetBehavior(b); err != nil {
		t.Fatal(err)
	}
	x.hears = func(said string) {
		if strings.HasSuffix(strings.TrimSpace(said), "Power BI asked to wait") {
			if err := p.Forward(t.Context(), time.Hour); err != nil {
				t.Error(err)
			}
		}
	}
	x.want(cli.ExitDone, "send", tempFile(t, "six.csv", []byte("A,B\n1,x\n2,x\n3,x\n4,x\n5,x\n6,x\n")), "--practice")
	x.says("Confirmed", "6")
}

// TestLimitsArePractisedInMinutes is S19: an hour that passes for the practice service passes
// for the run that waits for it, too.
func TestLimitsArePractisedInMinutes(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	x := newTerminal(t)
	p, err := practice.Open(t.Context(), filepath.Join(x.home, "practice"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	b := p.Service().Faults().Behavior()
	b.Limits.RowsPerHour = 10_000
	if err := p.Service().Faults().SetBehavior(b); err != nil {
		t.Fatal(err)
	}
	var rows strings.Builder
	for i := range 25_000 {
		fmt.Fprintf(&rows, "%d,x\n", i)
	}
	path := tempFile(t, "long.csv", []byte("A,B\n"+rows.String()))
	y := &terminal{t: t, home: x.home, env: map[string]string{}}
	waits := 0
	x.hears = func(said string) {
		if n := strings.Count(said, "Waiting until"); n > waits {
			waits = n
			y.want(cli.ExitDone, "practice", "forward", "30m")
			y.says("30 min passed")
			y.want(cli.ExitDone, "practice", "forward", "30m", "--json")
			y.says(`"forwardMs": 1800000`)
		}
	}
	began := time.Now()
	x.want(cli.ExitDone, "send", path, "--practice")
	if waits < 2 || time.Since(began) > 20*time.Minute {
		t.Errorf("waited %d times, for %v", waits, time.Since(began))
	}
	x.says("Confirmed", "25,000", "2 h, of which 2 h waiting for Power BI")
	x.hears = nil
	y.want(cli.ExitUsage, "practice", "forward", "soon")
	y.want(cli.ExitUsage, "practice", "forward", "-1h")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	y.want(cli.ExitUnexpected, "practice", "forward", "1h")
	y.says("No practice service runs")
}
