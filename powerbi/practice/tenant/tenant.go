// Package tenant is the one tenant of a practice service, with everything that
// outlives the service: apps and users on the Entra side, workspaces, datasets and
// their rows on the Power BI side. It is kept in a folder, or in memory.
package tenant

import (
	"strings"
	"sync"
)

// Tenant is guarded by its own lock, and so is all that it holds, except where a
// field says otherwise.
type Tenant struct {
	sync.Mutex `json:"-"`
	folder     string // "" keeps it in memory
	discard    bool   // keep no values of rows

	Version int    `json:"version"`
	ID      string `json:"id"`
	Domain  string `json:"domain"`
	Name    string `json:"name"`

	SigningKey string  `json:"signingKey,omitempty"` // PEM
	Generation uint32  `json:"generation"`           // access tokens of an older generation are revoked
	Refreshes  uint32  `json:"refreshes"`            // the same for refresh tokens
	Apps       []*App  `json:"apps"`
	Users      []*User `json:"users"`
	Place

	Settings
	Workspaces []*Workspace `json:"workspaces"`
}

// Place is what the metadata says of where the tenant is; "" for this computer's.
type Place struct {
	Region    string `json:"region,omitempty"`    // EU
	SubRegion string `json:"subRegion,omitempty"` // GCC, DODCON, DOD
	Instance  string `json:"instance,omitempty"`  // the cloud's: microsoftonline.us
}

// Settings are the tenant settings of the Power BI admin portal.
type Settings struct {
	ServicePrincipalsBlocked bool `json:"servicePrincipalsBlocked,omitempty"`
	ExecuteQueriesBlocked    bool `json:"executeQueriesBlocked,omitempty"`
	CreationBlocked          bool `json:"creationBlocked,omitempty"` // no new push datasets

	// Delegated are the permissions that people may give apps; nil for all.
	Delegated []string `json:"delegated,omitempty"`

	// AllowedApps are the members, by object ID, of the security group that the setting
	// for service principals is limited to; nil for the whole organization.
	AllowedApps []string `json:"allowedApps,omitempty"`
}

// Is reports whether the tenant has this GUID or domain.
func (t *Tenant) Is(name string) bool {
	return strings.EqualFold(t.ID, name) || strings.EqualFold(t.Domain, name)
}

// App returns the app with a client ID, or nil.
func (t *Tenant) App(clientID string) *App {
	return find(t.Apps, func(a *App) bool { return strings.EqualFold(a.ClientID, clientID) })
}

// AppByObject returns the app whose service principal has an object ID, or nil.
func (t *Tenant) AppByObject(objectID string) *App {
	return find(t.Apps, func(a *App) bool { return strings.EqualFold(a.ObjectID, objectID) })
}

// User returns the user with an object ID or a user principal name, or nil.
func (t *Tenant) User(idOrUPN string) *User {
	return find(t.Users, func(u *User) bool { return strings.EqualFold(u.ID, idOrUPN) || strings.EqualFold(u.UPN, idOrUPN) })
}

// ObjectID returns the object ID of an app, given by name, client ID or object ID,
// or of a user, given by object ID or user principal name. It is "" for nobody.
func (t *Tenant) ObjectID(who string) string {
	for _, a := range t.Apps {
		if strings.EqualFold(a.Name, who) || strings.EqualFold(a.ClientID, who) || strings.EqualFold(a.ObjectID, who) {
			return a.ObjectID
		}
	}
	if u := t.User(who); u != nil {
		return u.ID
	}
	return ""
}

// Workspace returns the workspace with an ID, or nil. Personal ones are included.
func (t *Tenant) Workspace(id string) *Workspace {
	return find(t.Workspaces, func(w *Workspace) bool { return strings.EqualFold(w.ID, id) })
}

// SharedWorkspace returns the workspace with a name or an ID that is nobody's My
// workspace, or nil.
func (t *Tenant) SharedWorkspace(nameOrID string) *Workspace {
	return find(t.Workspaces, func(w *Workspace) bool {
		return w.Owner == "" && (strings.EqualFold(w.Name, nameOrID) || strings.EqualFold(w.ID, nameOrID))
	})
}

// MyWorkspace returns the personal workspace of a user, made on first use.
func (t *Tenant) MyWorkspace(owner string) *Workspace {
	w := find(t.Workspaces, func(w *Workspace) bool { return w.Owner != "" && strings.EqualFold(w.Owner, owner) })
	if w == nil {
		w = &Workspace{ID: NewGUID(), Name: "My workspace", Owner: owner}
		t.Workspaces = append(t.Workspaces, w)
	}
	return w
}

// TableAt returns the table of a dataset with an ID that has a name, or else the first
// one, or nil. It takes the lock.
func (t *Tenant) TableAt(datasetID, name string) (*Dataset, *Table) {
	t.Lock()
	defer t.Unlock()
	for _, w := range t.Workspaces {
		d := w.Dataset(datasetID)
		if d == nil || len(d.Tables) == 0 {
			continue
		}
		if table := d.Table(name); table != nil {
			return d, table
		}
		return d, d.Tables[0]
	}
	return nil, nil
}
