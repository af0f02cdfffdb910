package command

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/ui/command/cli"
)

// twoSheets is a workbook with orders and depots.
func twoSheets(t *testing.T, bad bool) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set := func(sheet, cell string, row []any) {
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetSheetName("Sheet1", "Orders"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("Depots"); err != nil {
		t.Fatal(err)
	}
	set("Orders", "A1", []any{"Depot", "Units"})
	set("Orders", "A2", []any{"Gent", 5})
	set("Orders", "A3", []any{"Luik", 7})
	set("Depots", "A1", []any{"Depot", "Region"})
	set("Depots", "A2", []any{"Gent", "East"})
	if bad {
		set("Depots", "A3", []any{"Mons", strings.Repeat("x", 5000)})
	}
	path := filepath.Join(t.TempDir(), "both.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSeveralTables: sheets of a workbook go into the tables of one dataset, which
// is made with all of them at once.
func TestSeveralTables(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	to := func(path string, more ...string) []string {
		return append([]string{"send", path, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Both", "--create", "--json",
			"--into", "Orders=Lines", "--into", "Depots = Places"}, more...)
	}
	var doc struct {
		Status history.Status
		Runs   []history.Receipt
		Plan   plan.Set
		Error  *cli.Problem
	}
	x.want(cli.ExitDone, to(twoSheets(t, false), "--dry-run")...)
	x.document(&doc)
	if doc.Plan.Rows != 3 || len(doc.Plan.Tables) != 2 || len(doc.Runs) != 0 {
		t.Errorf("%+v", doc)
	}
	// Nothing leaves while one of the tables cannot be sent.
	x.want(cli.ExitData, to(twoSheets(t, true))...)
	for _, r := range s.Requests() {
		if r.Operation == faults.OpCreateDataset || r.Operation == faults.OpRows {
			t.Fatalf("%s although a table cannot be sent", r.Operation)
		}
	}
	path := twoSheets(t, false)
	x.want(cli.ExitDone, to(path)...)
	x.document(&doc)
	if doc.Status != history.StatusDone || len(doc.Runs) != 2 || doc.Runs[0].Table != "Lines" || doc.Runs[0].RowsConfirmed != 2 || doc.Runs[1].RowsConfirmed != 1 || doc.Runs[0].DatasetID != doc.Runs[1].DatasetID {
		t.Errorf("%+v", doc)
	}
	if n, m := len(rowsOf(t, s, "Both", "Lines")), len(rowsOf(t, s, "Both", "Places")); n != 2 || m != 1 {
		t.Errorf("%d and %d rows", n, m)
	}
	x.want(cli.ExitNothing, to(path)...) // the same rows again
	x.says("--again")
	x.want(cli.ExitDone, to(path, "--mode", "replace")...)
	if n, m := len(rowsOf(t, s, "Both", "Lines")), len(rowsOf(t, s, "Both", "Places")); n != 2 || m != 1 {
		t.Errorf("%d and %d rows", n, m)
	}
	x.want(cli.ExitUsage, to(path, "--into", "Orders=Lines")...)
	x.want(cli.ExitUsage, to(path, "--into", "Orders")...)
	x.want(cli.ExitUsage, to(path, "--sheet", "Orders")...)
}
