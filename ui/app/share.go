package app

import (
	"context"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
)

// withRuns calls f with the history of runs, which is opened for that where it is shut.
// A history that cannot be opened tells nothing.
func (a *App) withRuns(f func(*history.History)) {
	runs := a.Runs
	if runs == nil {
		var err error
		if runs, err = history.Open(runsIn(a.Home)); err != nil {
			return
		}
		defer runs.Close()
	}
	f(runs)
}

// TablesOf returns the tables that a connection has sent into and whose columns are
// known: they are shared with it.
func (a *App) TablesOf(c connection.Connection) (tables []shared.Table) {
	service := serviceOf(c)
	seen := map[[2]string]bool{}
	a.withRuns(func(runs *history.History) {
		list, err := runs.List(context.Background())
		if err != nil {
			return
		}
		for _, r := range list {
			key := [2]string{r.DatasetID, r.Table}
			if r.Connection != c.Name || r.DatasetID == "" || seen[key] {
				continue
			}
			seen[key] = true
			columns, ok := a.Known.Columns(service, r.DatasetID, r.Table)
			if !ok {
				continue
			}
			t := shared.Table{DatasetID: r.DatasetID, Name: r.Table}
			for _, col := range columns {
				t.Columns = append(t.Columns, shared.Column{Name: col.Name, Type: string(col.DataType)})
			}
			tables = append(tables, t)
		}
	})
	return tables
}

// learnTables keeps the columns that a colleague's file tells, where none are known.
func (a *App) learnTables(c connection.Connection, tables []shared.Table) {
	service := serviceOf(c)
	for _, t := range tables {
		if _, known := a.Known.Columns(service, t.DatasetID, t.Name); known {
			continue
		}
		var columns []powerbi.Column
		for _, col := range t.Columns {
			columns = append(columns, powerbi.Column{Name: col.Name, DataType: powerbi.DataType(col.Type)})
		}
		_ = a.Known.Remember(service, t.DatasetID, t.Name, columns) // it can be learned again
	}
}

// PushedSince returns the last run with a connection that ended well after a moment,
// which proves that it may push. ok is false when there is none.
func (a *App) PushedSince(c connection.Connection, since time.Time) (workspaceID, workspace string, at time.Time, ok bool) {
	a.withRuns(func(runs *history.History) {
		list, err := runs.List(context.Background())
		if err != nil {
			return
		}
		for _, r := range list {
			if r.Connection == c.Name && r.Status == history.StatusDone && r.RowsSent > 0 && r.Started.After(since) && r.Ended.After(at) {
				workspaceID, workspace, at, ok = r.WorkspaceID, r.Workspace, r.Ended, true
			}
		}
	})
	return workspaceID, workspace, at, ok
}
