package practice

import (
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/tenant"
)

// Domain is the domain of the ready-made tenant; its GUID is in the credentials.
const Domain = "practice.onmicrosoft.com"

// Names of the ready-made workspaces.
const (
	Workspace        = "Practice workspace"
	FinanceWorkspace = "Finance (practice)"
)

// Credential is what a connection needs to sign in as one of the ready-made apps.
type Credential struct {
	Name         string `json:"name"`
	About        string `json:"about"`
	TenantID     string `json:"tenantId"`
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"` // "" for an app that has none
	Workspace    string `json:"workspace"`    // the one it is meant for, "" if it has a role nowhere
	ObjectID     string `json:"objectId"`     // of its service principal
}

// Names of the ready-made credentials.
const (
	AppPractice    = "Practice"
	AppViewer      = "Viewer"
	AppExpired     = "Expired secret"
	AppDisabled    = "Disabled"
	AppNoConsent   = "No consent"
	AppNoPrincipal = "Not in this tenant"
	AppNoWorkspace = "No workspace"
	AppSignIn      = "Sign-in"
)

// readyMade returns the tenant of a new service, with an app for success and one for
// each trouble that credentials can have.
func readyMade(now time.Time) *tenant.Tenant {
	t := &tenant.Tenant{ID: tenant.NewGUID(), Domain: Domain, Name: "Pushdesk Practice", Generation: 1, Refreshes: 1}
	add := func(name, about, workspace string, expires time.Time) *tenant.App {
		a := tenant.NewApp(name, now)
		a.About, a.Workspace, a.Listed = about, workspace, true
		if !expires.IsZero() {
			a.Secrets = []tenant.Secret{tenant.NewSecret(expires)}
		}
		t.Apps = append(t.Apps, a)
		return a
	}
	later := now.AddDate(2, 0, 0)
	practice := add(AppPractice, "Works: Admin of the practice workspace, Contributor in the finance one.", Workspace, later)
	viewer := add(AppViewer, "May look at the practice workspace but not send rows.", Workspace, later)
	add(AppExpired, "Its client secret has expired.", Workspace, now.Add(-24*time.Hour))
	add(AppDisabled, "An administrator has disabled it.", Workspace, later).Disabled = true
	add(AppNoConsent, "Nobody has consented to it.", Workspace, later).NoConsent = true
	add(AppNoPrincipal, "Has no enterprise application in the tenant.", Workspace, later).NoPrincipal = true
	add(AppNoWorkspace, "Signs in, but has a role in no workspace.", "", later)
	add(AppSignIn, "For people who sign in with a browser or a device code; it has no secret.", Workspace, time.Time{}).PublicClient = true

	person := &tenant.User{ID: tenant.NewGUID(), UPN: "alex@" + Domain, Name: "Alex Analyst"}
	t.Users = []*tenant.User{person}

	budget := &tenant.Dataset{ID: tenant.NewGUID(), Name: "Budget model", ConfiguredBy: person.UPN, Created: now,
		Tables: []*tenant.Table{{Definition: powerbi.Table{Name: "Budget", Columns: []powerbi.Column{
			{Name: "Account", DataType: powerbi.String}, {Name: "Amount", DataType: powerbi.Decimal}}}}}}
	t.Workspaces = []*tenant.Workspace{
		{ID: tenant.NewGUID(), Name: Workspace, Datasets: []*tenant.Dataset{budget}, Members: []tenant.Member{
			{ObjectID: practice.ObjectID, Role: RoleAdmin}, {ObjectID: viewer.ObjectID, Role: RoleViewer}, {ObjectID: person.ID, Role: RoleMember}}},
		{ID: tenant.NewGUID(), Name: FinanceWorkspace, Datasets: []*tenant.Dataset{}, Members: []tenant.Member{
			{ObjectID: practice.ObjectID, Role: RoleContributor}, {ObjectID: person.ID, Role: RoleAdmin}}},
	}
	return t
}

func credentialOf(tenantID string, a *tenant.App) Credential {
	c := Credential{Name: a.Name, About: a.About, TenantID: tenantID, ClientID: a.ClientID, Workspace: a.Workspace, ObjectID: a.ObjectID}
	if len(a.Secrets) > 0 {
		c.ClientSecret = a.Secrets[len(a.Secrets)-1].Value
	}
	return c
}
