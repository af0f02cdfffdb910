package app

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/workbook"
)

// TestAddingAColumnKeepsTheRest adds a column to a table with measures, formats, orders
// and hidden columns: all of them stay, and so do the rows. Overwriting its columns drops
// only what the file does not have, and names the measures that use it.
func TestAddingAColumnKeepsTheRest(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := For(practiceConnection(t, d))
	local, err := d.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := local.Service().Faults().Behavior()
	b.ColumnsInTables = true
	if err := local.Service().Faults().SetBehavior(b); err != nil {
		t.Fatal(err)
	}
	api, err := d.Connector.API(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	workspaces, err := api.Workspaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	workspace, err := powerbi.FindWorkspace(workspaces, practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	was := powerbi.Table{Name: "Sales", Columns: []powerbi.Column{
		{Name: "Month", DataType: powerbi.String, SortByColumn: "Number"}, {Name: "Number", DataType: powerbi.Int64, IsHidden: true, SummarizeBy: "none"},
		{Name: "Amount", DataType: powerbi.Double, FormatString: "#,0.00", SummarizeBy: "sum"}, {Name: "Town", DataType: powerbi.String, DataCategory: "City"}},
		Measures: []powerbi.Measure{{Name: "Total", Expression: "SUM(Sales[Amount])", FormatString: "0.0"}, {Name: "Rows", Expression: "COUNTROWS(Sales)", Description: "all"}}}
	if _, err := api.CreateDataset(t.Context(), workspace.ID, powerbi.DatasetSchema{Name: "Sales", DefaultMode: "Push", Tables: []powerbi.Table{was}}, powerbi.RetentionNone); err != nil {
		t.Fatal(err)
	}
	draft := func(text string, reshape bool, on mapping.OnDrift) job.Draft {
		t.Helper()
		path := filepath.Join(t.TempDir(), "sales.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = r.Book.Close() })
		if r, err = r.Full(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		place, err := d.Locate(t.Context(), job.Destination{Connection: c, Workspace: practice.Workspace, Dataset: "Sales", Table: "Sales", Reshape: reshape})
		if err != nil {
			t.Fatal(err)
		}
		u, err := job.Draft{}.From(r).To(place, "").Map(job.Propose(r, place)).On(job.Terms{OnDrift: on}).Extended()
		if err != nil {
			t.Fatal(err)
		}
		if u, err = d.Check(t.Context(), u, nil); err != nil {
			t.Fatal(err)
		}
		return u
	}
	is := func() powerbi.Table {
		t.Helper()
		datasets, err := api.Datasets(t.Context(), workspace.ID)
		if err != nil {
			t.Fatal(err)
		}
		sales, err := powerbi.FindDataset(datasets, "Sales")
		if err != nil {
			t.Fatal(err)
		}
		tables, err := api.Tables(t.Context(), workspace.ID, sales.ID)
		if err != nil || len(tables) != 1 {
			t.Fatal(tables, err)
		}
		return tables[0]
	}
	u := draft("Month,Number,Amount,Town,Note\nMay,5,1.5,Gent,new\n", false, mapping.DriftAdd)
	if diff := u.Checked.Shape.Diff; diff.Destructive() || len(diff.Added) != 1 || len(diff.Measures) != 0 {
		t.Errorf("%+v", diff)
	}
	if receipt, err := d.Send(t.Context(), u, job.Control{}, nil); err != nil || receipt.RowsConfirmed != 1 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	want := was
	want.Columns = append(was.Columns[:len(was.Columns):len(was.Columns)], powerbi.Column{Name: "Note", DataType: powerbi.String})
	if got := is(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}

	u = draft("Month,Number,Town,Amount\nJune,6,Mons,many\n", true, "")
	diff := u.Checked.Shape.Diff
	if !diff.Destructive() || len(diff.Retyped) != 1 || len(diff.Dropped) != 1 || len(diff.Measures) != 1 || diff.Measures[0].Name != "Total" {
		t.Errorf("%+v", diff)
	}
	if notes := strings.Join(u.Checked.Shape.Notes, " "); !strings.Contains(notes, "Total") || !strings.Contains(notes, "Dropped: Note") {
		t.Errorf("%s", notes)
	}
	if q := job.Questions(u); len(q) == 0 || q[0].Type != "Sales" {
		t.Errorf("nobody is asked: %+v", q)
	}
	if _, err := d.Send(t.Context(), u, job.Control{}, nil); err != nil {
		t.Fatal(err)
	}
	got := is()
	if len(got.Measures) != 2 || len(got.Columns) != 4 || got.Columns[0].SortByColumn != "Number" || !got.Columns[1].IsHidden || got.Columns[2].DataCategory != "City" {
		t.Errorf("%+v", got)
	}
}
