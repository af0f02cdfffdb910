package practice

import (
	"crypto/rand"
	"encoding/base64"
	"time"

	"pushdesk/powerbi"
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

// readyMade is the state of a new service: one tenant, with an app for success
// and one for each trouble that credentials can have.
func readyMade(now time.Time) *model {
	t := &tenant{ID: newGUID(), Domain: Domain, Name: "Pushdesk Practice"}
	add := func(name, about, workspace string, expires time.Time) *app {
		a := newApp(name, about, now)
		a.Workspace, a.Listed = workspace, true
		if !expires.IsZero() {
			a.Secrets = []secret{newSecret(expires)}
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

	person := &user{ID: newGUID(), UPN: "alex@" + Domain, Name: "Alex Analyst"}
	t.Users = []*user{person}

	budget := &dataset{ID: newGUID(), Name: "Budget model", ConfiguredBy: person.UPN, Created: now,
		Tables: []*table{{Definition: powerbi.Table{Name: "Budget", Columns: []powerbi.Column{
			{Name: "Account", DataType: powerbi.String}, {Name: "Amount", DataType: powerbi.Decimal}}}}}}
	t.Workspaces = []*workspace{
		{ID: newGUID(), Name: Workspace, Datasets: []*dataset{budget}, Members: []member{
			{practice.ObjectID, RoleAdmin}, {viewer.ObjectID, RoleViewer}, {person.ID, RoleMember}}},
		{ID: newGUID(), Name: FinanceWorkspace, Datasets: []*dataset{}, Members: []member{
			{practice.ObjectID, RoleContributor}, {person.ID, RoleAdmin}}},
	}
	return &model{Version: stateVersion, Generation: 1, Refreshes: 1, Tenants: []*tenant{t}}
}

func newApp(name, about string, now time.Time) *app {
	return &app{Name: name, About: about, ClientID: newGUID(), ObjectID: newGUID(), Created: now}
}

// newSecret makes a secret of the length and the letters that Entra's have.
func newSecret(expires time.Time) secret {
	b := make([]byte, 28)
	rand.Read(b) // never fails
	text := base64.RawURLEncoding.EncodeToString(b)
	return secret{ID: newGUID(), Value: text[:3] + "8Q~" + text[3:37], Expires: expires}
}

// Credentials gives the ready-made apps, the working one first.
func (s *Service) Credentials() []Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Credential
	for _, t := range s.model.Tenants {
		for _, a := range t.Apps {
			if a.Listed {
				list = append(list, a.credential(t))
			}
		}
	}
	return list
}

// Credential gives the ready-made app of a name, such as AppPractice. ok is false
// when there is none.
func (s *Service) Credential(name string) (c Credential, ok bool) {
	for _, c := range s.Credentials() {
		if c.Name == name {
			return c, true
		}
	}
	return Credential{}, false
}

func (a *app) credential(t *tenant) Credential {
	c := Credential{Name: a.Name, About: a.About, TenantID: t.ID, ClientID: a.ClientID, Workspace: a.Workspace, ObjectID: a.ObjectID}
	if len(a.Secrets) > 0 {
		c.ClientSecret = a.Secrets[len(a.Secrets)-1].Value
	}
	return c
}
