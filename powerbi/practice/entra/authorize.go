package entra

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
)

// authorizationCode is a sign-in in a browser that was accepted and waits to be
// redeemed.
type authorizationCode struct {
	app       *tenant.App
	user      *tenant.User
	scope     string
	redirect  string
	challenge string
	nonce     string
	expires   time.Time
	used      bool
}

const codeLife = 10 * time.Minute

// authorize is the page where a person signs in. It has one form that accepts
// and one that declines; each goes to the program that waits on its loopback
// address. The parameter practice=accept or practice=decline sends that form by
// itself, for a browser that nobody watches.
func (q *visit) authorize() (*web.Answer, *Error) {
	p := q.URL.Query()
	a, refused := q.askingApp(p)
	if refused != nil {
		text, _, _ := refused.describe(q.Request)
		return page(refused.status, "error", text), nil
	}
	// From here on the real service tells the program, not the person.
	if p.Get("response_type") != "code" {
		return q.tellProgram(p, errResponseType.with(clip(p.Get("response_type")))), nil
	}
	if _, refused := q.userScopes(p.Get("scope")); refused != nil {
		return q.tellProgram(p, refused), nil
	}
	if p.Get("code_challenge") == "" || p.Get("code_challenge_method") != "S256" {
		return q.tellProgram(p, errFieldMissing.with("code_challenge")), nil
	}
	u := q.person()
	q.tenant.Lock()
	if hinted := q.tenant.User(p.Get("login_hint")); hinted != nil {
		u = hinted
	}
	q.tenant.Unlock()
	code := "0.A" + rand.Text()
	q.mu.Lock()
	maps.DeleteFunc(q.codes, func(_ string, c *authorizationCode) bool { return q.Now.After(c.expires) })
	q.codes[code] = &authorizationCode{app: a, user: u, scope: p.Get("scope"), redirect: p.Get("redirect_uri"),
		challenge: p.Get("code_challenge"), nonce: p.Get("nonce"), expires: q.Now.Add(codeLife)}
	q.mu.Unlock()
	declined, _, _ := errDeclined.describe(q.Request)
	auto := p.Get("practice")
	if auto != "accept" && auto != "decline" {
		auto = ""
	}
	return page(http.StatusOK, "authorize", map[string]any{"App": a.Name, "User": u.Name, "Redirect": template.URL(p.Get("redirect_uri")),
		"Method": formMethod(p), "Code": code, "State": p.Get("state"), "Declined": declined, "Auto": auto}), nil
}

// askingApp returns the app that asks for a sign-in, if it may be told the answer.
func (q *visit) askingApp(p url.Values) (*tenant.App, *Error) {
	if refused := q.checkTenant(); refused != nil {
		return nil, refused
	}
	a, refused := q.findApp(p.Get("client_id"))
	if refused == nil && !loopback(p.Get("redirect_uri")) {
		refused = errRedirect.with(clip(p.Get("redirect_uri")), a.ClientID)
	}
	return a, refused
}

// formMethod is how the answer reaches the program's loopback address.
func formMethod(p url.Values) string {
	if p.Get("response_mode") == "form_post" {
		return "post"
	}
	return "get"
}

// tellProgram sends an error to the program through the browser.
func (q *visit) tellProgram(p url.Values, e *Error) *web.Answer {
	text, _, _ := e.describe(q.Request)
	return page(http.StatusOK, "tell", map[string]any{"Method": formMethod(p), "Redirect": template.URL(p.Get("redirect_uri")),
		"Error": e.name, "Description": text, "State": p.Get("state")})
}

// loopback reports whether a redirect address is on this computer. Entra allows
// any port for a registered http://localhost.
func loopback(redirect string) bool {
	u, err := url.Parse(redirect)
	return err == nil && u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
}

// redeemCode answers tokens for an authorization code, once, to the app it was
// made for, when the verifier fits the challenge.
func (q *visit) redeemCode() (*web.Answer, *Error) {
	a, credential, refused := q.authenticate(true)
	if refused != nil {
		return nil, refused
	}
	for _, field := range []string{"code", "redirect_uri", "code_verifier"} {
		if q.form.Get(field) == "" {
			return nil, errFieldMissing.with(field)
		}
	}
	held, refused := q.takeCode(a)
	if refused != nil {
		return nil, refused
	}
	scope, refused := q.userScopes(cmp.Or(q.form.Get("scope"), held.scope))
	if refused != nil {
		return nil, refused
	}
	return q.userTokens(grant{app: a, user: held.user, credential: credential}, scope, held.nonce), nil
}

func (q *visit) takeCode(a *tenant.App) (*authorizationCode, *Error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	held := q.codes[q.form.Get("code")]
	switch {
	case held == nil || held.app != a:
		return nil, errCodeInvalid.with()
	case held.used:
		return nil, errCodeUsed.with()
	case !q.Now.Before(held.expires):
		return nil, errCodeExpired.with()
	case !strings.EqualFold(held.redirect, q.form.Get("redirect_uri")):
		return nil, errRedirect.with(clip(q.form.Get("redirect_uri")), a.ClientID)
	}
	sum := sha256.Sum256([]byte(q.form.Get("code_verifier")))
	fits := base64.RawURLEncoding.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(fits), []byte(strings.TrimRight(held.challenge, "="))) != 1 {
		return nil, errVerifier.with()
	}
	held.used = true
	return held, nil
}
