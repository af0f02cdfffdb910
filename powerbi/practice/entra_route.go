package practice

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pushdesk/powerbi/practice/faults"
)

// routeEntra finds the operation of a path of the login service.
func (s *Service) routeEntra(q *request) handler {
	get := func(op faults.Operation, h handler) handler {
		q.op = op
		if q.Method != http.MethodGet && q.Method != http.MethodHead {
			return methodNotAllowed(http.MethodGet)
		}
		return h
	}
	post := func(op faults.Operation, h handler) handler {
		q.op = op
		if q.Method != http.MethodPost {
			return methodNotAllowed(http.MethodPost)
		}
		return h
	}
	p := q.parts
	if len(p) == 1 && strings.EqualFold(p[0], "devicelogin") {
		q.op = faults.OpSignIn
		return s.deviceLoginPage
	}
	if len(p) == 3 && strings.EqualFold(p[0], "common") && is(p[1:], "discovery", "instance") {
		return get(faults.OpDiscovery, s.discover)
	}
	if len(p) < 2 {
		return notFound
	}
	rest := strings.ToLower(strings.Join(p[1:], "/"))
	switch rest {
	case "v2.0/.well-known/openid-configuration", ".well-known/openid-configuration":
		return get(faults.OpMetadata, s.metadata)
	case "discovery/v2.0/keys", "discovery/keys":
		return get(faults.OpKeys, s.publicKeys)
	case "oauth2/v2.0/token":
		return post(faults.OpToken, s.token)
	case "oauth2/v2.0/devicecode":
		return post(faults.OpDeviceCode, s.startDevice)
	case "oauth2/v2.0/authorize":
		return get(faults.OpAuthorize, s.authorize)
	}
	return notFound
}

// tenantOf finds the tenant of a path: a GUID, a domain, or for sign-ins of
// users also common and organizations.
func (s *Service) tenantOf(q *request) (*tenant, *entraError) {
	name := q.parts[0]
	switch {
	case strings.EqualFold(name, "common"), strings.EqualFold(name, "organizations"):
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.model.Tenants[0], nil
	case !isGUID(name) && !isDomain(name):
		return nil, errTenantMalformed.with(clip(name))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.model.tenantByName(name); t != nil {
		return t, nil
	}
	return nil, errTenantUnknown.with(name)
}

// isDomain tells whether a text is shaped like a domain name with a dot.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(s) > 253 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "-") != l {
			return false
		}
		for _, c := range l {
			if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
				return false
			}
		}
	}
	return true
}

// ownHost tells whether a Host header is a name of this service.
func (s *Service) ownHost(host string) bool {
	self := s.listener.Addr().String()
	_, port, _ := net.SplitHostPort(self)
	if host == self || host == "localhost:"+port || host == "127.0.0.1:"+port {
		return true
	}
	name, _, _ := strings.Cut(host, ":")
	return slices.ContainsFunc(s.opts.Hosts, func(h string) bool { return strings.EqualFold(h, name) })
}

// metadata answers the OpenID metadata of a tenant. Its issuer is on the host the
// client used: MSAL refuses any other.
func (s *Service) metadata(q *request) answer {
	t, refused := s.tenantOf(q)
	if refused != nil {
		return s.refuse(q, refused)
	}
	base := s.origin(q) + "/" + t.ID
	return jsonAnswer(http.StatusOK, map[string]any{
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
		"tenant_region_scope":                   cmp.Or(t.Region, "EU"),
		"tenant_region_sub_scope":               t.SubRegion,
		"cloud_instance_name":                   cmp.Or(t.Instance, "127.0.0.1"),
	})
}

// discover answers instance discovery. Every name of this service is an alias of
// the others, or a client's token cache would never hit.
func (s *Service) discover(q *request) answer {
	endpoint, err := url.Parse(q.URL.Query().Get("authorization_endpoint"))
	if err != nil || !s.ownHost(strings.ToLower(endpoint.Host)) {
		return s.refuse(q, &entraError{50049, "invalid_instance", http.StatusBadRequest, "Unknown or invalid instance."})
	}
	segment, _, _ := strings.Cut(strings.TrimPrefix(endpoint.Path, "/"), "/")
	self := strings.TrimPrefix(s.url, "https://")
	aliases := append([]string{self, strings.Replace(self, "127.0.0.1", "localhost", 1)}, s.opts.Hosts...)
	return jsonAnswer(http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": "https://" + strings.ToLower(endpoint.Host) + "/" + segment + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []map[string]any{{
			"preferred_network": strings.ToLower(endpoint.Host),
			"preferred_cache":   strings.ToLower(endpoint.Host),
			"aliases":           aliases,
		}},
	})
}

func (s *Service) publicKeys(q *request) answer {
	key, err := s.keys.public()
	if err != nil {
		return internalError(err)
	}
	return jsonAnswer(http.StatusOK, map[string]any{"keys": []jsonWebKey{key}})
}
