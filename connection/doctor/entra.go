package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/storage/failure"
)

const login = "Microsoft Entra"

// powerBIApp is the Power BI service itself; tokens may name it in place of its address.
const powerBIApp = "00000009-0000-0000-c000-000000000000"

// checkClaims compares what the token says with what was asked for.
func (e *examination) checkClaims(context.Context) finding {
	c, err := entra.ReadClaims(e.token)
	if err != nil {
		return finding{status: Warn, evidence: "The token cannot be read, so what it says was not compared.",
			remedy: "If the checks that follow pass, nothing needs to be done."}
	}
	e.claims = c
	f := pass("It is for Power BI, this tenant and this app.")
	f.details = lines("aud", c.Audience, "tid", c.TenantID, "appid", c.AppID, "oid", c.ObjectID, "idtyp", c.IDType,
		"scp", strings.Join(c.Scopes, " "), "roles", strings.Join(c.Roles, " "),
		"iat", stamp(c.Issued), "nbf", stamp(c.NotBefore), "exp", stamp(c.Expires))
	switch problem, remedy := e.mismatch(c); {
	case problem != "":
		f.status, f.evidence, f.remedy, f.who = Fail, problem, remedy, "you"
	case !c.Expires.IsZero() && c.Expires.Before(e.now()):
		f.status, f.who = Warn, "you"
		f.evidence = "The token has ended already, by this computer's clock."
		f.remedy = "Let this computer set its clock automatically."
	}
	return f
}

// mismatch says what a token is wrong about and what to do, or "".
func (e *examination) mismatch(c entra.Claims) (problem, remedy string) {
	remedy = "Check the connection's cloud, tenant ID and client ID."
	tenant := strings.TrimSpace(e.Connection.TenantID)
	if !connection.IsGUID(tenant) {
		tenant = e.tenant.ID // a domain stands for it
	}
	audience, resource := strings.TrimRight(c.Audience, "/"), strings.TrimRight(e.Endpoints.Resource, "/")
	switch {
	case audience != "" && resource != "" && !strings.EqualFold(audience, resource) && !strings.EqualFold(audience, powerBIApp):
		if cloud, ok := connection.CloudOfResource(audience); ok {
			return fmt.Sprintf("The token is for the Power BI of the cloud %s, and the connection's is another.", cloud.Label()),
				"Choose the cloud " + cloud.Label() + " for the connection, if its tenant is there; with custom addresses, check the resource."
		}
		return "The token is for another service, so the connection's cloud is likely wrong.", remedy
	case c.TenantID != "" && connection.IsGUID(tenant) && !strings.EqualFold(c.TenantID, tenant):
		return "The token is for another tenant.", remedy
	case c.AppID != "" && connection.IsGUID(e.Connection.ClientID) && !strings.EqualFold(c.AppID, strings.TrimSpace(e.Connection.ClientID)):
		return "The token is for another app.", remedy
	}
	return "", ""
}

// checkPermission looks for the permissions in the token: a person needs them, an
// app cannot have them. People search for days for the one that does not exist.
func (e *examination) checkPermission(context.Context) finding {
	c := e.claims
	if c.IDType == "" {
		return skip("Not checked: the token cannot be read.")
	}
	if c.IDType == "user" {
		return e.userScopes(c)
	}
	f := pass("Not needed for an app: " + entra.ScopePush + " exists for people only and can never be in an app's token. " +
		"The app's role in the workspace decides, and the checks below prove it.")
	f.details = lines("roles", strings.Join(c.Roles, " "))
	for _, role := range c.Roles {
		if strings.HasPrefix(role, "Tenant.") {
			f.status, f.who = Warn, string(failure.AppOwner)
			f.evidence = "The app has the permission " + role + " for the whole tenant, which pushing rows does not use. Its role in the workspace decides."
			f.ask = "Consider taking the application permissions of the Power BI Service away from the app: pushing rows does not need them, and they can cause errors elsewhere."
			f.remedy = "Consider taking the Power BI permissions away from the app: they are not needed and can cause errors elsewhere."
			return f
		}
	}
	return f
}

func (e *examination) userScopes(c entra.Claims) finding {
	has := func(scope string) bool { return slices.Contains(c.Scopes, scope) }
	f := pass("The sign-in may push rows (" + entra.ScopePush + ") and list the workspaces.")
	f.details = lines("scp", strings.Join(c.Scopes, " "))
	switch {
	case !has(entra.ScopePush):
		f.status, f.who = Fail, string(failure.TenantAdmin)
		f.evidence = "The sign-in may not push rows: " + entra.ScopePush + " is not among its permissions."
		f.remedy = "Add the delegated permission " + entra.ScopePush + " of the Power BI Service to the app registration, have an admin consent to it, and sign in again."
		f.ask = "Grant admin consent to the delegated permission " + entra.ScopePush + " of the Power BI Service for this app. If it is not among the API permissions of the app registration yet, it must be added there first."
	case !has(entra.ScopeWorkspaces) && !has("Workspace.ReadWrite.All"):
		f.status, f.who = Warn, string(failure.AppOwner)
		f.evidence = "The sign-in may push rows, but not list the workspaces: " + entra.ScopeWorkspaces + " is not among its permissions."
		f.remedy = "Add the delegated permission " + entra.ScopeWorkspaces + " of the Power BI Service to the app registration, and sign in again. Until then, give the workspace by its ID."
		f.ask = "Add the delegated permission " + entra.ScopeWorkspaces + " of the Power BI Service to the app registration under API permissions."
	}
	return f
}

// noun names what the connection signs in with.
func (e *examination) noun() string {
	switch k := e.Connection.Credential; {
	case k == connection.CredentialCertificate:
		return "certificate"
	case k.User():
		return "sign-in"
	}
	return "client secret"
}
