package entra

import (
	"net/http"
	"regexp"
	"strings"

	"pushdesk/powerbi/practice/internal/web"
)

var graphApp = regexp.MustCompile(`(?i)^applications\(appid='([0-9a-f-]{36})'\)$`)

// graphApplication answers an app registration in the form of Microsoft Graph, with
// the days on which its secrets expire, to an app that may read it.
func (l *Login) graphApplication(q *web.Request) *web.Answer {
	if q.Method != http.MethodGet {
		return web.MethodNotAllowed(http.MethodGet)(q)
	}
	refuse := func(status int, code string) *web.Answer {
		return web.JSON(status, map[string]any{"error": map[string]any{"code": code, "message": code}})
	}
	_, token, _ := strings.Cut(q.Header.Get("Authorization"), " ")
	c, problem := l.verify(func(aud string) bool { return aud == GraphResource }, token, q.Now)
	if problem != "" {
		return refuse(http.StatusUnauthorized, "InvalidAuthenticationToken")
	}
	l.tenant.Lock()
	defer l.tenant.Unlock()
	caller := l.tenant.AppByObject(c.ObjectID)
	asked := l.tenant.App(graphApp.FindStringSubmatch(q.Parts[1])[1])
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
	return web.JSON(http.StatusOK, map[string]any{"appId": asked.ClientID, "displayName": asked.Name, "passwordCredentials": secrets})
}
