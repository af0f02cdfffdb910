package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/tables"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
)

// wideDataset has a table of 75 columns with 10 measures, another table with a measure,
// and 3 relationships.
func wideDataset() powerbi.DatasetSchema {
	wide, keys := powerbi.Table{Name: "Wide", Description: "all of it"}, powerbi.Table{Name: "Keys"}
	s := powerbi.DatasetSchema{Name: "Wide", DefaultMode: "Push"}
	for i := range powerbi.MaxColumns {
		c := powerbi.Column{Name: fmt.Sprintf("Col %d", i), DataType: powerbi.Int64, FormatString: "#,0", IsHidden: i%4 == 0}
		if i%3 == 0 {
			c = powerbi.Column{Name: c.Name, DataType: powerbi.String, DataCategory: "City", SortByColumn: fmt.Sprintf("Col %d", i+1), SummarizeBy: "none"}
		}
		wide.Columns = append(wide.Columns, c)
	}
	for i := range 10 {
		wide.Measures = append(wide.Measures, powerbi.Measure{Name: fmt.Sprintf("Measure %d", i), Expression: fmt.Sprintf("SUM('Wide'[Col %d])", 3*i+1), FormatString: "0.0", Description: "of column"})
	}
	for i := range 3 {
		keys.Columns = append(keys.Columns, powerbi.Column{Name: fmt.Sprintf("Key %d", i), DataType: powerbi.String})
		s.Relationships = append(s.Relationships, powerbi.Relationship{Name: fmt.Sprintf("to key %d", i), FromTable: "Wide", FromColumn: fmt.Sprintf("Col %d", 30*i), ToTable: "Keys", ToColumn: fmt.Sprintf("Key %d", i)})
	}
	keys.Measures = []powerbi.Measure{{Name: "Elsewhere", Expression: "MAX('Wide'[Col 1])"}}
	s.Tables = []powerbi.Table{wide, keys}
	return s
}

// TestAWideTableIsAltered alters a table of 75 columns with 10 measures and 3 relationships:
// nothing is lost that the difference did not name, whether Power BI tells the table or a
// file does.
func TestAWideTableIsAltered(t *testing.T) {
	for _, told := range []bool{true, false} {
		t.Run(fmt.Sprintf("told %v", told), func(t *testing.T) { alterWide(t, told) })
	}
}

func alterWide(t *testing.T, told bool) {
	d := openApp(t, t.TempDir())
	c := For(practiceConnection(t, d))
	local, err := d.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := local.Service().Faults().Behavior()
	b.ColumnsInTables = told
	if err := local.Service().Faults().SetBehavior(b); err != nil {
		t.Fatal(err)
	}
	api, err := d.Connector.API(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	id, err := local.Service().WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	schema := wideDataset()
	made, err := api.CreateDataset(t.Context(), id, schema, powerbi.RetentionNone)
	if err != nil {
		t.Fatal(err)
	}
	row := map[string]any{}
	for _, col := range schema.Tables[0].Columns {
		row[col.Name] = 7
		if col.DataType == powerbi.String {
			row[col.Name] = "x"
		}
	}
	rows, err := json.Marshal(map[string]any{"rows": []any{row, row}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.AddRows(t.Context(), id, made.ID, "Wide", rows); err != nil {
		t.Fatal(err)
	}
	dest := job.Destination{Connection: c, Workspace: practice.Workspace, Dataset: "Wide", Table: "Wide"}
	data, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "wide.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if told {
		if _, err := tables.Look(t.Context(), d.Jobs, dest, file); !failure.HasCode(err, "definition-told") {
			t.Errorf("a file that is not needed: %v", err)
		}
	} else {
		// Nobody knows the columns but by the rows: the table is not changed on a guess.
		look, err := tables.Look(t.Context(), d.Jobs, dest, "")
		if err != nil || look.Definition.Source != alter.Guessed || len(look.Notes) < 3 {
			t.Errorf("%+v, %v", look, err)
		}
		if _, err := tables.Plan(t.Context(), d.Jobs, look, []alter.Edit{{Kind: alter.Remove, Name: "Col 2"}}, false); !failure.HasCode(err, "alter-guessed") {
			t.Errorf("%v", err)
		}
	}
	look := func() tables.Table {
		t.Helper()
		path := file
		if told {
			path = ""
		}
		look, err := tables.Look(t.Context(), d.Jobs, dest, path)
		if err != nil {
			t.Fatal(err)
		}
		return look
	}
	edits := []alter.Edit{{Kind: alter.Rename, Name: "Col 4", Value: "Fourth"}, {Kind: alter.Remove, Name: "Col 1"}, {Kind: alter.Remove, Name: "Measure 9"}, {Kind: alter.Type, Name: "Col 30", Value: "Int64"},
		{Kind: alter.Add, Name: "New", Value: "Boolean"}, {Kind: alter.Format, Name: "Col 7", Value: "0.00"}, {Kind: alter.Show, Name: "Col 8"}, {Kind: alter.Measure, Name: "Extra", Value: "COUNTROWS(Wide)"}}
	x, err := tables.Plan(t.Context(), d.Jobs, look(), edits, false)
	if err != nil {
		t.Fatal(err)
	}
	diff := x.Diff
	var broken []string
	for _, m := range diff.Broken {
		broken = append(broken, m.Table+"["+m.Measure+"]")
	}
	if want := []string{"Wide[Measure 0]", "Keys[Elsewhere]"}; !slices.Equal(broken, want) {
		t.Errorf("broken: %v, want %v", broken, want)
	}
	if q := x.Ask(); q.Type != "Wide" || !strings.Contains(q.Sentence, "Measures dropped: Measure 9") {
		t.Errorf("%+v", q)
	}
	if told && !diff.RelationshipsUnknown || !told && (diff.RelationshipsUnknown || len(diff.Relationships) != 1 || diff.Relationships[0].Name != "to key 1") {
		t.Errorf("%+v", diff)
	}
	done, err := tables.Carry(t.Context(), d.Jobs, x, job.Control{}, nil)
	if err != nil || done.RowsAfter == nil || *done.RowsAfter != 2 || done.Lost() {
		t.Fatalf("%+v, %v", done, err)
	}
	is, related, err := local.Service().Definition(practice.Workspace, "Wide", "Wide")
	if err != nil || !reflect.DeepEqual(is, x.After()) {
		t.Fatalf("%+v, %v\nwant %+v", is, err, x.After())
	}
	// What is there now, without what the difference names, is what was there.
	named := func(name string) bool { return strings.Contains(strings.Join(diff.Sentences(), "\n"), name) }
	for _, was := range schema.Tables[0].Columns {
		if !slices.Contains(is.Columns, was) && !named(was.Name) {
			t.Errorf("%+v is gone or changed, and nothing says so", was)
		}
	}
	for _, was := range schema.Tables[0].Measures {
		if !slices.Contains(is.Measures, was) && !named(was.Name) {
			t.Errorf("%+v is gone or changed, and nothing says so", was)
		}
	}
	for _, was := range schema.Relationships {
		if !slices.Contains(related, was) && !named(was.Name) && !diff.RelationshipsUnknown {
			t.Errorf("%+v is gone, and nothing says so", was)
		}
	}
	if len(is.Columns) != 75 || len(is.Measures) != 10 || len(related) != 2 || is.Description != "all of it" {
		t.Errorf("%d columns, %d measures, %d relationships", len(is.Columns), len(is.Measures), len(related))
	}
	// Where Power BI does not tell the table, this computer knows it now.
	again, err := tables.Look(t.Context(), d.Jobs, dest, "")
	if err != nil || !reflect.DeepEqual(again.Definition.Table, is) || !again.Definition.MeasuresKnown {
		t.Errorf("%+v, %v", again.Definition, err)
	}
	if !told && (len(again.Definition.Relationships) != 2 || !again.Definition.RelationshipsKnown) {
		t.Errorf("%+v", again.Definition.Relationships)
	}
	// What was planned on another table is not carried out.
	stale, err := tables.Plan(t.Context(), d.Jobs, again, []alter.Edit{{Kind: alter.Add, Name: "A", Value: "String"}}, false)
	if err == nil {
		t.Errorf("a 76th column: %+v", stale.Diff)
	}
	if stale, err = tables.Plan(t.Context(), d.Jobs, again, []alter.Edit{{Kind: alter.Hide, Name: "New"}}, false); err != nil {
		t.Fatal(err)
	}
	if stale.Ask().Sentence != "" {
		t.Errorf("a question about a column that is hidden: %+v", stale.Ask())
	}
	other, err := tables.Plan(t.Context(), d.Jobs, again, []alter.Edit{{Kind: alter.Hide, Name: "Extra"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tables.Carry(t.Context(), d.Jobs, other, job.Control{}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := tables.Carry(t.Context(), d.Jobs, stale, job.Control{}, nil); !failure.HasCode(err, "table-altered") {
		t.Errorf("%v", err)
	}
}

// altering is a table of two files in the practice workspace.
type altering struct {
	*App
	t       *testing.T
	service *practice.Service
	dest    job.Destination
	folder  string
	runs    []string
}

func newAltering(t *testing.T) *altering {
	t.Helper()
	d := openApp(t, t.TempDir())
	c := For(practiceConnection(t, d))
	local, err := d.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := &altering{App: d, t: t, service: local.Service(), folder: t.TempDir(),
		dest: job.Destination{Connection: c, Workspace: practice.Workspace, Dataset: "Sales", Table: "Sales", Create: true}}
	for _, month := range []string{"January", "February", "March"} {
		path := filepath.Join(a.folder, month+".csv")
		if err := os.WriteFile(path, []byte("Month,Amount\n"+strings.Repeat(month+",1.5\n", 3)), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = r.Full(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		place, err := d.Locate(t.Context(), a.dest)
		if err != nil {
			t.Fatal(err)
		}
		u, err := d.Check(t.Context(), job.Draft{}.From(r).To(place, "").Map(job.Propose(r, place)), nil)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := d.Send(t.Context(), u, job.Control{}, nil)
		if err = errors.Join(err, r.Book.Close()); err != nil || receipt.RowsConfirmed != 3 {
			t.Fatalf("%+v, %v", receipt, err)
		}
		a.runs = append(a.runs, receipt.RunID)
	}
	return a
}

func (a *altering) plan(rebuild bool, edits ...alter.Edit) tables.Change {
	a.t.Helper()
	look, err := tables.Look(a.t.Context(), a.Jobs, a.dest, "")
	if err != nil {
		a.t.Fatal(err)
	}
	c, err := tables.Plan(a.t.Context(), a.Jobs, look, edits, rebuild)
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// TestARebuildThatStops says what the table holds, and which run and files go on.
func TestARebuildThatStops(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	a := newAltering(t)
	rename := alter.Edit{Kind: alter.Rename, Name: "Amount", Value: "Net"}
	a.service.Faults().Add(faults.Fault{Operation: faults.OpUpdateTable, Status: 400})
	if done, err := tables.Carry(t.Context(), a.Jobs, a.plan(true, rename), job.Control{}, nil); err == nil || len(done.Receipts) != 0 {
		t.Errorf("a change that was refused: %+v, %v", done, err)
	}
	if n, err := a.service.CountRows(practice.Workspace, "Sales", "Sales"); n != 9 || err != nil {
		t.Errorf("%d rows are left after a change that was refused, %v", n, err)
	}
	a.service.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, Times: -1, Status: 403})
	done, err := tables.Carry(t.Context(), a.Jobs, a.plan(true, rename), job.Control{}, nil)
	f, ok := failure.From(err)
	if !ok || f.Code != "rebuild-unfinished" || f.Kind != failure.Stopped || len(done.Receipts) != 2 || *done.RowsAfter != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	if want := "It holds 3 rows now. 6 of 9 rows are missing."; !strings.Contains(f.Sentence, want) {
		t.Errorf("%q lacks %q", f.Sentence, want)
	}
	if !strings.Contains(f.Details, "February.csv") || !strings.Contains(f.Details, "March.csv") || strings.Contains(f.Details, "January.csv") {
		t.Errorf("%q", f.Details)
	}
	// It is continued with what is missing.
	a.service.Faults().Clear()
	left := a.plan(true)
	if r := left.Rebuild; !r.Continues() || !r.Appends || r.RowsAgain != 6 || len(r.Runs) != 2 || left.Ask().Type != "" {
		t.Errorf("%+v", r)
	}
	done, err = tables.Carry(t.Context(), a.Jobs, left, job.Control{}, nil)
	if err != nil || *done.RowsBefore != 3 || *done.RowsAfter != 9 || len(done.Receipts) != 2 {
		t.Errorf("%+v, %v", done, err)
	}
}

// TestRowsThatAreGoneAfterAChange: whether the real service keeps them is not documented.
func TestRowsThatAreGoneAfterAChange(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	a := newAltering(t)
	b := a.service.Faults().Behavior()
	b.AlterEmpties = true
	if err := a.service.Faults().SetBehavior(b); err != nil {
		t.Fatal(err)
	}
	done, err := tables.Carry(t.Context(), a.Jobs, a.plan(false, alter.Edit{Kind: alter.Hide, Name: "Month"}), job.Control{}, nil)
	if err != nil || !done.Lost() || len(done.Notes) != 1 || !strings.Contains(done.Notes[0], "held 9 rows before the change and holds 0 now") {
		t.Errorf("%+v, %v", done, err)
	}
}

// TestWhatDependsOnATable: reports are listed, and an undo does not send rows of columns
// that the table no longer has.
func TestWhatDependsOnATable(t *testing.T) {
	a := newAltering(t)
	rename := alter.Edit{Kind: alter.Rename, Name: "Amount", Value: "Net"}
	c := a.plan(false, rename)
	a.service.AddReport(c.Place.Target.WorkspaceID, c.Place.Target.DatasetID, "Sales of the week")
	c = a.plan(false, rename)
	if len(c.Alteration.Reports) != 1 || !strings.Contains(strings.Join(c.Alteration.Notes, " "), "Sales of the week") {
		t.Errorf("%+v", c.Alteration)
	}
	if _, err := a.PlanUndo(t.Context(), a.runs[2], ""); err != nil {
		t.Errorf("before the change the run can be undone: %v", err)
	}
	if _, err := tables.Carry(t.Context(), a.Jobs, c, job.Control{}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := a.PlanUndo(t.Context(), a.runs[2], ""); !failure.HasCode(err, "no-undo") {
		t.Errorf("%v", err)
	} else if f, _ := failure.From(err); !strings.Contains(f.Sentence, "its columns have been changed since then") {
		t.Errorf("%s", f.Sentence)
	}
	// A rebuild of what was sent in the old columns finds them by the file again.
	again := a.plan(true, alter.Edit{Kind: alter.Add, Name: "Amount", Value: "Double"})
	if again.Rebuild.RowsAgain != 9 {
		t.Errorf("%+v", again.Rebuild)
	}
}
