package api

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
)

// Group is a workspace as the API writes it.
type Group struct {
	ID                    string `json:"id"`
	IsReadOnly            bool   `json:"isReadOnly"`
	IsOnDedicatedCapacity bool   `json:"isOnDedicatedCapacity"`
	Type                  string `json:"type"`
	Name                  string `json:"name"`
}

func groupOf(w *tenant.Workspace) Group {
	return Group{ID: w.ID, Type: "Workspace", Name: w.Name}
}

// GroupUser is who has a role in a workspace, as the API writes it.
type GroupUser struct {
	EmailAddress         string      `json:"emailAddress,omitempty"`
	GroupUserAccessRight tenant.Role `json:"groupUserAccessRight"`
	DisplayName          string      `json:"displayName"`
	Identifier           string      `json:"identifier"`
	PrincipalType        string      `json:"principalType"`
}

func (q *call) listGroups() *web.Answer {
	match, top, skip, problem := listQuery(q.URL.Query())
	if problem != "" {
		return badRequest(problem)
	}
	q.tenant.Lock()
	defer q.tenant.Unlock()
	list := []Group{}
	for _, w := range q.tenant.Workspaces {
		if w.Owner == "" && w.Role(q.caller.ObjectID) != tenant.RoleNone && match(w) {
			list = append(list, groupOf(w))
		}
	}
	list = page(list, top, skip)
	return q.list("groups", list)
}

// page cuts $top entries after $skip out of a list; top < 0 means all.
func page[T any](list []T, top, skip int) []T {
	list = list[min(skip, len(list)):]
	if top >= 0 {
		list = list[:min(top, len(list))]
	}
	return list
}

// listQuery reads $filter, $top and $skip.
func listQuery(query url.Values) (match func(*tenant.Workspace) bool, top, skip int, problem string) {
	number := func(name string, missing int) int {
		text := query.Get(name)
		if text == "" {
			return missing
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			problem = fmt.Sprintf("The value of %s is not a number of entries: %q.", name, clip(text))
		}
		return n
	}
	top, skip = number("$top", -1), number("$skip", 0)
	match = func(*tenant.Workspace) bool { return true }
	if filter := query.Get("$filter"); filter != "" && problem == "" {
		match, problem = parseFilter(filter)
	}
	return match, top, skip, problem
}

// filters are those that are used on workspaces. A quote inside quotes is written twice.
var filters = regexp.MustCompile(`(?i)^\s*(?:(name|id)\s+eq\s+|(contains|startswith)\s*\(\s*name\s*,\s*)'((?:[^']|'')*)'\s*(\)?)\s*$`)

// parseFilter understands name eq 'x', id eq 'x', contains(name,'x') and
// startswith(name,'x').
func parseFilter(filter string) (func(*tenant.Workspace) bool, string) {
	m := filters.FindStringSubmatch(filter)
	if m == nil || (m[2] != "") != (m[4] != "") {
		return nil, fmt.Sprintf("The filter is not supported: %q.", clip(filter))
	}
	want := strings.ToLower(strings.ReplaceAll(m[3], "''", "'"))
	return func(w *tenant.Workspace) bool {
		name := strings.ToLower(w.Name)
		switch strings.ToLower(m[1] + m[2]) {
		case "name":
			return name == want
		case "id":
			return strings.EqualFold(w.ID, want)
		case "contains":
			return strings.Contains(name, want)
		}
		return strings.HasPrefix(name, want)
	}, ""
}

func (q *call) getGroup() *web.Answer {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	w, refused := q.enter(tenant.RoleViewer)
	if refused != nil {
		return refused
	}
	return q.entity(http.StatusOK, "groups", groupOf(w))
}

func (q *call) listGroupUsers() *web.Answer {
	_, top, skip, problem := listQuery(q.URL.Query())
	if problem != "" {
		return badRequest(problem)
	}
	q.tenant.Lock()
	defer q.tenant.Unlock()
	w, refused := q.enter(tenant.RoleViewer)
	if refused != nil {
		return refused
	}
	list := []GroupUser{}
	for _, m := range w.Members {
		body := GroupUser{GroupUserAccessRight: m.Role, Identifier: m.ObjectID, PrincipalType: "App"}
		if a := q.tenant.AppByObject(m.ObjectID); a != nil {
			body.DisplayName = a.Name
		} else if u := q.tenant.User(m.ObjectID); u != nil {
			body.PrincipalType, body.DisplayName = "User", u.Name
			body.EmailAddress, body.Identifier = u.UPN, u.UPN
		}
		list = append(list, body)
	}
	return q.list("users", page(list, top, skip))
}

func (q *call) createGroup() *web.Answer {
	var body struct {
		Name string `json:"name"`
	}
	if err := q.Decode(&body); err != nil {
		return badBody(err)
	}
	name := strings.TrimSpace(body.Name)
	if name == "" || len([]rune(name)) > 256 {
		return invalid("The workspace needs a name of at most 256 characters.")
	}
	q.tenant.Lock()
	defer q.tenant.Unlock()
	if q.tenant.SharedWorkspace(name) != nil {
		// Workspace names are unique in a tenant; the code was seen in public threads.
		return pbiErrorAnswer(http.StatusConflict, "PowerBIEntityAlreadyExists")
	}
	w := &tenant.Workspace{ID: tenant.NewGUID(), Name: name, Members: []tenant.Member{{ObjectID: q.caller.ObjectID, Role: tenant.RoleAdmin}}, Datasets: []*tenant.Dataset{}}
	q.tenant.Workspaces = append(q.tenant.Workspaces, w)
	return q.saved(q.entity(http.StatusOK, "groups", groupOf(w)))
}

// addGroupUser gives a role. For an app the identifier is the object ID of its
// service principal, for a user the mail address or the object ID.
func (q *call) addGroupUser() *web.Answer {
	var body struct {
		Identifier           string `json:"identifier"`
		EmailAddress         string `json:"emailAddress"`
		PrincipalType        string `json:"principalType"`
		GroupUserAccessRight string `json:"groupUserAccessRight"`
	}
	if err := q.Decode(&body); err != nil {
		return badBody(err)
	}
	role, ok := tenant.RoleNamed(body.GroupUserAccessRight)
	if !ok {
		return invalid("groupUserAccessRight is none of None, Viewer, Contributor, Member, Admin.")
	}
	q.tenant.Lock()
	defer q.tenant.Unlock()
	w, refused := q.enter(tenant.RoleMember)
	if refused != nil {
		return refused
	}
	identifier := cmp.Or(body.Identifier, body.EmailAddress)
	if a, u := q.tenant.AppByObject(identifier), q.tenant.User(identifier); strings.EqualFold(body.PrincipalType, "App") && a != nil {
		w.SetRole(a.ObjectID, role)
	} else if !strings.EqualFold(body.PrincipalType, "App") && u != nil {
		w.SetRole(u.ID, role)
	} else {
		return pbiErrorAnswer(http.StatusNotFound, "PrincipalNotFound")
	}
	return q.saved(web.Empty(http.StatusOK))
}

// refreshRights may be called once an hour by a caller.
func (q *call) refreshRights() *web.Answer {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	if last, ok := q.refreshed[q.caller.ObjectID]; ok && q.Now.Before(last.Add(time.Hour)) {
		return web.Throttled(last.Add(time.Hour).Sub(q.Now))
	}
	q.refreshed[q.caller.ObjectID] = q.Now
	return web.Empty(http.StatusOK)
}

// listReports answers the reports of a workspace.
func (q *call) listReports() *web.Answer {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	w, refused := q.enter(tenant.RoleViewer)
	if refused != nil {
		return refused
	}
	return q.list("reports", append([]powerbi.Report{}, w.Reports...))
}
