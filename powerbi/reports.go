package powerbi

import (
	"context"
	"net/http"
	"strings"
)

// Report is a report of a workspace.
type Report struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	DatasetID string `json:"datasetId"`
	WebURL    string `json:"webUrl,omitempty"`
}

// ReportsOn lists the reports of a workspace that stand on a dataset. Reports of
// other workspaces may stand on it too; the service does not tell.
// Source: the API's published description, GetReportsInGroup.
func (c *Client) ReportsOn(ctx context.Context, workspaceID, datasetID string) ([]Report, error) {
	var l values[Report]
	path := []string{"reports"}
	if workspaceID != "" {
		path = []string{"groups", workspaceID, "reports"}
	}
	if _, err := c.do(ctx, call{op: OpReports, method: http.MethodGet, path: path, into: &l}); err != nil {
		return nil, err
	}
	var on []Report
	for _, r := range l.Value {
		if strings.EqualFold(r.DatasetID, datasetID) {
			on = append(on, r)
		}
	}
	return on, nil
}
