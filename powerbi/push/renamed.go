package push

import (
	"context"
	"fmt"

	"pushdesk/powerbi"
)

// A run that is resumed may find its table under another name. The service gives
// tables no ID, so that only a person can say which one it is, and the row count can
// say which one it is not.

// Renamed says that a resumed run's table has another name now. It asks the service,
// and fails with a *powerbi.NotFoundError when there is no such table, and with a
// *OtherTableError when the table holds fewer rows than the run has sent.
func (j *Journal) Renamed(ctx context.Context, api API, table string) error {
	t := j.meta.Target
	list, err := api.Tables(ctx, t.WorkspaceID, t.DatasetID)
	if err != nil {
		return err
	}
	found, err := powerbi.FindTable(list, table)
	if err != nil {
		return err
	}
	if found.Name == t.Table {
		return nil
	}
	if sent := j.past.rowsSent(); sent > 0 && t.Retention != powerbi.RetentionFIFO {
		n, err := api.CountRows(ctx, t.WorkspaceID, t.DatasetID, found.Name)
		if err != nil {
			return err
		}
		if least := max(j.past.base, 0) + sent; n < least {
			return &OtherTableError{Table: found.Name, Was: t.Table, Rows: n, Least: least}
		}
	}
	j.meta.Target.Table = found.Name
	return nil
}

// Missing tells whether the table of a run is not in its dataset any more, and which
// tables are.
func (r *Runs) Missing(ctx context.Context, api API, id string) (names []string, missing bool, err error) {
	meta, _, err := r.read(id)
	if err != nil {
		return nil, false, err
	}
	list, err := api.Tables(ctx, meta.Target.WorkspaceID, meta.Target.DatasetID)
	if err != nil {
		return nil, false, err
	}
	missing = true
	for _, t := range list {
		names = append(names, t.Name)
		missing = missing && t.Name != meta.Target.Table // the service tells capital and small letters apart
	}
	return names, missing, nil
}

// OtherTableError is a table that cannot be the one a run has sent into.
type OtherTableError struct {
	Table, Was  string
	Rows, Least int64
}

func (e *OtherTableError) Error() string {
	return fmt.Sprintf("the table %q holds %d rows and the run has left at least %d in %q", e.Table, e.Rows, e.Least, e.Was)
}
func (e *OtherTableError) Sentence() string {
	return fmt.Sprintf("The table “%s” is not the one of this run under another name: it holds %s, and the run has left %s in “%s”.", e.Table, count(e.Rows, "row"), thousands(e.Least), e.Was)
}
func (e *OtherTableError) Remedy() string {
	return "Choose the table that was renamed. If it was deleted, send the file as a new run."
}
func (e *OtherTableError) Who() string     { return "you" }
func (e *OtherTableError) Details() string { return e.Error() }
