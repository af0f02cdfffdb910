package practice

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/tenant"
)

// Role is what a user or an app may do in a workspace.
type Role = tenant.Role

const (
	RoleNone        = tenant.RoleNone // takes the role away
	RoleViewer      = tenant.RoleViewer
	RoleContributor = tenant.RoleContributor
	RoleMember      = tenant.RoleMember
	RoleAdmin       = tenant.RoleAdmin
)

// Portal is what an administrator would do in the portals, for tests and for people
// who want to see what happens.
type Portal struct {
	tenant *tenant.Tenant
	now    func() time.Time
}

// change changes the tenant under its lock, and keeps it.
func (p *Portal) change(do func(t *tenant.Tenant) error) error {
	p.tenant.Lock()
	defer p.tenant.Unlock()
	if err := do(p.tenant); err != nil {
		return err
	}
	return p.tenant.Save()
}

// set is change for what can only fail on the disk. The tenant is kept again at the
// next change, and at the end.
func (p *Portal) set(do func(t *tenant.Tenant)) {
	_ = p.change(func(t *tenant.Tenant) error { do(t); return nil })
}

// RevokeTokens ends every access token issued until now: the API answers 403
// with TokenExpired. New ones can be had at once.
func (p *Portal) RevokeTokens() { p.set(func(t *tenant.Tenant) { t.Generation++ }) }

// RevokeSignIns ends every refresh token issued until now.
func (p *Portal) RevokeSignIns() { p.set(func(t *tenant.Tenant) { t.Refreshes++ }) }

// SetPlace changes what the login service says of where its tenant is: the
// region (EU), the sub-region (GCC, DODCON, DOD) and the name of the cloud's
// instance (microsoftonline.us).
func (p *Portal) SetPlace(region, subRegion, instance string) {
	p.set(func(t *tenant.Tenant) {
		t.Place = tenant.Place{Region: region, SubRegion: subRegion, Instance: instance}
	})
}

// SetServicePrincipalsAllowed switches the tenant setting that lets apps use the
// API. It is on at first.
func (p *Portal) SetServicePrincipalsAllowed(allowed bool) {
	p.set(func(t *tenant.Tenant) { t.ServicePrincipalsBlocked = !allowed })
}

// LimitServicePrincipals limits the tenant setting for service principals to a
// security group with these apps, given by client ID. Nothing means no limit.
func (p *Portal) LimitServicePrincipals(clientIDs ...string) {
	p.set(func(t *tenant.Tenant) {
		t.AllowedApps = nil
		for _, id := range clientIDs {
			t.AllowedApps = append(t.AllowedApps, t.ObjectID(id))
		}
	})
}

// SetDelegated limits the permissions of the Power BI Service that people may give apps when
// they sign in, such as Dataset.ReadWrite.All. Nothing means no limit.
func (p *Portal) SetDelegated(scopes ...string) {
	p.set(func(t *tenant.Tenant) { t.Delegated = scopes })
}

// SetCreationAllowed switches whether new push datasets can be created. It is on
// at first; the real service will switch it off for everybody.
func (p *Portal) SetCreationAllowed(allowed bool) {
	p.set(func(t *tenant.Tenant) { t.CreationBlocked = !allowed })
}

// SetExecuteQueriesAllowed switches the tenant setting for executeQueries. It is
// on at first.
func (p *Portal) SetExecuteQueriesAllowed(allowed bool) {
	p.set(func(t *tenant.Tenant) { t.ExecuteQueriesBlocked = !allowed })
}

// RenameTable gives a table another name, which the API cannot, but other tools can.
func (p *Portal) RenameTable(datasetID, from, to string) error {
	d, table := p.tenant.TableAt(datasetID, from)
	if table == nil || to == "" {
		return fmt.Errorf("there is no dataset %q with a table %q", datasetID, from)
	}
	d.Storing.Lock()
	defer d.Storing.Unlock()
	return p.change(func(*tenant.Tenant) error {
		if table.Definition.Name != from {
			return fmt.Errorf("there is no dataset %q with a table %q", datasetID, from)
		}
		if other := d.Table(to); other != nil && other != table {
			return fmt.Errorf("there is already a table %q", to)
		}
		table.Definition.Name = to
		return nil
	})
}

// SetRole gives an app or a user a role in a workspace; RoleNone takes it away.
// The workspace is given by name or ID, the app by name, client ID or object ID,
// the user by mail address or object ID.
func (p *Portal) SetRole(workspaceNameOrID, who string, r Role) error {
	return p.change(func(t *tenant.Tenant) error {
		w, id := t.SharedWorkspace(workspaceNameOrID), t.ObjectID(who)
		switch {
		case !r.Known():
			return fmt.Errorf("there is no role %q", r)
		case w == nil:
			return fmt.Errorf("there is no workspace %q", workspaceNameOrID)
		case id == "":
			return fmt.Errorf("there is no app or user %q", who)
		}
		w.SetRole(id, r)
		return nil
	})
}

// AddWorkspace adds an empty workspace and returns its ID.
func (p *Portal) AddWorkspace(name string) (string, error) {
	w := &tenant.Workspace{ID: tenant.NewGUID(), Name: name, Datasets: []*tenant.Dataset{}}
	return w.ID, p.change(func(t *tenant.Tenant) error { t.Workspaces = append(t.Workspaces, w); return nil })
}

// AddReport adds a report that stands on a dataset to a workspace, for as long as
// the service runs.
func (p *Portal) AddReport(workspaceID, datasetID, name string) powerbi.Report {
	r := powerbi.Report{ID: tenant.NewGUID(), Name: name, DatasetID: datasetID}
	p.set(func(t *tenant.Tenant) {
		if w := t.Workspace(workspaceID); w != nil {
			w.Reports = append(w.Reports, r)
		}
	})
	return r
}

// AddApp registers an app with a secret that lasts two years.
func (p *Portal) AddApp(name string) (Credential, error) {
	a := tenant.NewApp(name, p.now())
	a.Secrets = []tenant.Secret{tenant.NewSecret(a.Created.AddDate(2, 0, 0))}
	err := p.change(func(t *tenant.Tenant) error {
		if t.ObjectID(name) != "" {
			return fmt.Errorf("there is already an app %q", name)
		}
		t.Apps = append(t.Apps, a)
		return nil
	})
	return credentialOf(p.tenant.ID, a), err
}

// AddSecret gives an app one more secret and returns its value.
func (p *Portal) AddSecret(clientID string, expires time.Time) (string, error) {
	s := tenant.NewSecret(expires)
	return s.Value, p.changeApp(clientID, func(a *tenant.App) error { a.Secrets = append(a.Secrets, s); return nil })
}

// AddCertificate registers a certificate with an app. Its key must be RSA.
func (p *Portal) AddCertificate(clientID string, cert *x509.Certificate) error {
	return p.changeApp(clientID, func(a *tenant.App) error { return a.AddCertificate(cert) })
}

// SetAppDisabled switches an app off or on.
func (p *Portal) SetAppDisabled(clientID string, disabled bool) error {
	return p.changeApp(clientID, func(a *tenant.App) error { a.Disabled = disabled; return nil })
}

// SetReadsApps lets an app read app registrations, as the application permission
// Application.Read.All does.
func (p *Portal) SetReadsApps(clientID string, may bool) error {
	return p.changeApp(clientID, func(a *tenant.App) error { a.ReadsApps = may; return nil })
}

func (p *Portal) changeApp(clientID string, do func(*tenant.App) error) error {
	return p.change(func(t *tenant.Tenant) error {
		if a := t.App(clientID); a != nil {
			return do(a)
		}
		return errors.New("there is no app with this client ID")
	})
}
