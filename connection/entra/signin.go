package entra

import (
	"context"
	"fmt"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/network"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// browserLimit is how long a sign-in in the browser may take. An abandoned tab
// would wait forever.
const browserLimit = 5 * time.Minute

// SignInWithBrowser lets a person sign in with a web browser. open is given the
// address to show; hint is the account to suggest, or "". The page comes back to a
// port of this computer (http://localhost must be a redirect address of the app,
// for mobile and desktop applications). The errors are *Error, *connection.InvalidError,
// what open answers, and the context's when it was cancelled.
func SignInWithBrowser(ctx context.Context, e connection.Endpoints, n network.Settings, tenantID, clientID, hint string, open func(address string) error) (*connection.SignIn, error) {
	return signIn(ctx, e, n, tenantID, clientID, func(ctx context.Context, client public.Client, scopes []string) (public.AuthResult, error) {
		ctx, cancel := context.WithTimeout(ctx, browserLimit)
		defer cancel()
		options := []public.AcquireInteractiveOption{public.WithRedirectURI("http://localhost"), public.WithOpenURL(open)}
		if hint != "" {
			options = append(options, public.WithLoginHint(hint))
		}
		return client.AcquireTokenInteractive(ctx, scopes, options...)
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
	return signIn(ctx, e, n, tenantID, clientID, func(ctx context.Context, client public.Client, scopes []string) (public.AuthResult, error) {
		code, err := client.AcquireTokenByDeviceCode(ctx, scopes)
		if err != nil {
			return public.AuthResult{}, err
		}
		show(DeviceCode{UserCode: code.Result.UserCode, URL: code.Result.VerificationURL, Expires: code.Result.ExpiresOn})
		return code.AuthenticationResult(ctx)
	})
}

func signIn(ctx context.Context, e connection.Endpoints, n network.Settings, tenantID, clientID string,
	do func(context.Context, public.Client, []string) (public.AuthResult, error)) (*connection.SignIn, error) {
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
	result, err := do(ctx, client, l.scopes())
	if declined(err) {
		result, err = do(ctx, client, l.scopes()[:1:1])
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("sign in: %w", ctx.Err())
		}
		return nil, l.refusal(err, "")
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	return connection.NewSignIn(result.Account.PreferredUsername, result.Account.HomeAccountID, withoutAccess(kept.cache)), nil
}
