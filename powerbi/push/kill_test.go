package push

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// childEnv holds what a child process of TestKillProcess is to do.
const childEnv = "PUSHDESK_TEST_CHILD"

// errand is a run in a process of its own.
type errand struct {
	Service, CA, Login, Scope string
	App                       practice.Credential
	Target                    history.Table
	Runs, Resume              string
	Rows                      int
}

// TestChild is the other process of TestKillProcess; without its errand it has
// nothing to do.
func TestChild(t *testing.T) {
	var e errand
	if json.Unmarshal([]byte(os.Getenv(childEnv)), &e) != nil {
		return
	}
	pem, err := os.ReadFile(e.CA)
	if err != nil {
		t.Fatal(err)
	}
	hc := trusting(t, pem)
	client := powerbi.NewClient(e.Service, &signer{hc: hc, login: e.Login, scope: e.Scope, app: e.App}, hc)
	runs := openRunsIn(t, e.Runs)
	o := Options{Origin: history.Origin{FileHash: "h"}}
	if e.Resume == "" {
		o.Journal = begin(t, runs)
	} else {
		if o.Journal, err = runs.Resume(context.Background(), e.Resume, "h"); err != nil {
			t.Fatal(err)
		}
		o = OptionsOf(o.Journal)
	}
	o.Clock, o.Pace = hasty{}, plan.Pace{BatchRows: 1000}
	_, err = Send(context.Background(), NewTarget(client, e.Target), stockMapping, rows(e.Rows), o, func(p Progress) {
		fmt.Println("posts", p.Requests)
	})
	fmt.Println("ended", err)
}

// hasten lets the service's clock run as fast as that of a process with a hasty
// one, until the function it gives is called.
func (b *bench) hasten() (stop func()) {
	ended := make(chan struct{})
	var ran sync.WaitGroup
	ran.Go(func() {
		for last := time.Now(); ; {
			select {
			case <-ended:
				return
			case <-time.After(5 * time.Millisecond):
				now := time.Now()
				b.clock.advance(100 * now.Sub(last))
				last = now
			}
		}
	})
	return func() {
		close(ended)
		ran.Wait()
	}
}

// drain waits until the service has done with what a process sent that is no
// more. The clocks of the runs after it are faster than the service, which must not
// look like one that stores a batch minutes after it was sent.
func (b *bench) drain() {
	for n := -1; n != len(b.service.Requests()); b.service.Wait() {
		n = len(b.service.Requests())
		time.Sleep(300 * time.Millisecond) // for what the system still holds of the connection
	}
}

// TestKillProcess kills a process that sends, really and several times, and
// resumes the run here.
func TestKillProcess(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	// Slow enough to be killed in the middle.
	b.service.Faults().Add(faults.Fault{Operation: onRows, Times: -1, Delay: 60 * time.Millisecond})
	runs := openRuns(t)
	stop := b.hasten()
	e := errand{b.service.APIURL(), b.service.CAFile(), b.service.LoginURL(), b.signer.scope, b.signer.app, b.target, runs.Dir(), "", 60_000}
	for range 3 {
		arguments, _ := json.Marshal(e)
		child := exec.Command(os.Args[0], "-test.run=^TestChild$")
		child.Env = append(os.Environ(), childEnv+"="+string(arguments))
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var posts int
			if _, err := fmt.Sscanf(lines.Text(), "posts %d", &posts); err == nil && posts > 0 {
				child.Process.Kill()
			}
		}
		child.Wait()
		b.drain()
		list, err := runs.List(context.Background())
		if err != nil || len(list) != 1 || list[0].Status != history.StatusStopped || !list[0].Resumable || list[0].Requests == 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		b.adds(list[0])
		e.Resume = list[0].RunID
	}
	stop()
	b.service.Faults().Clear()
	j, err := runs.Resume(context.Background(), e.Resume, "h")
	if err != nil {
		t.Fatal(err)
	}
	o := OptionsOf(j)
	o.Pace.BatchRows = 1000
	r, err := b.send(context.Background(), rows(e.Rows), o, nil)
	if err != nil || !r.Status.Finished() || r.RowsConfirmed+r.RowsUnproven != int64(e.Rows) {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(everyRow, e.Rows)
}
