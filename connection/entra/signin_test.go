package entra_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/failure"
)

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	formAction  = regexp.MustCompile(`<form id="(accept|decline|tell)" method="post" action="([^"]+)">`)
)

// browser is a person with a web browser who presses a button of the sign-in page.
func (b *bench) browser(button string) func(string) error {
	return func(address string) error {
		resp, err := b.hc.Get(address)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		page, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		for _, form := range strings.Split(string(page), "</form>") {
			m := formAction.FindStringSubmatch(form)
			if m == nil || m[1] != button {
				continue
			}
			fields := url.Values{}
			for _, f := range hiddenField.FindAllStringSubmatch(form, -1) {
				fields.Set(html.UnescapeString(f[1]), html.UnescapeString(f[2]))
			}
			go func() {
				if resp, err := http.PostForm(html.UnescapeString(m[2]), fields); err == nil {
					resp.Body.Close()
				}
			}()
			return nil
		}
		return errors.New("the page has no button " + button)
	}
}

func (b *bench) public() practice.Credential {
	b.t.Helper()
	c, ok := b.service.Credential(practice.AppSignIn)
	if !ok {
		b.t.Fatal("no app to sign in with")
	}
	return c
}

// signIn signs a person in with a browser.
func (b *bench) signIn() *connection.SignIn {
	b.t.Helper()
	app := b.public()
	s, err := entra.SignInWithBrowser(b.t.Context(), b.at, network.Settings{}, app.TenantID, app.ClientID, "", b.browser("accept"))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bench) person(s *connection.SignIn) *entra.Tokens {
	b.t.Helper()
	app := b.public()
	tokens, err := entra.NewTokens(b.at, app.TenantID, app.ClientID, connection.Credential{Kind: connection.CredentialBrowser, SignIn: s}, b.hc)
	if err != nil {
		b.t.Fatal(err)
	}
	entra.SetWait(tokens, (&waits{}).wait)
	return tokens
}

func TestSignInWithABrowser(t *testing.T) {
	b := newBench(t, practice.Options{})
	s := b.signIn()
	if s.Account() != "alex@"+practice.Domain {
		t.Errorf("signed in as %q", s.Account())
	}
	tokens := b.person(s)
	claims, err := entra.ReadClaims(mustToken(t, tokens))
	if err != nil || !strings.Contains(strings.Join(claims.Scopes, " "), entra.ScopePush) || claims.IDType != "user" {
		t.Errorf("%+v, %v", claims, err)
	}
	// The token works, and comes from the cache the next time.
	if _, err := powerbi.NewClient(b.at.APIURL, tokens, b.hc).Workspaces(t.Context()); err != nil {
		t.Error(err)
	}
	before := b.count(faults.OpToken)
	mustToken(t, tokens)
	if n := b.count(faults.OpToken); n != before {
		t.Errorf("%d token requests for a kept token", n-before)
	}
	// A new source asks again: what is kept holds no access token.
	mustToken(t, b.person(s))
	if n := b.count(faults.OpToken); n != before+1 {
		t.Errorf("%d token requests of a new source", n-before)
	}
}

func TestASignInIsKeptAndRenewed(t *testing.T) {
	b := newBench(t, practice.Options{})
	text, err := b.signIn().Encode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := connection.DecodeSignIn(text)
	if err != nil || s.Renewed() {
		t.Fatalf("%v, renewed %v", err, s.Renewed())
	}
	token := mustToken(t, b.person(s))
	if !s.Renewed() || s.Renewed() {
		t.Error("a renewed sign-in is not said to be one, or twice")
	}
	kept, err := s.Encode()
	if err != nil || bytes.Contains(kept, []byte(token)) || bytes.Equal(kept, text) {
		t.Fatalf("%v: the refresh token is the old one, or there is an access token", err)
	}
	again, err := connection.DecodeSignIn(kept)
	if err != nil {
		t.Fatal(err)
	}
	mustToken(t, b.person(again))
	if text := fmt.Sprintf("%v %+v %#v", s, s, connection.Credential{SignIn: s}); strings.Contains(text, "refresh") || strings.Contains(text, "{") {
		t.Errorf("printed as %s", text)
	}
	for _, bad := range []string{"", "{}", `{"version":1,"cache":"`, `{"version":2,"cache":{}}`, "\x00"} {
		_, err := connection.DecodeSignIn([]byte(bad))
		if f, ok := failure.From(err); !ok || !strings.Contains(f.Remedy, "Sign in again") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestARevokedSignInSaysSo(t *testing.T) {
	b := newBench(t, practice.Options{})
	s := b.signIn()
	b.service.RevokeSignIns()
	_, err := b.person(s).Token(t.Context())
	if e := refusal(t, err); e.Code != 50173 || !strings.Contains(e.Failure().Remedy, "Sign in again") || e.Temporary() {
		t.Errorf("%v %q", err, e.Failure().Remedy)
	}
}

func TestSignInTrouble(t *testing.T) {
	b := newBench(t, practice.Options{})
	app := b.public()
	try := func(ctx context.Context, client string, open func(string) error) error {
		_, err := entra.SignInWithBrowser(ctx, b.at, network.Settings{}, app.TenantID, client, "ann@example.com", open)
		return err
	}
	if e := refusal(t, try(t.Context(), app.ClientID, b.browser("decline"))); e.Code != 65004 || !strings.Contains(e.Failure().Sentence, "refused") || strings.Contains(e.Failure().Details, "&#") {
		t.Errorf("%v\n%s", e, e.Failure().Details)
	}
	broken := errors.New("no browser")
	if err := try(t.Context(), app.ClientID, func(string) error { return broken }); err == nil || !strings.Contains(err.Error(), "no browser") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := try(ctx, app.ClientID, func(string) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := try(t.Context(), "nonsense", nil); !errors.As(err, new(*connection.InvalidError)) {
		t.Errorf("%v", err)
	}
	_, err := entra.NewTokens(b.at, app.TenantID, app.ClientID, connection.Credential{Kind: connection.CredentialDevice}, b.hc)
	if e := refusal(t, err); !strings.Contains(e.Failure().Sentence, "sign in") {
		t.Errorf("%v", err)
	}
}

func TestSignInWithACode(t *testing.T) {
	b := newBench(t, practice.Options{})
	app := b.public()
	var shown entra.DeviceCode
	s, err := entra.SignInWithDevice(t.Context(), b.at, network.Settings{}, app.TenantID, app.ClientID, func(c entra.DeviceCode) {
		shown = c
		if err := b.service.ApproveDevice(c.UserCode); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if shown.UserCode == "" || !strings.Contains(shown.URL, "devicelogin") || time.Until(shown.Expires) < time.Minute || s.Account() == "" {
		t.Errorf("%+v %v", shown, s)
	}
	mustToken(t, b.person(s))
	_, err = entra.SignInWithDevice(t.Context(), b.at, network.Settings{}, app.TenantID, app.ClientID, func(c entra.DeviceCode) {
		if err := b.service.DeclineDevice(c.UserCode); err != nil {
			t.Error(err)
		}
	})
	if e := refusal(t, err); !strings.Contains(e.Failure().Sentence, "refused") {
		t.Errorf("%v: %s", err, e.Failure().Sentence)
	}
	// An app with a secret takes no sign-ins of people.
	_, err = entra.SignInWithDevice(t.Context(), b.at, network.Settings{}, b.app.TenantID, b.app.ClientID, func(entra.DeviceCode) {})
	if e := refusal(t, err); e.Code != 7000218 || !strings.Contains(e.Failure().Remedy, "public client flows") {
		t.Errorf("%v: %s", err, e.Failure().Remedy)
	}
}

// Fifty users of one connection share what they ask for, also when one gives up,
// whatever they sign in with.
func TestManyUsersOfOneConnection(t *testing.T) {
	b := newBench(t, practice.Options{})
	signIn := b.signIn()
	secret, _ := b.tokens(b.app)
	for name, tokens := range map[string]*entra.Tokens{"secret": secret, "person": b.person(signIn)} {
		t.Run(name, func(t *testing.T) {
			before := b.count(faults.OpToken)
			hold := make(chan struct{})
			b.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Hold: hold})
			first, cancel := context.WithCancel(t.Context())
			var wait sync.WaitGroup
			wait.Go(func() {
				if _, err := tokens.Token(first); !errors.Is(err, context.Canceled) {
					t.Errorf("the one who gave up got %v", err)
				}
			})
			for range 50 {
				wait.Go(func() {
					if _, err := tokens.Token(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			time.Sleep(20 * time.Millisecond) // so that most of them wait; the count below holds either way
			cancel()
			close(hold)
			wait.Wait()
			if n := b.count(faults.OpToken) - before; n < 1 || n > 2 {
				t.Errorf("%d token requests for 51 users", n)
			}
		})
	}
}
