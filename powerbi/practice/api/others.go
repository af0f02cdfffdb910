package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
)

// SetCallerRole changes the caller's role in the workspace of a request.
func (a *API) SetCallerRole(q *web.Request, r tenant.Role) error {
	c, refused := a.callerOf(q)
	if refused != nil {
		return fmt.Errorf("the caller is not known: %d", refused.Status)
	}
	a.tenant.Lock()
	defer a.tenant.Unlock()
	w := a.tenant.Workspace(after(q.Parts, "groups"))
	if w == nil {
		return fmt.Errorf("the path %s names no workspace", q.URL.Path)
	}
	w.SetRole(c.ObjectID, r)
	return a.tenant.Save()
}

// AddBlankRows adds rows to the table that a path names, or to the first one of its
// dataset, as another program would: they count against the limits. It fails with the
// answer such a program would get.
func (a *API) AddBlankRows(q *web.Request, path []string, n int) error {
	d, t := a.tenant.TableAt(after(path, "datasets"), after(path, "tables"))
	if t == nil {
		return fmt.Errorf("there is no dataset %q with a table", after(path, "datasets"))
	}
	a.tenant.Lock()
	row := map[string]any{}
	for _, c := range t.Definition.Columns {
		row[c.Name] = nil
	}
	a.tenant.Unlock()
	line, err := json.Marshal(row)
	if err != nil {
		return err
	}
	most := a.behavior().Limits.RowsPerRequest
	for ; n > 0; n -= most {
		body := append([]byte(`{"rows":[`), bytes.Repeat(append(line, ','), min(n, most))...)
		body = append(bytes.TrimSuffix(body, []byte(",")), "]}"...)
		if answer := a.storeRows(&web.Request{Now: q.Now}, d, t, body); answer.Status != http.StatusOK {
			return fmt.Errorf("the service answered %d: %s", answer.Status, answer.Body)
		}
	}
	return nil
}

// after returns the segment of a path behind a word.
func after(path []string, word string) string {
	if i := slices.Index(path, word); i >= 0 && i+1 < len(path) {
		return path[i+1]
	}
	return ""
}
