package account

import (
	"context"
	"sync"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
)

// sideBySide is how many connections are tested at the same time: enough to hide
// the waits, few enough not to be throttled.
const sideBySide = 8

// TestMany tests connections side by side, each with a new sign-in. on is told with
// nil when a test starts and with its report when it ends; it is called by several
// goroutines, one at a time. Connections that do not exist are left out, and those
// that are there twice are tested once. To be tested with all others is no use of a
// connection: the recently used ones stay first. TestMany returns when all are tested,
// or ctx ends.
func (a *Accounts) TestMany(ctx context.Context, ids []string, on func(id string, r *doctor.Report)) {
	a.each(ctx, ids, func(c connection.Connection, tell func(func())) {
		tell(func() { on(c.ID, nil) })
		report := a.test(ctx, c, nil, TestOptions{}, nil)
		if ctx.Err() == nil {
			tell(func() { on(c.ID, &report) })
		}
	})
}

// each does something with each of the connections, some at a time. tell runs
// what it is given while no other does.
func (a *Accounts) each(ctx context.Context, ids []string, do func(c connection.Connection, tell func(func()))) {
	var wait sync.WaitGroup
	var telling sync.Mutex
	tell := func(f func()) {
		telling.Lock()
		defer telling.Unlock()
		f()
	}
	room := make(chan struct{}, sideBySide)
	begun := map[string]bool{}
	for _, id := range ids {
		c, err := a.Connections.Find(id)
		if err != nil || begun[c.ID] {
			continue
		}
		begun[c.ID] = true
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			wait.Wait()
			return
		}
		wait.Go(func() {
			defer func() { <-room }()
			do(c, tell)
		})
	}
	wait.Wait()
}
