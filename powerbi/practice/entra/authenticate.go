package entra

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"time"

	"pushdesk/powerbi/practice/tenant"

	"github.com/golang-jwt/jwt/v5"
)

// authenticate returns the app of a request to the token endpoint and checks its
// credential. credential is the appidacr claim: 0 none, 1 secret, 2 certificate.
// public says that the grant belongs to a user, so that an app that allows
// public client flows needs no credential.
func (q *visit) authenticate(public bool) (_ *tenant.App, credential string, _ *Error) {
	clientID, value := q.form.Get("client_id"), q.form.Get("client_secret")
	if id, password, ok := q.BasicAuth(); ok && clientID == "" {
		clientID, value = unescapeQuery(id), unescapeQuery(password)
	}
	a, refused := q.findApp(clientID)
	if refused != nil {
		return nil, "", refused
	}
	assertion := q.form.Get("client_assertion")
	switch {
	case assertion != "":
		credential, refused = "2", q.checkAssertion(a, assertion)
	case value != "":
		credential, refused = "1", q.checkSecret(a, value)
	case public && a.PublicClient:
		credential = "0"
	case public:
		refused = errNotPublic.with()
	default:
		refused = errSecretMissing.with()
	}
	if refused == nil && a.NoConsent {
		// In a real tenant an app of its own usually gets a token even so; the
		// answer is given here for every grant, so that it can be met at all.
		refused = errNoConsent.with(a.ClientID, a.Name)
	}
	return a, credential, refused
}

func unescapeQuery(s string) string {
	if v, err := url.QueryUnescape(s); err == nil {
		return v
	}
	return s
}

func (q *visit) checkSecret(a *tenant.App, value string) *Error {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	if len(a.Secrets) == 0 && a.PublicClient {
		return errPublicSecret.with()
	}
	for _, known := range a.Secrets {
		if subtle.ConstantTimeCompare([]byte(known.Value), []byte(value)) == 1 {
			if !q.Now.Before(known.Expires) {
				return errSecretExpired.with(a.ClientID)
			}
			return nil
		}
	}
	return errSecretWrong.with(a.ClientID)
}

// clockSkew is how far a client's clock may be off when it signs an assertion:
// a few minutes on the real service.
const clockSkew = 5 * time.Minute

// checkAssertion checks a JWT signed with a certificate of the app: its
// signature, its issuer and subject, its audience and its time.
func (q *visit) checkAssertion(a *tenant.App, assertion string) *Error {
	q.tenant.Lock()
	registered := a.PublicCertificates()
	q.tenant.Unlock()
	errUnknown := errors.New("no registered certificate has this thumbprint")
	var cert *x509.Certificate
	var claims jwt.RegisteredClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"PS256", "RS256"}), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(func() time.Time { return q.Now }), jwt.WithLeeway(clockSkew))
	_, err := parser.ParseWithClaims(assertion, &claims, func(t *jwt.Token) (any, error) {
		for _, c := range registered {
			if hasThumbprint(c, t.Header) {
				cert = c
				return c.PublicKey, nil
			}
		}
		return nil, errUnknown
	})
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return errAssertionShape.with()
	case errors.Is(err, errUnknown):
		return errAssertion.with("the key was not found by its thumbprint")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return errAssertion.with("the signature does not fit the certificate")
	case errors.Is(err, jwt.ErrTokenExpired), errors.Is(err, jwt.ErrTokenNotValidYet):
		return errAssertionTime.with()
	case err != nil:
		return errAssertion.with("the assertion cannot be read")
	case q.Now.After(cert.NotAfter):
		return errAssertion.with("the certificate has expired")
	case !strings.EqualFold(claims.Issuer, a.ClientID) || !strings.EqualFold(claims.Subject, a.ClientID):
		return errAssertion.with("issuer and subject are not the application")
	}
	for _, aud := range claims.Audience {
		if u, err := url.Parse(aud); err == nil && q.host.Own(u.Host) {
			return nil
		}
	}
	return errAssertion.with("the audience is not this token endpoint")
}

// hasThumbprint compares the thumbprint in the header of an assertion.
func hasThumbprint(c *x509.Certificate, header map[string]any) bool {
	if text, ok := header["x5t#S256"].(string); ok {
		return urlAlphabet.Replace(text) == thumbprint(c)
	}
	if text, ok := header["x5t"].(string); ok { // the older header, SHA-1
		sum := sha1.Sum(c.Raw)
		return urlAlphabet.Replace(text) == base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return false
}

// urlAlphabet turns plain base64, which MSAL writes here, into base64url.
var urlAlphabet = strings.NewReplacer("+", "-", "/", "_", "=", "")

// thumbprint names a certificate as the header x5t#S256 does.
func thumbprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
