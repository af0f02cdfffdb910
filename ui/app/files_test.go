package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/recent"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/workbook"
)

// sold writes a workbook with rows and, below them, their total.
func sold(t *testing.T, path string, rows int) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set := func(row int, values ...any) {
		address, err := excelize.CoordinatesToCellName(1, row)
		if err == nil {
			err = f.SetSheetRow("Sheet1", address, &values)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	set(1, "Depot", "Units")
	sum := 0
	for i := range rows {
		set(i+2, "Depot", i+3)
		sum += i + 3
	}
	set(rows+2, "Total", sum)
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

// TestATotalIsLeftOutAgain: a total below the rows is not sent, and when the file has
// grown and is sent again, every row is and the new total is not.
func TestATotalIsLeftOutAgain(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	path := filepath.Join(t.TempDir(), "sold.xlsx")
	sold(t, path, 5)
	r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Book.Close()
	if r, err = r.Full(t.Context(), nil); err != nil || !r.Profile.Left.Has(7) || r.Profile.Rows != 5 {
		t.Fatalf("%+v, %v", r.Profile.Left, err)
	}
	dest := job.PracticeDestination(For(c), r)
	dest.Dataset, dest.Table = "Depots", "Sold"
	place, err := d.Locate(t.Context(), dest)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := d.Send(t.Context(), job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place), Mode: plan.ModeAppend}, job.Control{}, nil)
	if err != nil || receipt.RowsSent != 5 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	again, err := repeated(t, d, receipt.RunID)
	if err != nil || again.RowsSent != 5 {
		t.Fatalf("the same file: %+v, %v", again, err)
	}
	sold(t, path, 9)
	grown, err := repeated(t, d, receipt.RunID)
	if err != nil || grown.RowsSent != 9 {
		t.Fatalf("a file that has grown: %d rows, %v", grown.RowsSent, err)
	}
	if last, err := repeated(t, d, grown.RunID); err != nil || last.RowsSent != 9 {
		t.Fatalf("once more: %d rows, %v", last.RowsSent, err)
	}
}

// TestRecentFiles: the latest first, each once, with how it is read, and kept for the
// next start; a damaged list is begun anew.
func TestRecentFiles(t *testing.T) {
	home := t.TempDir()
	d := openApp(t, home)
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for i, name := range []string{"a.csv", "b.xlsx", "a.csv", "sales-2024-03.csv"} {
		if err := d.Opened(filepath.Join(home, name), recent.Choice{HeaderRow: i}, now.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for _, f := range d.Recent() {
		names = append(names, filepath.Base(f.Path))
	}
	if len(names) != 3 || names[0] != "sales-2024-03.csv" || names[1] != "a.csv" || names[2] != "b.xlsx" {
		t.Errorf("%v", names)
	}
	for name, want := range map[string]int{"a.csv": 2, "sales-2025-11.csv": 3} {
		if c, ok := d.ChoiceFor(filepath.Join(home, name)); !ok || c.HeaderRow != want {
			t.Errorf("%s: %+v %v", name, c, ok)
		}
	}
	if _, ok := d.ChoiceFor(filepath.Join(home, "other", "a.csv")); ok {
		t.Error("a file of another folder is no other file's")
	}
	if err := d.ForgetFile(filepath.Join(home, "b.xlsx")); err != nil || len(d.Recent()) != 2 {
		t.Errorf("%v, %v", d.Recent(), err)
	}
	if err := os.WriteFile(filepath.Join(home, "files.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := openApp(t, home); len(again.Recent()) != 0 || again.Opened("x.csv", recent.Choice{}, now) != nil {
		t.Errorf("%v", again.Recent())
	}
}
