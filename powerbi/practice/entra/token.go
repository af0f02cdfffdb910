package entra

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"pushdesk/powerbi/practice/internal/web"
)

// clientCredentials answers an app with a token of its own.
func (q *visit) clientCredentials() (*web.Answer, *Error) {
	if name := strings.ToLower(q.Parts[0]); name == "common" || name == "organizations" || name == "consumers" {
		return nil, errTenantCommon.with()
	}
	a, credential, refused := q.authenticate(false)
	if refused != nil {
		return nil, refused
	}
	audience, refused := q.appScope(q.form.Get("scope"))
	if refused != nil {
		return nil, refused
	}
	token, err := q.accessToken(q.Now, grant{app: a, credential: credential, audience: audience})
	if err != nil {
		return failed(err), nil
	}
	return web.JSON(http.StatusOK, q.tokenBody(token)), nil
}

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

type tokenAnswer struct {
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope,omitempty"`
	ExpiresIn    int64  `json:"expires_in"`
	ExtExpiresIn int64  `json:"ext_expires_in"`
	RefreshIn    int64  `json:"refresh_in,omitempty"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}

func (q *visit) tokenBody(token string) tokenAnswer {
	life := int64(q.life.Seconds())
	return tokenAnswer{TokenType: "Bearer", ExpiresIn: life, ExtExpiresIn: life,
		RefreshIn: int64(q.opts.RefreshIn.Seconds()), AccessToken: token}
}

// userTokens answers a sign-in of a user with an access token, who it was, and
// a refresh token when offline_access was asked for.
func (q *visit) userTokens(g grant, scope userScope, nonce string) *web.Answer {
	g.scopes = scope.granted
	access, err := q.accessToken(q.Now, g)
	if err != nil {
		return failed(err)
	}
	body := q.tokenBody(access)
	body.Scope = strings.Join(scope.asked, " ")
	if slices.Contains(scope.asked, "openid") {
		if body.IDToken, err = q.idToken(q.Now, q.host.Origin(q.Request), g, nonce); err != nil {
			return failed(err)
		}
		info, _ := json.Marshal(map[string]string{"uid": g.user.ID, "utid": q.tenant.ID})
		body.ClientInfo = base64.RawURLEncoding.EncodeToString(info)
	}
	if scope.refresh {
		if body.RefreshToken, err = q.refreshToken(q.Now, g, scope.asked); err != nil {
			return failed(err)
		}
	}
	return web.JSON(http.StatusOK, body)
}
