package practice

import (
	"crypto/x509"
	"strings"
	"time"
)

// The directory is the Entra side: tenants with their apps and users. All of it
// is kept in state.json, so every field here has a JSON name, and all of it is
// guarded by Service.mu.

type tenant struct {
	ID     string  `json:"id"`
	Domain string  `json:"domain"`
	Name   string  `json:"name"`
	Apps   []*app  `json:"apps"`
	Users  []*user `json:"users"`

	// What the metadata says of where the tenant is; "" for this computer's.
	Region    string `json:"region,omitempty"`
	SubRegion string `json:"subRegion,omitempty"`
	Instance  string `json:"instance,omitempty"`

	// Tenant settings of the Power BI admin portal.
	ServicePrincipalsBlocked bool `json:"servicePrincipalsBlocked,omitempty"`
	ExecuteQueriesBlocked    bool `json:"executeQueriesBlocked,omitempty"`
	CreationBlocked          bool `json:"creationBlocked,omitempty"` // no new push datasets

	// AllowedApps are the members of the security group that the setting for service
	// principals is limited to; nil for the whole organisation.
	AllowedApps []string `json:"allowedApps,omitempty"`

	Workspaces []*workspace `json:"workspaces"`
}

// app is an app registration together with its service principal.
type app struct {
	Name         string    `json:"name"`
	About        string    `json:"about,omitempty"`
	ClientID     string    `json:"clientId"`
	ObjectID     string    `json:"objectId"` // of the service principal: what gets a workspace role
	Secrets      []secret  `json:"secrets,omitempty"`
	Certificates []string  `json:"certificates,omitempty"` // PEM
	PublicClient bool      `json:"publicClient,omitempty"` // "Allow public client flows"
	ReadsApps    bool      `json:"readsApps,omitempty"`    // may read app registrations through Microsoft Graph
	Disabled     bool      `json:"disabled,omitempty"`
	NoConsent    bool      `json:"noConsent,omitempty"`
	NoPrincipal  bool      `json:"noPrincipal,omitempty"` // registered, but without an enterprise application here
	Workspace    string    `json:"workspace,omitempty"`   // the one suggested with the credentials
	Listed       bool      `json:"listed,omitempty"`      // offered by Credentials
	Created      time.Time `json:"created"`
}

type secret struct {
	ID      string    `json:"id"`
	Value   string    `json:"value"`
	Expires time.Time `json:"expires"`
}

type user struct {
	ID   string `json:"id"` // object ID
	UPN  string `json:"upn"`
	Name string `json:"name"`
}

func (t *tenant) app(clientID string) *app {
	for _, a := range t.Apps {
		if strings.EqualFold(a.ClientID, clientID) {
			return a
		}
	}
	return nil
}

func (t *tenant) appByObject(objectID string) *app {
	for _, a := range t.Apps {
		if strings.EqualFold(a.ObjectID, objectID) {
			return a
		}
	}
	return nil
}

// user finds a user by object ID or user principal name.
func (t *tenant) user(idOrUPN string) *user {
	for _, u := range t.Users {
		if strings.EqualFold(u.ID, idOrUPN) || strings.EqualFold(u.UPN, idOrUPN) {
			return u
		}
	}
	return nil
}

func (t *tenant) workspace(id string) *workspace {
	for _, w := range t.Workspaces {
		if strings.EqualFold(w.ID, id) {
			return w
		}
	}
	return nil
}

// publicCertificates parses the certificates registered with the app.
func (a *app) publicCertificates() []*x509.Certificate {
	pool := make([]*x509.Certificate, 0, len(a.Certificates))
	for _, text := range a.Certificates {
		if c, err := parseCertificate([]byte(text)); err == nil {
			pool = append(pool, c)
		}
	}
	return pool
}

// tenantByName finds a tenant by its GUID or its domain.
func (m *model) tenantByName(name string) *tenant {
	for _, t := range m.Tenants {
		if strings.EqualFold(t.ID, name) || strings.EqualFold(t.Domain, name) {
			return t
		}
	}
	return nil
}

type workspace struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Owner    string     `json:"owner,omitempty"` // object ID of the user whose My workspace this is
	Members  []member   `json:"members"`
	Datasets []*dataset `json:"datasets"`
}

type member struct {
	ObjectID string `json:"objectId"`
	Role     Role   `json:"role"`
}

func (w *workspace) role(objectID string) Role {
	if w.Owner != "" && strings.EqualFold(w.Owner, objectID) {
		return RoleAdmin
	}
	for _, m := range w.Members {
		if strings.EqualFold(m.ObjectID, objectID) {
			return m.Role
		}
	}
	return RoleNone
}

func (w *workspace) setRole(objectID string, r Role) {
	for i, m := range w.Members {
		if strings.EqualFold(m.ObjectID, objectID) {
			if r == RoleNone {
				w.Members = append(w.Members[:i], w.Members[i+1:]...)
			} else {
				w.Members[i].Role = r
			}
			return
		}
	}
	if r != RoleNone {
		w.Members = append(w.Members, member{ObjectID: objectID, Role: r})
	}
}

func (w *workspace) dataset(id string) *dataset {
	for _, d := range w.Datasets {
		if strings.EqualFold(d.ID, id) {
			return d
		}
	}
	return nil
}
