package command

import (
	"os"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// TestCtrlCSaysForWhatItWaits presses Ctrl+C while the reply to a batch is on its way:
// it is said at once for what is waited, and the reply is.
func TestCtrlCSaysForWhatItWaits(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	hold := make(chan struct{})
	held := s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: 1, Hold: hold})
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
		for s.Faults().Struck(held) == 0 {
			time.Sleep(time.Millisecond)
		}
		pressed = time.Now()
		x.interrupt <- os.Interrupt
	}()
	x.want(cli.ExitDone, "send", sales(t, 30), "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "D", "--table", "T", "--create", "--json")
	if a := x.account(); said.IsZero() || said.Sub(pressed) > time.Second || a.RowsSent != 30 {
		t.Errorf("said %v after Ctrl+C; %d rows sent\n%s", said.Sub(pressed), a.RowsSent, x.stderr)
	}
}

// TestSecondCtrlCEndsNow presses Ctrl+C twice while a batch has no reply: the command
// ends at once, and the journal knows enough to send each row once.
func TestSecondCtrlCEndsNow(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	hold := make(chan struct{})
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: 1, Hold: hold, CutAfter: true}) // stored, and never answered
	x.interrupt = make(chan os.Signal, 2)
	var second time.Time
	x.hears = func(all string) {
		switch {
		case strings.Contains(all, "Ending now") && second.IsZero():
			second = time.Now()
		case strings.Contains(all, "again to end now") && len(x.interrupt) == 0 && second.IsZero():
			x.interrupt <- os.Interrupt
		}
	}
	go func() {
		for {
			if n, err := s.CountRows(practice.Workspace, "D", "T"); err == nil && n == 30 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		x.interrupt <- os.Interrupt
	}()
	file := sales(t, 30)
	x.want(cli.ExitStopped, "send", file, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "D", "--table", "T", "--create", "--json")
	took := time.Since(second)
	a := x.account()
	if second.IsZero() || took > 2*time.Second || !a.Resumable {
		t.Errorf("ended %v after the second Ctrl+C: %+v\n%s", took, a, x.stderr)
	}
	close(hold)
	x.interrupt, x.hears = nil, nil
	x.want(cli.ExitDone, "runs", "resume", a.RunID, "--json")
	if a := x.account(); a.RowsSent != 30 || a.RowsConfirmed != 30 || len(rowsOf(t, s, "D", "T")) != 30 {
		t.Errorf("%+v", a)
	}
}
