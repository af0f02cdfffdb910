package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"
	"sync"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/network"
	"pushdesk/storage/netfail"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// browserLimit is how long a sign-in in the browser may take. An abandoned tab
// would wait for ever.
const browserLimit = 5 * time.Minute

var (
	errSignedOut = errors.New("login_required: nobody has signed in on this computer")
	errDeclined  = errors.New("the permissions were not all granted")
)

// session is the cache of one client of MSAL's. Access tokens are in it as long as it
// lives; the sign-in gets everything else.
type session struct {
	from *connection.SignIn // nil while somebody is signing in

	mu    sync.Mutex
	cache []byte
}

// Replace implements cache.ExportReplace.
func (s *session) Replace(_ context.Context, u cache.Unmarshaler, _ cache.ReplaceHints) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.cache) == 0 {
		return nil
	}
	return u.Unmarshal(s.cache)
}

// Export implements cache.ExportReplace.
func (s *session) Export(_ context.Context, m cache.Marshaler, _ cache.ExportHints) error {
	content, err := m.Marshal()
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.cache = content
	s.mu.Unlock()
	if s.from != nil {
		s.from.Renew(withoutAccess(content))
	}
	return nil
}

// withoutAccess leaves the access tokens out of a cache of MSAL's.
func withoutAccess(content []byte) []byte {
	var parts map[string]json.RawMessage
	if json.Unmarshal(content, &parts) != nil {
		return content
	}
	delete(parts, "AccessToken")
	rest, err := json.Marshal(parts)
	if err != nil {
		return content
	}
	return rest
}

// SignInWithBrowser lets a person sign in with a web browser. open is given the
// address to show; hint is the account to suggest, or "". The page comes back to a
// port of this computer (http://localhost must be a redirect address of the app,
// for mobile and desktop applications). The errors are *Error, *connection.InvalidError,
// what open answers, and the context's when it was cancelled.
func SignInWithBrowser(ctx context.Context, e connection.Endpoints, n network.Settings, tenantID, clientID, hint string, open func(address string) error) (*connection.SignIn, error) {
	return signIn(ctx, e, n, tenantID, clientID, func(ctx context.Context, l login, client public.Client) (public.AuthResult, error) {
		ctx, cancel := context.WithTimeout(ctx, browserLimit)
		defer cancel()
		options := []public.AcquireInteractiveOption{public.WithRedirectURI("http://localhost"), public.WithOpenURL(open)}
		if hint != "" {
			options = append(options, public.WithLoginHint(hint))
		}
		return client.AcquireTokenInteractive(ctx, l.scopes(), options...)
	})
}

// DeviceCode is what a person types to sign in on another device.
type DeviceCode struct {
	UserCode string
	URL      string // where to type it
	Expires  time.Time
}

// SignInWithDevice lets a person sign in on any device with a code, which is given
// to show. The app must allow public client flows. The errors are those of
// SignInWithBrowser.
func SignInWithDevice(ctx context.Context, e connection.Endpoints, n network.Settings, tenantID, clientID string, show func(DeviceCode)) (*connection.SignIn, error) {
	return signIn(ctx, e, n, tenantID, clientID, func(ctx context.Context, l login, client public.Client) (public.AuthResult, error) {
		code, err := client.AcquireTokenByDeviceCode(ctx, l.scopes())
		if err != nil {
			return public.AuthResult{}, err
		}
		show(DeviceCode{UserCode: code.Result.UserCode, URL: code.Result.VerificationURL, Expires: code.Result.ExpiresOn})
		return code.AuthenticationResult(ctx)
	})
}

func signIn(ctx context.Context, e connection.Endpoints, n network.Settings, tenantID, clientID string,
	do func(context.Context, login, public.Client) (public.AuthResult, error)) (*connection.SignIn, error) {
	hc, err := network.Client(e, n)
	if err != nil {
		return nil, err
	}
	defer hc.CloseIdleConnections()
	l, err := newLogin(e, tenantID, clientID, hc)
	if err != nil {
		return nil, err
	}
	kept := &session{}
	client, err := l.person(kept)
	if err != nil {
		return nil, fmt.Errorf("make a client for signing in: %w", err)
	}
	result, err := do(ctx, l, client)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("sign in: %w", ctx.Err())
		}
		return nil, l.explain(err, "")
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	return connection.NewSignIn(result.Account.PreferredUsername, result.Account.HomeAccountID, withoutAccess(kept.cache)), nil
}

// explain makes an error of ours of one of MSAL's. Errors that came through the
// browser are escaped like a web page.
func (l login) explain(err error, secret string) *Error {
	if strings.Contains(err.Error(), "declined scopes are present") {
		err = errDeclined
	}
	if plain := html.UnescapeString(err.Error()); plain != err.Error() {
		err = errors.New(plain)
	}
	e := parseEntra(err, l.host, secret, time.Now())
	switch {
	case errors.Is(err, errSignedOut):
		return &Error{Host: l.host, ErrorName: "login_required", Description: "nobody has signed in on this computer"}
	case errors.Is(err, errDeclined):
		return &Error{Host: l.host, Code: 65004, ErrorName: "access_denied", Description: "not all permissions were granted"}
	case errors.Is(err, context.DeadlineExceeded) && e.Status == 0:
		return &Error{Host: l.host, Network: netfail.Timeout, Reason: "nobody finished the sign-in in time"}
	case e.Network == Misfit && e.Code == 0 && e.Status == http.StatusOK:
		e.Reason = "the answer is not one of a login service"
	}
	return e
}
