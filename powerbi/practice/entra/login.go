// Package entra is the Entra side of the practice service: the login service with its
// tokens, and the little of Microsoft Graph that Pushdesk asks for.
package entra

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
	"pushdesk/storage/text"
)

// Options say how the login service acts.
type Options struct {
	TokenLife   time.Duration // life of an access token
	RefreshIn   time.Duration // if set, tokens advise to be renewed after this long
	DevicePolls int           // a device code is approved by itself after so many polls; 0 waits for a person
}

// Login is the login service of one tenant.
type Login struct {
	issuer
	opts Options
	host web.Host

	mu      sync.Mutex // guards what follows
	devices map[string]*deviceLogin
	codes   map[string]*authorizationCode
}

// New returns the login service of a tenant, which gets a signing key if it has none.
func New(t *tenant.Tenant, host web.Host, o Options) (*Login, error) {
	key, err := keyOf(t)
	if err != nil {
		return nil, err
	}
	return &Login{issuer: issuer{t, key, o.TokenLife}, opts: o, host: host,
		devices: map[string]*deviceLogin{}, codes: map[string]*authorizationCode{}}, nil
}

// visit is a request to the login service.
type visit struct {
	*Login
	*web.Request
	form url.Values // of a POST
}

// endpoint answers a visit, or refuses it.
type endpoint func(q *visit) (*web.Answer, *Error)

// serve returns the handler of an endpoint.
func (l *Login) serve(e endpoint) web.Handler {
	return func(r *web.Request) *web.Answer {
		q := &visit{Login: l, Request: r}
		a, refused := e(q)
		if refused != nil {
			return refused.answer(r, l.host.Origin(r))
		}
		return a
	}
}

// readForm reads a form body.
func (q *visit) readForm() *Error {
	q.Body = http.MaxBytesReader(nil, q.Body, 1<<20)
	if err := q.ParseForm(); err != nil {
		return errCodeInvalid.with()
	}
	q.form = q.PostForm
	return nil
}

// checkTenant checks the tenant of a path: a GUID, a domain, or for sign-ins of users
// also common and organizations.
func (q *visit) checkTenant() *Error {
	name := q.Parts[0]
	q.tenant.Lock()
	defer q.tenant.Unlock()
	switch {
	case q.tenant.Is(name), strings.EqualFold(name, "common"), strings.EqualFold(name, "organizations"):
		return nil
	case !tenant.IsGUID(name) && !domain.MatchString(name):
		return errTenantMalformed.with(clip(name))
	}
	return errTenantUnknown.with(name)
}

// domain is the shape of a domain name with a dot.
var domain = regexp.MustCompile(`(?i)^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$`)

// findApp returns an app that may sign in.
func (q *visit) findApp(clientID string) (*tenant.App, *Error) {
	if clientID == "" {
		return nil, errFieldMissing.with("client_id")
	}
	q.tenant.Lock()
	defer q.tenant.Unlock()
	a := q.tenant.App(clientID)
	switch {
	case a == nil:
		return nil, errAppUnknown.with(clip(clientID), q.tenant.Name)
	case a.NoPrincipal:
		return nil, errNoPrincipal.with(a.ClientID, q.tenant.ID)
	case a.Disabled:
		return nil, errAppDisabled.with(a.ClientID)
	}
	return a, nil
}

// clip shortens a value for a message.
func clip(s string) string { return text.Shorten(s, 60) }
