package api

import (
	"cmp"
	"net/http"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
)

// listTables answers the names only, as clients of the real service report.
func (q *call) listTables() *web.Answer {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	d, refused := q.enterPush(tenant.RoleViewer)
	if refused != nil {
		return refused
	}
	list := []powerbi.Table{}
	for _, t := range d.Tables {
		if q.behavior().ColumnsInTables {
			list = append(list, t.Definition)
		} else {
			list = append(list, powerbi.Table{Name: t.Definition.Name})
		}
	}
	return q.list("tables", list)
}

// updateTable redefines a table: its columns and measures are those of the request, and
// no others; so are its description and whether it is hidden. What becomes of rows already
// stored is not known of the real service; here they stay unless the behavior says
// otherwise, a column that is gone or has another type loses its values, and a new column is
// blank in old rows. Nor is it known
// what becomes of a relationship whose column is gone or has another type; here it is gone.
func (q *call) updateTable() *web.Answer {
	var body tableBody
	if err := q.Decode(&body); err != nil {
		return badBody(err)
	}
	body.Name = cmp.Or(body.Name, q.table)
	q.tenant.Lock()
	defer q.tenant.Unlock()
	d, t, refused := q.enterTable(tenant.RoleContributor)
	if refused != nil {
		return refused
	}
	if body.Name != t.Definition.Name {
		return invalid("A table cannot be renamed: %q is not %q.", clip(body.Name), t.Definition.Name)
	}
	if refused := checkTable(&body, d.Mode); refused != nil {
		return refused
	}
	before, related := t.Definition, d.Relationships
	t.Define(body.Table)
	d.Relationships = related.Without(before, t.Definition)
	if err := q.tenant.Save(); err != nil {
		t.Define(before)
		d.Relationships = related
		return internalError(err)
	}
	if q.behavior().AlterEmpties {
		t.Lately.Clear()
		if err := t.Rows.Clear(); err != nil {
			return internalError(err)
		}
	}
	return q.entity(http.StatusOK, "tables", struct {
		Name string `json:"name"`
	}{t.Definition.Name})
}

// deleteRows drops every row of a table.
func (q *call) deleteRows() *web.Answer {
	q.tenant.Lock()
	d, t, refused := q.enterTable(tenant.RoleContributor)
	q.tenant.Unlock()
	if refused != nil {
		return refused
	}
	d.Storing.Lock()
	defer d.Storing.Unlock()
	t.Lately.Clear()
	if err := t.Rows.Clear(); err != nil {
		return internalError(err)
	}
	return web.Empty(http.StatusOK)
}
