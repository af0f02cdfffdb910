package practice

import (
	"net/http"
	"strconv"
	"strings"

	"pushdesk/powerbi/practice/faults"
)

// control serves the paths below /practice, for people who run the service alone
// and for other processes. It needs no token, so it refuses whatever a web page
// could send: requests with an Origin, and requests for another host name.
func (s *Service) control(q *request) answer {
	if q.Header.Get("Origin") != "" || !s.ownHost(strings.ToLower(q.Host)) {
		return plainAnswer(http.StatusForbidden, "This path does not answer web pages.")
	}
	if q.Header.Get("Sec-Fetch-Site") != "" && q.Method != http.MethodGet {
		return plainAnswer(http.StatusForbidden, "This path does not answer web pages.")
	}
	switch q.Method + " " + strings.Join(q.parts[1:], "/") {
	case "GET ping":
		return plainAnswer(http.StatusOK, "pushdesk practice\n")
	case "GET state":
		return jsonAnswer(http.StatusOK, s.State())
	case "GET requests":
		return jsonAnswer(http.StatusOK, s.Requests())
	case "POST faults":
		return s.controlAddFault(q)
	case "DELETE faults":
		s.faults.Clear()
		return emptyAnswer(http.StatusNoContent)
	case "POST revoke-tokens":
		s.RevokeTokens()
		return emptyAnswer(http.StatusNoContent)
	case "POST role":
		return s.controlRole(q)
	case "POST settings":
		return s.controlSettings(q)
	case "GET behaviour":
		return jsonAnswer(http.StatusOK, s.faults.Behaviour())
	case "POST behaviour":
		return s.controlBehaviour(q)
	case "POST rename-table":
		return s.controlRename(q)
	case "POST clock":
		return s.controlClock(q)
	case "POST others":
		return s.controlOthers(q)
	}
	if len(q.parts) == 3 && q.parts[1] == "faults" && q.Method == http.MethodDelete {
		if id, err := strconv.Atoi(q.parts[2]); err == nil {
			s.faults.Remove(id)
			return emptyAnswer(http.StatusNoContent)
		}
	}
	return plainAnswer(http.StatusNotFound, "There is no such practice path.")
}

func plainAnswer(status int, text string) answer {
	return newAnswer(status, "text/plain; charset=utf-8", []byte(text))
}

func (s *Service) controlAddFault(q *request) answer {
	var f faults.Fault
	if err := decodeBody(q, &f); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	if f.Role != "" && !f.Role.Known() {
		return plainAnswer(http.StatusBadRequest, "role is none of None, Viewer, Contributor, Member, Admin")
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return plainAnswer(http.StatusBadRequest, "status is not between 200 and 599")
	}
	return jsonAnswer(http.StatusCreated, map[string]int{"id": s.faults.Add(f)})
}

func (s *Service) controlRole(q *request) answer {
	var body struct {
		Workspace string `json:"workspace"`
		Who       string `json:"who"`
		Role      Role   `json:"role"`
	}
	if err := decodeBody(q, &body); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	if err := s.SetRole(body.Workspace, body.Who, body.Role); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	return emptyAnswer(http.StatusNoContent)
}

func (s *Service) controlSettings(q *request) answer {
	var body struct {
		ServicePrincipals *bool `json:"servicePrincipals"`
		ExecuteQueries    *bool `json:"executeQueries"`
	}
	if err := decodeBody(q, &body); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	if body.ServicePrincipals != nil {
		s.SetServicePrincipalsAllowed(*body.ServicePrincipals)
	}
	if body.ExecuteQueries != nil {
		s.SetExecuteQueriesAllowed(*body.ExecuteQueries)
	}
	return emptyAnswer(http.StatusNoContent)
}

// State is what the service holds, without secrets.
type State struct {
	Tenants []TenantState  `json:"tenants"`
	Faults  []faults.State `json:"faults"`
}

type TenantState struct {
	ID                string           `json:"id"`
	Domain            string           `json:"domain"`
	ServicePrincipals bool             `json:"servicePrincipals"`
	ExecuteQueries    bool             `json:"executeQueries"`
	Apps              []AppState       `json:"apps"`
	Workspaces        []WorkspaceState `json:"workspaces"`
}

type AppState struct {
	Name     string `json:"name"`
	ClientID string `json:"clientId"`
	ObjectID string `json:"objectId"`
}

type WorkspaceState struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Roles    map[string]Role `json:"roles"` // by the name of the app or user
	Datasets []DatasetState  `json:"datasets"`
}

type DatasetState struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Push      bool         `json:"push"`
	Retention string       `json:"retention,omitempty"`
	Tables    []TableState `json:"tables"`
}

type TableState struct {
	Name    string `json:"name"`
	Columns int    `json:"columns"`
	Rows    int64  `json:"rows"`
}

// State gives what the service holds.
func (s *Service) State() State {
	state := State{Tenants: []TenantState{}, Faults: s.faults.States()}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		ts := TenantState{ID: t.ID, Domain: t.Domain, ServicePrincipals: !t.ServicePrincipalsBlocked, ExecuteQueries: !t.ExecuteQueriesBlocked}
		for _, a := range t.Apps {
			ts.Apps = append(ts.Apps, AppState{a.Name, a.ClientID, a.ObjectID})
		}
		for _, w := range t.Workspaces {
			ts.Workspaces = append(ts.Workspaces, w.state(t))
		}
		state.Tenants = append(state.Tenants, ts)
	}
	return state
}

func (w *workspace) state(t *tenant) WorkspaceState {
	ws := WorkspaceState{ID: w.ID, Name: w.Name, Roles: map[string]Role{}, Datasets: []DatasetState{}}
	for _, m := range w.Members {
		if a := t.appByObject(m.ObjectID); a != nil {
			ws.Roles[a.Name] = m.Role
		} else if u := t.user(m.ObjectID); u != nil {
			ws.Roles[u.UPN] = m.Role
		}
	}
	for _, d := range w.Datasets {
		ds := DatasetState{ID: d.ID, Name: d.Name, Push: d.Push, Retention: string(d.Retention)}
		for _, tb := range d.Tables {
			ds.Tables = append(ds.Tables, TableState{tb.Definition.Name, len(tb.Definition.Columns), tb.store.count()})
		}
		ws.Datasets = append(ws.Datasets, ds)
	}
	return ws
}
