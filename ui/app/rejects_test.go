package app

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook/export"
)

// leftOut sends a file whose second column holds words among the numbers, and
// leaves those rows out.
func leftOut(t *testing.T, d *App, c connection.Connection) (history.Receipt, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "depots.csv")
	text := "Depot;Units;Value;Counted\n00123;5;1,5;2026-01-31\n=1+1;many;2,25;2026-02-28\nLuik;7;3,125;2026-03-31\n\"Mons; \"\"Bergen\"\"\";few;1,234;2026-04-30\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, place := readFor(t, d, c, path)
	defer r.Book.Close()
	m := job.Propose(r, place)
	for i, want := range []powerbi.DataType{powerbi.String, powerbi.Int64, powerbi.Double, powerbi.DateTime} {
		m.Fields[i].Target.DataType = want
	}
	m.Fields[2].DecimalMark = ","
	receipt, err := d.Send(t.Context(), job.Draft{Reading: r, Place: place, Mapping: m, Policy: mapping.PolicySkip}, job.Control{}, nil)
	if err != nil || receipt.RowsSent != 2 || receipt.RowsRejected != 2 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	return receipt, path
}

// TestRejects: rows that were left out are saved with their original cells, and go
// in once they are corrected.
func TestRejects(t *testing.T) {
	for _, ending := range []string{".xlsx", ".csv"} {
		t.Run(ending, func(t *testing.T) {
			d := openApp(t, t.TempDir())
			c := practiceConnection(t, d)
			was, source := leftOut(t, d, c)
			path := filepath.Join(t.TempDir(), "rejects"+ending)
			if n, err := d.SaveRejects(t.Context(), was.RunID, path, ""); err != nil || n != 2 {
				t.Fatalf("%d rows, %v", n, err)
			}
			if _, err := d.SaveRejects(t.Context(), was.RunID, path, ""); !errors.Is(err, export.ErrExists) {
				t.Errorf("written over: %v", err)
			}
			// As it is, nothing of it can be sent.
			u, err := d.Corrected(t.Context(), was.RunID, path, "")
			if err != nil {
				t.Fatal(err)
			}
			u, err = d.Check(t.Context(), u, nil)
			report := u.Checked.Report
			if err != nil || report.Rows != 2 || report.Errors() != 2 || report.Problems[0].Column != "Units" || report.Problems[0].Value != "many" {
				t.Fatalf("%+v, %v", u.Checked, err)
			}
			u.Reading.Book.Close()

			correct(t, path)
			if u, err = d.Corrected(t.Context(), was.RunID, path, ""); err != nil {
				t.Fatal(err)
			}
			defer u.Reading.Book.Close()
			r, err := d.Send(t.Context(), u, job.Control{}, nil)
			if err != nil || r.RowsSent != 2 || r.RowsConfirmed != 2 || r.Of != was.RunID {
				t.Fatalf("%+v, %v", r, err)
			}
			client, err := d.Client(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			stored, err := client.SampleRows(t.Context(), was.WorkspaceID, was.DatasetID, "Stock", 10)
			if err != nil || len(stored) != 4 {
				t.Fatalf("%v, %v", stored, err)
			}
			want := map[string]string{"00123": "1.5", "Luik": "3.125", "=1+1": "2.25", `Mons; "Bergen"`: "1.234"}
			for _, row := range stored {
				if v, _ := row["Value"].(json.Number); want[row["Depot"].(string)] != v.String() {
					t.Errorf("%v", row)
				}
			}
			// The corrected file sent once more is recognised.
			if u, err = d.Check(t.Context(), u, nil); err != nil || len(u.Checked.Earlier) != 1 || u.Checked.Earlier[0].RunID != r.RunID {
				t.Errorf("%+v, %v", u.Checked, err)
			}

			// A file of another kind, and a source that changed, are said.
			if _, err := d.Corrected(t.Context(), was.RunID, source, ""); !failure.HasCode(err, "rejects-misfit") {
				t.Errorf("%v", err)
			}
			if err := os.WriteFile(source, []byte("Depot;Units\nx;1\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			var changed *history.ChangedError
			if _, err := d.SaveRejects(t.Context(), was.RunID, filepath.Join(t.TempDir(), "x.csv"), ""); !errors.As(err, &changed) {
				t.Errorf("%v", err)
			}
		})
	}
}

// correct puts numbers where the words were.
func correct(t *testing.T, path string) {
	t.Helper()
	if strings.HasSuffix(path, ".csv") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fixed := strings.NewReplacer(",many,", ",11,", ",few,", ",12,").Replace(string(text))
		if err := os.WriteFile(path, []byte(fixed), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, _ := f.GetCellValue("Rejects", "A2"); v != "=1+1" {
		t.Errorf("A2 is %q", v)
	}
	if formula, _ := f.GetCellFormula("Rejects", "A2"); formula != "" {
		t.Errorf("A2 holds the formula %q", formula)
	}
	if v, _ := f.GetCellValue("Rejects", "F2"); !strings.Contains(v, "Units (B3): Not a number") {
		t.Errorf("F2 is %q", v)
	}
	if err := errors.Join(f.SetCellInt("Rejects", "B2", 11), f.SetCellInt("Rejects", "B3", 12), f.Save()); err != nil {
		t.Fatal(err)
	}
}

// TestRejectsOfTheService: rows that the service refused are among them.
func TestRejectsOfTheService(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	local, err := d.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// The two rows are refused, and then the first of them alone.
	local.Service().Faults().Add(faults.Fault{Operation: faults.OpRows, Times: 2, Status: 400, Body: `{"error":{"code":"BadRequest"}}`})
	r, err := sendFile(t, d, c, filepath.Join(t.TempDir(), "one.csv"), 2, plan.ModeAppend)
	if err == nil || r.RowsRefused != 1 || r.RowsSent != 0 { // a refused row stops the run
		t.Fatalf("%+v, %v", r, err)
	}
	path := filepath.Join(t.TempDir(), "rejects.csv")
	if n, err := d.SaveRejects(t.Context(), r.RunID, path, ""); err != nil || n != 1 {
		t.Fatalf("%d rows, %v", n, err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "one.csv 0,0,2,Power BI refused this row.") {
		t.Errorf("%s, %v", text, err)
	}
}
