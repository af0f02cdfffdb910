package push

import (
	"context"
	"errors"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// TestRenamed: a run goes on in a table of another name, but not in one that cannot
// be the same.
func TestRenamed(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	ctx, cancel := context.WithCancel(context.Background())
	b.api = &calling{Service: b.api, after: 3, call: cancel}
	o := Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, Pace: plan.Pace{Pending: 1}}
	id := o.Journal.ID()
	if r, _ := b.send(ctx, rows(1000), o, nil); r.Status != history.StatusStopped || r.RowsSent < 100 {
		t.Fatalf("%+v", r)
	}
	b.api = busyAPI{b.client, b.clock}
	other, err := b.client.CreateDataset(context.Background(), b.target.WorkspaceID, powerbi.DatasetSchema{Name: "Other", Tables: []powerbi.Table{stockMapping.Schema()}}, powerbi.RetentionNone)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.service.RenameTable(b.target.DatasetID, "Stock", "Depots"); err != nil {
		t.Fatal(err)
	}
	if names, missing, err := Missing(context.Background(), runs, b.api, id); err != nil || !missing || len(names) != 1 || names[0] != "Depots" {
		t.Errorf("%v, %v, %v", names, missing, err)
	}
	j, err := runs.Resume(context.Background(), id, "h")
	if err != nil {
		t.Fatal(err)
	}
	var missing *powerbi.NotFoundError
	if err := Renamed(context.Background(), j, b.api, "Nothing"); !errors.As(err, &missing) {
		t.Error(err)
	}
	var wrong *OtherTableError
	empty := &fixed{Service: b.api, rows: 3}
	if err := Renamed(context.Background(), j, empty, "Depots"); !errors.As(err, &wrong) || wrong.Rows != 3 {
		t.Error(err)
	}
	if err := Renamed(context.Background(), j, b.api, "Depots"); err != nil {
		t.Fatal(err)
	}
	o = OptionsOf(j)
	o.Clock = b.clock
	r, err := Send(context.Background(), NewTarget(b.api, j.About().Target), j.About().Mapping, rows(1000), o, nil)
	if err != nil || r.Table != "Depots" || r.RowsSent != 1000 || r.RowsConfirmed != 1000 {
		t.Errorf("%+v, %v", r, err)
	}
	if n, err := b.service.CountRows(b.target.WorkspaceID, b.target.DatasetID, "Depots"); err != nil || n != 1000 {
		t.Errorf("%d rows, %v", n, err)
	}
	if n, _ := b.service.CountRows(b.target.WorkspaceID, other.ID, "Stock"); n != 0 {
		t.Errorf("%d rows went elsewhere", n)
	}
}
