package entra

import (
	"cmp"
	"errors"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"pushdesk/powerbi/practice/internal/web"
)

// redeemRefresh answers new tokens for a refresh token. Other scopes of Power BI
// may be asked for.
func (q *visit) redeemRefresh() (*web.Answer, *Error) {
	a, credential, refused := q.authenticate(true)
	if refused != nil {
		return nil, refused
	}
	text := q.form.Get("refresh_token")
	if text == "" {
		return nil, errFieldMissing.with("refresh_token")
	}
	var claims refreshClaims
	err := q.parse(text, &claims, q.Now, jwt.WithAudience(refreshAudience))
	q.tenant.Lock()
	u := q.tenant.User(claims.Subject)
	revoked := claims.Generation < q.tenant.Refreshes
	q.tenant.Unlock()
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, errCodeExpired.with()
	case err != nil || u == nil || !strings.EqualFold(claims.AppID, a.ClientID):
		return nil, errCodeInvalid.with()
	case revoked:
		return nil, errRefreshRevoked.with()
	}
	scope, refused := q.userScopes(cmp.Or(q.form.Get("scope"), claims.Asked))
	if refused != nil {
		return nil, refused
	}
	scope.refresh = true
	return q.userTokens(grant{app: a, user: u, credential: credential}, scope, ""), nil
}
