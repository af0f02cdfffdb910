//go:build display

package windowtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
)

// TestTwoClicksFromAnEmptyProgram sends the sample, and asks the practice service
// over HTTPS what it has.
func TestTwoClicksFromAnEmptyProgram(t *testing.T) {
	p := Start(t, Options{})
	p.Press("Try it with sample data")
	p.Press("Send 480 rows")
	p.WaitFor("Done", "480 rows sent.", "The table's row count after the last batch")

	d, err := app.Open(app.Options{Home: p.Home})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() // it only joined
	kept := d.Connections.List()
	if len(kept) != 1 || kept[0].Cloud != connection.CloudPractice {
		t.Fatalf("kept %+v", kept)
	}
	api, err := d.Client(t.Context(), kept[0])
	if err != nil {
		t.Fatal(err)
	}
	workspaces, err := api.Workspaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int64{}
	for _, w := range workspaces {
		datasets, err := api.Datasets(t.Context(), w.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range datasets {
			if !x.AddRowsAPIEnabled {
				continue
			}
			tables, err := api.Tables(t.Context(), w.ID, x.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, table := range tables {
				n, err := api.CountRows(t.Context(), w.ID, x.ID, table.Name)
				if err != nil {
					t.Fatal(err)
				}
				if n > 0 {
					found[w.Name] += n
				}
			}
		}
	}
	if len(found) != 1 || found[practice.Workspace] != 480 {
		t.Errorf("the practice service has %v", found)
	}
}

// TestAWorkbookThroughEveryStep types the path of a workbook as a real one is,
// with padded names, money and dates, and goes through all steps by hand.
func TestAWorkbookThroughEveryStep(t *testing.T) {
	s := service(t)
	home := oneConnection(t, s)
	path := filepath.Join(t.TempDir(), "Größen 2026.xlsx")
	salesWorkbook(t, path, 700)
	p := Start(t, Options{Home: home})
	p.WaitFor("1 connection")
	p.Key("ctrl+2")
	p.WaitFor("Drop an Excel workbook or CSV file here")
	p.Fill("Or paste the path of a file", path)
	p.Key("Return")
	p.Press("Next: Destination")
	p.Fill("Dataset name", "Month end")
	p.Fill("Table name", "Sales")
	p.Press("Next: Columns")
	p.WaitFor("6 of 6 columns are sent")
	p.Press("Next: Check")
	p.Press("Next: Send")
	p.Press("Send 700 rows")
	p.WaitFor("Done", "700 rows sent.", "The table's row count after the last batch")

	rows := stored(t, s, "Month end", "Sales")
	if len(rows) != 700 {
		t.Fatalf("%d rows are stored", len(rows))
	}
	var row map[string]any
	if err := json.Unmarshal(rows[41], &row); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"Segment": "Segment 41", "Country": "Österreich", "Units Sold": 1618.5, "Gross Sales": 4100.25, "Paid": true}
	for name, value := range want {
		if row[name] != value {
			t.Errorf("%s is %v (%T), want %v; the row is %s", name, row[name], row[name], value, rows[41])
		}
	}
	if date, _ := row["Date"].(string); !strings.HasPrefix(date, "2026-02-11") {
		t.Errorf("Date is %v", row["Date"])
	}
}

// TestACancelledRunIsContinued cancels a dropped file's run in the middle and
// continues it from Activity: every row is stored once.
func TestACancelledRunIsContinued(t *testing.T) {
	s := service(t)
	home := oneConnection(t, s)
	path := filepath.Join(t.TempDir(), "orders.csv")
	var b strings.Builder
	b.WriteString("ID,Name\n")
	for i := range 60_000 {
		fmt.Fprintf(&b, "%d,Order %d\n", i+1, i+1)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	p := Start(t, Options{Home: home})
	p.WaitFor("1 connection")
	p.Drop(path)
	for _, step := range []string{"Destination", "Columns", "Check", "Send"} {
		p.Press("Next: " + step)
	}
	held := make(chan struct{}) // the service takes one batch and lets the others wait
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, Times: -1, Hold: held})
	p.Press("Send 60,000 rows")
	p.WaitFor("of 60,000 rows sent", "1 batch accepted")
	p.Press("Cancel")
	p.WaitFor("Stopping")
	close(held)
	p.WaitFor("Stopped", "Show in Activity")
	p.Press("Show in Activity")
	p.Press("Continue")
	p.WaitFor("60,000 rows sent.")
	rows := stored(t, s, "orders", "orders")
	seen := map[string]bool{}
	for _, row := range rows {
		seen[string(row)] = true
	}
	if len(rows) != 60_000 || len(seen) != 60_000 {
		t.Errorf("%d rows are stored, %d of them different", len(rows), len(seen))
	}
}

// oneConnection keeps a working connection to a service, with its secret.
func oneConnection(t *testing.T, s *practice.Service) (home string) {
	t.Helper()
	home = t.TempDir()
	store, err := file.Open(filepath.Join(home, "connections.json"))
	if err != nil {
		t.Fatal(err)
	}
	k := credential(t, s, practice.AppPractice)
	kept, err := store.Add(connection.Connection{
		Name: "Sales EU", Cloud: connection.CloudCustom, Credential: connection.CredentialSecret, TenantID: k.TenantID, ClientID: k.ClientID,
		Workspace: practice.Workspace, LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAFile: s.CAFile(),
	})
	if err != nil {
		t.Fatal(err)
	}
	secrets := keychain.New("")
	if place, err := secrets.Set(t.Context(), kept.ID, k.ClientSecret); err != nil || place != keychain.PlaceKeychain {
		t.Fatalf("the secret is in %q (%v)", place, err)
	}
	t.Cleanup(func() { _ = secrets.Delete(t.Context(), kept.ID) })
	return home
}

// stored are the rows that a service has of a table.
func stored(t *testing.T, s *practice.Service, dataset, table string) []json.RawMessage {
	t.Helper()
	for _, tenant := range s.State().Tenants {
		for _, w := range tenant.Workspaces {
			for _, d := range w.Datasets {
				if d.Name == dataset {
					rows, err := s.Rows(w.ID, d.ID, table)
					if err != nil {
						t.Fatal(err)
					}
					return rows
				}
			}
		}
	}
	t.Fatalf("the service has no dataset %q", dataset)
	return nil
}

// salesWorkbook writes a workbook as people have them.
func salesWorkbook(t *testing.T, path string, rows int) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	format := `"$"#,##0.00`
	money, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	must(err)
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	must(err)
	must(f.SetSheetRow("Sheet1", "A1", &[]any{" Segment ", "Country", "Units Sold", "  Gross Sales", "Date", "Paid"}))
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		cell := fmt.Sprintf("A%d", i+2)
		must(f.SetSheetRow("Sheet1", cell, &[]any{fmt.Sprintf("Segment %d", i), "Österreich", 1618.5, float64(i)*100 + 0.25, begin.AddDate(0, 0, i), i%2 == 1}))
	}
	must(f.SetCellStyle("Sheet1", "D2", fmt.Sprintf("D%d", rows+1), money))
	must(f.SetCellStyle("Sheet1", "E2", fmt.Sprintf("E%d", rows+1), date))
	must(f.SaveAs(path))
}
