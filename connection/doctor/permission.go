package doctor

import (
	"context"
	"slices"
	"strings"

	"pushdesk/connection/entra"
	"pushdesk/storage/failure"
)

// Permission is the check that a person has the permissions; an app needs none.
const Permission = "permission"

var permissionCheck = check{id: Permission, group: GroupEntra, title: "The permissions are enough", run: (*test).checkPermission}

// checkPermission looks for the permissions in the token: a person needs them, an
// app cannot have them. People search for days for the one that does not exist.
func (t *test) checkPermission(context.Context) finding {
	c := t.claims
	if c.IDType == "" {
		return skip("Not checked: the token cannot be read.")
	}
	if c.IDType == "user" {
		return t.userScopes(c)
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

func (t *test) userScopes(c entra.Claims) finding {
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
