package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/ui/command/cli"
)

// TestRunsUndoAgainExport: what was sent is taken back, sent again, and listed.
func TestRunsUndoAgainExport(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	x.want(cli.ExitDone, toLocal(csv(t, 300))...)
	first := x.account()

	x.want(cli.ExitDone, "runs", "undo", first.RunID, "--dry-run")
	x.says("All 300 rows", "will be empty")
	x.want(cli.ExitDone, "runs", "undo", first.RunID, "--dry-run", "--json")
	x.says(`"reason": "checked"`)
	x.want(cli.ExitUsage, "runs", "undo", first.RunID) // nobody said yes
	if n := len(rowsOf(t, s, "Things", "Things")); n != 300 {
		t.Fatalf("%d rows", n)
	}
	x.want(cli.ExitDone, "runs", "undo", first.RunID, "--yes", "--json")
	var undone struct {
		Deleted   int64
		SentAgain []history.Receipt
	}
	x.document(&undone)
	if undone.Deleted != 300 || len(undone.SentAgain) != 0 || len(rowsOf(t, s, "Things", "Things")) != 0 {
		t.Errorf("%+v", undone)
	}
	x.want(cli.ExitUsage, "runs", "undo", first.RunID, "--yes")
	x.says("undone already")

	x.want(cli.ExitUsage, "runs", "again", first.RunID)
	x.want(cli.ExitDone, "runs", "again", first.RunID, "--yes", "--json")
	if a := x.account(); a.RowsConfirmed != 300 || a.RunID == first.RunID || len(rowsOf(t, s, "Things", "Things")) != 300 {
		t.Errorf("%+v", a)
	}

	x.want(cli.ExitDone, "runs", "export")
	x.says("Rows confirmed", first.RunID, "things.csv")
	out := filepath.Join(t.TempDir(), "audit.csv")
	x.want(cli.ExitDone, "runs", "export", "--out", out)
	if data, err := os.ReadFile(out); err != nil || strings.Count(string(data), "\r\n") != 3 {
		t.Errorf("%s, %v", data, err)
	}
	x.want(cli.ExitUsage, "runs", "export", "--out", out)
}

// TestRejectsAreCorrected: rows that were left out are saved, corrected and sent.
func TestRejectsAreCorrected(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	path := tempFile(t, "depots.csv", []byte("Depot;Units\nGent;5\nLuik;many\nMons;7\n"))
	x.want(cli.ExitDone, "send", path, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Depots", "--table", "Stock", "--create",
		"--type", "Units=Int64", "--bad-rows", "skip", "--json")
	first := x.account()
	if first.RowsRejected != 1 || first.RowsSent != 2 {
		t.Fatalf("%+v", first)
	}
	out := filepath.Join(t.TempDir(), "rejects.csv")
	x.want(cli.ExitDone, "runs", "rejects", first.RunID, "--out", out)
	x.says("Wrote 1 row", "runs resend "+first.RunID)
	x.want(cli.ExitData, "runs", "resend", first.RunID, out) // not corrected
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(out, []byte(strings.Replace(string(text), "Luik,many", "Luik,6", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "runs", "resend", first.RunID, out, "--json")
	if a := x.account(); a.RowsSent != 1 || a.RowsConfirmed != 1 {
		t.Errorf("%+v", a)
	}
	if n := len(rowsOf(t, s, "Depots", "Stock")); n != 3 {
		t.Errorf("%d rows", n)
	}
	x.want(cli.ExitNothing, "runs", "resend", first.RunID, out) // the same rows again
	x.says("--again")
}

// TestOverwriteSchema: the columns of a table that exists follow the file, once the
// change was seen and the dataset's name typed.
func TestOverwriteSchema(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	to := func(name, text string, more ...string) []string {
		return append([]string{"send", tempFile(t, name, []byte(text)), "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Depots", "--table", "Stock", "--json"}, more...)
	}
	x.want(cli.ExitDone, to("one.csv", "Depot;Units;Old\nGent;5;x\n", "--create")...)
	first := x.account()
	var ids struct{ WorkspaceID, DatasetID string }
	x.document(&ids)
	s.AddReport(ids.WorkspaceID, ids.DatasetID, "Stock of the week")

	next := "Depot;Units;Value\nLuik;many;1.5\n"
	x.want(cli.ExitUsage, to("two.csv", next, "--overwrite-schema", "--mode", "replace")...)
	x.says("--yes-replace")
	var seen struct {
		Schema struct {
			Notes   []string
			Reports []struct{ Name string }
		}
	}
	x.document(&seen)
	notes := strings.Join(seen.Schema.Notes, "\n")
	for _, want := range []string{"Added: Value (Double).", "Dropped: Old (String).", "Another type: Units (Int64 becomes String).", "Stock of the week"} {
		if !strings.Contains(notes, want) {
			t.Errorf("%q is missing in %s", want, notes)
		}
	}
	if rows := rowsOf(t, s, "Depots", "Stock"); len(rows) != 1 || rows[0]["Old"] != "x" {
		t.Fatalf("something was changed unasked: %v", rows)
	}
	x.want(cli.ExitDone, to("two.csv", next, "--overwrite-schema", "--mode", "replace", "--yes-replace", "Depots")...)
	rows := rowsOf(t, s, "Depots", "Stock")
	if a := x.account(); a.RowsConfirmed != 1 || a.RunID == first.RunID || len(rows) != 1 || rows[0]["Units"] != "many" || rows[0]["Value"] != 1.5 {
		t.Errorf("%+v, %v", a, rows)
	}
	// What only grows needs no name, and rows that are there stay.
	x.want(cli.ExitDone, to("three.csv", "Depot;Units;Value;Since\nMons;few;2.5;2026-01-31\n", "--overwrite-schema")...)
	if rows := rowsOf(t, s, "Depots", "Stock"); len(rows) != 2 || rows[0]["Since"] != nil || rows[1]["Since"] == nil {
		t.Errorf("%v", rows)
	}
}
