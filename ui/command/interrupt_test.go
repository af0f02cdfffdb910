package command

import (
	"os"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

// TestCtrlCSaysForWhatItWaits presses Ctrl+C while the reply to a batch is on its way:
// it is said at once for what is waited, and the reply is.
func TestCtrlCSaysForWhatItWaits(t *testing.T) {
	x := newTerminal(t)
	s, _ := x.service(practice.AppPractice)
	hold := make(chan struct{})
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: 1, Hold: hold})
	x.interrupt = make(chan os.Signal, 2)
	const stopping = "Stopping: waiting for the requests in progress. Press Ctrl+C again to end now."
	var pressed, said time.Time
	x.hears = func(all string) {
		if said.IsZero() && strings.Contains(all, stopping) {
			said = time.Now()
			close(hold)
		}
	}
	go func() {
		for len(s.Requests()) == 0 || s.Requests()[len(s.Requests())-1].Operation != faults.OpRows {
			time.Sleep(5 * time.Millisecond)
		}
		pressed = time.Now()
		x.interrupt <- os.Interrupt
	}()
	x.want(exitDone, "send", sales(t, 30), "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "D", "--table", "T", "--create", "--json")
	if a := x.account(); said.IsZero() || said.Sub(pressed) > time.Second || a.RowsSent != 30 {
		t.Errorf("said %v after Ctrl+C; %d rows sent\n%s", said.Sub(pressed), a.RowsSent, x.stderr)
	}
}
