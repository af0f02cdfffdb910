package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"pushdesk/connection"
	"pushdesk/storage/netfail"
	"pushdesk/storage/pause"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

const (
	attemptLimit = 30 * time.Second // for one attempt: metadata and token
	retries      = 3                // after the first attempt
	longestWait  = time.Minute      // a service that asks for more is not waited for
)

// Tokens gives access tokens for a connection's API. A token is kept in memory
// until five minutes before its end and asked for again then. Its methods may be
// used by any number of goroutines: those that ask at the same time share one
// request, and one that gives up does not disturb the others.
//
// Ask before every request and keep no token: only then is it renewed in time.
type Tokens struct {
	host string

	// start makes a client of MSAL's with no access token in its cache. What it signs
	// in with is inside it and nowhere else, so that nothing prints it.
	start func() (source, error)
	// failed makes an error of ours of one of MSAL's.
	failed func(error) *Error

	wait   func(context.Context, time.Duration) error
	jitter func() float64 // 0 to 1

	flights flights

	mu     sync.Mutex
	client source
}

// NewTokens makes a source of tokens for one app in one tenant, with no access
// token in its cache: its first token proves that the credential is good. The
// requests go through hc (see network.Client), to the login host alone; nil means a new
// network.Client for the system's network. A form that cannot work is a *connection.InvalidError.
func NewTokens(e connection.Endpoints, tenantID, clientID string, c connection.Credential, hc *http.Client) (*Tokens, error) {
	l, err := newLogin(e, tenantID, clientID, hc)
	if err != nil {
		return nil, err
	}
	start, hidden, err := l.starter(c, tenantID)
	if err != nil {
		return nil, err
	}
	t := &Tokens{
		host: l.host, start: start,
		failed: func(err error) *Error { return l.refusal(err, hidden) },
		wait:   pause.For,
		jitter: rand.Float64,
	}
	if t.client, err = t.start(); err != nil {
		return nil, fmt.Errorf("make a client for signing in: %w", err)
	}
	return t, nil
}

// starter makes what begins with an empty cache, for a kind of credential, and
// gives the text that no error may show.
func (l login) starter(c connection.Credential, tenantID string) (start func() (source, error), hidden string, err error) {
	switch {
	case c.Kind == connection.CredentialCertificate && c.Certificate != nil:
		credential, err := confidential.NewCredFromCert(c.Certificate.Chain(), c.Certificate.Key())
		if err != nil {
			return nil, "", fmt.Errorf("use the certificate: %w", err)
		}
		return func() (source, error) { return l.app(credential) }, "", nil
	case c.Kind == connection.CredentialCertificate:
		return nil, "", connection.ErrNoCertificate
	case c.Kind.User() && c.SignIn != nil:
		return func() (source, error) { return l.kept(c.SignIn) }, "", nil
	case c.Kind.User():
		return nil, "", &Error{Host: l.host, ErrorName: "login_required", Description: "nobody has signed in on this computer"}
	}
	secret := connection.CleanSecret(c.Secret)
	if err := connection.ValidateSecret(secret, tenantID, l.client); err != nil {
		return nil, "", err
	}
	credential, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		return nil, "", fmt.Errorf("use the client secret: %w", err)
	}
	return func() (source, error) { return l.app(credential) }, secret, nil
}

// Format writes a text without anything secret, whatever the verb.
func (t *Tokens) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "tokens of "+t.host) }

// Token gives a token with more than five minutes to live. Its errors are
// *Error, or the context's when it was cancelled.
func (t *Tokens) Token(ctx context.Context) (string, error) {
	return t.share(ctx, "token", func(fl *flight) (string, error) {
		t.mu.Lock()
		client := t.client
		t.mu.Unlock()
		return t.acquire(fl, client, "")
	})
}

// Renew gives a new token even if one is kept, because the API did not accept
// that. claims is the JSON of a claims challenge, or empty. Token gives the new one
// from then on. The errors are those of Token.
func (t *Tokens) Renew(ctx context.Context, claims string) (string, error) {
	if object := map[string]any{}; json.Unmarshal([]byte(claims), &object) != nil || len(object) == 0 {
		claims = ""
	}
	return t.share(ctx, "renew "+claims, func(fl *flight) (string, error) {
		client, err := t.start() // its cache is empty
		if err != nil {
			return "", t.failed(err)
		}
		token, err := t.acquire(fl, client, claims)
		if err == nil {
			t.mu.Lock()
			t.client = client
			t.mu.Unlock()
		}
		return token, err
	})
}

// share asks once for all that want the same at the same time. One whose time ran
// out hears what stood in the way.
func (t *Tokens) share(ctx context.Context, key string, f func(*flight) (string, error)) (string, error) {
	if ctx.Err() == nil {
		fl, landed := t.flights.share(ctx, key, f)
		if landed {
			return fl.token, fl.err
		}
		if trouble := t.flights.troubleOf(fl); trouble != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return "", trouble
		}
	}
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "", fmt.Errorf("get a token: %w", ctx.Err())
	}
	return "", &Error{Network: netfail.Timeout, Host: t.host, Reason: "no answer within the time allowed"}
}

// acquire asks MSAL for a token, and again while the trouble is one that passes.
func (t *Tokens) acquire(fl *flight, client source, claims string) (string, error) {
	for retry := 0; ; retry++ {
		token, failed := t.attempt(fl.ctx, client, claims)
		if failed == nil {
			return token, nil
		}
		wait := t.pauseBefore(retry, failed.RetryAfter)
		if fl.ctx.Err() != nil || retry == retries || !failed.Temporary() || wait > longestWait {
			return "", failed
		}
		t.flights.meets(fl, failed)
		if t.wait(fl.ctx, wait) != nil {
			return "", failed
		}
	}
}

func (t *Tokens) attempt(ctx context.Context, client source, claims string) (string, *Error) {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	token, err := client.token(ctx, claims)
	if err != nil {
		return "", t.failed(err)
	}
	return token, nil
}

// pauseBefore is how long to wait before a retry: what the service asks for, or
// half a second, one, two. Some chance is added, so that many programs that were
// refused together do not come back together.
func (t *Tokens) pauseBefore(retry int, asked time.Duration) time.Duration {
	base := 500 * time.Millisecond << retry
	if asked > 0 {
		return asked + time.Duration(t.jitter()*float64(min(asked/10, time.Second)))
	}
	return base + time.Duration(t.jitter()*float64(base)/2)
}
