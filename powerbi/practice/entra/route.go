package entra

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
)

// Route finds the operation of a path of the login service or of Microsoft Graph.
func (l *Login) Route(q *web.Request) web.Handler {
	at := func(op faults.Operation, method string, e endpoint) web.Handler {
		q.Op = op
		if q.Method != method && (method != http.MethodGet || q.Method != http.MethodHead) {
			return web.MethodNotAllowed(method)
		}
		return l.serve(e)
	}
	p := q.Parts
	switch {
	case len(p) == 1 && web.Under(p, "devicelogin"):
		q.Op = faults.OpSignIn
		return l.serve((*visit).deviceLoginPage)
	case len(p) == 3 && web.Under(p, "common", "discovery", "instance"):
		return at(faults.OpDiscovery, http.MethodGet, (*visit).discover)
	case len(p) == 2 && web.Under(p, "v1.0") && graphApp.MatchString(p[1]):
		q.Op = faults.OpGraphApp
		return l.graphApplication
	case len(p) < 2:
		return web.NotFound
	}
	switch strings.ToLower(strings.Join(p[1:], "/")) {
	case "v2.0/.well-known/openid-configuration", ".well-known/openid-configuration":
		return at(faults.OpMetadata, http.MethodGet, (*visit).metadata)
	case "discovery/v2.0/keys", "discovery/keys":
		return at(faults.OpKeys, http.MethodGet, (*visit).publicKeys)
	case "oauth2/v2.0/token":
		return at(faults.OpToken, http.MethodPost, posted((*visit).token))
	case "oauth2/v2.0/devicecode":
		return at(faults.OpDeviceCode, http.MethodPost, posted((*visit).startDevice))
	case "oauth2/v2.0/authorize":
		return at(faults.OpAuthorize, http.MethodGet, (*visit).authorize)
	}
	return web.NotFound
}

// posted returns an endpoint of the tenant that is sent a form.
func posted(e endpoint) endpoint {
	return func(q *visit) (*web.Answer, *Error) {
		if refused := q.readForm(); refused != nil {
			return nil, refused
		}
		if refused := q.checkTenant(); refused != nil {
			return nil, refused
		}
		return e(q)
	}
}

// token is the token endpoint.
func (q *visit) token() (*web.Answer, *Error) {
	switch grantType := q.form.Get("grant_type"); grantType {
	case "":
		return nil, errFieldMissing.with("grant_type")
	case "client_credentials":
		return q.clientCredentials()
	case "urn:ietf:params:oauth:grant-type:device_code", "device_code":
		return q.redeemDevice()
	case "authorization_code":
		return q.redeemCode()
	case "refresh_token":
		return q.redeemRefresh()
	default:
		return nil, errGrantType.with(clip(grantType))
	}
}

// metadata answers the OpenID metadata of the tenant. Its issuer is on the host the
// client used: MSAL refuses any other.
func (q *visit) metadata() (*web.Answer, *Error) {
	if refused := q.checkTenant(); refused != nil {
		return nil, refused
	}
	q.tenant.Lock()
	id, place := q.tenant.ID, q.tenant.Place
	q.tenant.Unlock()
	base := q.host.Origin(q.Request) + "/" + id
	return web.JSON(http.StatusOK, map[string]any{
		"issuer":                                base + "/v2.0",
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"device_authorization_endpoint":         base + "/oauth2/v2.0/devicecode",
		"jwks_uri":                              base + "/discovery/v2.0/keys",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		"response_modes_supported":              []string{"query", "form_post"},
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"claims_supported":                      []string{"sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver"},
		"tenant_region_scope":                   cmp.Or(place.Region, "EU"),
		"tenant_region_sub_scope":               place.SubRegion,
		"cloud_instance_name":                   cmp.Or(place.Instance, "127.0.0.1"),
	}), nil
}

// discover answers instance discovery. Every name of this service is an alias of
// the others, or a client's token cache would never hit.
func (q *visit) discover() (*web.Answer, *Error) {
	asked := q.URL.Query().Get("authorization_endpoint")
	u, err := url.Parse(asked)
	if err != nil || !q.host.Own(u.Host) {
		return nil, errInstance.with()
	}
	host := strings.ToLower(u.Host)
	segment, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return web.JSON(http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": "https://" + host + "/" + segment + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []map[string]any{{
			"preferred_network": host,
			"preferred_cache":   host,
			"aliases":           q.host.Aliases(),
		}},
	}), nil
}

func (q *visit) publicKeys() (*web.Answer, *Error) {
	key, err := q.key.public()
	if err != nil {
		return failed(err), nil
	}
	return web.JSON(http.StatusOK, map[string]any{"keys": []JSONWebKey{key}}), nil
}
