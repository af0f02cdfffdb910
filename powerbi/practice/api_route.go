package practice

import (
	"net/http"
	"strings"

	"pushdesk/powerbi/practice/faults"
)

// scopes of delegated permissions, as tokens of users carry them.
const (
	scopeDatasetWrite   = "Dataset.ReadWrite.All"
	scopeDatasetRead    = "Dataset.Read.All"
	scopeWorkspaceRead  = "Workspace.Read.All"
	scopeWorkspaceWrite = "Workspace.ReadWrite.All"
)

// operation is one entry of the Power BI API.
type operation struct {
	op     faults.Operation
	handle func(*request) answer
	scopes []string // one of these is needed in a user's token
}

// routeAPI finds the operation of a path below /v1.0/myorg. Paths have a form
// with /groups/{id}, and one without, which is My workspace of a user.
func (s *Service) routeAPI(q *request) handler {
	parts := q.parts[2:]
	var methods map[string]operation
	readDatasets := []string{scopeDatasetWrite, scopeDatasetRead}
	writeDatasets := []string{scopeDatasetWrite}
	readGroups := []string{scopeWorkspaceRead, scopeWorkspaceWrite}
	writeGroups := []string{scopeWorkspaceWrite}

	in := place{personal: is(parts, "datasets")}
	rest := parts
	if is(parts, "groups") && len(parts) >= 3 && !strings.EqualFold(parts[2], "users") {
		in.group, in.inGroup = parts[1], true
		rest = parts[2:]
	}
	switch {
	case is(parts, "groups") && len(parts) == 1:
		methods = map[string]operation{
			http.MethodGet:  {faults.OpGroups, s.listGroups, readGroups},
			http.MethodPost: {faults.OpCreateGroup, s.createGroup, writeGroups},
		}
	case is(parts, "groups") && len(parts) == 2:
		in.group, in.inGroup = parts[1], true
		methods = map[string]operation{
			http.MethodGet: {faults.OpGroup, func(q *request) answer { return s.getGroup(q, in) }, readGroups},
		}
	case is(parts, "groups") && len(parts) == 3 && strings.EqualFold(parts[2], "users"):
		in.group, in.inGroup = parts[1], true
		methods = map[string]operation{
			http.MethodGet:  {faults.OpGroupUsers, func(q *request) answer { return s.listGroupUsers(q, in) }, readGroups},
			http.MethodPost: {faults.OpAddGroupUser, func(q *request) answer { return s.addGroupUser(q, in) }, writeGroups},
		}
	case is(parts, "RefreshUserPermissions") && len(parts) == 1:
		methods = map[string]operation{http.MethodPost: {faults.OpRefreshRights, s.refreshRights, readGroups}}
	case is(rest, "reports") && len(rest) == 1 && in.inGroup:
		methods = map[string]operation{http.MethodGet: {faults.OpReports, func(q *request) answer { return s.listReports(q, in) }, []string{"Report.Read.All", "Report.ReadWrite.All"}}}
	case is(rest, "datasets"):
		methods = s.datasetRoutes(rest, in, readDatasets, writeDatasets)
	}
	if methods == nil {
		return notFound
	}
	o, ok := methods[q.Method]
	if !ok {
		allow := make([]string, 0, len(methods))
		for m := range methods {
			allow = append(allow, m)
		}
		return methodNotAllowed(strings.Join(allow, ", "))
	}
	q.op = o.op
	return func(q *request) answer { return s.authorized(q, in, o) }
}

// place says where in the API a request points.
type place struct {
	group    string // workspace ID
	inGroup  bool   // the path names a workspace
	personal bool   // the path means My workspace
	dataset  string
	table    string
}

func (s *Service) datasetRoutes(rest []string, in place, read, write []string) map[string]operation {
	if len(rest) >= 2 {
		in.dataset = rest[1]
	}
	if len(rest) >= 4 {
		in.table = rest[3]
	}
	at := func(h func(*request, place) answer) func(*request) answer {
		return func(q *request) answer { return h(q, in) }
	}
	switch {
	case len(rest) == 1:
		return map[string]operation{
			http.MethodGet:  {faults.OpDatasets, at(s.listDatasets), read},
			http.MethodPost: {faults.OpCreateDataset, at(s.createDataset), write},
		}
	case len(rest) == 2:
		return map[string]operation{
			http.MethodGet:    {faults.OpDataset, at(s.getDataset), read},
			http.MethodDelete: {faults.OpDeleteDataset, at(s.deleteDataset), write},
		}
	case len(rest) == 3 && strings.EqualFold(rest[2], "executeQueries"):
		return map[string]operation{http.MethodPost: {faults.OpQuery, at(s.executeQueries), read}}
	case len(rest) == 3 && strings.EqualFold(rest[2], "tables"):
		return map[string]operation{http.MethodGet: {faults.OpTables, at(s.listTables), read}}
	case len(rest) == 4 && strings.EqualFold(rest[2], "tables"):
		return map[string]operation{http.MethodPut: {faults.OpUpdateTable, at(s.updateTable), write}}
	case len(rest) == 5 && strings.EqualFold(rest[2], "tables") && strings.EqualFold(rest[4], "rows"):
		return map[string]operation{
			http.MethodPost:   {faults.OpRows, at(s.addRows), write},
			http.MethodDelete: {faults.OpDeleteRows, at(s.deleteRows), write},
		}
	case len(rest) == 5 && strings.EqualFold(rest[2], "tables") && strings.EqualFold(rest[4], "sequenceNumbers"):
		return map[string]operation{http.MethodGet: {faults.OpSequence, at(s.listSequenceNumbers), write}}
	}
	return nil
}
