package schema

import (
	"context"
	"fmt"
	"regexp"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
)

// Lacks returns the first column of a mapping that a table does not have. told is false where
// no row of the table tells, or the service shows none.
func Lacks(ctx context.Context, service any, t history.Table, m mapping.Mapping) (column string, told bool) {
	var rows []map[string]any
	if s, ok := service.(interface {
		SampleRows(ctx context.Context, workspaceID, datasetID, table string, n int) ([]map[string]any, error)
	}); ok {
		rows, _ = s.SampleRows(ctx, t.WorkspaceID, t.DatasetID, t.Table, 1)
	}
	for _, row := range rows {
		for _, f := range m.Used() {
			if _, has := row[f.Target.Name]; !has {
				return f.Target.Name, true
			}
		}
	}
	return "", len(rows) > 0
}

var noColumn = regexp.MustCompile(`(?i)(has no|no such|unknown|undefined) column|column.{0,80}(does not exist|doesn't exist|not found|is not defined|is unknown)`)

// SaysNoColumn reports whether words of the service are about a column that is not there.
func SaysNoColumn(words string) bool { return noColumn.MatchString(words) }

// UnknownColumnError is a column that rows have and their table has not, so that the service
// refuses every row.
type UnknownColumnError struct {
	Column, Table string
	Said, Details string // what the service says of a row
}

func (e *UnknownColumnError) Error() string {
	return fmt.Sprintf("the table has no column %q", e.Column)
}

// Failure is the error in words.
func (e *UnknownColumnError) Failure() *failure.Error {
	return failure.New(failure.Contract, "column-unknown", fmt.Sprintf("The table “%s” has no column “%s”, so Power BI refuses every row that has it. It said: %s", e.Table, e.Column, e.Said),
		"Leave the column out, send it into another column, or add it to the table; then send the file again.").WithDetails("%s", e.Details)
}
