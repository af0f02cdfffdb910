package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"pushdesk/powerbi/push"
)

// TestSecondCtrlCAfterTheLastRequest presses Ctrl+C again when a stopped run only has
// its receipt to write: the program is not ended under it, so its exit code is true.
func TestSecondCtrlCAfterTheLastRequest(t *testing.T) {
	presses, ended := make(chan os.Signal), make(chan bool, 1)
	c := &Env{World: World{Err: &bytes.Buffer{}, Interrupt: presses, EndNow: func() { ended <- true }}}
	ctx, stop := c.watch(t.Context())
	defer stop()
	_, done := c.Sending(1)
	presses <- os.Interrupt
	<-ctx.Done()
	done()
	presses <- os.Interrupt
	select {
	case presses <- os.Interrupt: // taken only when the second press was dealt with
	case <-ended:
		t.Fatal("the second Ctrl+C ended the program before the receipt")
	}
	<-ended
}

// TestWaitingWithoutAReason says that a run waits, when it was not yet told why.
func TestWaitingWithoutAReason(t *testing.T) {
	var out bytes.Buffer
	c := &Env{World: World{Err: &out}}
	on, done := c.Sending(10)
	on(push.Progress{State: push.StateWaiting})
	done()
	if got := strings.TrimSpace(out.String()); got != "" && !strings.HasSuffix(got, "sent. Waiting") {
		t.Errorf("%q", got)
	}
}
