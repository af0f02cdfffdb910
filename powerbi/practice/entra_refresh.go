package practice

import (
	"crypto/rsa"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// refreshLife is the documented life of a refresh token.
const refreshLife = 90 * 24 * time.Hour

const refreshAudience = "practice-refresh"

// refreshClaims are inside a refresh token, so that it outlives the service
// without being kept anywhere. To a client it is just text.
type refreshClaims struct {
	jwt.RegisteredClaims
	AppID      string `json:"app"`
	Asked      string `json:"asked"`
	Generation uint32 `json:"generation"`
}

func (s *Service) refreshToken(q *request, g grant, asked []string) (string, error) {
	s.mu.Lock()
	generation := s.model.Refreshes
	s.mu.Unlock()
	return s.sign(jwt.MapClaims{"aud": refreshAudience, "sub": g.user.ID, "jti": newGUID(),
		"exp": q.now.Add(refreshLife).Unix(), "app": g.app.ClientID,
		"asked": strings.Join(asked, " "), "generation": generation})
}

// redeemRefresh gives new tokens for a refresh token. Other scopes of Power BI
// may be asked for.
func (s *Service) redeemRefresh(q *request, t *tenant, form url.Values) (answer, *entraError) {
	a, credential, refused := s.authenticate(q, t, form, true)
	if refused != nil {
		return answer{}, refused
	}
	text := form.Get("refresh_token")
	if text == "" {
		return answer{}, errFieldMissing.with("refresh_token")
	}
	var claims refreshClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience(refreshAudience),
		jwt.WithTimeFunc(func() time.Time { return q.now }))
	_, err := parser.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) {
		key, err := s.keys.wait()
		if err != nil {
			return nil, err
		}
		return (*rsa.PublicKey)(&key.PublicKey), nil
	})
	s.mu.Lock()
	u := t.user(claims.Subject)
	revoked := claims.Generation < s.model.Refreshes
	s.mu.Unlock()
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return answer{}, errCodeExpired.with()
	case err != nil || u == nil || !strings.EqualFold(claims.AppID, a.ClientID):
		return answer{}, errCodeInvalid.with()
	case revoked:
		return answer{}, errRefreshRevoked.with()
	}
	scope := form.Get("scope")
	if scope == "" {
		scope = claims.Asked
	}
	granted, asked, _, refused := userScopes(t, scope)
	if refused != nil {
		return answer{}, refused
	}
	g := grant{tenant: t, app: a, user: u, scopes: granted, credential: credential}
	return s.userTokens(q, g, asked, true, ""), nil
}
