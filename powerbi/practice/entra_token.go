package practice

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// token is the token endpoint.
func (s *Service) token(q *request) answer {
	form, refused := s.form(q)
	if refused != nil {
		return s.refuse(q, refused)
	}
	t, refused := s.tenantOf(q)
	if refused != nil {
		return s.refuse(q, refused)
	}
	grantType := form.Get("grant_type")
	if grantType == "" {
		return s.refuse(q, errFieldMissing.with("grant_type"))
	}
	var a answer
	switch grantType {
	case "client_credentials":
		a, refused = s.clientCredentials(q, t, form)
	case "urn:ietf:params:oauth:grant-type:device_code", "device_code":
		a, refused = s.redeemDevice(q, t, form)
	case "authorization_code":
		a, refused = s.redeemCode(q, t, form)
	case "refresh_token":
		a, refused = s.redeemRefresh(q, t, form)
	default:
		refused = errGrantType.with(clip(grantType))
	}
	if refused != nil {
		return s.refuse(q, refused)
	}
	return a
}

// form reads a form body.
func (s *Service) form(q *request) (url.Values, *entraError) {
	q.Body = http.MaxBytesReader(nil, q.Body, 1<<20)
	if err := q.ParseForm(); err != nil {
		return nil, errCodeInvalid.with()
	}
	return q.PostForm, nil
}

// clientCredentials gives an app a token of its own.
func (s *Service) clientCredentials(q *request, t *tenant, form url.Values) (answer, *entraError) {
	if name := strings.ToLower(q.parts[0]); name == "common" || name == "organizations" || name == "consumers" {
		return answer{}, errTenantCommon.with()
	}
	a, credential, refused := s.authenticate(q, t, form, false)
	if refused != nil {
		return answer{}, refused
	}
	audience, refused := appScope(t, form.Get("scope"))
	if refused != nil {
		return answer{}, refused
	}
	token, err := s.accessToken(q, grant{tenant: t, app: a, credential: credential, audience: audience})
	if err != nil {
		return internalError(err), nil
	}
	return jsonAnswer(http.StatusOK, s.tokenBody(token)), nil
}

// oidcScopes are asked for by MSAL with every grant, and mean nothing for an app.
var oidcScopes = []string{"openid", "profile", "offline_access", "email"}

// appScope checks that an app asks for exactly one <resource>/.default, and gives
// the resource when it is another than Power BI's.
func appScope(t *tenant, scope string) (audience string, refused *entraError) {
	var wanted []string
	for _, f := range strings.Fields(scope) {
		if !slices.Contains(oidcScopes, f) {
			wanted = append(wanted, f)
		}
	}
	switch {
	case strings.TrimSpace(scope) == "":
		return "", errFieldMissing.with("scope")
	case len(wanted) == 0:
		return "", errScopeNotDefault.with(scope)
	case len(wanted) > 1:
		return "", errTwoResources.with(strings.Join(wanted, " "))
	}
	r, ok := strings.CutSuffix(wanted[0], "/.default")
	if !ok {
		return "", errScopeNotDefault.with(wanted[0])
	}
	switch {
	case isResource(r):
		return "", nil
	case strings.EqualFold(r, GraphResource):
		return GraphResource, nil
	}
	return "", errResourceUnknown.with(clip(r), t.Name)
}

// delegatedScopes are the Power BI permissions a user can give an app.
var delegatedScopes = []string{scopeDatasetWrite, scopeDatasetRead, scopeWorkspaceRead, scopeWorkspaceWrite,
	"Content.Create", "Report.Read.All", "Report.ReadWrite.All", "Dashboard.Read.All", "Dashboard.ReadWrite.All"}

// userScopes reads the scopes of a user's sign-in. granted are the short names
// for the token; asked the full ones, as the answer repeats them.
func userScopes(t *tenant, scope string) (granted, asked []string, refresh bool, refused *entraError) {
	for _, f := range strings.Fields(scope) {
		if slices.Contains(oidcScopes, f) {
			asked = append(asked, f)
			refresh = refresh || f == "offline_access"
			continue
		}
		i := strings.LastIndexByte(f, '/')
		if i < 0 {
			return nil, nil, false, errScopeInvalid.with(clip(f))
		}
		if r := f[:i]; !isResource(r) {
			return nil, nil, false, errResourceUnknown.with(clip(r), t.Name)
		}
		switch name := f[i+1:]; {
		case name == ".default":
			granted = append(granted, scopeDatasetWrite, scopeWorkspaceWrite)
		case slices.Contains(delegatedScopes, name):
			granted = append(granted, name)
		default:
			return nil, nil, false, errScopeInvalid.with(clip(f))
		}
		asked = append(asked, f)
	}
	if len(asked) == 0 {
		return nil, nil, false, errFieldMissing.with("scope")
	}
	return granted, asked, refresh, nil
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

func (s *Service) tokenBody(token string) tokenAnswer {
	life := int64(s.opts.TokenLife.Seconds())
	return tokenAnswer{TokenType: "Bearer", ExpiresIn: life, ExtExpiresIn: life,
		RefreshIn: int64(s.opts.RefreshIn.Seconds()), AccessToken: token}
}

// userTokens answers a sign-in of a user with an access token, who it was, and
// a refresh token when offline_access was asked for.
func (s *Service) userTokens(q *request, g grant, asked []string, refresh bool, nonce string) answer {
	access, err := s.accessToken(q, g)
	if err != nil {
		return internalError(err)
	}
	body := s.tokenBody(access)
	body.Scope = strings.Join(asked, " ")
	if slices.Contains(asked, "openid") {
		if body.IDToken, err = s.idToken(q, g, nonce); err != nil {
			return internalError(err)
		}
		info, _ := json.Marshal(map[string]string{"uid": g.user.ID, "utid": g.tenant.ID})
		body.ClientInfo = base64.RawURLEncoding.EncodeToString(info)
	}
	if refresh {
		if body.RefreshToken, err = s.refreshToken(q, g, asked); err != nil {
			return internalError(err)
		}
	}
	return jsonAnswer(http.StatusOK, body)
}
