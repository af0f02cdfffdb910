package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
)

var (
	readDatasets  = []string{entra.ScopeDatasetWrite, entra.ScopeDatasetRead}
	writeDatasets = []string{entra.ScopeDatasetWrite}
	readGroups    = []string{entra.ScopeWorkspaceRead, entra.ScopeWorkspaceWrite}
	writeGroups   = []string{entra.ScopeWorkspaceWrite}
	readReports   = []string{entra.ScopeReportRead, entra.ScopeReportWrite}
)

// routes are the operations by the shape of their path and by method. A star stands
// for an ID or a name. What begins with datasets is also found in a workspace.
var routes = map[string]map[string]operation{
	"groups": {
		http.MethodGet:  {faults.OpGroups, (*call).listGroups, readGroups},
		http.MethodPost: {faults.OpCreateGroup, (*call).createGroup, writeGroups}},
	"groups/*": {
		http.MethodGet: {faults.OpGroup, (*call).getGroup, readGroups}},
	"groups/*/users": {
		http.MethodGet:  {faults.OpGroupUsers, (*call).listGroupUsers, readGroups},
		http.MethodPost: {faults.OpAddGroupUser, (*call).addGroupUser, writeGroups}},
	"groups/*/reports": {
		http.MethodGet: {faults.OpReports, (*call).listReports, readReports}},
	"refreshuserpermissions": {
		http.MethodPost: {faults.OpRefreshRights, (*call).refreshRights, readGroups}},
	"datasets": {
		http.MethodGet:  {faults.OpDatasets, (*call).listDatasets, readDatasets},
		http.MethodPost: {faults.OpCreateDataset, (*call).createDataset, writeDatasets}},
	"datasets/*": {
		http.MethodGet:    {faults.OpDataset, (*call).getDataset, readDatasets},
		http.MethodDelete: {faults.OpDeleteDataset, (*call).deleteDataset, writeDatasets}},
	"datasets/*/executequeries": {
		http.MethodPost: {faults.OpQuery, (*call).executeQueries, readDatasets}},
	"datasets/*/tables": {
		http.MethodGet: {faults.OpTables, (*call).listTables, readDatasets}},
	"datasets/*/tables/*": {
		http.MethodPut: {faults.OpUpdateTable, (*call).updateTable, writeDatasets}},
	"datasets/*/tables/*/rows": {
		http.MethodPost:   {faults.OpRows, (*call).addRows, writeDatasets},
		http.MethodDelete: {faults.OpDeleteRows, (*call).deleteRows, writeDatasets}},
}

// Route finds the operation of a path below /v1.0/myorg. Paths of datasets have a form
// with /groups/{id}, and one without, which is My workspace of a user.
func (a *API) Route(q *web.Request) web.Handler {
	methods, in := find(q.Parts[2:])
	if methods == nil {
		return web.NotFound
	}
	o, ok := methods[q.Method]
	if !ok {
		return web.MethodNotAllowed(strings.Join(slices.Sorted(maps.Keys(methods)), ", "))
	}
	q.Op = o.op
	return func(q *web.Request) *web.Answer { return a.authorized(q, in, o) }
}

// find returns the operations of a path and where it points.
func find(parts []string) (methods map[string]operation, in place) {
	if web.Under(parts, "groups") && len(parts) > 1 {
		in.group, in.inGroup = parts[1], true
		if len(parts) > 2 && web.Under(parts[2:], "datasets") {
			parts = parts[2:]
		}
	}
	in.personal = web.Under(parts, "datasets") && !in.inGroup
	if web.Under(parts, "datasets") && len(parts) > 1 {
		in.dataset = parts[1]
		if len(parts) > 3 {
			in.table = parts[3]
		}
	}
	shape := make([]string, len(parts))
	for i, p := range parts {
		if shape[i] = "*"; i%2 == 0 {
			shape[i] = strings.ToLower(p)
		}
	}
	return routes[strings.Join(shape, "/")], in
}
