package command

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/remark"
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

// TestFlagsOfSeveralTables: a flag that changes one of the tables has its effect there, and
// one that changes none is refused.
func TestFlagsOfSeveralTables(t *testing.T) {
	x := apart(t)
	f := excelize.NewFile()
	defer f.Close()
	fill := func(sheet string, rows ...[]any) {
		t.Helper()
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill("Plain", []any{"Depot", "Units"}, []any{"Gent", 5}, []any{"Luik", 7}, []any{"Mons", 8})
	fill("Report", []any{"Region", "Item", "Amount"}, []any{"East", "a", 5}, []any{nil, "b", 7}, []any{"West", "c", 9}, []any{"Total", nil, 21})
	fill("Hidden", []any{"Code", "N"}, []any{"x", 1}, []any{"y", 2})
	if err := errors.Join(f.DeleteSheet("Sheet1"), f.SetRowVisible("Hidden", 3, false)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "several.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	to := func(sheets string, more ...string) []string {
		args := []string{"send", path, "--practice", "--dataset", "S", "--create", "--dry-run", "--json"}
		for _, sheet := range strings.Fields(sheets) {
			args = append(args, "--into", sheet+"="+sheet)
		}
		return append(args, more...)
	}
	rows := func(args []string) (list []int64) {
		t.Helper()
		var doc struct{ Tables []tableSent }
		x.want(cli.ExitDone, args...)
		x.document(&doc)
		for _, table := range doc.Tables {
			list = append(list, table.Rows)
		}
		return list
	}
	for _, c := range []struct {
		flags []string
		want  []int64
	}{
		{nil, []int64{3, 3, 2}},
		{[]string{"--keep-totals"}, []int64{3, 4, 2}},
		{[]string{"--skip-hidden"}, []int64{3, 3, 1}},
		{[]string{"--fill-down", "Region"}, []int64{3, 3, 2}},
		{[]string{"--fill-down", "Region", "--skip-hidden", "--header-rows", "1"}, []int64{3, 3, 1}},
	} {
		if got := rows(to("Plain Report Hidden", c.flags...)); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v rows, want %v", c.flags, got, c.want)
		}
	}
	for _, flags := range [][]string{{"--keep-totals"}, {"--leave-totals"}, {"--fill-down", "Region"}, {"--fill-down", "Units"}} {
		x.want(cli.ExitUsage, to("Plain Hidden", flags...)...)
		x.says(flags[0], "has no effect here")
	}
	x.want(cli.ExitUsage, to("Plain Report", "--skip-hidden")...)
	x.want(cli.ExitUsage, to("Plain Report", "--fill-down", "Region", "--fill-down", "Regio")...)
	x.says("Regio", "none of the tables has that column")
}

// TestWhatIsSaidOfSeveralTables: a refusal names the table, no remark offers a sheet that is
// sent as well, or guesses the columns of a table that was just created; --quiet says in a line
// how each ended, and --header-rows takes no row of data.
func TestWhatIsSaidOfSeveralTables(t *testing.T) {
	x := newTerminal(t)
	f := excelize.NewFile()
	defer f.Close()
	for sheet, rows := range map[string][][]any{"One": {{"Town", "N"}, {"Oslo", 1}, {"Rome", 2}, {"Total", 9}}, "Two": {{"Sold", ""}, {"Q1", "Q2"}, {1, 2}, {3, 4}}} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "two.xlsx")
	if err := errors.Join(f.DeleteSheet("Sheet1"), f.SaveAs(path)); err != nil {
		t.Fatal(err)
	}
	to := func(more ...string) []string {
		return append([]string{"send", path, "--practice", "--create", "--into", "One=First", "--into", "Two=Second"}, more...)
	}
	var doc struct {
		Runs   []history.Receipt
		Tables []tableSent
		Error  *cli.Problem
	}
	x.want(cli.ExitDone, to("--dataset", "A", "--header-rows", "2", "--json")...)
	x.document(&doc)
	if doc.Tables[0].Rows != 3 || doc.Tables[1].Rows != 2 {
		t.Errorf("%+v", doc.Tables)
	}
	for _, r := range doc.Runs {
		if remark.Has(r.Remarks, "columns-guessed") || remark.Has(r.Remarks, "other-tables") {
			t.Errorf("%+v", r.Remarks)
		}
	}
	x.want(cli.ExitDone, to("--dataset", "B", "--quiet")...)
	if n := strings.Count(x.stdout, "\n"); n != 2 {
		t.Errorf("%d lines:\n%s", n, x.stdout)
	}
	x.want(cli.ExitData, to("--dataset", "C", "--strict")...)
	x.says("“One” into “First”: 1 thing was guessed")
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
