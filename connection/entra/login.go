package entra

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"pushdesk/connection"
	"pushdesk/connection/network"
	"pushdesk/storage/netfail"
	"pushdesk/storage/text"
)

// login is the way to the login service for one app in one tenant.
type login struct {
	host      string
	authority string // host and tenant
	client    string // the app's ID
	resource  string
	hc        *http.Client // goes to the host alone
}

// newLogin checks the form of what it is given; the error is then a
// *connection.InvalidError. Without hc the requests leave by a client of their own.
func newLogin(e connection.Endpoints, tenantID, clientID string, hc *http.Client) (login, error) {
	tenantID, clientID = text.Clean(tenantID), text.Clean(clientID)
	if err := connection.ValidateLogin(e, tenantID, clientID); err != nil {
		return login{}, err
	}
	at, err := url.Parse(connection.CleanURL(e.LoginURL))
	if err != nil {
		return login{}, fmt.Errorf("read the login URL: %w", err)
	}
	if hc == nil {
		if hc, err = network.Client(e, network.Settings{}); err != nil {
			return login{}, err
		}
	}
	return login{
		host: at.Host, authority: at.JoinPath(tenantID).String(), client: clientID,
		resource: e.TokenResource(), hc: loginClient(hc, at.Host),
	}, nil
}

// source is a client of MSAL's with a cache of its own, empty of access tokens.
type source interface {
	// token gives a token from the cache, or asks for one. claims is the JSON of a
	// claims challenge, or empty; with it the cache is passed by.
	token(ctx context.Context, claims string) (string, error)
}

// app makes a source for an app that signs in by itself.
func (l login) app(c confidential.Credential) (source, error) {
	client, err := confidential.New(l.authority, l.client, c,
		confidential.WithHTTPClient(l.hc), confidential.WithInstanceDiscovery(false), confidential.WithX5C())
	return &appSource{client, []string{l.resource + "/.default"}}, err
}

type appSource struct {
	client confidential.Client
	scopes []string
}

func (s *appSource) token(ctx context.Context, claims string) (string, error) {
	var options []confidential.AcquireByCredentialOption
	if claims != "" {
		options = append(options, confidential.WithClaims(claims))
	}
	r, err := s.client.AcquireTokenByCredential(ctx, s.scopes, options...)
	return r.AccessToken, err
}

// person makes a client for somebody who signs in, with the sign-in as its cache.
func (l login) person(kept *session) (public.Client, error) {
	return public.New(l.client, public.WithAuthority(l.authority), public.WithHTTPClient(l.hc),
		public.WithInstanceDiscovery(false), public.WithCache(kept))
}

// scopes are what a person's sign-in is asked for: to push rows, and to list the
// workspaces to choose from. The first is enough where a workspace is given by its ID.
func (l login) scopes() []string {
	return []string{l.resource + "/" + ScopePush, l.resource + "/" + ScopeWorkspaces}
}

// The delegated permissions that Pushdesk uses. An app's own token never holds
// them: the Power BI Service offers them for people only.
// Source: learn.microsoft.com/power-bi/developer/embedded/register-app.
const (
	ScopePush       = "Dataset.ReadWrite.All"
	ScopeWorkspaces = "Workspace.Read.All"
)

// kept makes a source for somebody who has signed in before.
func (l login) kept(s *connection.SignIn) (source, error) {
	own := &session{from: s, cache: s.Cache()}
	client, err := l.person(own)
	return &personSource{client: client, scopes: l.scopes(), account: s.HomeID()}, err
}

type personSource struct {
	client  public.Client
	scopes  []string
	narrow  atomic.Bool // only the first of them is granted
	account string      // the ID MSAL gives the account
}

func (s *personSource) token(ctx context.Context, claims string) (string, error) {
	accounts, err := s.client.Accounts(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range accounts {
		if a.HomeAccountID != s.account {
			continue
		}
		options := []public.AcquireSilentOption{public.WithSilentAccount(a)}
		if claims != "" {
			options = append(options, public.WithClaims(claims))
		}
		if !s.narrow.Load() {
			r, err := s.client.AcquireTokenSilent(ctx, s.scopes, options...)
			if !declined(err) {
				return r.AccessToken, err
			}
			s.narrow.Store(true)
		}
		r, err := s.client.AcquireTokenSilent(ctx, s.scopes[:1:1], options...)
		return r.AccessToken, err
	}
	return "", errSignedOut
}

var (
	errSignedOut = errors.New("login_required: nobody has signed in on this computer")
	errDeclined  = errors.New("the permissions were not all granted")
)

// declined reports whether Entra granted only some of the permissions that were asked for.
func declined(err error) bool {
	return err != nil && strings.Contains(err.Error(), "declined scopes are present")
}

// refusal makes an error of ours of one of MSAL's. Errors that came through the
// browser are escaped like a web page.
func (l login) refusal(err error, secret string) *Error {
	if declined(err) {
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
