package entra

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/storage/text"
)

// graphLimit is how long Microsoft Graph may take: what it tells is only nice to know.
const graphLimit = 3 * time.Second

// SecretExpiry asks Microsoft Graph when the client secret of an app expires. Few apps
// may ask that (it takes the application permission Application.Read.All), and
// nothing depends on it: ok is false when it is not known, whatever the reason.
func SecretExpiry(ctx context.Context, e connection.Endpoints, tenantID, clientID string, c connection.Credential, hc *http.Client) (day connection.Day, ok bool) {
	if e.GraphURL == "" || c.Kind != connection.CredentialSecret || c.Secret == "" {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, graphLimit)
	defer cancel()
	graph := e
	graph.Resource = cmp.Or(e.GraphResource, e.GraphURL)
	tokens, err := NewTokens(graph, tenantID, clientID, c, hc)
	if err != nil {
		return "", false
	}
	token, err := tokens.Token(ctx)
	if err != nil {
		return "", false
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/v1.0/applications(appId='%s')?$select=passwordCredentials", connection.CleanURL(e.GraphURL), text.Clean(clientID)), nil)
	if err != nil {
		return "", false
	}
	ask.Header.Set("Authorization", "Bearer "+token)
	once := *hc
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := once.Do(ask)
	if err != nil {
		return "", false
	}
	defer answer.Body.Close()
	var app struct {
		PasswordCredentials []struct {
			Hint string    `json:"hint"` // the first three characters
			End  time.Time `json:"endDateTime"`
		} `json:"passwordCredentials"`
	}
	if answer.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&app) != nil {
		return "", false
	}
	secret := connection.CleanSecret(c.Secret)
	for _, p := range app.PasswordCredentials {
		if p.Hint == "" || !strings.HasPrefix(secret, p.Hint) || p.End.IsZero() {
			continue
		}
		if ok && day != connection.DayOf(p.End) { // two begin alike: nobody can say which it is
			return "", false
		}
		day, ok = connection.DayOf(p.End), true
	}
	return day, ok
}
