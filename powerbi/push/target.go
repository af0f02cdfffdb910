package push

import (
	"context"
	"errors"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/schema"
)

// Target is the place where the rows of a run go. schema.Prepare makes sure that it has
// the columns; a run then needs no more than this.
type Target interface {
	// Table names the place, for the journal and the receipt.
	Table() history.Table
	// Limits returns what the place can hold.
	Limits() Limits
	// Write adds the rows of a body. powerbi.OutcomeOf tells of an error whether they
	// may have been stored.
	Write(ctx context.Context, body []byte) (powerbi.Answer, error)
	// Count returns how many rows the place holds. It resolves lost answers, and
	// confirms what was sent.
	Count(ctx context.Context) (int64, error)
	// Find returns at most so many rows that look like one of those wanted; with
	// errors.ErrUnsupported where rows cannot be looked for.
	Find(ctx context.Context, wanted [][]powerbi.Match, most int) ([]map[string]any, error)
	// Clear deletes every row: to replace them, or to undo a run.
	Clear(ctx context.Context) error
}

// Limits is what a place can hold.
type Limits struct {
	Newest int64 // it keeps about so many rows and drops the oldest; 0: it drops none
	Rows   int64 // it accepts no more
}

// drops reports whether a place that holds so many rows has dropped some.
func (l Limits) drops(rows int64) bool { return l.Newest > 0 && rows > l.Newest }

// Service is what this package needs of Power BI; *powerbi.Client has it.
type Service interface {
	Tables(ctx context.Context, workspaceID, datasetID string) ([]powerbi.Table, error)
	AddRows(ctx context.Context, workspaceID, datasetID, table string, body []byte) (powerbi.Answer, error)
	DeleteRows(ctx context.Context, workspaceID, datasetID, table string) error
	CountRows(ctx context.Context, workspaceID, datasetID, table string) (int64, error)
}

// finder is a service that can be asked for rows; *powerbi.Client can.
type finder interface {
	FindRows(ctx context.Context, workspaceID, datasetID, table string, wanted [][]powerbi.Match, most int) ([]map[string]any, error)
}

var _ finder = (*powerbi.Client)(nil)

// pushTable is a table of a push dataset.
type pushTable struct {
	service Service
	table   history.Table
}

// NewTarget returns a table of a push dataset as the place where rows go.
func NewTarget(s Service, t history.Table) Target { return pushTable{s, t} }

func (p pushTable) Table() history.Table { return p.table }

func (p pushTable) Limits() Limits {
	l := Limits{Rows: powerbi.MaxRowsNone}
	if p.table.Retention == powerbi.RetentionFIFO {
		l.Newest = powerbi.MaxRowsFIFO
	}
	return l
}

func (p pushTable) Write(ctx context.Context, body []byte) (powerbi.Answer, error) {
	return p.service.AddRows(ctx, p.table.WorkspaceID, p.table.DatasetID, p.table.Table, body)
}

func (p pushTable) Count(ctx context.Context) (int64, error) {
	return p.service.CountRows(ctx, p.table.WorkspaceID, p.table.DatasetID, p.table.Table)
}

func (p pushTable) Find(ctx context.Context, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	f, ok := p.service.(finder)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return f.FindRows(ctx, p.table.WorkspaceID, p.table.DatasetID, p.table.Table, wanted, most)
}

// lacks returns the first column of a mapping that the table lacks, where a row of it tells.
func (p pushTable) lacks(ctx context.Context, m mapping.Mapping) (column string, told bool) {
	return schema.Lacks(ctx, p.service, p.table, m)
}

func (p pushTable) Clear(ctx context.Context) error {
	return p.service.DeleteRows(ctx, p.table.WorkspaceID, p.table.DatasetID, p.table.Table)
}
