package powerbi

import (
	"context"
	"net/http"
)

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
