package task_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"pushdesk/ui/window/task"
)

func TestReadPostsOnceAndOnlyTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q task.Queue
		w := task.NewWork(q.Post)
		defer w.Close()
		l := w.Latest()
		var got []string
		read := func(d time.Duration, v string) {
			task.Read(l, func(ctx context.Context) (string, error) {
				select {
				case <-time.After(d):
					return v, nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			}, func(v string, err error) {
				if err != nil {
					t.Errorf("%q: %v", v, err)
				}
				got = append(got, v)
			})
		}
		read(2*time.Second, "old")
		time.Sleep(time.Second)
		read(3*time.Second, "new")
		synctest.Wait()
		q.Drain()
		if len(got) != 0 || !l.Busy() {
			t.Fatalf("the cancelled read answered: %v", got)
		}
		time.Sleep(4 * time.Second)
		synctest.Wait()
		q.Drain()
		if len(got) != 1 || got[0] != "new" || l.Busy() {
			t.Fatalf("got %v, want the newest only", got)
		}

		read(time.Second, "posted but not yet run")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		l.Cancel()
		q.Drain()
		if len(got) != 1 {
			t.Fatalf("an answer arrived after Cancel: %v", got)
		}
	})
}

func TestEveryNeverPilesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q task.Queue
		w := task.NewWork(q.Post)
		defer w.Close()
		runs := 0
		stop := w.Every(100*time.Millisecond, func() { runs++ })
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if n := q.Drain(); n != 1 {
			t.Fatalf("%d posts waited for a screen that drew none, want 1", n)
		}
		for range 3 {
			time.Sleep(150 * time.Millisecond)
			synctest.Wait()
			q.Drain()
		}
		if runs < 3 {
			t.Fatalf("ran %d times", runs)
		}
		before := runs
		time.Sleep(150 * time.Millisecond)
		synctest.Wait()
		stop()
		q.Drain()
		if runs != before {
			t.Fatal("ran after it was stopped")
		}
	})
}

func TestCloseCancelsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q task.Queue
		w := task.NewWork(q.Post)
		var ended error
		w.Go(func(ctx context.Context) {
			<-ctx.Done()
			time.Sleep(time.Second) // clearing up
			ended = ctx.Err()
		})
		ran := false
		w.After(time.Minute, func() { ran = true })
		time.Sleep(time.Second)
		w.Close()
		if !errors.Is(ended, context.Canceled) {
			t.Fatalf("Close did not wait: %v", ended)
		}
		q.Drain()
		if ran {
			t.Fatal("a cancelled After ran")
		}
	})
}

func TestAfterAndOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q task.Queue
		w := task.NewWork(q.Post)
		defer w.Close()
		var order []int
		w.After(time.Second, func() { order = append(order, 1); w.Post(func() { order = append(order, 3) }) })
		time.Sleep(2 * time.Second)
		synctest.Wait()
		w.Post(func() { order = append(order, 2) })
		q.Drain()
		if len(order) != 3 || order[0] != 1 || order[1] != 2 || order[2] != 3 {
			t.Fatalf("order %v", order)
		}
	})
}

// TestCloseDoesNotWaitForLooseReads: opening a file may not notice that it is cancelled,
// and what it gives is dropped.
func TestCloseDoesNotWaitForLooseReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q task.Queue
		w := task.NewWork(q.Post)
		l := w.Loose()
		task.Read(l, func(context.Context) (string, error) {
			time.Sleep(time.Hour) // deaf to its context
			return "opened", nil
		}, func(string, error) { t.Error("an answer came after the end") })
		start := time.Now()
		w.Close()
		if d := time.Since(start); d != 0 {
			t.Errorf("Close waited for %v", d)
		}
		time.Sleep(2 * time.Hour)
		q.Drain()
	})
}

func TestCloseWaitsForWhatWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q task.Queue
		w := task.NewWork(q.Post)
		done := false
		task.Read(w.Latest(), func(context.Context) (string, error) {
			time.Sleep(time.Second) // writes what must be whole
			done = true
			return "", nil
		}, func(string, error) {})
		w.Close()
		if !done {
			t.Error("Close did not wait")
		}
	})
}
