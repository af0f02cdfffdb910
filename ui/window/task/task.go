// Package task runs background work for the window and brings its answers to the
// one goroutine that owns the widgets. Read is the pattern of every page: read with
// a context and without widgets, then post the answer once.
package task

import (
	"context"
	"sync"
	"time"
)

// Poster queues a function for the goroutine that owns the widgets. It returns
// at once and keeps the order. The program uses fyne.Do; tests use a Queue.
type Poster func(func())

// Work is the background work of one window. Everything it runs gets a context
// that ends when the window closes, and Close waits until all of it has ended, but for
// Loose reads.
type Work struct {
	post   Poster
	ctx    context.Context
	cancel context.CancelFunc
	wait   sync.WaitGroup
}

// NewWork makes the work of a window that posts through p.
func NewWork(p Poster) *Work {
	ctx, cancel := context.WithCancel(context.Background())
	return &Work{post: p, ctx: ctx, cancel: cancel}
}

// Post brings f to the widgets' goroutine. After Close it does nothing: the window
// is gone, and Fyne would run f right here.
func (w *Work) Post(f func()) {
	if w.ctx.Err() == nil {
		w.post(f)
	}
}

// Go runs f on a goroutine of its own, under a context that ends when the window
// closes or cancel is called.
func (w *Work) Go(f func(ctx context.Context)) (cancel context.CancelFunc) {
	ctx, cancel := context.WithCancel(w.ctx)
	w.wait.Go(func() {
		defer cancel()
		f(ctx)
	})
	return cancel
}

// goLoose is Go without Close waiting for it.
func (w *Work) goLoose(f func(ctx context.Context)) (cancel context.CancelFunc) {
	ctx, cancel := context.WithCancel(w.ctx)
	go func() {
		defer cancel()
		f(ctx)
	}()
	return cancel
}

// After posts f once d has passed, unless the work is cancelled before.
func (w *Work) After(d time.Duration, f func()) (cancel context.CancelFunc) {
	return w.Go(func(ctx context.Context) {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-ctx.Done():
		case <-t.C:
			if ctx.Err() == nil {
				w.Post(f)
			}
		}
	})
}

// Every posts f each time d has passed until it is stopped. It waits for one
// post to have run before it makes the next, so that a slow screen is never
// behind. Work that counts in atomics shows them this way.
func (w *Work) Every(d time.Duration, f func()) (stop context.CancelFunc) {
	return w.Go(func(ctx context.Context) {
		t := time.NewTicker(d)
		defer t.Stop()
		done := make(chan struct{}, 1)
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
			w.Post(func() {
				if ctx.Err() == nil {
					f()
				}
				done <- struct{}{}
			})
			select {
			case <-ctx.Done():
				return
			case <-done:
			}
		}
	})
}

// Close cancels everything and waits for it.
func (w *Work) Close() {
	w.cancel()
	w.wait.Wait()
}

// Latest is a kind of read of which only the newest answer is wanted, for
// example the one a page shows. Use it on the widgets' goroutine only.
type Latest struct {
	work   *Work
	loose  bool
	cancel context.CancelFunc
	turn   int
	busy   bool
}

// Latest makes one.
func (w *Work) Latest() *Latest { return &Latest{work: w} }

// Loose makes one for reads that change nothing and that may be slow to notice that
// they are cancelled, such as opening a file: Close does not wait for them.
func (w *Work) Loose() *Latest { return &Latest{work: w, loose: true} }

// Busy tells whether a read is under way.
func (l *Latest) Busy() bool { return l.busy }

// Cancel ends the read under way; its answer is dropped.
func (l *Latest) Cancel() {
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
	l.turn++
	l.busy = false
}

// Read cancels the read under way, runs read on a goroutine, and posts its
// answer to then, unless a newer read was started or it was cancelled.
func Read[T any](l *Latest, read func(ctx context.Context) (T, error), then func(T, error)) {
	l.Cancel()
	turn := l.turn
	l.busy = true
	start := l.work.Go
	if l.loose {
		start = l.work.goLoose
	}
	l.cancel = start(func(ctx context.Context) {
		v, err := read(ctx)
		l.work.Post(func() {
			if l.turn != turn {
				return
			}
			l.busy = false
			then(v, err)
		})
	})
}
