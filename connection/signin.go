package connection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/google/uuid"
)

// browserLimit is how long a sign-in in the browser may take. An abandoned tab
// would wait for ever.
const browserLimit = 5 * time.Minute

var (
	errSignedOut = errors.New("login_required: nobody has signed in on this computer")
	errDeclined  = errors.New("the permissions were not all granted")
)

// SignIn is a person's sign-in: what renews it without asking again. It holds no
// access token. It is as good as a password, so it is kept sealed.
type SignIn struct {
	id      string // tells one sign-in from the next
	account string // the user's name
	homeID  string // what MSAL calls the account

	mu      sync.Mutex
	blob    []byte // MSAL's cache without access tokens
	changed func([]byte)
}

// Account is the name of who signed in, such as ann@contoso.com.
func (s *SignIn) Account() string { return s.account }

func (s *SignIn) born() string { return s.id }
func (s *SignIn) home() string { return s.homeID }

// Format writes who signed in and nothing secret, whatever the verb.
func (s *SignIn) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, "sign-in of "+s.account) }

// signInFile is the form of a kept sign-in.
type signInFile struct {
	Version int             `json:"version"`
	ID      string          `json:"id"`
	Account string          `json:"account"`
	Home    string          `json:"home"`
	Cache   json.RawMessage `json:"cache"`
}

// Encode writes the sign-in for the sealed store and nothing else.
func (s *SignIn) Encode() ([]byte, error) {
	text, err := json.Marshal(signInFile{Version: 1, ID: s.id, Account: s.account, Home: s.homeID, Cache: s.Bytes()})
	if err != nil {
		return nil, fmt.Errorf("write the sign-in: %w", err)
	}
	return text, nil
}

// DecodeSignIn reads what Encode wrote. changed is called with the new text when
// the login service gave a new refresh token: the old one will end.
func DecodeSignIn(text []byte, changed func([]byte)) (*SignIn, error) {
	var f signInFile
	if err := json.Unmarshal(text, &f); err != nil || f.Version != 1 || len(f.Cache) == 0 || !json.Valid(f.Cache) {
		return nil, &EntraError{ErrorName: "login_required", Description: "the kept sign-in cannot be read"}
	}
	return &SignIn{id: f.ID, account: f.Account, homeID: f.Home, blob: f.Cache, changed: changed}, nil
}

// Bytes is MSAL's cache without access tokens.
func (s *SignIn) Bytes() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]byte{}, s.blob...)
}

// renewed takes over a cache with a newer refresh token.
func (s *SignIn) renewed(blob []byte) {
	s.mu.Lock()
	same := string(s.blob) == string(blob)
	s.blob = blob
	tell := s.changed
	s.mu.Unlock()
	if same || tell == nil {
		return
	}
	if text, err := s.Encode(); err == nil {
		tell(text)
	}
}

// session is the cache of one client. Access tokens are in it as long as it lives;
// the sign-in gets everything else.
type session struct {
	from *SignIn // nil while somebody is signing in

	mu   sync.Mutex
	blob []byte
}

// Replace implements cache.ExportReplace.
func (s *session) Replace(_ context.Context, u cache.Unmarshaler, _ cache.ReplaceHints) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.blob) == 0 {
		return nil
	}
	return u.Unmarshal(s.blob)
}

// Export implements cache.ExportReplace.
func (s *session) Export(_ context.Context, m cache.Marshaler, _ cache.ExportHints) error {
	text, err := m.Marshal()
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.blob = text
	s.mu.Unlock()
	if s.from != nil {
		s.from.renewed(withoutAccess(text))
	}
	return nil
}

// withoutAccess leaves the access tokens out of a cache of MSAL's.
func withoutAccess(blob []byte) []byte {
	var parts map[string]json.RawMessage
	if json.Unmarshal(blob, &parts) != nil {
		return blob
	}
	delete(parts, "AccessToken")
	text, err := json.Marshal(parts)
	if err != nil {
		return blob
	}
	return text
}

// SignInWithBrowser lets a person sign in with a web browser. open is given the
// address to show; hint is the account to suggest, or "". The page comes back to a
// port of this computer (http://localhost must be a redirect address of the app,
// for mobile and desktop applications). The errors are *EntraError, *InvalidError,
// what open answers, and the context's when it was cancelled.
func SignInWithBrowser(ctx context.Context, e Endpoints, n Network, tenantID, clientID, hint string, open func(address string) error) (*SignIn, error) {
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
func SignInWithDevice(ctx context.Context, e Endpoints, n Network, tenantID, clientID string, show func(DeviceCode)) (*SignIn, error) {
	return signIn(ctx, e, n, tenantID, clientID, func(ctx context.Context, l login, client public.Client) (public.AuthResult, error) {
		code, err := client.AcquireTokenByDeviceCode(ctx, l.scopes())
		if err != nil {
			return public.AuthResult{}, err
		}
		show(DeviceCode{UserCode: code.Result.UserCode, URL: code.Result.VerificationURL, Expires: code.Result.ExpiresOn})
		return code.AuthenticationResult(ctx)
	})
}

func signIn(ctx context.Context, e Endpoints, n Network, tenantID, clientID string,
	do func(context.Context, login, public.Client) (public.AuthResult, error)) (*SignIn, error) {
	hc, err := HTTPClient(e, n)
	if err != nil {
		return nil, err
	}
	defer hc.CloseIdleConnections()
	l, err := newLogin(e, n, tenantID, clientID, hc)
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
	return &SignIn{id: uuid.NewString(), account: result.Account.PreferredUsername, homeID: result.Account.HomeAccountID, blob: withoutAccess(kept.blob)}, nil
}

// explain makes an error of ours of one of MSAL's. Errors that came through the
// browser are escaped like a web page.
func (l login) explain(err error, secret string) *EntraError {
	if strings.Contains(err.Error(), "declined scopes are present") {
		err = errDeclined
	}
	if text := html.UnescapeString(err.Error()); text != err.Error() {
		err = errors.New(text)
	}
	e := parseEntra(err, l.host, secret, time.Now())
	switch {
	case errors.Is(err, errSignedOut):
		return &EntraError{Host: l.host, ErrorName: "login_required", Description: "nobody has signed in on this computer"}
	case errors.Is(err, errDeclined):
		return &EntraError{Host: l.host, Code: 65004, ErrorName: "access_denied", Description: "not all permissions were granted"}
	case errors.Is(err, context.DeadlineExceeded) && e.Status == 0:
		return &EntraError{Host: l.host, Network: NetworkTimeout, Reason: "nobody finished the sign-in in time"}
	case e.Network == NetworkAnswer && e.Code == 0 && e.Status == http.StatusOK:
		e.Reason = "the answer is not one of a login service"
	}
	return e
}
