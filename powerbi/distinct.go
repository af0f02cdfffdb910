package powerbi

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// column writes a column as DAX does.
func column(table, name string) string {
	return quoteTable(table) + "[" + strings.ReplaceAll(name, "]", "]]") + "]"
}

// MostValues is how many rows an answer to a query has at most.
// Source: learn.microsoft.com/rest/api/power-bi/datasets/execute-queries.
const MostValues = 100_000

// LargestValue returns the largest number or the latest moment of a column; nil if it has
// none.
func (c *Client) LargestValue(ctx context.Context, workspaceID, datasetID, table, name string) (any, error) {
	rows, id, err := c.query(ctx, workspaceID, datasetID, `EVALUATE ROW("n", MAX(`+column(table, name)+`))`)
	if err == nil && len(rows) != 1 {
		err = unreadable(OpQuery, id, fmt.Errorf("a largest value has %d rows", len(rows)))
	}
	if err != nil {
		return nil, err
	}
	return rows[0]["[n]"], nil
}

// DistinctValues returns different values of a column in their order, at most most. after
// is a text or a json.Number that they must be above; nil is none. The service takes texts
// for the same that differ in case or in spaces at the end.
func (c *Client) DistinctValues(ctx context.Context, workspaceID, datasetID, table, name string, after any, most int) (list []any, err error) {
	of := column(table, name)
	values := "DISTINCT(" + of + ")"
	switch v := after.(type) {
	case nil:
	case string:
		values = fmt.Sprintf(`FILTER(%s, %s > "%s")`, values, of, strings.ReplaceAll(v, `"`, `""`))
	case json.Number:
		values = fmt.Sprintf(`FILTER(%s, %s > %s)`, values, of, v)
	default:
		return nil, &notSentError{OpQuery, fmt.Errorf("a column cannot be compared with a %T", v)}
	}
	rows, _, err := c.query(ctx, workspaceID, datasetID, fmt.Sprintf("EVALUATE TOPN(%d, %s, %s, ASC) ORDER BY %s ASC", most, values, of, of))
	for _, row := range rows {
		for _, value := range row {
			list = append(list, value)
		}
	}
	return list, err
}
