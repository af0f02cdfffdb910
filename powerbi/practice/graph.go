package practice

import (
	"net/http"
	"regexp"
	"strings"
)

// GraphResource is the resource of tokens for Microsoft Graph.
const GraphResource = "https://graph.microsoft.com"

var graphApp = regexp.MustCompile(`(?i)^applications\(appid='([0-9a-f-]{36})'\)$`)

// GraphURL is the address of the little of Microsoft Graph that is here: an app
// registration with the days on which its secrets end, for an app that may read it.
func (s *Service) GraphURL() string { return s.url }

// SetReadsApps lets an app read app registrations, as the application permission
// Application.Read.All does.
func (s *Service) SetReadsApps(clientID string, may bool) error {
	return s.changeApp(clientID, func(a *app) { a.ReadsApps = may })
}

// graphApplication answers an app registration in the form of Microsoft Graph.
func (s *Service) graphApplication(q *request) answer {
	if q.Method != http.MethodGet {
		return methodNotAllowed(http.MethodGet)(q)
	}
	refuse := func(status int, code string) answer {
		return jsonAnswer(status, map[string]any{"error": map[string]any{"code": code, "message": code}})
	}
	_, token, _ := strings.Cut(q.Header.Get("Authorization"), " ")
	c, info := s.verifyFor(func(aud string) bool { return aud == GraphResource }, token, q.now)
	if info != "" {
		return refuse(http.StatusUnauthorized, "InvalidAuthenticationToken")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	caller := c.tenant.appByObject(c.objectID)
	asked := c.tenant.app(graphApp.FindStringSubmatch(q.parts[1])[1])
	switch {
	case caller == nil || !caller.ReadsApps:
		return refuse(http.StatusForbidden, "Authorization_RequestDenied")
	case asked == nil:
		return refuse(http.StatusNotFound, "Request_ResourceNotFound")
	}
	secrets := []map[string]any{}
	for _, x := range asked.Secrets {
		secrets = append(secrets, map[string]any{"keyId": x.ID, "hint": x.Value[:3], "endDateTime": x.Expires.UTC()})
	}
	return jsonAnswer(http.StatusOK, map[string]any{"appId": asked.ClientID, "displayName": asked.Name, "passwordCredentials": secrets})
}
