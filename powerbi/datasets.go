package powerbi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Dataset is what the service tells about a dataset; which fields it fills
// depends on the call and on the caller's rights.
type Dataset struct {
	ID                     string    `json:"id"`
	Name                   string    `json:"name"`              // not unique in a workspace
	AddRowsAPIEnabled      bool      `json:"addRowsAPIEnabled"` // rows can be pushed
	DefaultRetentionPolicy Retention `json:"defaultRetentionPolicy"`
	ConfiguredBy           string    `json:"configuredBy"`
	WebURL                 string    `json:"webUrl"`
	CreatedDate            string    `json:"createdDate"`
}

// UnmarshalJSON reads a retention policy in any case: the service has written
// it in several.
func (r *Retention) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*r = Retention(s)
	for _, known := range []Retention{RetentionNone, RetentionFIFO} {
		if strings.EqualFold(s, string(known)) {
			*r = known
		}
	}
	return nil
}

// WhyNoRows says why a dataset without AddRowsAPIEnabled takes no rows.
const WhyNoRows = "This dataset was not created through the API, so rows cannot be pushed into it."

func datasetPath(workspaceID, datasetID string, more ...string) []string {
	return append([]string{"groups", workspaceID, "datasets", datasetID}, more...)
}

// Datasets lists the datasets of a workspace, push datasets and others. With ErrCut it is
// the beginning of the list.
func (c *Client) Datasets(ctx context.Context, workspaceID string) ([]Dataset, error) {
	return whole[Dataset](ctx, c, call{op: OpDatasets, path: []string{"groups", workspaceID, "datasets"}})
}

// Dataset returns one dataset by its ID.
func (c *Client) Dataset(ctx context.Context, workspaceID, datasetID string) (Dataset, error) {
	var d Dataset
	_, err := c.do(ctx, call{op: OpDataset, method: http.MethodGet, path: datasetPath(workspaceID, datasetID), into: &d})
	return d, err
}

// CreateDataset creates a push dataset. Names are not unique, so that a second
// request makes a second dataset: when the outcome of an error is Unknown, look
// at Datasets before trying again. The retention policy cannot be changed later.
func (c *Client) CreateDataset(ctx context.Context, workspaceID string, schema DatasetSchema, keep Retention) (Dataset, error) {
	if schema.DefaultMode == "" {
		schema.DefaultMode = "Push"
	}
	if keep == "" {
		keep = RetentionNone
	}
	body, err := json.Marshal(schema)
	if err != nil {
		return Dataset{}, &notSentError{OpCreateDataset, fmt.Errorf("write the schema: %w", err)}
	}
	var d Dataset
	answer, err := c.do(ctx, call{op: OpCreateDataset, method: http.MethodPost,
		path: []string{"groups", workspaceID, "datasets"}, query: url.Values{"defaultRetentionPolicy": {string(keep)}},
		body: body, into: &d})
	if err == nil && d.ID == "" {
		err = unreadable(OpCreateDataset, answer.RequestID, errors.New("it does not say the dataset's ID"))
	}
	if err != nil {
		return Dataset{}, err
	}
	if d.DefaultRetentionPolicy == "" {
		d.DefaultRetentionPolicy = keep
	}
	return d, nil
}

// DeleteDataset deletes a dataset with all its rows, and what reports show of it.
func (c *Client) DeleteDataset(ctx context.Context, workspaceID, datasetID string) error {
	_, err := c.do(ctx, call{op: OpDeleteDataset, method: http.MethodDelete, path: datasetPath(workspaceID, datasetID)})
	return err
}

// Tables lists the tables of a push dataset, usually with names only.
func (c *Client) Tables(ctx context.Context, workspaceID, datasetID string) ([]Table, error) {
	return whole[Table](ctx, c, call{op: OpTables, path: datasetPath(workspaceID, datasetID, "tables")})
}

// UpdateTable replaces the definition of a table: all its columns and measures.
// The table keeps its name.
func (c *Client) UpdateTable(ctx context.Context, workspaceID, datasetID string, t Table) error {
	body, err := json.Marshal(t)
	if err != nil {
		return &notSentError{OpUpdateTable, fmt.Errorf("write the table: %w", err)}
	}
	_, err = c.do(ctx, call{op: OpUpdateTable, method: http.MethodPut, path: datasetPath(workspaceID, datasetID, "tables", t.Name), body: body})
	return err
}

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
	path := []string{"reports"}
	if workspaceID != "" {
		path = []string{"groups", workspaceID, "reports"}
	}
	all, err := whole[Report](ctx, c, call{op: OpReports, path: path})
	if err != nil {
		return nil, err
	}
	var on []Report
	for _, r := range all {
		if strings.EqualFold(r.DatasetID, datasetID) {
			on = append(on, r)
		}
	}
	return on, nil
}

// AddRows adds the rows of a body {"rows":[...]} to a table: at most
// MaxRowsPerRequest of them, in at most MaxBodyBytes. The body is sent as it is
// and must not be changed meanwhile. The service does not say how many rows it
// took, and adds them again when a request is repeated: see OutcomeOf.
func (c *Client) AddRows(ctx context.Context, workspaceID, datasetID, table string, body []byte) (Answer, error) {
	return c.do(ctx, call{op: OpAddRows, method: http.MethodPost, path: datasetPath(workspaceID, datasetID, "tables", table, "rows"), body: body})
}

// DeleteRows deletes every row of a table.
func (c *Client) DeleteRows(ctx context.Context, workspaceID, datasetID, table string) error {
	_, err := c.do(ctx, call{op: OpDeleteRows, method: http.MethodDelete, path: datasetPath(workspaceID, datasetID, "tables", table, "rows")})
	return err
}
