package practice

import (
	"encoding/json"
	"fmt"
	"slices"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/rows"
	"pushdesk/powerbi/practice/store"
	"pushdesk/powerbi/practice/tenant"
)

// Contents is what the service holds.
type Contents struct{ tenant *tenant.Tenant }

// Credentials returns the ready-made apps, the working one first.
func (c *Contents) Credentials() []Credential {
	c.tenant.Lock()
	defer c.tenant.Unlock()
	var list []Credential
	for _, a := range c.tenant.Apps {
		if a.Listed {
			list = append(list, credentialOf(c.tenant.ID, a))
		}
	}
	return list
}

// Credential returns the ready-made app of a name, such as AppPractice. ok is false
// when there is none.
func (c *Contents) Credential(name string) (got Credential, ok bool) {
	for _, got := range c.Credentials() {
		if got.Name == name {
			return got, true
		}
	}
	return Credential{}, false
}

// WorkspaceID returns the ID of the workspace with a name.
func (c *Contents) WorkspaceID(name string) (string, error) {
	c.tenant.Lock()
	defer c.tenant.Unlock()
	if w := c.tenant.SharedWorkspace(name); w != nil {
		return w.ID, nil
	}
	return "", fmt.Errorf("there is no workspace %q", name)
}

// Rows returns the stored rows of a table, oldest first, each as the JSON object
// that was sent. The workspace and the dataset are given by name or ID.
func (c *Contents) Rows(workspace, dataset, table string) ([]json.RawMessage, error) {
	t, err := c.table(workspace, dataset, table)
	if err != nil {
		return nil, err
	}
	c.tenant.Lock()
	columns := t.Definition.Columns
	c.tenant.Unlock()
	var list []json.RawMessage
	err = store.Read(t.Rows, columns, func(values [][]byte) bool {
		list = append(list, rows.Object(columns, values))
		return true
	})
	return list, err
}

// CountRows returns the number of rows a table holds.
func (c *Contents) CountRows(workspace, dataset, table string) (int64, error) {
	t, err := c.table(workspace, dataset, table)
	if err != nil {
		return 0, err
	}
	return t.Rows.Count(), nil
}

// Definition returns a table as it is defined, and the relationships of its dataset, which
// the service tells nobody.
func (c *Contents) Definition(workspace, dataset, table string) (powerbi.Table, []powerbi.Relationship, error) {
	t, err := c.table(workspace, dataset, table)
	if err != nil {
		return powerbi.Table{}, nil, err
	}
	c.tenant.Lock()
	defer c.tenant.Unlock()
	for _, w := range c.tenant.Workspaces {
		for _, d := range w.Datasets {
			if slices.Contains(d.Tables, t) {
				return t.Definition, d.Relationships, nil
			}
		}
	}
	return powerbi.Table{}, nil, fmt.Errorf("the dataset %q is gone", dataset)
}

func (c *Contents) table(workspace, dataset, table string) (*tenant.Table, error) {
	c.tenant.Lock()
	defer c.tenant.Unlock()
	w := c.tenant.SharedWorkspace(workspace)
	if w == nil {
		w = c.tenant.Workspace(workspace)
	}
	if w == nil {
		return nil, fmt.Errorf("there is no workspace %q", workspace)
	}
	for _, d := range w.Datasets {
		if d.ID != dataset && d.Name != dataset {
			continue
		}
		if t := d.Table(table); t != nil {
			return t, nil
		}
		return nil, fmt.Errorf("dataset %q has no table %q", d.Name, table)
	}
	return nil, fmt.Errorf("workspace %q has no dataset %q", w.Name, dataset)
}

// State is what the service holds, without secrets.
type State struct {
	Tenants []TenantState  `json:"tenants"`
	Faults  []faults.State `json:"faults"`
}

// TenantState is a tenant in a State, and so are the types that follow.
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

// tenantState returns what the tenant holds.
func (c *Contents) tenantState() TenantState {
	c.tenant.Lock()
	defer c.tenant.Unlock()
	t := c.tenant
	state := TenantState{ID: t.ID, Domain: t.Domain, ServicePrincipals: !t.ServicePrincipalsBlocked, ExecuteQueries: !t.ExecuteQueriesBlocked}
	for _, a := range t.Apps {
		state.Apps = append(state.Apps, AppState{a.Name, a.ClientID, a.ObjectID})
	}
	for _, w := range t.Workspaces {
		state.Workspaces = append(state.Workspaces, workspaceState(t, w))
	}
	return state
}

func workspaceState(t *tenant.Tenant, w *tenant.Workspace) WorkspaceState {
	state := WorkspaceState{ID: w.ID, Name: w.Name, Roles: map[string]Role{}, Datasets: []DatasetState{}}
	for _, m := range w.Members {
		if a := t.AppByObject(m.ObjectID); a != nil {
			state.Roles[a.Name] = m.Role
		} else if u := t.User(m.ObjectID); u != nil {
			state.Roles[u.UPN] = m.Role
		}
	}
	for _, d := range w.Datasets {
		ds := DatasetState{ID: d.ID, Name: d.Name, Push: d.Push, Retention: string(d.Retention)}
		for _, table := range d.Tables {
			ds.Tables = append(ds.Tables, TableState{table.Definition.Name, len(table.Definition.Columns), table.Rows.Count()})
		}
		state.Datasets = append(state.Datasets, ds)
	}
	return state
}
