// Package schema makes sure that a push dataset has the table that rows are sent to,
// and finds out and remembers the columns of tables, because the service answers their
// names only.
package schema

import (
	"context"
	"time"

	"pushdesk/powerbi"
)

// Service is what this package needs of Power BI; *powerbi.Client has it.
type Service interface {
	Datasets(ctx context.Context, workspaceID string) ([]powerbi.Dataset, error)
	CreateDataset(ctx context.Context, workspaceID string, schema powerbi.DatasetSchema, keep powerbi.Retention) (powerbi.Dataset, error)
	Tables(ctx context.Context, workspaceID, datasetID string) ([]powerbi.Table, error)
	SampleRows(ctx context.Context, workspaceID, datasetID, table string, n int) ([]map[string]any, error)
}

// pollAfter is how long a dataset is given to appear in the list, whose creation had no
// answer.
var pollAfter = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second}
