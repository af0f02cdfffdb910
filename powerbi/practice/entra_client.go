package practice

import (
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// authenticate finds the app of a request to the token endpoint and checks its
// credential. credential is the appidacr claim: 0 none, 1 secret, 2 certificate.
// public tells that the grant belongs to a user, so that an app that allows
// public client flows needs no credential.
func (s *Service) authenticate(q *request, t *tenant, form url.Values, public bool) (_ *app, credential string, _ *entraError) {
	clientID, value := form.Get("client_id"), form.Get("client_secret")
	if id, password, ok := q.BasicAuth(); ok && clientID == "" {
		clientID, value = unescapeQuery(id), unescapeQuery(password)
	}
	a, refused := s.findApp(t, clientID)
	if refused != nil {
		return nil, "", refused
	}
	assertion := form.Get("client_assertion")
	switch {
	case assertion != "":
		credential, refused = "2", s.checkAssertion(q, a, assertion)
	case value != "":
		credential, refused = "1", s.checkSecret(q, a, value)
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

// findApp finds an app that may sign in.
func (s *Service) findApp(t *tenant, clientID string) (*app, *entraError) {
	if clientID == "" {
		return nil, errFieldMissing.with("client_id")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := t.app(clientID)
	switch {
	case a == nil:
		return nil, errAppUnknown.with(clip(clientID), t.Name)
	case a.NoPrincipal:
		return nil, errNoPrincipal.with(a.ClientID, t.ID)
	case a.Disabled:
		return nil, errAppDisabled.with(a.ClientID)
	}
	return a, nil
}

func (s *Service) checkSecret(q *request, a *app, value string) *entraError {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(a.Secrets) == 0 && a.PublicClient {
		return errPublicSecret.with()
	}
	for _, known := range a.Secrets {
		if subtle.ConstantTimeCompare([]byte(known.Value), []byte(value)) == 1 {
			if !q.now.Before(known.Expires) {
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
func (s *Service) checkAssertion(q *request, a *app, assertion string) *entraError {
	s.mu.Lock()
	registered := a.publicCertificates()
	s.mu.Unlock()
	errUnknown := errors.New("no registered certificate has this thumbprint")
	var cert *x509.Certificate
	var claims jwt.RegisteredClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"PS256", "RS256"}), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(func() time.Time { return q.now }), jwt.WithLeeway(clockSkew))
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
	case q.now.After(cert.NotAfter):
		return errAssertion.with("the certificate has expired")
	case !strings.EqualFold(claims.Issuer, a.ClientID) || !strings.EqualFold(claims.Subject, a.ClientID):
		return errAssertion.with("issuer and subject are not the application")
	}
	for _, aud := range claims.Audience {
		if u, err := url.Parse(aud); err == nil && s.ownHost(strings.ToLower(u.Host)) {
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

// parseCertificate reads a PEM certificate with an RSA key.
func parseCertificate(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("the text is not a PEM certificate")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	if _, ok := c.PublicKey.(*rsa.PublicKey); !ok {
		return nil, errors.New("the certificate's key is not an RSA key")
	}
	return c, nil
}
