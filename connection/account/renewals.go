package account

import (
	"context"
	"sync"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/entra"
)

// renewLimit is how long the store may take for one renewed sign-in.
const renewLimit = 10 * time.Second

// renewals stores sign-ins whose refresh token was renewed: the old one expires. It
// does so in the background, one after the other, because a keychain may be asking
// somebody to unlock it and no request is to wait for that. A sign-in that cannot be
// stored costs a new sign-in later.
type renewals struct {
	write func(ctx context.Context, id string, content []byte) error

	mu      sync.Mutex
	ended   sync.Cond                     // writing became false
	waiting map[string]*connection.SignIn // by the ID of the connection
	writing bool
}

func newRenewals(write func(context.Context, string, []byte) error) *renewals {
	r := &renewals{write: write, waiting: map[string]*connection.SignIn{}}
	r.ended.L = &r.mu
	return r
}

// store stores the sign-in of a connection if it was renewed. It returns at once.
func (r *renewals) store(id string, s *connection.SignIn) {
	if s == nil || !s.Renewed() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[id] = s
	if !r.writing {
		r.writing = true
		go r.run()
	}
}

// run writes what waits until nothing does.
func (r *renewals) run() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, s := range r.waiting {
		delete(r.waiting, id)
		r.mu.Unlock()
		if content, err := s.Encode(); err == nil {
			ctx, cancel := context.WithTimeout(context.Background(), renewLimit)
			_ = r.write(ctx, id, content)
			cancel()
		}
		r.mu.Lock()
	}
	if len(r.waiting) > 0 { // a range may miss what was added meanwhile
		go r.run()
		return
	}
	r.writing = false
	r.ended.Broadcast()
}

// wait returns when everything is written that was to be stored so far.
func (r *renewals) wait() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.writing {
		r.ended.Wait()
	}
}

// storing is a token source that has the sign-in stored after each token.
type storing struct {
	*entra.Tokens
	store func()
}

// Token implements powerbi.TokenSource.
func (s storing) Token(ctx context.Context) (string, error) {
	defer s.store()
	return s.Tokens.Token(ctx)
}

// Renew implements powerbi.TokenSource.
func (s storing) Renew(ctx context.Context, claims string) (string, error) {
	defer s.store()
	return s.Tokens.Renew(ctx, claims)
}
