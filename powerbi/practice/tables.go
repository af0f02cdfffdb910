package practice

import (
	"fmt"
	"net/http"

	"pushdesk/powerbi"
)

// listTables answers the names only, as clients of the real service report.
func (s *Service) listTables(q *request, in place) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, refused := s.enterPush(q, in, RoleViewer)
	if refused != nil {
		return *refused
	}
	list := []powerbi.Table{}
	for _, t := range d.Tables {
		if s.faults.Behaviour().ColumnsInTables {
			list = append(list, t.Definition)
		} else {
			list = append(list, powerbi.Table{Name: t.Definition.Name})
		}
	}
	return jsonAnswer(http.StatusOK, s.odata("tables", list))
}

// updateTable redefines a table. What becomes of rows already stored is not
// known of the real service; here they stay, a column that is gone or has
// another type loses its values, and a new column is blank in old rows.
func (s *Service) updateTable(q *request, in place) answer {
	var body tableBody
	if err := decodeBody(q, &body); err != nil {
		return badBody(err)
	}
	if body.Name == "" {
		body.Name = in.table
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, t, refused := s.enterTable(q, in, RoleContributor)
	if refused != nil {
		return *refused
	}
	if body.Name != t.Definition.Name {
		return *invalid("A table cannot be renamed: %q is not %q.", clip(body.Name), t.Definition.Name)
	}
	if refused := checkTable(&body, d.Mode); refused != nil {
		return *refused
	}
	before, checker := t.Definition, t.checker
	t.Definition, t.checker = body.Table, newRowChecker(body.Columns)
	if err := s.saveState(); err != nil {
		t.Definition, t.checker = before, checker
		return internalError(err)
	}
	return s.entity(http.StatusOK, "tables", struct {
		Name string `json:"name"`
	}{t.Definition.Name})
}

// deleteRows drops every row of a table.
func (s *Service) deleteRows(q *request, in place) answer {
	s.mu.Lock()
	d, t, refused := s.enterTable(q, in, RoleContributor)
	s.mu.Unlock()
	if refused != nil {
		return *refused
	}
	d.storing.Lock()
	defer d.storing.Unlock()
	t.lately.Clear()
	if err := t.store.clear(); err != nil {
		return internalError(err)
	}
	return emptyAnswer(http.StatusOK)
}

// findTable finds a table for inspection. The workspace and the dataset may be
// named or given by ID.
func (s *Service) findTable(workspaceID, datasetID, tableName string) (*table, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.model.Tenants {
		for _, w := range t.Workspaces {
			if w.ID != workspaceID && w.Name != workspaceID {
				continue
			}
			for _, d := range w.Datasets {
				if d.ID != datasetID && d.Name != datasetID {
					continue
				}
				if t := d.table(tableName); t != nil {
					return t, nil
				}
				return nil, fmt.Errorf("dataset %q has no table %q", d.Name, tableName)
			}
			return nil, fmt.Errorf("workspace %q has no dataset %q", w.Name, datasetID)
		}
	}
	return nil, fmt.Errorf("there is no workspace %q", workspaceID)
}
