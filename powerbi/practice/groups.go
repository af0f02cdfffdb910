package practice

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// groupBody is a workspace as the API writes it.
type groupBody struct {
	ID                    string `json:"id"`
	IsReadOnly            bool   `json:"isReadOnly"`
	IsOnDedicatedCapacity bool   `json:"isOnDedicatedCapacity"`
	Type                  string `json:"type"`
	Name                  string `json:"name"`
}

func (w *workspace) body() groupBody {
	return groupBody{ID: w.ID, Type: "Workspace", Name: w.Name}
}

type groupUserBody struct {
	EmailAddress         string `json:"emailAddress,omitempty"`
	GroupUserAccessRight Role   `json:"groupUserAccessRight"`
	DisplayName          string `json:"displayName"`
	Identifier           string `json:"identifier"`
	PrincipalType        string `json:"principalType"`
}

// odata wraps a value as the API does.
func (s *Service) odata(context string, value any) any {
	return struct {
		Context string `json:"@odata.context"`
		Value   any    `json:"value"`
	}{s.url + "/v1.0/myorg/$metadata#" + context, value}
}

// entity writes one object with its OData context in front.
func (s *Service) entity(status int, context string, value any) answer {
	body, err := json.Marshal(value)
	if err != nil {
		return internalError(err)
	}
	head, _ := json.Marshal(s.url + "/v1.0/myorg/$metadata#" + context + "/$entity")
	out := append([]byte(`{"@odata.context":`), head...)
	if len(body) > 2 {
		out = append(out, ',')
	}
	return newAnswer(status, "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8", append(out, body[1:]...))
}

func internalError(err error) answer {
	return apiError(http.StatusInternalServerError, "GeneralException", err.Error())
}

func (s *Service) listGroups(q *request) answer {
	match, top, skip, problem := listQuery(q.URL.Query())
	if problem != "" {
		return apiError(http.StatusBadRequest, "BadRequest", problem)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []groupBody{}
	for _, w := range q.caller.tenant.Workspaces {
		if w.Owner == "" && w.role(q.caller.objectID) != RoleNone && match(w) {
			list = append(list, w.body())
		}
	}
	list = page(list, top, skip)
	return jsonAnswer(http.StatusOK, s.odata("groups", list))
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
func listQuery(query url.Values) (match func(*workspace) bool, top, skip int, problem string) {
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
	match = func(*workspace) bool { return true }
	if filter := query.Get("$filter"); filter != "" && problem == "" {
		match, problem = parseFilter(filter)
	}
	return match, top, skip, problem
}

// parseFilter understands the filters that are used on workspaces: name eq 'x',
// id eq 'x', contains(name,'x') and startswith(name,'x').
func parseFilter(filter string) (func(*workspace) bool, string) {
	unknown := fmt.Sprintf("The filter is not supported: %q.", clip(filter))
	text := strings.TrimSpace(filter)
	if call, args, ok := strings.Cut(text, "("); ok && strings.HasSuffix(args, ")") {
		field, value, _ := strings.Cut(strings.TrimSuffix(args, ")"), ",")
		literal, ok := odataString(value)
		if !ok || !strings.EqualFold(strings.TrimSpace(field), "name") {
			return nil, unknown
		}
		literal = strings.ToLower(literal)
		switch strings.ToLower(strings.TrimSpace(call)) {
		case "contains":
			return func(w *workspace) bool { return strings.Contains(strings.ToLower(w.Name), literal) }, ""
		case "startswith":
			return func(w *workspace) bool { return strings.HasPrefix(strings.ToLower(w.Name), literal) }, ""
		}
		return nil, unknown
	}
	field, rest, _ := strings.Cut(text, " ")
	operator, value, _ := strings.Cut(strings.TrimSpace(rest), " ")
	literal, ok := odataString(value)
	if !ok || !strings.EqualFold(operator, "eq") {
		return nil, unknown
	}
	switch strings.ToLower(field) {
	case "name":
		return func(w *workspace) bool { return strings.EqualFold(w.Name, literal) }, ""
	case "id":
		return func(w *workspace) bool { return strings.EqualFold(w.ID, literal) }, ""
	}
	return nil, unknown
}

// odataString reads 'text' in which a quote is written twice.
func odataString(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 2 || s[0] != '\'' || s[len(s)-1] != '\'' {
		return "", false
	}
	inner := s[1 : len(s)-1]
	text := strings.ReplaceAll(inner, "''", "'")
	return text, strings.Count(inner, "'") == 2*strings.Count(inner, "''")
}

func (s *Service) getGroup(q *request, in place) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, refused := s.enter(q, in, RoleViewer)
	if refused != nil {
		return *refused
	}
	return s.entity(http.StatusOK, "groups", w.body())
}

func (s *Service) listGroupUsers(q *request, in place) answer {
	_, top, skip, problem := listQuery(q.URL.Query())
	if problem != "" {
		return apiError(http.StatusBadRequest, "BadRequest", problem)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, refused := s.enter(q, in, RoleViewer)
	if refused != nil {
		return *refused
	}
	list := []groupUserBody{}
	for _, m := range w.Members {
		body := groupUserBody{GroupUserAccessRight: m.Role, Identifier: m.ObjectID, PrincipalType: "App"}
		if a := q.caller.tenant.appByObject(m.ObjectID); a != nil {
			body.DisplayName = a.Name
		} else if u := q.caller.tenant.user(m.ObjectID); u != nil {
			body.PrincipalType, body.DisplayName = "User", u.Name
			body.EmailAddress, body.Identifier = u.UPN, u.UPN
		}
		list = append(list, body)
	}
	return jsonAnswer(http.StatusOK, s.odata("users", page(list, top, skip)))
}

func (s *Service) createGroup(q *request) answer {
	var body struct {
		Name string `json:"name"`
	}
	if err := decodeBody(q, &body); err != nil {
		return badBody(err)
	}
	name := strings.TrimSpace(body.Name)
	if name == "" || len([]rune(name)) > 256 {
		return apiError(http.StatusBadRequest, "InvalidRequest", "The workspace needs a name of at most 256 characters.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := q.caller.tenant
	if slices.ContainsFunc(t.Workspaces, func(w *workspace) bool { return w.Owner == "" && strings.EqualFold(w.Name, name) }) {
		// Workspace names are unique in a tenant; the code was seen in public threads.
		return pbiErrorAnswer(http.StatusConflict, "PowerBIEntityAlreadyExists")
	}
	w := &workspace{ID: newGUID(), Name: name, Members: []member{{q.caller.objectID, RoleAdmin}}, Datasets: []*dataset{}}
	t.Workspaces = append(t.Workspaces, w)
	if err := s.saveState(); err != nil {
		return internalError(err)
	}
	return s.entity(http.StatusOK, "groups", w.body())
}

// addGroupUser gives a role. For an app the identifier is the object ID of its
// service principal, for a user the mail address or the object ID.
func (s *Service) addGroupUser(q *request, in place) answer {
	var body struct {
		Identifier           string `json:"identifier"`
		EmailAddress         string `json:"emailAddress"`
		PrincipalType        string `json:"principalType"`
		GroupUserAccessRight string `json:"groupUserAccessRight"`
	}
	if err := decodeBody(q, &body); err != nil {
		return badBody(err)
	}
	role, ok := roleNamed(body.GroupUserAccessRight)
	if !ok {
		return apiError(http.StatusBadRequest, "InvalidRequest", "groupUserAccessRight is none of None, Viewer, Contributor, Member, Admin.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, refused := s.enter(q, in, RoleMember)
	if refused != nil {
		return *refused
	}
	identifier := body.Identifier
	if identifier == "" {
		identifier = body.EmailAddress
	}
	objectID := ""
	if strings.EqualFold(body.PrincipalType, "App") {
		if a := q.caller.tenant.appByObject(identifier); a != nil {
			objectID = a.ObjectID
		}
	} else if u := q.caller.tenant.user(identifier); u != nil {
		objectID = u.ID
	}
	if objectID == "" {
		return pbiErrorAnswer(http.StatusNotFound, "PrincipalNotFound")
	}
	w.setRole(objectID, role)
	if err := s.saveState(); err != nil {
		return internalError(err)
	}
	return emptyAnswer(http.StatusOK)
}

// refreshRights may be called once an hour by a caller.
func (s *Service) refreshRights(q *request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, ok := s.refresh[q.caller.objectID]; ok && q.now.Before(last.Add(time.Hour)) {
		return throttled(last.Add(time.Hour).Sub(q.now))
	}
	s.refresh[q.caller.objectID] = q.now
	return emptyAnswer(http.StatusOK)
}

// decodeBody reads a JSON body of at most 1 MB, strictly: an unknown property is
// an error, as the real service answers.
func decodeBody(q *request, into any) error {
	data, err := io.ReadAll(io.LimitReader(q.Body, 1<<20+1))
	if err != nil {
		return fmt.Errorf("the body could not be read: %w", err)
	}
	if len(data) > 1<<20 {
		return fmt.Errorf("the body is larger than 1 MB")
	}
	return decodeStrict(data, into)
}

func badBody(err error) answer {
	return apiError(http.StatusBadRequest, "BadRequest", "Bad request.", apiErrorDetail{Message: err.Error()})
}
