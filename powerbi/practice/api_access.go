package practice

import (
	"net/http"
	"slices"
	"strings"
)

// caller is who sends a request to the API, as the token says.
type caller struct {
	tenant   *tenant
	objectID string
	name     string
	isApp    bool
	scopes   []string
}

// authorized checks the token of a request and whether its kind of caller may
// use this kind of path at all, then asks the handler. The answers were measured
// on the live service by others: trouble with a token is 403 with an empty body,
// missing rights are often 401.
func (s *Service) authorized(q *request, in place, o operation) answer {
	header := q.Header.Get("Authorization")
	if header == "" {
		return emptyAnswer(http.StatusForbidden)
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return errorInfo(http.StatusForbidden, "InvalidToken")
	}
	c, info := s.verify(strings.TrimSpace(token), q.now)
	if info != "" {
		return errorInfo(http.StatusForbidden, info)
	}
	q.caller = c
	s.mu.Lock()
	blocked := c.tenant.ServicePrincipalsBlocked || c.tenant.AllowedApps != nil && !slices.Contains(c.tenant.AllowedApps, c.objectID)
	s.mu.Unlock()
	if c.isApp && blocked {
		a := pbiErrorAnswer(http.StatusUnauthorized, "ServicePrincipalIsNotAllowedByTenantAdminSwitch")
		a.header.Set("x-powerbi-error-info", "ServicePrincipalIsNotAllowedByTenantAdminSwitch")
		return a
	}
	if c.isApp && in.personal {
		return jsonAnswer(http.StatusForbidden, map[string]string{"Message": "API is not accessible for application"})
	}
	// What the live service answers to a user's token without the scope is not
	// known; this is assumed.
	if !c.isApp && !slices.ContainsFunc(o.scopes, func(scope string) bool { return slices.Contains(c.scopes, scope) }) {
		return notAuthorized(http.StatusForbidden)
	}
	if q.struck && q.fault.Role != "" {
		s.changeRole(c, in, q.fault.Role)
	}
	return o.handle(q)
}

func notAuthorized(status int) answer {
	return pbiErrorAnswer(status, "PowerBINotAuthorizedException")
}

func folderNotFound() answer { return pbiErrorAnswer(http.StatusNotFound, "PowerBIFolderNotFound") }
func entityNotFound() answer { return pbiErrorAnswer(http.StatusNotFound, "PowerBIEntityNotFound") }

// enter finds the workspace of a place and checks the caller's role in it. The
// caller holds s.mu.
func (s *Service) enter(q *request, in place, least Role) (*workspace, *answer) {
	t := q.caller.tenant
	if !in.inGroup {
		return s.myWorkspace(t, q.caller.objectID), nil
	}
	w := t.workspace(in.group)
	if w == nil || w.Owner != "" {
		a := folderNotFound()
		return nil, &a
	}
	role := w.role(q.caller.objectID)
	if role == RoleNone {
		a := errorInfo(http.StatusUnauthorized, "GroupNotAccessible")
		return nil, &a
	}
	if !role.AtLeast(least) {
		a := notAuthorized(http.StatusUnauthorized)
		return nil, &a
	}
	return w, nil
}

// myWorkspace gives the personal workspace of a user, made on first use. The
// caller holds s.mu.
func (s *Service) myWorkspace(t *tenant, owner string) *workspace {
	for _, w := range t.Workspaces {
		if w.Owner != "" && strings.EqualFold(w.Owner, owner) {
			return w
		}
	}
	w := &workspace{ID: newGUID(), Name: "My workspace", Owner: owner}
	t.Workspaces = append(t.Workspaces, w)
	return w
}

// changeRole is the effect of Fault.Role.
func (s *Service) changeRole(c caller, in place, r Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := c.tenant.workspace(in.group); w != nil {
		w.setRole(c.objectID, r)
		s.saveState()
	}
}
