package entra

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"

	"pushdesk/connection"
)

// session is the cache of one client of MSAL's. Access tokens are in it as long as it
// lives; the sign-in gets everything else.
type session struct {
	from *connection.SignIn // nil while somebody is signing in

	mu    sync.Mutex
	cache []byte
}

// Replace implements cache.ExportReplace.
func (s *session) Replace(_ context.Context, u cache.Unmarshaler, _ cache.ReplaceHints) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.cache) == 0 {
		return nil
	}
	return u.Unmarshal(s.cache)
}

// Export implements cache.ExportReplace.
func (s *session) Export(_ context.Context, m cache.Marshaler, _ cache.ExportHints) error {
	content, err := m.Marshal()
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.cache = content
	s.mu.Unlock()
	if s.from != nil {
		s.from.Renew(withoutAccess(content))
	}
	return nil
}

// withoutAccess leaves the access tokens out of a cache of MSAL's.
func withoutAccess(content []byte) []byte {
	var parts map[string]json.RawMessage
	if json.Unmarshal(content, &parts) != nil {
		return content
	}
	delete(parts, "AccessToken")
	rest, err := json.Marshal(parts)
	if err != nil {
		return content
	}
	return rest
}
