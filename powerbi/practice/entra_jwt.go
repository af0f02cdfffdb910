package practice

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// resource is the Power BI resource of the public cloud.
const resource = "https://analysis.windows.net/powerbi/api"

// powerBIAppID is the same resource by the ID of its application.
const powerBIAppID = "00000009-0000-0000-c000-000000000000"

// isResource tells whether a resource or audience means Power BI.
func isResource(text string) bool {
	text = strings.TrimSuffix(text, "/")
	return strings.EqualFold(text, resource) || strings.EqualFold(text, powerBIAppID)
}

// sign makes a JWT with this service's key.
func (s *Service) sign(claims jwt.MapClaims) (string, error) {
	key, err := s.keys.wait()
	if err != nil {
		return "", err
	}
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	id := keyID(&key.PublicKey)
	t.Header["x5t"], t.Header["kid"] = id, id
	return t.SignedString(key)
}

// grant is what a token is issued for.
type grant struct {
	tenant     *tenant
	app        *app
	user       *user // nil for an app of its own
	scopes     []string
	credential string // appidacr: 0 none, 1 secret, 2 certificate
	audience   string // "" for Power BI
}

// accessToken makes a token as Power BI's look: version 1, with appid and no
// scp or roles when an app asks for itself.
func (s *Service) accessToken(q *request, g grant) (string, error) {
	issuer := "https://sts.windows.net/" + g.tenant.ID + "/"
	claims := jwt.MapClaims{
		"aud": cmp.Or(g.audience, resource), "iss": issuer, "idp": issuer, "tid": g.tenant.ID, "ver": "1.0",
		"iat": q.now.Unix(), "nbf": q.now.Unix(), "exp": q.now.Add(s.opts.TokenLife).Unix(),
		"appid": g.app.ClientID, "appidacr": g.credential, "uti": s.tokenID(),
	}
	if g.user == nil {
		claims["idtyp"], claims["oid"], claims["sub"] = "app", g.app.ObjectID, g.app.ObjectID
	} else {
		delete(claims, "idp")
		claims["idtyp"], claims["oid"], claims["sub"] = "user", g.user.ID, g.user.ID
		claims["scp"] = strings.Join(g.scopes, " ")
		claims["upn"], claims["unique_name"], claims["name"] = g.user.UPN, g.user.UPN, g.user.Name
	}
	return s.sign(claims)
}

// idToken makes the token that tells a client who signed in.
func (s *Service) idToken(q *request, g grant, nonce string) (string, error) {
	claims := jwt.MapClaims{
		"aud": g.app.ClientID, "iss": s.origin(q) + "/" + g.tenant.ID + "/v2.0", "tid": g.tenant.ID, "ver": "2.0",
		"iat": q.now.Unix(), "nbf": q.now.Unix(), "exp": q.now.Add(s.opts.TokenLife).Unix(),
		"oid": g.user.ID, "sub": g.user.ID, "name": g.user.Name, "preferred_username": g.user.UPN,
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	return s.sign(claims)
}

// tokenID makes the uti claim. It looks like any other, and carries the
// generation that RevokeTokens ends.
func (s *Service) tokenID() string {
	s.mu.Lock()
	generation := s.model.Generation
	s.mu.Unlock()
	var b [16]byte
	binary.BigEndian.PutUint32(b[:4], generation)
	rand.Read(b[4:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func generationOf(tokenID string) (uint32, bool) {
	b, err := base64.RawURLEncoding.DecodeString(tokenID)
	if err != nil || len(b) != 16 {
		return 0, false
	}
	return binary.BigEndian.Uint32(b[:4]), true
}

type accessClaims struct {
	jwt.RegisteredClaims
	TenantID string `json:"tid"`
	AppID    string `json:"appid"`
	ObjectID string `json:"oid"`
	IDType   string `json:"idtyp"`
	Scopes   string `json:"scp"`
	TokenID  string `json:"uti"`
}

// verify checks an access token by the service's clock. info is what the header
// x-powerbi-error-info says of a bad one. A revoked token is answered like an
// expired one.
func (s *Service) verify(token string, now time.Time) (c caller, info string) {
	return s.verifyFor(isResource, token, now)
}

// verifyFor is verify for tokens of a resource.
func (s *Service) verifyFor(audience func(string) bool, token string, now time.Time) (c caller, info string) {
	var claims accessClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(func() time.Time { return now }))
	_, err := parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) {
		key, err := s.keys.wait()
		if err != nil {
			return nil, err
		}
		return (*rsa.PublicKey)(&key.PublicKey), nil
	})
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, "TokenExpired"
	case err != nil || !slices.ContainsFunc(claims.Audience, audience):
		return c, "InvalidToken"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.model.tenantByName(claims.TenantID)
	generation, ok := generationOf(claims.TokenID)
	if t == nil || !ok {
		return c, "InvalidToken"
	}
	if generation < s.model.Generation {
		return c, "TokenExpired"
	}
	c = caller{tenant: t, objectID: claims.ObjectID, isApp: claims.IDType == "app", scopes: strings.Fields(claims.Scopes)}
	if a := t.app(claims.AppID); a != nil && c.isApp {
		c.name = a.Name
	} else if u := t.user(claims.ObjectID); u != nil && !c.isApp {
		c.name = u.UPN
	} else {
		return c, "InvalidToken" // the app or the user is gone
	}
	return c, ""
}
