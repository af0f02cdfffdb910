package practice

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// authorizationCode is a sign-in in a browser that was accepted and waits to be
// redeemed.
type authorizationCode struct {
	app       *app
	tenant    *tenant
	user      *user
	scope     string
	redirect  string
	challenge string
	nonce     string
	expires   time.Time
	used      bool
}

const codeLife = 10 * time.Minute

var authorizePage = template.Must(template.New("authorize").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Practice sign-in</title>
<body style="font-family:sans-serif;max-width:32em;margin:4em auto">
<h1>Practice sign-in</h1>
<p>{{.App}} asks to sign you in.</p>
<form id="accept" method="{{.Method}}" action="{{.Redirect}}">
<input type="hidden" name="code" value="{{.Code}}">
<input type="hidden" name="state" value="{{.State}}">
<button>Sign in as {{.User}}</button>
</form>
<form id="decline" method="{{.Method}}" action="{{.Redirect}}">
<input type="hidden" name="error" value="access_denied">
<input type="hidden" name="error_description" value="{{.Declined}}">
<input type="hidden" name="state" value="{{.State}}">
<button>Cancel</button>
</form>
{{if .Auto}}<script>document.getElementById("{{.Auto}}").submit()</script>{{end}}
</body></html>
`))

var entraErrorPage = template.Must(template.New("error").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Practice sign-in</title>
<body style="font-family:sans-serif;max-width:32em;margin:4em auto">
<h1>Sorry, the sign-in does not work</h1>
<p>{{.}}</p>
</body></html>
`))

func page200(t *template.Template, view any) answer {
	var b bytes.Buffer
	if err := t.Execute(&b, view); err != nil {
		return internalError(err)
	}
	return newAnswer(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
}

// authorize is the page where a person signs in. It has one form that accepts
// and one that declines; each goes to the program that waits on its loopback
// address. The parameter practice=accept or practice=decline sends that form by
// itself, for a browser that nobody watches.
func (s *Service) authorize(q *request) answer {
	p := q.URL.Query()
	sorry := func(e *entraError) answer {
		text, _, _ := e.describe(q)
		a := page200(entraErrorPage, text)
		a.status = e.status
		return a
	}
	t, refused := s.tenantOf(q)
	if refused != nil {
		return sorry(refused)
	}
	a, refused := s.findApp(t, p.Get("client_id"))
	if refused != nil {
		return sorry(refused)
	}
	redirect := p.Get("redirect_uri")
	if !loopback(redirect) {
		return sorry(errRedirect.with(clip(redirect), a.ClientID))
	}
	// From here on the real service tells the program, not the person.
	if p.Get("response_type") != "code" {
		return s.tellProgram(q, errResponseType.with(clip(p.Get("response_type"))))
	}
	if _, _, _, refused := userScopes(t, p.Get("scope")); refused != nil {
		return s.tellProgram(q, refused)
	}
	if m := p.Get("code_challenge_method"); p.Get("code_challenge") == "" || m != "S256" {
		return s.tellProgram(q, errFieldMissing.with("code_challenge"))
	}
	s.mu.Lock()
	u := t.user(p.Get("login_hint"))
	if u == nil {
		u = t.Users[0]
	}
	code := "0.A" + rand.Text()
	for c, held := range s.codes {
		if q.now.After(held.expires) {
			delete(s.codes, c)
		}
	}
	s.codes[code] = &authorizationCode{app: a, tenant: t, user: u, scope: p.Get("scope"), redirect: redirect,
		challenge: p.Get("code_challenge"), nonce: p.Get("nonce"), expires: q.now.Add(codeLife)}
	s.mu.Unlock()
	declined, _, _ := errDeclined.with().describe(q)
	auto := p.Get("practice")
	if auto != "accept" && auto != "decline" {
		auto = ""
	}
	return page200(authorizePage, map[string]any{"App": a.Name, "User": u.Name, "Redirect": template.URL(redirect),
		"Method": formMethod(p), "Code": code, "State": p.Get("state"), "Declined": declined, "Auto": auto})
}

// formMethod is how the answer reaches the program's loopback address.
func formMethod(p url.Values) string {
	if p.Get("response_mode") == "form_post" {
		return "post"
	}
	return "get"
}

var tellPage = template.Must(template.New("tell").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Practice sign-in</title>
<body><form id="tell" method="{{.Method}}" action="{{.Redirect}}">
<input type="hidden" name="error" value="{{.Error}}">
<input type="hidden" name="error_description" value="{{.Description}}">
<input type="hidden" name="state" value="{{.State}}">
<button>Continue</button></form>
<script>document.getElementById("tell").submit()</script>
</body></html>
`))

// tellProgram sends an error to the program through the browser.
func (s *Service) tellProgram(q *request, e *entraError) answer {
	p := q.URL.Query()
	text, _, _ := e.describe(q)
	return page200(tellPage, map[string]any{"Method": formMethod(p), "Redirect": template.URL(p.Get("redirect_uri")),
		"Error": e.name, "Description": text, "State": p.Get("state")})
}

// loopback tells whether a redirect address is on this computer. Entra allows
// any port for a registered http://localhost.
func loopback(redirect string) bool {
	u, err := url.Parse(redirect)
	return err == nil && u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
}

// redeemCode gives tokens for an authorization code, once, to the app it was
// made for, when the verifier fits the challenge.
func (s *Service) redeemCode(q *request, t *tenant, form url.Values) (answer, *entraError) {
	a, credential, refused := s.authenticate(q, t, form, true)
	if refused != nil {
		return answer{}, refused
	}
	for _, field := range []string{"code", "redirect_uri", "code_verifier"} {
		if form.Get(field) == "" {
			return answer{}, errFieldMissing.with(field)
		}
	}
	held, refused := s.takeCode(q, a, form)
	if refused != nil {
		return answer{}, refused
	}
	scope := form.Get("scope")
	if scope == "" {
		scope = held.scope
	}
	granted, asked, refresh, refused := userScopes(t, scope)
	if refused != nil {
		return answer{}, refused
	}
	g := grant{tenant: t, app: a, user: held.user, scopes: granted, credential: credential}
	return s.userTokens(q, g, asked, refresh, held.nonce), nil
}

func (s *Service) takeCode(q *request, a *app, form url.Values) (*authorizationCode, *entraError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.codes[form.Get("code")]
	switch {
	case held == nil || held.app != a:
		return nil, errCodeInvalid.with()
	case held.used:
		return nil, errCodeUsed.with()
	case !q.now.Before(held.expires):
		return nil, errCodeExpired.with()
	case !strings.EqualFold(held.redirect, form.Get("redirect_uri")):
		return nil, errRedirect.with(clip(form.Get("redirect_uri")), a.ClientID)
	}
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	fits := base64.RawURLEncoding.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(fits), []byte(strings.TrimRight(held.challenge, "="))) != 1 {
		return nil, errVerifier.with()
	}
	held.used = true
	return held, nil
}
