package powerbi

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Match is a value that a column of a row must have. Value is a string, an int64,
// a bool, or nil for a blank.
type Match struct {
	Column string
	Value  any
}

// FindRows gives rows of a table that fit one of the lists of matches, at most
// most of them, as SampleRows gives rows. The service compares texts without case
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
			column := quoteTable(table) + "[" + strings.ReplaceAll(m.Column, "]", "]]") + "]"
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
