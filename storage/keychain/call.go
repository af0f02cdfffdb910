package keychain

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// call carries out a call of the keychain for an entry, when it is the entry's
// turn. It returns when the call has ended, or ctx has: then the call goes on by
// itself, for it cannot be stopped. What it does after that is taken back by undo,
// and until it has ended the next call for the entry waits. left tells the call
// that nobody waits for it any more.
func (s *Store) call(ctx context.Context, id, doing string, do func(left func() bool) error, undo func()) error {
	if id == "" {
		return errors.New("the entry has no ID")
	}
	if s.limit > 0 {
		limit := s.limit
		if s.silent.Load() {
			limit /= 30
		}
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		given := ctx
		ctx = limited
		defer func() {
			if limited.Err() != nil && given.Err() == nil { // who stops waiting before has learned nothing
				s.silent.Store(true)
			}
		}()
	}
	turn := s.turn(id)
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return ended(ctx, doing)
	}
	if ctx.Err() != nil { // both were ready
		<-turn
		return ended(ctx, doing)
	}
	var settled atomic.Bool // by the call that has ended or by the caller who has left
	result := make(chan error, 1)
	go func() {
		err := do(settled.Load)
		if settled.CompareAndSwap(false, true) {
			<-turn
			result <- err
			return
		}
		if undo != nil {
			undo()
		}
		<-turn
	}()
	hint := time.NewTimer(hintAfter)
	defer hint.Stop()
	for {
		select {
		case err := <-result:
			s.silent.Store(false)
			return err
		case <-hint.C:
			s.hint()
			continue
		case <-ctx.Done():
		}
		if settled.CompareAndSwap(false, true) {
			return ended(ctx, doing)
		}
		return <-result
	}
}

// hintAfter is how long the keychain may take before a person is told that it is
// waited for: it may be asking for its password.
const hintAfter = 3 * time.Second

// OnWait sets what is called, once, when the keychain is waited for longer than a
// moment. It may be called by any goroutine, and must be set before the first use.
func (s *Store) OnWait(f func()) { s.hint = sync.OnceFunc(f) }

// Limit sets how long the keychain is waited for at most: where nobody can answer it, it
// would be waited for without end. One that was silent for so long is waited for a thirtieth
// of that from then on, so that many secrets do not take many limits. 0 is no limit. It must
// be set before the first use.
func (s *Store) Limit(most time.Duration) { s.limit = most }

// turn is a channel with room for one: who puts something in has the turn.
func (s *Store) turn(id string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	turn := s.turns[id]
	if turn == nil {
		turn = make(chan struct{}, 1)
		s.turns[id] = turn
	}
	return turn
}

// ended is the error of one who waits no longer.
func ended(ctx context.Context, doing string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Unavailable{Reason: ReasonSilent, Doing: doing, Err: ctx.Err()}
	}
	return fmt.Errorf("%s: %w", doing, ctx.Err())
}

// fromKeychain asks the system's keychain.
func (s *Store) fromKeychain(ctx context.Context, id string) (string, error) {
	var secret string
	err := s.call(ctx, id, "read the secret", func(func() bool) error {
		value, err := s.os.get(id)
		if err != nil {
			return err
		}
		secret, err = decodeEntry(value)
		return err
	}, nil)
	if err != nil {
		return "", explain("read the secret", err, "")
	}
	return secret, nil
}

// write puts a secret into the keychain and compares what the keychain has then.
func (s *Store) write(ctx context.Context, id, secret string) error {
	value := encodeEntry(secret)
	var before string
	var had, wrote bool
	restore := func() {
		switch {
		case wrote && had:
			_ = s.os.set(id, before)
		case wrote:
			_ = s.os.delete(id)
		}
	}
	return s.call(ctx, id, "store the secret", func(left func() bool) error {
		var err error
		before, err = s.os.get(id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		had = err == nil
		if left() {
			return nil
		}
		wrote = true // also when it fails: it may have come through
		if err := s.os.set(id, value); err != nil {
			return err
		}
		now, err := s.os.get(id)
		if err == nil && subtle.ConstantTimeCompare([]byte(now), []byte(value)) == 1 {
			return nil
		}
		restore()
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		return errNotKept
	}, restore)
}

// A stored value begins with the version of its form.
const version = "1"

func encodeEntry(secret string) string { return version + secret }

func decodeEntry(value string) (string, error) {
	if len(value) == 0 || value[:1] != version {
		return "", errNewer
	}
	return value[1:], nil
}
