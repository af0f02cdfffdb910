package keychain

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// gate blocks one kind of call until it is opened, as a keychain does that waits
// for a person.
type gate struct {
	call string
	open chan struct{}
	met  atomic.Int32
	when int32 // which call of the kind, from one
}

func (f *fake) gate(call string, when int32) *gate {
	g := &gate{call: call, when: when, open: make(chan struct{})}
	f.before = func(call, _ string) error {
		if call == g.call {
			if g.met.Add(1) == g.when {
				<-g.open
			}
		}
		return nil
	}
	return g
}

// A store that was given up and comes through later is taken back.
func TestLateWriteIsTakenBack(t *testing.T) {
	for _, c := range []struct {
		name   string
		call   string
		when   int32
		before string // what was stored; empty for nothing
	}{
		{"nothing before, still looking", "get", 1, ""},
		{"something before, still looking", "get", 1, "old"},
		{"nothing before", "set", 1, ""},
		{"something before", "set", 1, "old"},
		{"nothing before, reading back", "get", 2, ""},
		{"something before, reading back", "get", 2, "old"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				s := newStore(f, "")
				if c.before != "" {
					f.items[id] = encodeEntry(c.before)
				}
				g := f.gate(c.call, c.when)
				ctx, cancel := context.WithCancel(t.Context())
				result := make(chan error)
				go func() { _, err := s.Set(ctx, id, secret); result <- err }()
				synctest.Wait()
				cancel()
				if err := <-result; !errors.Is(err, context.Canceled) {
					t.Fatalf("%v", err)
				}

				// Whoever asks meanwhile waits, and sees what is true in the end.
				short, stop := context.WithTimeout(t.Context(), 3*time.Second)
				defer stop()
				_, err := s.Get(short, id)
				e := unavailable(t, err, ReasonSilent)
				if !errors.Is(e, context.DeadlineExceeded) {
					t.Errorf("%v", e)
				}
				if got := s.Where(short, id); got != PlaceSilent {
					t.Errorf("%q", got)
				}
				if _, err := s.Get(t.Context(), "another"); !errors.Is(err, ErrNotFound) {
					t.Errorf("another entry need not wait: %v", err)
				}
				later := make(chan string)
				go func() { got, _ := s.Get(t.Context(), id); later <- got }()
				synctest.Wait()
				close(g.open)
				if got := <-later; got != c.before {
					t.Errorf("%q, want %q", got, c.before)
				}
				synctest.Wait()
				if got := f.content(); c.before == "" && len(got) != 0 || c.before != "" && got[id] != encodeEntry(c.before) {
					t.Errorf("left: %v", got)
				}
			})
		})
	}
}

// A person who unlocks the keychain in time gets what was asked for.
func TestUnlockedInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.items[id] = encodeEntry(secret)
		s := newStore(f, "")
		g := f.gate("get", 1)
		time.AfterFunc(time.Minute, func() { close(g.open) })
		if got, err := s.Get(t.Context(), id); err != nil || got != secret {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// A deletion that was given up may still happen, and what is asked afterwards
// waits for it.
func TestLateDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.items[id] = encodeEntry(secret)
		s := newStore(f, "")
		g := f.gate("delete", 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		unavailable(t, s.Delete(ctx, id), ReasonSilent)
		close(g.open)
		if _, err := s.Get(t.Context(), id); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
	})
}

// A keychain that never answers holds up nobody for longer than they wait, and
// none of those who have given up takes the turn of another.
func TestNeverAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := newStore(f, "")
		g := f.gate("get", 1)
		began := time.Now()
		for i := range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			_, err := s.Set(ctx, id, secret)
			unavailable(t, err, ReasonSilent)
			cancel()
			if waited := time.Since(began); waited != time.Duration(i+1)*3*time.Second {
				t.Errorf("waited %v", waited)
			}
		}
		if g.met.Load() != 1 {
			t.Errorf("%d calls at once for one entry", g.met.Load())
		}
		unavailable(t, func() error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return s.Delete(ctx, id)
		}(), ReasonSilent)
		close(g.open)
		synctest.Wait()
		if len(f.content()) != 0 {
			t.Errorf("left: %v", f.content())
		}
		if place, err := s.Set(t.Context(), id, secret); err != nil || place != PlaceKeychain {
			t.Errorf("%q, %v", place, err)
		}
	})
}

// When the late answer is an error there is nothing to take back.
func TestLateError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.items[id] = encodeEntry("old")
		s := newStore(f, "")
		open := make(chan struct{})
		f.before = func(call, _ string) error {
			if call == "get" {
				<-open
				return errors.New("failed to unlock correct collection '/org/freedesktop/secrets/collection/login'")
			}
			return nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.Set(ctx, id, secret)
		unavailable(t, err, ReasonSilent)
		close(open)
		_, err = s.Get(t.Context(), id)
		unavailable(t, err, ReasonLocked)
		if f.content()[id] != encodeEntry("old") {
			t.Errorf("left: %v", f.content())
		}
	})
}

// Somebody who waits for a keychain is told so, once, and only when it takes long.
func TestWaitingIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := newStore(f, "")
		said := 0
		s.OnWait(func() { said++ })
		if _, err := s.Set(t.Context(), id, secret); err != nil || said != 0 {
			t.Fatalf("said %d times, %v", said, err)
		}
		g := f.gate("get", 1)
		result := make(chan error)
		go func() { _, err := s.Get(t.Context(), id); result <- err }()
		time.Sleep(hintAfter + time.Second)
		synctest.Wait()
		if said != 1 {
			t.Errorf("said %d times", said)
		}
		time.Sleep(time.Minute)
		close(g.open)
		if err := <-result; err != nil || said != 1 {
			t.Errorf("said %d times, %v", said, err)
		}
	})
}

// TestAKeychainThatNobodyCanAnswer: where a limit is set, a keychain that never answers is
// given up although the caller would wait for ever.
func TestAKeychainThatNobodyCanAnswer(t *testing.T) {
	t.Parallel()
	f := newFake()
	held := make(chan struct{})
	defer close(held)
	f.before = func(string, string) error { <-held; return nil }
	s := newStore(f, "")
	s.Limit(50 * time.Millisecond)
	_, err := s.Get(context.Background(), "11111111-2222-3333-4444-555555555555")
	unavailable(t, err, ReasonSilent)
}

// TestASilentKeychainIsNotWaitedForAgainAndAgain: the secrets of many connections do not
// take the limit each, and a keychain that answers again is given its time.
func TestASilentKeychainIsNotWaitedForAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		held := make(chan struct{})
		f.before = func(string, string) error { <-held; return nil }
		s := newStore(f, "")
		s.Limit(30 * time.Second)
		waits := func(id string, want time.Duration) {
			t.Helper()
			began := time.Now()
			_, err := s.Get(t.Context(), id)
			unavailable(t, err, ReasonSilent)
			if took := time.Since(began); took != want {
				t.Errorf("waited for %v, want %v", took, want)
			}
		}
		waits("a", 30*time.Second)
		waits("b", time.Second)
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond) // who stops waiting learns nothing
		_, err := s.Get(short, "b2")
		cancel()
		unavailable(t, err, ReasonSilent)
		waits("c", time.Second)
		close(held)
		synctest.Wait()
		if _, err := s.Get(t.Context(), "d"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
		held = make(chan struct{})
		waits("e", 30*time.Second)
		close(held)
		synctest.Wait()
	})
}

// TestASilentKeychainIsNotAskedToForgetEach: what is kept elsewhere by choice waits once for a
// keychain that does not forget it, and is asked again after it has answered.
func TestASilentKeychainIsNotAskedToForgetEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		held := make(chan struct{})
		f.before = func(string, string) error { <-held; return nil }
		s := newStore(f, "")
		keeps := func(id string, want time.Duration) {
			t.Helper()
			began := time.Now()
			if place, err := s.put(t.Context(), id, kindSecret, []byte("x"), PlaceSession, false); err != nil || place != PlaceSession {
				t.Errorf("%q, %v", place, err)
			}
			if took := time.Since(began); took != want {
				t.Errorf("%s waited for %v, want %v", id, took, want)
			}
		}
		keeps("a", patience)
		keeps("b", 0)
		close(held)
		synctest.Wait()
		f.items["c"] = "1old"
		if _, err := s.Get(t.Context(), "d"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
		keeps("c", 0)
		if len(f.items) != 0 {
			t.Errorf("the keychain still has %v", f.items)
		}
	})
}
