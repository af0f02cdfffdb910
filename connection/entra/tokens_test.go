package entra_test

import (
	"context"
	"errors"
	"net/http"
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

var _ powerbi.TokenSource = (*entra.Tokens)(nil)

// bench is a practice service and the way to it.
type bench struct {
	t       *testing.T
	service *practice.Service
	at      connection.Endpoints
	hc      *http.Client
	app     practice.Credential // the one that works
}

func newBench(t *testing.T, opts practice.Options) *bench {
	t.Helper()
	s, err := practice.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	b := &bench{t: t, service: s, at: connection.Endpoints{LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAPEM: s.CAPEM()}}
	if b.hc, err = network.Client(b.at, network.Settings{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.hc.CloseIdleConnections)
	b.app, _ = s.Credential(practice.AppPractice)
	return b
}

// tokens makes a source for an app, which waits for nothing and notes its waits.
func (b *bench) tokens(c practice.Credential) (*entra.Tokens, *waits) {
	b.t.Helper()
	tokens, err := entra.NewTokens(b.at, c.TenantID, c.ClientID, connection.SecretCredential(c.ClientSecret), b.hc)
	if err != nil {
		b.t.Fatal(err)
	}
	w := &waits{}
	entra.SetWait(tokens, w.wait)
	entra.SetJitter(tokens, 0)
	return tokens, w
}

// count counts the requests of an operation.
func (b *bench) count(op faults.Operation) (n int) {
	for _, r := range b.service.Requests() {
		if r.Operation == op {
			n++
		}
	}
	return n
}

// waits are the waits that a source of tokens asked for.
type waits struct {
	mu   sync.Mutex
	list []time.Duration
}

func (w *waits) wait(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, d)
	return ctx.Err()
}

func (w *waits) String() string {
	var s []string
	for _, d := range w.list {
		s = append(s, d.String())
	}
	return strings.Join(s, " ")
}

func mustToken(t *testing.T, tokens *entra.Tokens) string {
	t.Helper()
	token, err := tokens.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// entra is the error as ours.
func refusal(t *testing.T, err error) *entra.Error {
	t.Helper()
	var e *entra.Error
	if !errors.As(err, &e) {
		t.Fatalf("%T %v", err, err)
	}
	return e
}

func TestToken(t *testing.T) {
	b := newBench(t, practice.Options{})
	tokens, _ := b.tokens(b.app)
	first := mustToken(t, tokens)
	if again := mustToken(t, tokens); again != first || b.count(faults.OpToken) != 1 || b.count(faults.OpMetadata) != 1 {
		t.Errorf("the token is not kept: %d token requests, %d of metadata", b.count(faults.OpToken), b.count(faults.OpMetadata))
	}
	if n := b.count(faults.OpDiscovery); n != 0 {
		t.Errorf("%d instance discoveries", n)
	}
	renewed, err := tokens.Renew(t.Context(), "")
	if err != nil || renewed == first || mustToken(t, tokens) != renewed {
		t.Errorf("renewing gave the old token, or %v", err)
	}
	for _, claims := range []string{`{"access_token":{"nbf":{"essential":true,"value":"1"}}}`, "not JSON", "null", "{}"} {
		token, err := tokens.Renew(t.Context(), claims)
		if err != nil || token == renewed {
			t.Errorf("for the claims %s: %v", claims, err)
		}
		renewed = token
	}
	if mustToken(t, tokens) != renewed {
		t.Error("the renewed token is not kept")
	}
	c, err := entra.ReadClaims(first)
	if err != nil || c.Audience != b.service.Resource() || c.TenantID != b.app.TenantID || c.AppID != b.app.ClientID || c.ObjectID != b.app.ObjectID || c.IDType != "app" || len(c.Scopes) != 0 || !c.Expires.After(c.Issued) || c.NotBefore.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
}

// With less than five minutes to live, every call asks for a new token.
func TestTokenNearItsEnd(t *testing.T) {
	b := newBench(t, practice.Options{TokenLife: 299 * time.Second})
	tokens, _ := b.tokens(b.app)
	first := mustToken(t, tokens)
	if mustToken(t, tokens) == first {
		t.Error("a token near its end was given twice")
	}
}

// A domain and an open form of the fields work too.
func TestTokenForms(t *testing.T) {
	b := newBench(t, practice.Options{})
	tokens, err := entra.NewTokens(connection.Endpoints{LoginURL: b.at.LoginURL + "/", CAPEM: b.at.CAPEM}, practice.Domain, " "+strings.ToUpper(b.app.ClientID)+"\n", connection.SecretCredential(b.app.ClientSecret+"\r\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	mustToken(t, tokens)
}

func TestTokenRefused(t *testing.T) {
	b := newBench(t, practice.Options{})
	named := func(name string) practice.Credential {
		c, ok := b.service.Credential(name)
		if !ok {
			t.Fatal(name)
		}
		return c
	}
	with := func(edit func(*practice.Credential)) practice.Credential { c := b.app; edit(&c); return c }
	for _, c := range []struct {
		name     string
		app      practice.Credential
		code     int
		sentence string
		remedy   string
		who      string
	}{
		{"wrong secret", with(func(c *practice.Credential) { c.ClientSecret = secret }), 7000215, "The client secret is wrong.", "column Value", string(failure.AppOwner)},
		{"Secret ID", with(func(c *practice.Credential) { c.ClientSecret = "11112222-3333-4444-8555-666677778888" }), 7000215, "The client secret is wrong.", "not its Secret ID", string(failure.AppOwner)},
		{"expired secret", named(practice.AppExpired), 7000222, "The client secret has expired.", "new client secret", string(failure.AppOwner)},
		{"unknown app", with(func(c *practice.Credential) { c.ClientID = clientID }), 700016, "The tenant does not know this app.", "client ID", "you"},
		{"unknown tenant", with(func(c *practice.Credential) { c.TenantID = tenantID }), 90002, "There is no such tenant in this cloud.", "another cloud", "you"},
		{"unknown domain", with(func(c *practice.Credential) { c.TenantID = "contoso.onmicrosoft.com" }), 90002, "There is no such tenant in this cloud.", "tenant ID", "you"},
		{"disabled", named(practice.AppDisabled), 7000112, "The app is disabled.", "enable", string(failure.TenantAdmin)},
		{"no consent", named(practice.AppNoConsent), 65001, "No one has consented to the app.", "grant consent", string(failure.TenantAdmin)},
		{"no principal", named(practice.AppNoPrincipal), 7000229, "The app has no enterprise application in this tenant.", "service principal", string(failure.TenantAdmin)},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := b.count(faults.OpToken) + b.count(faults.OpMetadata)
			tokens, waits := b.tokens(c.app)
			_, err := tokens.Token(t.Context())
			e := refusal(t, err)
			if e.Code != c.code || e.Failure().Sentence != c.sentence || !strings.Contains(e.Failure().Remedy, c.remedy) || string(e.Failure().Who) != c.who || e.Temporary() || e.Network != "" {
				t.Errorf("%d %q %q %q", e.Code, e.Failure().Sentence, e.Failure().Remedy, string(e.Failure().Who))
			}
			if e.ErrorName == "" || e.CorrelationID == "" || e.TraceID == "" || e.Timestamp == "" || e.Status < 400 || e.Host == "" ||
				!strings.Contains(e.Failure().Details, "AADSTS") || !strings.Contains(e.Failure().Details, e.CorrelationID) || strings.Contains(e.Description, "Trace ID") {
				t.Errorf("%+v\n%s", e, e.Failure().Details)
			}
			if n := b.count(faults.OpToken) + b.count(faults.OpMetadata) - before; n > 2 || len(waits.list) != 0 {
				t.Errorf("a refusal was repeated: %d requests, waits %v", n, waits)
			}
		})
	}
}

// Whoever tests a secret makes a new source, and the new one knows nothing of
// tokens that others hold.
func TestWrongSecretBesideAWarmCache(t *testing.T) {
	b := newBench(t, practice.Options{})
	tokens, _ := b.tokens(b.app)
	mustToken(t, tokens)
	wrong := b.app
	wrong.ClientSecret = secret
	other, _ := b.tokens(wrong)
	_, err := other.Token(t.Context())
	if e := refusal(t, err); e.Code != 7000215 {
		t.Errorf("%v", err)
	}
	mustToken(t, tokens)
}

func TestNewTokensRefuses(t *testing.T) {
	b := newBench(t, practice.Options{})
	for _, c := range []struct {
		login, tenant, client, secret string
		field                         connection.Field
	}{
		{"", tenantID, clientID, secret, connection.FieldLoginURL},
		{"http://127.0.0.1", tenantID, clientID, secret, connection.FieldLoginURL},
		{b.at.LoginURL, "", clientID, secret, connection.FieldTenant},
		{b.at.LoginURL, "common", clientID, secret, connection.FieldTenant},
		{b.at.LoginURL, "a/b", clientID, secret, connection.FieldTenant},
		{b.at.LoginURL, tenantID, "", secret, connection.FieldClient},
		{b.at.LoginURL, tenantID, clientID, " ", connection.FieldSecret},
	} {
		_, err := entra.NewTokens(connection.Endpoints{LoginURL: c.login, Resource: b.at.Resource}, c.tenant, c.client, connection.SecretCredential(c.secret), b.hc)
		var e *connection.InvalidError
		if !errors.As(err, &e) || e.Finding.Field != c.field {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := entra.NewTokens(connection.Endpoints{LoginURL: b.at.LoginURL, CAFile: "/no/such/file"}, tenantID, clientID, connection.SecretCredential(secret), nil); !errors.Is(err, network.ErrAuthorities) {
		t.Errorf("%v", err)
	}
	if len(b.service.Requests()) != 0 {
		t.Error("something was sent")
	}
}

const (
	tenantID = "5d0cf6a5-1111-4222-8333-444455556666"
	clientID = "0f9e8d7c-aaaa-4bbb-8ccc-ddddeeeeffff"
	secret   = "abc8Q~0123456789abcdefghijklmnopqrstuvwx"
)
