package powerbi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// ErrTruncated is a result that the service cut off because it is too large. It says
// so in an answer that is otherwise a success.
// Source: learn.microsoft.com/rest/api/power-bi/datasets/execute-queries.
var ErrTruncated = failure.New(failure.Unexpected, "result-cut-off", "Power BI shortened the result because it is too large.", "Ask for fewer rows.")

// CountRows counts the rows of a table. It needs Read and Build on the dataset,
// which a Contributor has, and the tenant setting for executeQueries. The count
// may run behind rows that were added just now.
func (c *Client) CountRows(ctx context.Context, workspaceID, datasetID, table string) (int64, error) {
	rows, id, err := c.query(ctx, workspaceID, datasetID, `EVALUATE ROW("n", COUNTROWS(`+quoteTable(table)+`))`)
	if err != nil {
		return 0, err
	}
	if len(rows) != 1 {
		return 0, unreadable(OpQuery, id, fmt.Errorf("a count has %d rows", len(rows)))
	}
	switch n := rows[0]["[n]"].(type) {
	case nil: // the count of an empty table is blank
		return 0, nil
	case json.Number:
		count, err := n.Int64()
		if err != nil || count < 0 {
			return 0, unreadable(OpQuery, id, fmt.Errorf("%q is no count", text.Shorten(n.String(), 40)))
		}
		return count, nil
	}
	return 0, unreadable(OpQuery, id, errors.New("the count is no number"))
}

// SampleRows returns at most n rows of a table, in no order that can be relied on.
// Missing values are nil, numbers json.Number, everything else string or bool.
// With ErrTruncated it returns the rows that did arrive.
func (c *Client) SampleRows(ctx context.Context, workspaceID, datasetID, table string, n int) ([]map[string]any, error) {
	if n <= 0 {
		return nil, nil
	}
	rows, _, err := c.query(ctx, workspaceID, datasetID, fmt.Sprintf("EVALUATE TOPN(%d, %s)", n, quoteTable(table)))
	return plainRows(rows, table), err
}

// plainRows takes the table's name out of the names of the columns.
func plainRows(rows []map[string]any, table string) []map[string]any {
	for i, row := range rows {
		plain := make(map[string]any, len(row))
		for key, value := range row {
			plain[columnOf(key, table)] = value
		}
		rows[i] = plain
	}
	return rows
}

type queryRequest struct {
	Queries            []queryText `json:"queries"`
	SerializerSettings struct {
		IncludeNulls bool `json:"includeNulls"`
	} `json:"serializerSettings"`
}

type queryText struct {
	Query string `json:"query"`
}

type queryAnswer struct {
	Results []struct {
		Tables []struct {
			Rows  []map[string]any `json:"rows"`
			Error json.RawMessage  `json:"error"`
		} `json:"tables"`
		Error json.RawMessage `json:"error"`
	} `json:"results"`
	Error json.RawMessage `json:"error"`
}

// query runs one DAX query whose result is one table.
func (c *Client) query(ctx context.Context, workspaceID, datasetID, dax string) (rows []map[string]any, requestID string, err error) {
	q := queryRequest{Queries: []queryText{{dax}}}
	q.SerializerSettings.IncludeNulls = true
	body, err := json.Marshal(q)
	if err != nil {
		return nil, "", &notSentError{OpQuery, fmt.Errorf("write the query: %w", err)}
	}
	var result queryAnswer
	answer, err := c.do(ctx, call{op: OpQuery, method: http.MethodPost, path: datasetPath(workspaceID, datasetID, "executeQueries"), body: body, into: &result})
	if err != nil {
		return nil, answer.RequestID, err
	}
	fault := result.Error
	if len(result.Results) > 0 {
		r := result.Results[0]
		fault = firstOf(fault, r.Error)
		if len(r.Tables) > 0 {
			rows, fault = r.Tables[0].Rows, firstOf(fault, r.Tables[0].Error)
		}
	}
	if fault == nil {
		return rows, answer.RequestID, nil
	}
	e := APIError{}
	e.readBody([]byte(`{"error":` + string(fault) + `}`))
	return rows, answer.RequestID, ErrTruncated.WithDetails("Rows: %d\nMessage: %s %s", len(rows), e.Code, e.Message)
}

// firstOf returns the first of some JSON values that is there.
func firstOf(values ...json.RawMessage) json.RawMessage {
	for _, v := range values {
		if len(v) > 0 && !bytes.Equal(v, []byte("null")) {
			return v
		}
	}
	return nil
}

// quoteTable writes a table's name as DAX does.
func quoteTable(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// columnOf takes a column's name out of Stock[Depot], 'My stock'[Depot] or [n].
func columnOf(key, table string) string {
	inner, ok := strings.CutSuffix(key, "]")
	if !ok {
		return key
	}
	for _, dress := range []string{table, quoteTable(table), ""} {
		if name, ok := strings.CutPrefix(inner, dress+"["); ok {
			return name
		}
	}
	if _, name, ok := strings.Cut(inner, "["); ok {
		return name
	}
	return key
}

// Match is a value that a column of a row must have. Value is a string, an int64,
// a bool, or nil for a blank.
type Match struct {
	Column string
	Value  any
}

// FindRows returns rows of a table that fit one of the lists of matches, at most
// most of them, in the form of SampleRows. The service compares texts without case
// and without spaces at the end, so that rows which differ in these come too.
func (c *Client) FindRows(ctx context.Context, workspaceID, datasetID, table string, wanted [][]Match, most int) ([]map[string]any, error) {
	if len(wanted) == 0 || most <= 0 {
		return nil, nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "EVALUATE TOPN(%d, FILTER(%s, ", most, quoteTable(table))
	for i, all := range wanted {
		if i > 0 {
			b.WriteString(" || ")
		}
		b.WriteByte('(')
		for j, m := range all {
			if j > 0 {
				b.WriteString(" && ")
			}
			column := column(table, m.Column)
			switch v := m.Value.(type) {
			case nil:
				fmt.Fprintf(&b, "ISBLANK(%s)", column)
			case string:
				fmt.Fprintf(&b, `%s = "%s"`, column, strings.ReplaceAll(v, `"`, `""`))
			case int64:
				b.WriteString(column + " = " + strconv.FormatInt(v, 10))
			case bool:
				b.WriteString(column + " = " + strings.ToUpper(strconv.FormatBool(v)) + "()")
			default:
				return nil, &notSentError{OpQuery, fmt.Errorf("a column cannot be compared with a %T", v)}
			}
		}
		if len(all) == 0 {
			b.WriteString("TRUE()")
		}
		b.WriteByte(')')
	}
	b.WriteString("))")
	rows, _, err := c.query(ctx, workspaceID, datasetID, b.String())
	return plainRows(rows, table), err
}
