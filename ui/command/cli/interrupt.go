package cli

import (
	"context"
	"sync"
	"time"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
)

// endLimit is how long the program may take to end after a second interrupt.
const endLimit = 10 * time.Second

// watch returns a context that the first interrupt ends. Call stop when the command is
// over.
func (c *Env) watch(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	c.interrupts.abort = make(chan struct{})
	line := ""
	if c.Terminal {
		line = "\n" // after the ^C, or the line with the progress
	}
	go func() {
		stopping := false // a run was stopped: it still writes its receipt after its last request
		for n := 1; ; n++ {
			select {
			case <-c.Interrupt:
			case <-over:
				return
			}
			switch sending := c.interrupts.sending.Load(); {
			case n == 1 && sending:
				stopping = true
				c.tell("%sStopping: waiting for the requests in progress. Press Ctrl+C again to end now.", line)
			case n == 1:
				c.tell("%sStopping.", line)
			case n == 2 && sending:
				c.tell("%sEnding now. The replies to the requests in progress are not waited for; resuming the run finds out what was saved.", line)
				close(c.interrupts.abort)
			case c.EndNow != nil && (!stopping || n > 2):
				c.EndNow()
			}
			if n == 2 && c.EndNow != nil { // whatever hangs, a disk or a network, ends then
				last := time.AfterFunc(endLimit, c.EndNow)
				defer last.Stop()
			}
			cancel()
		}
	}()
	return ctx, sync.OnceFunc(func() { close(over); cancel() })
}

// Sending shows the progress of a run, which two interrupts end, until done is called.
func (c *Env) Sending(total int64) (on func(push.Progress), done func()) {
	shown := c.NewProgress()
	c.interrupts.sending.Store(true)
	return shown.sending(total), func() {
		c.interrupts.sending.Store(false)
		shown.End()
	}
}

// Control is how interrupts end a run that is under way.
func (c *Env) Control() job.Control { return job.Control{Abort: c.interrupts.abort} }
