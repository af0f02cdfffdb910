package entra

import (
	"context"
	"sync"
)

// flights lets those who want the same thing at the same time share one request.
// A request goes on when the one who began it gives up, and ends when nobody waits
// for it any more. The zero value is ready.
type flights struct {
	mu  sync.Mutex
	now map[string]*flight
}

// flight is one request on its way.
type flight struct {
	ctx    context.Context
	cancel context.CancelFunc
	landed chan struct{} // closed when token and err are set

	token string
	err   error

	// Guarded by the mutex of flights.
	waiting int
	trouble *Error // why it is being repeated, if it is
}

// share waits for the result of f, or of an f for the same key that is on its way.
// landed is false when ctx ended before; fl is nil when it had not even begun.
func (s *flights) share(ctx context.Context, key string, f func(*flight) (string, error)) (fl *flight, landed bool) {
	for {
		fl, joined := s.join(ctx, key, f)
		select {
		case <-fl.landed:
			if joined {
				return fl, true
			}
			// Everybody had left it; now the way is free for a new one.
		case <-ctx.Done():
			if !joined {
				return nil, false
			}
			s.leave(fl)
			return fl, false
		}
	}
}

// join takes part in a flight, a new one if there is none. joined is false for one
// that was given up and has not ended yet.
func (s *flights) join(ctx context.Context, key string, f func(*flight) (string, error)) (fl *flight, joined bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fl = s.now[key]; fl != nil {
		if fl.waiting == 0 {
			return fl, false
		}
		fl.waiting++
		return fl, true
	}
	fl = &flight{landed: make(chan struct{}), waiting: 1}
	fl.ctx, fl.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if s.now == nil {
		s.now = map[string]*flight{}
	}
	s.now[key] = fl
	go func() {
		fl.token, fl.err = f(fl)
		s.mu.Lock()
		delete(s.now, key)
		s.mu.Unlock()
		fl.cancel()
		close(fl.landed)
	}()
	return fl, true
}

func (s *flights) leave(fl *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fl.waiting--
	if fl.waiting == 0 {
		fl.cancel()
	}
}

// troubleOf is why a flight is being repeated, or nil.
func (s *flights) troubleOf(fl *flight) *Error {
	if fl == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return fl.trouble
}

// meets notes why a flight is being repeated.
func (s *flights) meets(fl *flight, trouble *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fl.trouble = trouble
}
