package storage_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pushdesk/storage"
)

func lock(t *testing.T, path string) *storage.Lock {
	t.Helper()
	l, err := storage.TryLock(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "runs.lock")
	if storage.Locked(path) {
		t.Error("a missing lock file is locked")
	}
	l := lock(t, path)
	if !storage.Locked(path) {
		t.Error("a lock that is held looks free")
	}
	_, err := storage.TryLock(path)
	var held *storage.LockedError
	if !errors.As(err, &held) || held.Path != path || !strings.Contains(held.Holder, strconv.Itoa(os.Getpid())) {
		t.Errorf("%v does not say who holds it", err)
	}
	if f := held.Failure(); f.Code != "locked" || !strings.Contains(f.Sentence, "using runs") || !strings.Contains(f.Sentence, "since") {
		t.Errorf("%q", f.Sentence)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	if storage.Locked(path) {
		t.Error("a lock that was released looks held")
	}
	l = lock(t, path)
	if err := l.UnlockAndRemove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the lock file stayed: %v", err)
	}
	if _, err := storage.TryLock(filepath.Join(path, "none", "a.lock")); !errors.As(err, new(*storage.FileError)) {
		t.Errorf("a folder that does not exist: %v", err)
	}
}

func TestWaitLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.lock")
	first := lock(t, path)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := storage.WaitLock(ctx, path); !errors.As(err, new(*storage.LockedError)) {
		t.Errorf("after the limit: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := storage.WaitLock(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	time.AfterFunc(20*time.Millisecond, func() { _ = first.Unlock() })
	second, err := storage.WaitLock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Unlock(); err != nil {
		t.Error(err)
	}
}

// Two never hold a lock at once, although its file is removed each time.
func TestLockIsRemovedSafely(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.lock")
	var holders, turns atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				l, err := storage.WaitLock(t.Context(), path)
				if err != nil {
					t.Error(err)
					return
				}
				if n := holders.Add(1); n != 1 {
					t.Errorf("%d hold the lock", n)
				}
				turns.Add(1)
				holders.Add(-1)
				if err := l.UnlockAndRemove(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if turns.Load() != 800 {
		t.Errorf("%d turns", turns.Load())
	}
}
