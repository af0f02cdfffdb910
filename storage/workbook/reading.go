package workbook

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/export"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
)

// abandoned calls work and returns what it does, or the error of ctx as soon as that is
// done. What work returns later goes to discard.
func abandoned[T any](ctx context.Context, work func() (T, error), discard func(T)) (T, error) {
	if ctx.Done() == nil {
		return work() // it is never done
	}
	var none T
	if ctx.Err() != nil { // else chance would decide between it and the error of the work
		return none, ctx.Err()
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := work()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		go func() {
			if r := <-done; r.err == nil && discard != nil {
				discard(r.value)
			}
		}()
		return none, ctx.Err()
	}
}

// guarded are rows whose reader may panic, which becomes an error.
type guarded struct {
	format.Rows
	err error
}

func (g *guarded) Next() (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			g.err, ok = fault.Corrupt("reading it failed: %v", p), false
		}
	}()
	return g.err == nil && g.Rows.Next()
}

func (g *guarded) Err() error {
	if g.err != nil {
		return g.err
	}
	return g.Rows.Err()
}

// unguarded are the rows of a text file that this program wrote.
type unguarded struct{ format.Rows }

func (u unguarded) Next() bool {
	more := u.Rows.Next()
	for i, c := range u.Cells() {
		if c.Kind == cell.Text {
			u.Cells()[i].Text = export.Unguard(c.Text)
		}
	}
	return more
}

// watchedFile is the file of a book. It remembers the first failure to read, which is
// no fault of the content. Close waits for no read: the last one that is under way
// closes the file.
type watchedFile struct {
	file interface {
		io.ReaderAt
		io.Closer
	}

	mu      sync.Mutex
	reading int // reads under way
	closed  bool
	err     error
}

func (w *watchedFile) ReadAt(p []byte, off int64) (int, error) {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return 0, os.ErrClosed
	}
	w.reading++
	w.mu.Unlock()
	n, err := w.file.ReadAt(p, off)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.reading--; w.reading == 0 && w.closed {
		_ = w.file.Close()
	}
	if err != nil && !errors.Is(err, io.EOF) && w.err == nil && !errors.Is(err, os.ErrClosed) {
		w.err = err
	}
	return n, err
}

func (w *watchedFile) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Close closes the file once.
func (w *watchedFile) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	if w.closed = true; w.reading > 0 {
		return nil
	}
	return w.file.Close()
}
