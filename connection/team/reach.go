package team

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// answerLimit is how long a folder may take to answer before the copy is used. A drive
// that was disconnected can keep a program waiting for minutes, or forever.
const answerLimit = 10 * time.Second

// moment is how long an answer may be on its way.
const moment = 100 * time.Millisecond

// question is asked of a folder by one goroutine, however many wait for the answer.
type question struct {
	asked    time.Time
	answered chan struct{} // closed when the folder answers
}

// look asks the file system for a folder. It returns when that answers.
func look(folder string) { _, _ = os.Lstat(filepath.Join(folder, rosterFile)) }

// reach waits until a folder answers, whatever the answer is. The error is ErrSlow for a
// folder that does not: after answerLimit, when ctx ends, or in a moment where it was asked
// that long ago. It is called before the lock of a team is taken, so that a folder that
// hangs holds up nobody else.
func (b *Book) reach(ctx context.Context, folder string) error {
	q := b.ask(folder)
	limit := time.NewTimer(max(moment, b.answerLimit-time.Since(q.asked)))
	defer limit.Stop()
	select {
	case <-q.answered:
		return nil
	case <-limit.C:
	case <-ctx.Done():
	}
	return ErrSlow.WithDetails("Folder: %s", folder)
}

// ask asks a folder, unless that was done and it has not answered yet.
func (b *Book) ask(folder string) *question {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.questions[folder]
	if q == nil {
		q = &question{asked: time.Now(), answered: make(chan struct{})}
		b.questions[folder] = q
		go func() {
			b.look(folder)
			b.mu.Lock()
			delete(b.questions, folder) // who hears the answer may ask again
			b.mu.Unlock()
			close(q.answered)
		}()
	}
	return q
}

// folderOf is the folder of a team, "" for one that is not known.
func (b *Book) folderOf(id string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.views[id].Folder
}

// aside does something that may wait for a folder, as long as ctx lasts. What it has
// begun goes on.
func aside[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		v, err := do()
		done <- outcome{v, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ErrSlow.Because(ctx.Err())
	}
}
