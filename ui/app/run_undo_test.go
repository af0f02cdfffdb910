package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"pushdesk/powerbi/push/words"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/audit"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
)

// sentFile sends a text file with some rows into the table Stock of the practice
// workspace and gives the receipt.
func sentFile(t *testing.T, d *App, c connection.Connection, path string, rows int, mode plan.Mode) history.Receipt {
	t.Helper()
	receipt, err := sendFile(t, d, c, path, rows, mode)
	if err != nil || receipt.RowsConfirmed != int64(rows) || receipt.Sample == nil || receipt.Sample.Found != receipt.Sample.Rows || len(receipt.Unproven) != 0 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	return receipt
}

func sendFile(t *testing.T, d *App, c connection.Connection, path string, rows int, mode plan.Mode) (history.Receipt, error) {
	t.Helper()
	var b strings.Builder
	b.WriteString("Depot;Units\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s %d;%d\n", filepath.Base(path), i, i)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	r, place := readFor(t, d, c, path)
	defer r.Book.Close()
	time.Sleep(2 * time.Millisecond) // runs are told apart by when they began
	return d.Send(t.Context(), job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place), Mode: mode}, job.Control{}, nil)
}

// repeated does a run once more, as a front end does.
func repeated(t *testing.T, d *App, id string) (history.Receipt, error) {
	t.Helper()
	u, err := d.Again(t.Context(), id, "")
	if err != nil {
		return history.Receipt{}, err
	}
	defer u.Reading.Book.Close()
	if u, err = d.Check(t.Context(), u, nil); err != nil {
		return history.Receipt{}, err
	}
	return d.Send(t.Context(), u, job.Control{}, nil)
}

// readFor reads every row of a file for the table Stock of the dataset Depots. Close
// the book.
func readFor(t *testing.T, d *App, c connection.Connection, path string) (job.Reading, job.Place) {
	t.Helper()
	r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = r.Full(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	dest := job.PracticeDestination(For(c), r)
	dest.Dataset, dest.Table = "Depots", "Stock"
	place, err := d.Locate(t.Context(), dest)
	if err != nil {
		t.Fatal(err)
	}
	return r, place
}

func holds(t *testing.T, d *App, c connection.Connection, r history.Receipt) int64 {
	t.Helper()
	client, err := d.Client(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	n, err := client.CountRows(t.Context(), r.WorkspaceID, r.DatasetID, r.Table)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestUndo: the rows of the last run are taken back, and those before it are there
// again.
func TestUndo(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	dir := t.TempDir()
	one, two, three := filepath.Join(dir, "one.csv"), filepath.Join(dir, "two.csv"), filepath.Join(dir, "three.csv")
	first := sentFile(t, d, c, one, 30, plan.ModeAppend)
	second := sentFile(t, d, c, two, 12, plan.ModeAppend)
	if _, err := d.PlanUndo(t.Context(), first.RunID, ""); !failure.HasCode(err, "no-undo") || !strings.Contains(said(err), second.RunID) {
		t.Errorf("a later run changed the table: %v", err)
	}
	undo, err := d.PlanUndo(t.Context(), second.RunID, "")
	if err != nil || undo.Rows != 42 || len(undo.Again) != 1 || undo.RowsAgain() != 30 {
		t.Fatalf("%+v, %v", undo, err)
	}
	if want := `All 42 rows of the table "Stock" in "Depots" will be deleted. Then the 30 rows that were there before will be sent again from its file. This cannot be undone; the run's file can be sent again.`; undo.Sentence() != want {
		t.Errorf("%s", undo.Sentence())
	}
	done, err := d.Undo(t.Context(), undo, job.Control{}, nil)
	if err != nil || len(done) != 1 || done[0].RowsConfirmed != 30 || done[0].Of != second.RunID || holds(t, d, c, first) != 30 {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := d.PlanUndo(t.Context(), second.RunID, ""); !failure.HasCode(err, "no-undo") {
		t.Errorf("undone twice: %v", err)
	}

	// A replacement is one step back too.
	third := sentFile(t, d, c, three, 5, plan.ModeReplace)
	if undo, err = d.PlanUndo(t.Context(), third.RunID, ""); err != nil || undo.Rows != 5 || undo.RowsAgain() != 30 {
		t.Fatalf("%+v, %v", undo, err)
	}
	if _, err = d.Undo(t.Context(), undo, job.Control{}, nil); err != nil || holds(t, d, c, first) != 30 {
		t.Fatal(err)
	}

	// A file that has changed since cannot bring its rows back.
	fourth := sentFile(t, d, c, two, 7, plan.ModeAppend)
	if err := os.WriteFile(one, []byte("Depot;Units\nother;1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.PlanUndo(t.Context(), fourth.RunID, ""); !failure.HasCode(err, "no-undo") || !strings.Contains(said(err), "its file has changed") {
		t.Errorf("%v", err)
	}

	// Nor is anything deleted when somebody else has written.
	client, err := d.Client(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.AddRows(t.Context(), first.WorkspaceID, first.DatasetID, "Stock", []byte(`{"rows":[{"Depot":"x","Units":1}]}`)); err != nil {
		t.Fatal(err)
	}
	fifth := sentFile(t, d, c, three, 3, plan.ModeReplace)
	if _, err := client.AddRows(t.Context(), first.WorkspaceID, first.DatasetID, "Stock", []byte(`{"rows":[{"Depot":"x","Units":1}]}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.PlanUndo(t.Context(), fifth.RunID, ""); err == nil {
		t.Error("rows of somebody else would have been deleted")
	}
	if n := holds(t, d, c, first); n != 4 {
		t.Errorf("the table holds %d rows", n)
	}
}

// TestUndoIsFinished: an undo that was broken off after the delete brings the rows back
// when it is done again.
func TestUndoIsFinished(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one.csv"), filepath.Join(dir, "two.csv")
	first := sentFile(t, d, c, one, 3000, plan.ModeAppend)
	sentFile(t, d, c, two, 12, plan.ModeAppend)
	third := sentFile(t, d, c, filepath.Join(dir, "three.csv"), 5, plan.ModeAppend)
	undo, err := d.PlanUndo(t.Context(), third.RunID, "")
	if err != nil || len(undo.Again) != 2 || !strings.Contains(undo.Sentence(), "All 3,017 rows") {
		t.Fatalf("%+v, %v", undo, err)
	}
	undo.Again = undo.Again[:1] // the program ends here
	if _, err := d.Undo(t.Context(), undo, job.Control{}, nil); err != nil || holds(t, d, c, first) != 3000 {
		t.Fatal(err)
	}
	list, err := d.Runs.List(context.Background())
	if err != nil || !job.UndoUnfinished(list, list[slices.IndexFunc(list, func(r history.Receipt) bool { return r.RunID == third.RunID })]) {
		t.Errorf("it is not said that rows are missing: %v", err)
	}
	if undo, err = d.PlanUndo(t.Context(), third.RunID, ""); err != nil || len(undo.Again) != 1 || undo.RowsAgain() != 12 || !strings.Contains(undo.Sentence(), "12 rows will be sent again") {
		t.Fatalf("%+v, %v", undo, err)
	}
	if _, err := d.Undo(t.Context(), undo, job.Control{}, nil); err != nil || holds(t, d, c, first) != 3012 {
		t.Fatalf("%d rows, %v", holds(t, d, c, first), err)
	}
	list, err = d.Runs.List(context.Background())
	if err != nil || job.UndoUnfinished(list, list[slices.IndexFunc(list, func(r history.Receipt) bool { return r.RunID == third.RunID })]) {
		t.Errorf("it is said that rows are missing: %v", err)
	}
	if _, err := d.PlanUndo(t.Context(), third.RunID, ""); !failure.HasCode(err, "no-undo") || !strings.Contains(said(err), "already") {
		t.Error(err)
	}
}

// TestUndoTheFirstRun: the table was empty before.
func TestUndoTheFirstRun(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	r := sentFile(t, d, c, filepath.Join(t.TempDir(), "one.csv"), 30, plan.ModeAppend)
	undo, err := d.PlanUndo(t.Context(), r.RunID, "")
	if err != nil || len(undo.Again) != 0 || !strings.Contains(undo.Sentence(), "will be empty") {
		t.Fatalf("%+v, %v", undo, err)
	}
	if done, err := d.Undo(t.Context(), undo, job.Control{}, nil); err != nil || len(done) != 0 || holds(t, d, c, r) != 0 {
		t.Errorf("%+v, %v", done, err)
	}
}

// TestAgain: the file as it is now, with the same mapping.
func TestAgain(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	path := filepath.Join(t.TempDir(), "one.csv")
	r := sentFile(t, d, c, path, 30, plan.ModeAppend)
	if err := os.WriteFile(path, []byte("Depot;Units\nGent;1\nLuik;2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	once, err := repeated(t, d, r.RunID)
	if err != nil || once.RowsSent != 2 || holds(t, d, c, r) != 32 || once.RunID == r.RunID {
		t.Fatalf("%+v, %v", once, err)
	}
	if err := os.WriteFile(path, []byte("Units;Depot\n1;Gent\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := repeated(t, d, r.RunID); !failure.HasCode(err, "columns-moved") || holds(t, d, c, r) != 32 {
		t.Errorf("%v", err)
	}
}

// TestAuditAndReceiptPage: what leaves the program is whole and harmless.
func TestAuditAndReceiptPage(t *testing.T) {
	before := int64(7)
	list := []history.Receipt{
		{RunID: "a", Status: history.StatusDone, RowsSent: 12_400, RowsBefore: &before, Origin: history.Origin{File: `C:\Data\"Sales", 2014.xlsx`}, Dataset: "<b>Sales</b>", Started: time.Now(), Sample: &history.Sample{Rows: 20, Found: 19}, Unproven: []string{"One row is missing."}},
		{RunID: "b", Status: history.StatusFailed, Reason: "=cmd|' /C calc'!A0", Origin: history.Origin{By: "@somebody"}},
	}
	data, err := audit.CSV(list)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil || len(lines) != 3 || len(lines[1]) != len(lines[0]) || lines[1][6] != list[0].File || lines[1][22] != "7" {
		t.Fatalf("%q, %v", lines, err)
	}
	for _, field := range lines[2] {
		if strings.HasPrefix(field, "=") || strings.HasPrefix(field, "@") {
			t.Errorf("%q would be taken for a formula", field)
		}
	}
	page, err := words.ReceiptPage(list[0])
	if err != nil || bytes.Contains(page, []byte("<b>Sales</b>")) || !bytes.Contains(page, []byte("12,400")) || !bytes.Contains(page, []byte("One row is missing.")) {
		t.Errorf("%s, %v", page, err)
	}
}

// said is all that an error says to a person.
func said(err error) string {
	f, _ := failure.From(err)
	return f.Sentence + " " + f.Remedy
}
