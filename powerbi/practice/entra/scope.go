package entra

import (
	"slices"
	"strings"
)

// Scopes of delegated permissions, as tokens of users carry them.
const (
	ScopeDatasetWrite   = "Dataset.ReadWrite.All"
	ScopeDatasetRead    = "Dataset.Read.All"
	ScopeWorkspaceRead  = "Workspace.Read.All"
	ScopeWorkspaceWrite = "Workspace.ReadWrite.All"
	ScopeReportRead     = "Report.Read.All"
	ScopeReportWrite    = "Report.ReadWrite.All"
)

// delegatedScopes are the Power BI permissions a user can give an app.
var delegatedScopes = []string{ScopeDatasetWrite, ScopeDatasetRead, ScopeWorkspaceRead, ScopeWorkspaceWrite,
	ScopeReportRead, ScopeReportWrite, "Content.Create", "Dashboard.Read.All", "Dashboard.ReadWrite.All"}

// userScope is what a user's sign-in asks for.
type userScope struct {
	granted []string // the short names, for the token
	asked   []string // the full ones, as the answer repeats them
	refresh bool
}

// userScopes reads the scopes of a user's sign-in.
func (q *visit) userScopes(text string) (s userScope, refused *Error) {
	q.tenant.Lock()
	most := q.tenant.Delegated
	q.tenant.Unlock()
	may := func(name string) bool { return most == nil || slices.Contains(most, name) }
	for _, f := range strings.Fields(text) {
		if slices.Contains(oidcScopes, f) {
			s.asked = append(s.asked, f)
			s.refresh = s.refresh || f == "offline_access"
			continue
		}
		i := strings.LastIndexByte(f, '/')
		if i < 0 {
			return s, errScopeInvalid.with(clip(f))
		}
		if r := f[:i]; !isPowerBI(r) {
			return s, errResourceUnknown.with(clip(r), q.tenant.Name)
		}
		switch name := f[i+1:]; {
		case name == ".default":
			for _, name := range []string{ScopeDatasetWrite, ScopeWorkspaceWrite} {
				if may(name) {
					s.granted = append(s.granted, name)
				}
			}
		case slices.Contains(delegatedScopes, name) && !may(name):
			continue // the answer does not repeat what is not granted
		case slices.Contains(delegatedScopes, name):
			s.granted = append(s.granted, name)
		default:
			return s, errScopeInvalid.with(clip(f))
		}
		s.asked = append(s.asked, f)
	}
	if len(s.asked) == 0 {
		return s, errFieldMissing.with("scope")
	}
	return s, nil
}

// oidcScopes are asked for by MSAL with every grant, and mean nothing for an app.
var oidcScopes = []string{"openid", "profile", "offline_access", "email"}

// appScope checks that an app asks for exactly one <resource>/.default, and returns
// the resource if it is another than Power BI's.
func (q *visit) appScope(scope string) (audience string, refused *Error) {
	var wanted []string
	for _, f := range strings.Fields(scope) {
		if !slices.Contains(oidcScopes, f) {
			wanted = append(wanted, f)
		}
	}
	switch {
	case strings.TrimSpace(scope) == "":
		return "", errFieldMissing.with("scope")
	case len(wanted) == 0:
		return "", errScopeNotDefault.with(scope)
	case len(wanted) > 1:
		return "", errTwoResources.with(strings.Join(wanted, " "))
	}
	r, ok := strings.CutSuffix(wanted[0], "/.default")
	if !ok {
		return "", errScopeNotDefault.with(wanted[0])
	}
	switch {
	case isPowerBI(r):
		return "", nil
	case strings.EqualFold(r, GraphResource):
		return GraphResource, nil
	}
	return "", errResourceUnknown.with(clip(r), q.tenant.Name)
}
