package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/apply"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/words"
	"pushdesk/storage/failure"
)

// sentWhere sends the rows of a file that meet a condition.
func sentWhere(t *testing.T, d *App, c connection.Connection, path, condition string) history.Receipt {
	t.Helper()
	r, place := readFor(t, d, c, path)
	defer r.Book.Close()
	m := job.Propose(r, place)
	if !place.Exists {
		m.Fields[1].Target.DataType = powerbi.Int64
	}
	if condition != "" {
		where, err := apply.Where(r, condition)
		if err != nil {
			t.Fatal(err)
		}
		m.Filter = []mapping.Condition{where}
	}
	receipt, err := d.Send(t.Context(), job.Draft{Reading: r, Place: place, Mapping: m, Policy: mapping.PolicySkip}, job.Control{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

// TestRunsWithConditions: what a run left out for its values, and what it has sent when
// a later one is undone, are of the rows that met its conditions.
func TestRunsWithConditions(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	dir := t.TempDir()
	path := filepath.Join(dir, "regions.csv")
	var b strings.Builder
	b.WriteString("Region;Units\n")
	for i := range 90 {
		fmt.Fprintf(&b, "%s;%d\n", []string{"West", "East", "North"}[i%3], i)
	}
	b.WriteString("West;many\nEast;few\n")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	west := sentWhere(t, d, c, path, "Region=west")
	if west.RowsRead != 31 || west.RowsSent != 30 || west.RowsRejected != 1 || west.Filtered != 61 {
		t.Fatalf("%+v", west)
	}
	rejects := filepath.Join(dir, "rejects.csv")
	if n, err := d.SaveRejects(t.Context(), west.RunID, rejects, ""); err != nil || n != 1 {
		t.Fatalf("%d rows, %v", n, err)
	}
	// Its corrected rows are sent whatever their values are now.
	data, err := os.ReadFile(rejects)
	if err != nil || !strings.Contains(string(data), "many") {
		t.Fatalf("%s, %v", data, err)
	}
	corrected := filepath.Join(dir, "corrected.csv")
	if err := os.WriteFile(corrected, []byte(strings.NewReplacer("West", "South", "many", "9").Replace(string(data))), 0o600); err != nil {
		t.Fatal(err)
	}
	u, err := d.Corrected(t.Context(), west.RunID, corrected, "")
	if err != nil {
		t.Fatal(err)
	}
	u, err = d.Check(t.Context(), u, nil)
	if report := u.Checked.Report; err != nil || report.Rows != 1 || report.RowsToSend != 1 || report.RowsFiltered != 0 {
		t.Errorf("%+v, %v", u.Checked, err)
	}
	u.Reading.Book.Close()

	// Undone between two runs of one file that differ in their conditions only, the
	// rest is still on its way back.
	east := sentWhere(t, d, c, path, "Region=East")
	north := sentWhere(t, d, c, path, "Units>80")
	plan, err := d.PlanUndo(t.Context(), north.RunID, "")
	if err != nil || len(plan.Again) != 2 || plan.RowsAgain() != 60 || east.RowsSent != 30 {
		t.Fatalf("%+v, %v", plan, err)
	}
	plan.Again = plan.Again[:1] // the program ends here
	if _, err := d.Undo(t.Context(), plan, job.Control{}, nil); err != nil || holds(t, d, c, west) != 30 {
		t.Fatal(err)
	}
	if plan, err = d.PlanUndo(t.Context(), north.RunID, ""); err != nil || len(plan.Again) != 1 || plan.Again[0].RunID != east.RunID {
		t.Fatalf("%+v, %v", plan, err)
	}
	done, err := d.Undo(t.Context(), plan, job.Control{}, nil)
	if err != nil || holds(t, d, c, west) != 60 || len(done) != 1 || words.FilterNote(done[0]) != "Only rows where Region is East: 31 of 92 rows" {
		t.Fatalf("%+v, %v", done, err)
	}

	page, err := words.ReceiptPage(done[0])
	if err != nil || !strings.Contains(string(page), "Only rows where Region is East: 31 of 92 rows") {
		t.Errorf("%s, %v", page, err)
	}

	// A file whose columns have moved is not sent with conditions on other ones.
	if err := os.WriteFile(path, []byte("Area;Units\nWest;1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := repeated(t, d, west.RunID); !failure.HasCode(err, "columns-moved") {
		t.Error(err)
	}
}
