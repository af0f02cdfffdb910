package api

import (
	"net/http"
	"slices"
	"strings"

	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
)

// place says where in the API a request points.
type place struct {
	group    string // workspace ID
	inGroup  bool   // the path names a workspace
	personal bool   // the path means My workspace
	dataset  string
	table    string
}

// call is a request of a caller who may use this part of the API.
type call struct {
	*API
	*web.Request
	place
	caller entra.Caller
}

// operation is one entry of the API.
type operation struct {
	op     faults.Operation
	handle func(*call) *web.Answer
	scopes []string // one of these is needed in a user's token
}

// authorized checks the token of a request and whether its kind of caller may
// use this kind of path at all, then asks the handler. The answers were measured
// on the live service by others: trouble with a token is 403 with an empty body,
// missing rights are often 401.
func (a *API) authorized(q *web.Request, in place, o operation) *web.Answer {
	c, refused := a.callerOf(q)
	if refused != nil {
		return refused
	}
	q.Caller = c.Name
	a.tenant.Lock()
	blocked := a.tenant.ServicePrincipalsBlocked || a.tenant.AllowedApps != nil && !slices.Contains(a.tenant.AllowedApps, c.ObjectID)
	a.tenant.Unlock()
	switch {
	case c.IsApp && blocked:
		const code = "ServicePrincipalIsNotAllowedByTenantAdminSwitch"
		return pbiErrorAnswer(http.StatusUnauthorized, code).With(errorInfoHeader, code)
	case c.IsApp && in.personal:
		return web.JSON(http.StatusForbidden, map[string]string{"Message": "API is not accessible for application"})
	// What the live service answers to a user's token without the scope is not
	// known; this is assumed.
	case !c.IsApp && !slices.ContainsFunc(o.scopes, func(scope string) bool { return slices.Contains(c.Scopes, scope) }):
		return notAuthorized(http.StatusForbidden)
	}
	return o.handle(&call{a, q, in, c})
}

// callerOf returns who sent a request, or what is answered to a bad token.
func (a *API) callerOf(q *web.Request) (entra.Caller, *web.Answer) {
	header := q.Header.Get("Authorization")
	if header == "" {
		return entra.Caller{}, web.Empty(http.StatusForbidden)
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return entra.Caller{}, errorInfo(http.StatusForbidden, "InvalidToken")
	}
	c, problem := a.login.Verify(strings.TrimSpace(token), q.Now)
	if problem != "" {
		return c, errorInfo(http.StatusForbidden, problem)
	}
	return c, nil
}

// enter returns the workspace of a call, if the caller's role in it is enough. The
// handler holds the tenant's lock, as for all that begin with enter.
func (q *call) enter(least tenant.Role) (*tenant.Workspace, *web.Answer) {
	if !q.inGroup {
		return q.tenant.MyWorkspace(q.caller.ObjectID), nil
	}
	w := q.tenant.Workspace(q.group)
	if w == nil || w.Owner != "" {
		return nil, pbiErrorAnswer(http.StatusNotFound, "PowerBIFolderNotFound")
	}
	role := w.Role(q.caller.ObjectID)
	switch {
	case role == tenant.RoleNone:
		return nil, errorInfo(http.StatusUnauthorized, "GroupNotAccessible")
	case !role.AtLeast(least):
		return nil, notAuthorized(http.StatusUnauthorized)
	}
	return w, nil
}

// enterDataset returns the dataset of a call.
func (q *call) enterDataset(least tenant.Role) (*tenant.Workspace, *tenant.Dataset, *web.Answer) {
	w, refused := q.enter(least)
	if refused != nil {
		return nil, nil, refused
	}
	d := w.Dataset(q.dataset)
	if d == nil {
		return nil, nil, entityNotFound()
	}
	return w, d, nil
}

// enterPush is enterDataset for what only push datasets can do.
func (q *call) enterPush(least tenant.Role) (*tenant.Dataset, *web.Answer) {
	_, d, refused := q.enterDataset(least)
	if refused == nil && !d.Push {
		refused = apiError(http.StatusNotFound, "ItemNotFound", "Dataset "+d.ID+" is not Push API dataset.")
	}
	return d, refused
}

// enterTable is enterPush for one table of the dataset.
func (q *call) enterTable(least tenant.Role) (*tenant.Dataset, *tenant.Table, *web.Answer) {
	d, refused := q.enterPush(least)
	if refused != nil {
		return nil, nil, refused
	}
	t := d.Table(q.table)
	if t == nil {
		// The marks and the internal name are what the real text looks like.
		refused = apiError(http.StatusNotFound, "ItemNotFound",
			"Table '<pi>"+q.table+"</pi>' not found in dataset 'sobe_wowvirtualserver|"+d.ID+"'.")
	}
	return d, t, refused
}
