package practice

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

// What an administrator would do in the portals, for tests and for people who
// want to see what happens.

// RevokeTokens ends every access token issued until now: the API answers 403
// with TokenExpired. New ones can be had at once.
func (s *Service) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.model.Generation++
	s.saveState()
}

// RevokeSignIns ends every refresh token issued until now.
func (s *Service) RevokeSignIns() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.model.Refreshes++
	s.saveState()
}

// SetPlace changes what the login service says of where its tenants are: the
// region (EU), the sub-region (GCC, DODCON, DOD) and the name of the cloud's
// instance (microsoftonline.us).
func (s *Service) SetPlace(region, subRegion, instance string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		t.Region, t.SubRegion, t.Instance = region, subRegion, instance
	}
	s.saveState()
}

// SetServicePrincipalsAllowed switches the tenant setting that lets apps use the
// API. It is on at first.
func (s *Service) SetServicePrincipalsAllowed(allowed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		t.ServicePrincipalsBlocked = !allowed
	}
	s.saveState()
}

// LimitServicePrincipals limits the tenant setting for service principals to a
// security group with these apps, given by client ID. Nothing means no limit.
func (s *Service) LimitServicePrincipals(clientIDs ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		t.AllowedApps = nil
		for _, id := range clientIDs {
			t.AllowedApps = append(t.AllowedApps, t.objectID(id))
		}
	}
	s.saveState()
}

// SetCreationAllowed switches whether new push datasets can be created. It is on
// at first; the real service will switch it off for everybody.
func (s *Service) SetCreationAllowed(allowed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		t.CreationBlocked = !allowed
	}
	s.saveState()
}

// SetExecuteQueriesAllowed switches the tenant setting for executeQueries. It is
// on at first.
func (s *Service) SetExecuteQueriesAllowed(allowed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		t.ExecuteQueriesBlocked = !allowed
	}
	s.saveState()
}

// RenameTable gives a table another name, which the API cannot, but other tools can.
func (s *Service) RenameTable(datasetID, from, to string) error {
	d, t := s.tableOf([]string{"datasets", datasetID, "tables", from})
	if t == nil || t.Definition.Name != from || to == "" {
		return fmt.Errorf("there is no dataset %q with a table %q", datasetID, from)
	}
	d.storing.Lock()
	defer d.storing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := d.table(to); other != nil && other != t {
		return fmt.Errorf("there is already a table %q", to)
	}
	t.Definition.Name = to
	return s.saveState()
}

// SetRole gives an app or a user a role in a workspace; RoleNone takes it away.
// The workspace is given by name or ID, the app by name, client ID or object ID,
// the user by mail address or object ID.
func (s *Service) SetRole(workspaceNameOrID, who string, r Role) error {
	if !r.Known() {
		return fmt.Errorf("there is no role %q", r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		for _, w := range t.Workspaces {
			if w.Owner != "" || (!strings.EqualFold(w.Name, workspaceNameOrID) && !strings.EqualFold(w.ID, workspaceNameOrID)) {
				continue
			}
			id := t.objectID(who)
			if id == "" {
				return fmt.Errorf("there is no app or user %q", who)
			}
			w.setRole(id, r)
			return s.saveState()
		}
	}
	return fmt.Errorf("there is no workspace %q", workspaceNameOrID)
}

// objectID finds an app or a user.
func (t *tenant) objectID(who string) string {
	for _, a := range t.Apps {
		if strings.EqualFold(a.Name, who) || strings.EqualFold(a.ClientID, who) || strings.EqualFold(a.ObjectID, who) {
			return a.ObjectID
		}
	}
	if u := t.user(who); u != nil {
		return u.ID
	}
	return ""
}

// WorkspaceID finds a workspace by its name.
func (s *Service) WorkspaceID(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		for _, w := range t.Workspaces {
			if w.Owner == "" && strings.EqualFold(w.Name, name) {
				return w.ID, nil
			}
		}
	}
	return "", fmt.Errorf("there is no workspace %q", name)
}

// AddWorkspace makes an empty workspace and gives its ID.
func (s *Service) AddWorkspace(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &workspace{ID: newGUID(), Name: name, Datasets: []*dataset{}}
	t := s.model.Tenants[0]
	t.Workspaces = append(t.Workspaces, w)
	return w.ID, s.saveState()
}

// AddApp registers an app with a secret that lasts two years.
func (s *Service) AddApp(name string) (Credential, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.model.Tenants[0]
	if t.objectID(name) != "" {
		return Credential{}, fmt.Errorf("there is already an app %q", name)
	}
	a := newApp(name, "", s.faults.Now())
	a.Secrets = []secret{newSecret(s.faults.Now().AddDate(2, 0, 0))}
	t.Apps = append(t.Apps, a)
	return a.credential(t), s.saveState()
}

// AddSecret gives an app one more secret and returns its value.
func (s *Service) AddSecret(clientID string, expires time.Time) (string, error) {
	value := newSecret(expires)
	err := s.changeApp(clientID, func(a *app) { a.Secrets = append(a.Secrets, value) })
	return value.Value, err
}

// AddCertificate registers a certificate with an app. Its key must be RSA.
func (s *Service) AddCertificate(clientID string, cert *x509.Certificate) error {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	if _, err := parseCertificate(text); err != nil {
		return fmt.Errorf("register a certificate: %w", err)
	}
	return s.changeApp(clientID, func(a *app) { a.Certificates = append(a.Certificates, string(text)) })
}

// SetAppDisabled switches an app off or on.
func (s *Service) SetAppDisabled(clientID string, disabled bool) error {
	return s.changeApp(clientID, func(a *app) { a.Disabled = disabled })
}

func (s *Service) changeApp(clientID string, change func(*app)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		if a := t.app(clientID); a != nil {
			change(a)
			return s.saveState()
		}
	}
	return errors.New("there is no app with this client ID")
}
