package app

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
)

// TestUndoWithAProtectedWorkbook asks for the password of the file whose rows are sent again.
func TestUndoWithAProtectedWorkbook(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	const password = "open sesame"
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"Depot", "Units"}, {"Gent", 1}, {"Mons", 2}} {
		if err := f.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "protected.xlsx")
	if err := f.SaveAs(path, excelize.Options{Password: password}); err != nil {
		t.Fatal(err)
	}
	r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{Password: password}, "", "", 0)
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
	first, err := d.Send(t.Context(), job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place), Mode: plan.ModeAppend}, job.Control{}, nil)
	if err != nil || first.RowsConfirmed != 2 {
		t.Fatalf("%+v, %v", first, err)
	}
	if err := r.Book.Close(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Millisecond) // runs are told apart by when they began
	second := sentFile(t, d, c, filepath.Join(t.TempDir(), "more.csv"), 3, plan.ModeAppend)
	for _, wrong := range []string{"", "sesame"} {
		if _, err := d.PlanUndo(t.Context(), second.RunID, wrong); !failure.HasCode(err, workbook.CodePassword) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := d.Opens(t.Context(), first.RunID, ""); !failure.HasCode(err, workbook.CodePassword) {
		t.Errorf("%v", err)
	}
	if err := d.Opens(t.Context(), first.RunID, password); err != nil {
		t.Error(err)
	}
	undo, err := d.PlanUndo(t.Context(), second.RunID, password)
	if err != nil {
		t.Fatal(err)
	}
	done, err := d.Undo(t.Context(), undo, job.Control{}, nil)
	if err != nil || len(done) != 1 || done[0].RowsConfirmed != 2 || holds(t, d, c, first) != 2 {
		t.Errorf("%+v, %v", done, err)
	}
}
