package practice

import (
	"net/http"
	"slices"

	"pushdesk/powerbi"
)

// AddReport puts a report that stands on a dataset into a workspace, for as long as
// the service runs: reports are made in the portal, which this service has not.
func (s *Service) AddReport(workspaceID, datasetID, name string) powerbi.Report {
	r := powerbi.Report{ID: newGUID(), Name: name, DatasetID: datasetID}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reports[workspaceID] = append(s.reports[workspaceID], r)
	return r
}

// listReports answers the reports of a workspace.
func (s *Service) listReports(q *request, in place) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, refused := s.enter(q, in, RoleViewer)
	if refused != nil {
		return *refused
	}
	list := append([]powerbi.Report{}, slices.Clone(s.reports[w.ID])...)
	return jsonAnswer(http.StatusOK, s.odata("reports", list))
}
