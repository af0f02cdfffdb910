package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pushdesk/assets"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/command/cli"
)

// sendResult is what send --json must hold, by the names that are promised.
type sendResult struct {
	RunID         string `json:"runId"`
	Status        string
	RowsRead      int64
	RowsSent      int64
	RowsConfirmed int64
	RowsRejected  int64
	RowsUnknown   int64
	RowsNotSent   int64
	Batches       int
	Requests      int
	Retries       int
	DurationMs    int64
	Workspace     string
	Dataset       string
	DatasetID     string
	Table         string
	Problems      []mapping.Problem
	Resumable     bool
	Reason        string
	Error         *cli.Problem
}

// promised are the members of send --json that are there whatever happens.
var promised = []string{"runId", "status", "rowsRead", "rowsSent", "rowsConfirmed", "rowsRejected", "rowsUnknown", "batches", "requests",
	"retries", "durationMs", "workspace", "dataset", "table", "problems"}

func (x *terminal) account() sendResult {
	x.t.Helper()
	var members map[string]any
	x.document(&members)
	for _, name := range promised {
		if _, ok := members[name]; !ok {
			x.t.Errorf("the document has no %q:\n%s", name, x.stdout)
		}
	}
	var a sendResult
	x.document(&a)
	if a.RowsRead != a.RowsSent+a.RowsRejected+a.RowsUnknown+a.RowsNotSent {
		x.t.Errorf("the sums do not add up:\n%s", x.stdout)
	}
	return a
}

// stored gives the rows that the embedded practice service keeps.
func (x *terminal) stored(dataset, table string) []map[string]any {
	x.t.Helper()
	l, err := practice.Open(x.t.Context(), filepath.Join(x.home, "practice"))
	if err != nil {
		x.t.Fatal(err)
	}
	defer l.Close()
	return rowsOf(x.t, l.Service(), dataset, table)
}

func rowsOf(t *testing.T, s *practice.Service, dataset, table string) []map[string]any {
	t.Helper()
	raw, err := s.Rows(practice.Workspace, dataset, table)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]any, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

func TestSampleIsSentWithNothingToSetUp(t *testing.T) {
	x := apart(t)
	path := tempFile(t, "Harbour coffee orders.xlsx", assets.Sample)
	x.want(cli.ExitDone, "connection", "add", "--name", "Mine", "--cloud", "practice") // a saved one is used, and need not name a workspace
	x.want(cli.ExitDone, "send", path, "--practice")
	x.says("480 rows sent", "The table's row count")
	if n := len(x.stored("Harbour coffee orders", "Orders")); n != 480 {
		t.Errorf("%d rows are stored, want 480", n)
	}
	x.want(cli.ExitDone, "send", path, "--practice", "--mode", "replace", "--json")
	if a := x.account(); a.RowsConfirmed != 480 || a.Status != "done" {
		t.Errorf("replaced: %+v", a)
	}
	if n := len(x.stored("Harbour coffee orders", "Orders")); n != 480 {
		t.Errorf("after replacing %d rows are stored, want 480", n)
	}
}

func TestEveryValueIsStoredWithItsType(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "send", sales(t, 700), "--practice", "--json")
	a := x.account()
	if a.Status != "done" || a.RowsRead != 700 || a.RowsConfirmed != 700 || a.Dataset != "Sales 2014" || a.Table != "financials" {
		t.Errorf("%+v", a)
	}
	rows := x.stored("Sales 2014", "financials")
	if len(rows) != 700 {
		t.Fatalf("%d rows are stored, want 700", len(rows))
	}
	for i, row := range rows {
		want := map[string]any{
			"Segment": []string{"Government", "Midmarket", "Channel Partners"}[i%3], "Units Sold": 1618.5 + float64(i), "Gross Sales": 32370.0 + float64(i)/4,
			"Date":         time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%365).Format("2006-01-02T15:04:05"),
			"Month Number": float64(i%12 + 1), "Year": fmt.Sprint(2013 + i%2), "Paid": i%2 == 0, "Postcode": fmt.Sprintf("%05d", i),
		}
		if len(row) != len(want) {
			t.Fatalf("row %d has the columns %v", i, row)
		}
		for name, value := range want {
			got := row[name]
			if text, ok := got.(string); ok && name == "Date" {
				got = strings.TrimSuffix(strings.TrimSuffix(text, "Z"), ".000")
			}
			if got != value {
				t.Fatalf("row %d, %s: stored %v (%T), want %v (%T)", i, name, got, got, value, value)
			}
		}
	}
}

func TestDryRunSendsNothing(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	to := []string{"--connection", "local", "--workspace", practice.Workspace, "--dataset", "Sales", "--table", "T", "--create"}
	x.want(cli.ExitDone, append([]string{"send", sales(t, 30), "--dry-run", "--json"}, to...)...)
	if a := x.account(); a.Status != "checked" || a.RowsRead != 30 || a.RowsSent != 0 || a.RunID != "" {
		t.Errorf("%+v", a)
	}
	for _, r := range s.Requests() {
		if r.Method != "GET" && strings.HasPrefix(r.Path, "/v1.0") {
			t.Errorf("a dry run made the request %s %s", r.Method, r.Path)
		}
	}
}

func TestValuesThatCannotBeSent(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	var b strings.Builder
	b.WriteString("Item,Price\n")
	for i := range 40 {
		fmt.Fprintf(&b, "Thing %d,%d.5\n", i, i)
	}
	b.WriteString("Odd,ask Anna\nOdd,none\n")
	path := tempFile(t, "prices.csv", []byte(b.String()))
	send := func(more ...string) []string {
		return append([]string{"send", path, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Prices", "--table", "Prices", "--create", "--type", "Price=Double", "--json"}, more...)
	}
	x.want(cli.ExitData, send()...)
	a := x.account()
	if a.Status != "failed" || a.RowsSent != 0 || a.RowsRead != 42 || len(a.Problems) != 2 || a.Problems[0].Address != "B42" || a.Problems[0].Value != "ask Anna" || a.Problems[0].Advice == "" {
		t.Errorf("%+v", a)
	}
	if a.Error == nil || !strings.Contains(a.Error.Sentence, "2 rows of 42 cannot be sent") {
		t.Errorf("%+v", a.Error)
	}
	x.want(cli.ExitDone, send("--bad-rows", "skip")...)
	if a := x.account(); a.RowsSent != 40 || a.RowsRejected != 2 || a.RowsConfirmed != 40 {
		t.Errorf("skip: %+v", a)
	}
	x.want(cli.ExitDone, send("--bad-rows", "blank", "--mode", "replace")...)
	if a := x.account(); a.RowsSent != 42 || a.RowsRejected != 0 {
		t.Errorf("blank: %+v", a)
	}
	rows := rowsOf(t, s, "Prices", "Prices")
	if len(rows) != 42 || rows[41]["Price"] != nil || rows[39]["Price"] != 39.5 {
		t.Errorf("%d rows, the last %v", len(rows), rows[len(rows)-1])
	}
}

func TestColumnsCanBeChosen(t *testing.T) {
	x := apart(t)
	path := sales(t, 10)
	x.want(cli.ExitDone, "send", path, "--practice", "--dataset", "D", "--leave-out", "Postcode", "--map", "Units Sold=Units", "--type", "Year=Int64", "--json")
	row := x.stored("D", "financials")[0]
	if _, there := row["Postcode"]; there || row["Units"] != 1618.5 || row["Year"] != float64(2013) || len(row) != 7 {
		t.Errorf("%v", row)
	}
	// The table exists now: columns go by their names, and by what was mapped.
	x.want(cli.ExitDone, "send", path, "--practice", "--dataset", "D", "--map", "Units Sold=Units", "--again", "--json")
	rows := x.stored("D", "financials")
	if len(rows) != 20 || rows[19]["Units"] != 1627.5 {
		t.Errorf("%d rows, the last %v", len(rows), rows[len(rows)-1])
	}
	for _, wrong := range [][]string{{"--map", "No such=Units"}, {"--map", "Year"}, {"--type", "Year=Day"}, {"--leave-out", "No such"}} {
		x.want(cli.ExitUsage, append([]string{"send", path, "--practice", "--dataset", "E"}, wrong...)...)
	}
}

func TestANameThatFitsTwoDatasets(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	path := sales(t, 5)
	to := []string{"send", path, "--connection", "Local", "--workspace", practice.Workspace, "--table", "T", "--json", "--dataset"}
	x.want(cli.ExitDone, append(to, "Twice", "--create")...)
	var first struct{ DatasetID string }
	x.document(&first)
	second := twin(t, s, first.DatasetID)

	x.want(cli.ExitUsage, append(to, "twice")...)
	a := x.account()
	if a.Error == nil || !strings.Contains(a.Error.Remedy, first.DatasetID) || !strings.Contains(a.Error.Remedy, second) {
		t.Errorf("%+v", a.Error)
	}
	x.want(cli.ExitNothing, append(to, first.DatasetID)...) // the same rows, to the same table
	x.says("were sent to this table on", "--again")
	x.want(cli.ExitDone, append(to, first.DatasetID, "--again")...)
	if a := x.account(); a.RowsConfirmed != 5 {
		t.Errorf("%+v", a)
	}
	x.want(cli.ExitUsage, append(to, "Nothing of the kind")...)
	x.want(cli.ExitUsage, append(to, "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "--create")...)
}

func TestFilesThatCannotBeRead(t *testing.T) {
	whole, err := os.ReadFile(sales(t, 50))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []byte
		code string
	}{
		{"cut.xlsx", whole[:len(whole)*2/3], ""},
		{"empty.xlsx", nil, "file-empty"},
		{"blank.csv", []byte("\n\n\n"), "file-empty"},
		{"old.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 4096)), ""},
		{"picture.xlsx", []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("\x01\x02\x00", 500)), "file-unsupported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newTerminal(t)
			path := tempFile(t, c.name, c.data)
			x.want(cli.ExitData, "send", path, "--practice", "--json")
			a := x.account()
			if a.Status != "failed" || a.RowsSent != 0 || a.Error == nil || a.Error.Sentence == "" || a.Error.Remedy == "" || a.Error.Kind != "data" || c.code != "" && a.Error.Code != c.code {
				t.Errorf("%+v %+v", a, a.Error)
			}
			if c.name == "blank.csv" { // an empty table
				x.want(cli.ExitDone, "inspect", path)
				x.says("The file is empty.", "no rows")
				return
			}
			x.want(cli.ExitData, "inspect", path)
		})
	}
	x := newTerminal(t)
	x.want(cli.ExitMissing, "send", filepath.Join(t.TempDir(), "gone.xlsx"), "--practice")
	x.says("gone.xlsx")
}

func TestAProtectedWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for address, row := range map[string][]any{"A1": {"Item", "Price"}, "A2": {"Coffee", 1.5}} {
		if err := f.SetSheetRow("Sheet1", address, &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "protected.xlsx")
	if err := f.SaveAs(path, excelize.Options{Password: "open sesame"}); err != nil {
		t.Fatal(err)
	}
	x := apart(t)
	x.want(cli.ExitData, "send", path, "--practice", "--json")
	if a := x.account(); a.Error == nil || a.Error.Kind != "data" || a.Error.Code != "file-password" || !strings.Contains(a.Error.Remedy, cli.WorkbookVariable) {
		t.Errorf("%+v", a.Error)
	}
	x.env[cli.WorkbookVariable] = "wrong"
	x.want(cli.ExitData, "send", path, "--practice")
	x.env[cli.WorkbookVariable] = "open sesame"
	x.want(cli.ExitDone, "send", path, "--practice")
	if rows := x.stored("protected", "Sheet1"); len(rows) != 1 || rows[0]["Price"] != 1.5 {
		t.Errorf("%v", rows)
	}
}

func TestWrongUsage(t *testing.T) {
	x := apart(t)
	path := sales(t, 3)
	for _, args := range [][]string{
		{"send"}, {"send", path}, {"send", path, "more", "--practice"}, {"send", path, "--practice", "--connection", "A"},
		{"send", path, "--practice", "--mode", "merge"}, {"send", path, "--practice", "--retention", "some"}, {"send", path, "--practice", "--bad-rows", "x"},
		{"send", path, "--practice", "--nonsense"}, {"sned"}, {"inspect", path, "--header-row", "-2"}, {"inspect", path, "--delimiter", "ab"},
		{"inspect", path, "--encoding", "klingon"}, {"connection", "ad"}, {"runs", "show", "none"}, {"runs", "resume", "none"}, {"runs", "resume", "x", "--unknown", "maybe"},
	} {
		x.want(cli.ExitUsage, args...)
		if strings.TrimSpace(x.stderr) == "" {
			t.Errorf("%v says nothing", args)
		}
	}
	x.want(cli.ExitUsage, "send", path, "--json")
	if a := x.account(); a.Error == nil || a.Error.Kind != "usage" {
		t.Errorf("%+v", a)
	}
	x.want(cli.ExitConnection, "send", path, "--connection", "Nobody", "--dataset", "D", "--json")
	if a := x.account(); a.Error == nil || a.Error.Kind != "connection" {
		t.Errorf("%+v", a)
	}
}
