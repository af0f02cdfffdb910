package app

import (
	"encoding/json"
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
	"pushdesk/storage/failure"
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
