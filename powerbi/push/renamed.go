package push

import (
	"context"
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// A run that is resumed may find its table under another name. The service gives
// tables no ID, so that only a person can say which one it is, and the row count can
// say which one it is not.

// Renamed says that a resumed run's table has another name now. It asks the service,
// and fails with a *powerbi.NotFoundError when there is no such table, and with a
// *OtherTableError when the table holds fewer rows than the run has sent.
func Renamed(ctx context.Context, j *history.Journal, api Service, table string) error {
	t := j.About().Target
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
	if sent := j.Replay().RowsSent(); sent > 0 && t.Retention != powerbi.RetentionFIFO {
		n, err := api.CountRows(ctx, t.WorkspaceID, t.DatasetID, found.Name)
		if err != nil {
			return err
		}
		if least := max(j.Replay().Base, 0) + sent; n < least {
			return &OtherTableError{Table: found.Name, Was: t.Table, Rows: n, Least: least}
		}
	}
	j.SetTable(found.Name)
	return nil
}

// Missing reports whether the table of a run is not in its dataset any more, and which
// tables are.
func Missing(ctx context.Context, h *history.History, api Service, id string) (names []string, missing bool, err error) {
	about, err := h.Info(ctx, id)
	if err != nil {
		return nil, false, err
	}
	list, err := api.Tables(ctx, about.Target.WorkspaceID, about.Target.DatasetID)
	if err != nil {
		return nil, false, err
	}
	missing = true
	for _, t := range list {
		names = append(names, t.Name)
		missing = missing && t.Name != about.Target.Table // the service tells capital and small letters apart
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

// Failure is the error in words.
func (e *OtherTableError) Failure() *failure.Error {
	return failure.New(failure.Usage, "other-table",
		fmt.Sprintf("The table “%s” is not the one of this run under another name: it holds %s, and the run has left %s in “%s”.", e.Table, humanize.Count(e.Rows, "row"), humanize.Number(e.Least), e.Was),
		"Choose the table that was renamed. If it was deleted, send the file as a new run.").WithDetails("%s", e.Error())
}
