package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/command/cli"
)

// told is what a send --json says of rows that the table holds already.
type told struct {
	Reason    string         `json:"reason"`
	Code      string         `json:"code"`
	RowsSent  int64          `json:"rowsSent"`
	Filtered  int64          `json:"filtered"`
	Remarks   []cli.Remark   `json:"remarks"`
	NewBy     *mapping.Past  `json:"newBy"`
	Scattered map[string]int `json:"scattered"`
	RunID     string         `json:"runId"`
}

func (x *terminal) tells(code int, args ...string) (a told) {
	x.t.Helper()
	x.want(code, append([]string{"send", "--practice", "--json"}, args...)...)
	x.document(&a)
	return a
}

// numbers are the order IDs in the table, in order.
func (x *terminal) numbers() (list []string) {
	for _, row := range x.stored("Sales", "Orders") {
		list = append(list, fmt.Sprint(row["Order ID"]))
	}
	slices.Sort(list)
	return list
}

// TestACumulativeFile has the newest rows at its top: nothing of it is the beginning of what
// was sent. It is told that rows were sent before, and sent by its key, or by what grows.
func TestACumulativeFile(t *testing.T) {
	for _, by := range [][]string{{"--key", "Order ID"}, {"--since-last", "day"}} {
		x := newTerminal(t)
		to := x.stock("Sales")
		week := tempFile(t, "all-orders.csv", []byte("Order ID,Region,Amount,Day\n1005,East,4,2026-01-09\n1004,West,3,2026-01-08\n1003,West,30,2026-01-07\n1002,East,7,2026-01-06\n1001,West,12,2026-01-05\n"))
		a := x.tells(cli.ExitNothing, append([]string{week}, to...)...)
		if a.Reason != cli.ReasonNothing || a.Scattered["known"] != 3 || a.Scattered["compared"] != 5 || !has(a.Remarks, fresh.RemarkBefore) {
			t.Fatalf("%+v", a)
		}
		x.want(cli.ExitNothing, append([]string{"send", week, "--practice"}, to...)...)
		x.says("3 of 5 rows were sent to this table before", "--key COLUMN", "--since-last COLUMN", "--again")
		a = x.tells(cli.ExitDone, append(append([]string{week}, by...), to...)...)
		if a.RowsSent != 2 || a.NewBy == nil || a.NewBy.Count != 3 || !has(a.Remarks, fresh.RemarkKnown) || !slices.Equal(x.numbers(), []string{"1001", "1002", "1003", "1004", "1005"}) {
			t.Errorf("%v: %+v, %v", by, a, x.numbers())
		}
		x.want(cli.ExitDone, "runs", "show", a.RunID)
		x.says("Only rows whose", "2 of 5 rows", "3 rows are left out")
		x.want(cli.ExitNothing, append(append([]string{"send", week, "--practice"}, by...), to...)...)
		x.says("no new rows")
		x.want(cli.ExitNothing, "runs", "again", a.RunID, "--yes")
	}
}

func has(list []cli.Remark, code string) bool {
	return slices.ContainsFunc(list, func(r cli.Remark) bool { return r.Code == code })
}

// TestAFileThatMovesOn keeps the last rows of the one before and drops its first.
func TestAFileThatMovesOn(t *testing.T) {
	x := apart(t)
	to := x.stock("Sales")
	next := tempFile(t, "orders-2026-02.csv", []byte("Order ID,Region,Amount,Day\n1002,East,7,2026-01-06\n1003,West,30,2026-01-07\n1004,West,3,2026-01-08\n"))
	if a := x.tells(cli.ExitNothing, append([]string{next}, to...)...); a.Scattered["known"] != 2 {
		t.Errorf("%+v", a)
	}
	// A few rows that are the same are said, and no reason to stop.
	var other strings.Builder
	other.WriteString("Order ID,Region,Amount,Day\n1002,East,7,2026-01-06\n")
	for i := range 20 {
		fmt.Fprintf(&other, "%d,East,7,2026-03-06\n", 3000+i)
	}
	if a := x.tells(cli.ExitDone, append([]string{tempFile(t, "orders-2026-03.csv", []byte(other.String()))}, to...)...); a.Scattered["known"] != 1 || !has(a.Remarks, fresh.RemarkBefore) {
		t.Errorf("%+v", a)
	}
}

// TestKeysThatTellNothing are refused with the reason.
func TestKeysThatTellNothing(t *testing.T) {
	x := apart(t)
	to := x.stock("Sales")
	file := tempFile(t, "orders-2026-02.csv", []byte("Order ID,Region,Amount,Day\n1004,West,3,2026-01-08\n,East,4,2026-01-09\n"))
	x.want(cli.ExitData, append([]string{"send", file, "--practice", "--key", "Order ID"}, to...)...)
	x.says("A3", "Order ID", "is not blank")
	x.want(cli.ExitDone, append([]string{"send", file, "--practice", "--key", "Order ID", "--where", "Order ID is not blank"}, to...)...)
	x.want(cli.ExitUsage, append([]string{"send", file, "--practice", "--since-last", "Region"}, to...)...)
	x.says("only numbers and times grow")
	x.want(cli.ExitUsage, append([]string{"send", file, "--practice", "--key", "Nowhere"}, to...)...)
	x.says("--key", "Nowhere")
}

// TestStandardInput is sent as a file of its own is, and nothing of it stays.
func TestStandardInput(t *testing.T) {
	x := apart(t)
	x.stdin = january
	x.want(cli.ExitDone, "send", "-", "--practice", "--name", "orders.csv", "--json")
	var a struct {
		Dataset, Table string
		RowsSent       int64
	}
	x.document(&a)
	if a.Dataset != "orders" || a.Table != "orders" || a.RowsSent != 3 {
		t.Errorf("%+v", a)
	}
	if left, _ := os.ReadDir(filepath.Join(x.home, "input")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	x.stdin = ""
	x.want(cli.ExitData, "send", "-", "--practice")
	x.want(cli.ExitUsage, "send", "-", "--practice", "--name", "a/b.csv")
}

// TestPatterns take the newest file or each; one that was sent is passed over.
func TestPatterns(t *testing.T) {
	x := apart(t)
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("orders-1.csv", january)
	pattern := filepath.Join(folder, "orders-*.csv")
	to := []string{"--practice", "--dataset", "Sales", "--table", "Orders"}
	x.want(cli.ExitDone, append([]string{"send", pattern}, to...)...) // only one file fits
	write("orders-2.csv", strings.ReplaceAll(january, "100", "200"))
	write("orders-3.csv", strings.ReplaceAll(january, "100", "300"))
	x.want(cli.ExitUsage, append([]string{"send", pattern}, to...)...)
	x.says("orders-1.csv, orders-2.csv and orders-3.csv", "--newest", "--each")
	x.want(cli.ExitMissing, append([]string{"send", filepath.Join(folder, "bills-*.csv")}, to...)...)
	x.says("No file fits the pattern")
	x.want(cli.ExitUsage, append([]string{"send", filepath.Join(folder, "orders-1.csv"), filepath.Join(folder, "orders-2.csv")}, to...)...)
	x.says("is a second file", "--each")
	x.want(cli.ExitDone, append([]string{"send", pattern, "--each", "--json"}, to...)...)
	var each struct {
		Files []struct {
			Reason, Status string
			RowsSent       int64
		}
	}
	x.document(&each)
	if len(each.Files) != 3 || each.Files[0].RowsSent != 0 || each.Files[1].RowsSent != 3 || each.Files[2].RowsSent != 3 || len(x.numbers()) != 9 {
		t.Errorf("%+v, %v", each, x.numbers())
	}
	x.want(cli.ExitNothing, append([]string{"send", pattern, "--each"}, to...)...)
	write("orders-2.csv", "Order ID,Region,Amount,Day\n2009,West,many,2026-01-05\n2010,West,12,2026-01-05\n")
	write("orders-4.csv", strings.ReplaceAll(january, "100", "400"))
	x.want(cli.ExitData, append([]string{"send", pattern, "--each"}, to...)...)
	x.says("2 files were not sent yet", "orders-2.csv: 1 row of 2 cannot be sent")
	x.want(cli.ExitData, append([]string{"send", pattern, "--each", "--keep-going", "--quiet"}, to...)...)
	x.says("orders-1.csv: The same rows", "orders-4.csv: Done: 3 rows sent")
	if len(x.numbers()) != 12 {
		t.Errorf("%v", x.numbers())
	}
}

// TestFlagsOfEachFile: a flag that has an effect on one of the files is no mistake for the
// others; one that has none on any is refused before the first is sent.
func TestFlagsOfEachFile(t *testing.T) {
	x := apart(t)
	folder := t.TempDir()
	for name, text := range map[string]string{"a-1.csv": "Town,N\nOslo,1\nRome,2\n", "a-2.csv": "Town,N,Note\nBonn,3,x\nLima,4,y\nTotal,7,\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	send := []string{"send", filepath.Join(folder, "a-*.csv"), "--each", "--practice", "--dataset", "Sales", "--table", "Orders"}
	for _, flags := range [][]string{{"--skip-hidden"}, {"--leave-out", "Nowhere"}, {"--map", "N=A", "--leave-out", "N"}} {
		x.want(cli.ExitUsage, append(send, flags...)...)
		x.says(flags[max(0, len(flags)-2)])
	}
	x.want(cli.ExitDone, append(send, "--keep-totals", "--leave-out", "Note")...)
	if n := len(x.numbers()); n != 5 {
		t.Errorf("%d rows", n)
	}
}

// TestThePracticeConnectionCanBeSeen before one is saved.
func TestThePracticeConnectionCanBeSeen(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "connection", "show", "Practice")
	x.says("Built into the practice service")
	x.want(cli.ExitUsage, "send", tempFile(t, "a.csv", []byte("A,B\n1,x\n")), "--connection", "practice", "--dataset", "D")
	x.says("--practice")
	x.want(cli.ExitDone, "connection", "test", "--practice")
	x.want(cli.ExitDone, "connection", "test", "practice", "--json")
	x.want(cli.ExitUsage, "connection", "test", "--practice", "Other")
}

// TestBrowse lists what is in a destination, and why rows cannot be sent to some of it.
func TestBrowse(t *testing.T) {
	x := apart(t)
	x.stock("Sales")
	x.want(cli.ExitDone, "connection", "browse", "Practice")
	x.says("Practice workspace")
	x.want(cli.ExitDone, "connection", "browse", "Practice", "--workspace", "Practice workspace")
	x.says("Sales")
	x.want(cli.ExitDone, "connection", "browse", "Practice", "--dataset", "Sales")
	x.says("Orders: 3 rows", "Order ID", "Int64")
	x.want(cli.ExitDone, "connection", "browse", "Practice", "--dataset", "Sales", "--table", "Orders", "--rows", "2", "--json")
	var b struct {
		Tables []struct {
			Rows    int64
			Columns []struct{ Name, Type string }
		}
		Rows []map[string]any
	}
	x.document(&b)
	if len(b.Tables) != 1 || b.Tables[0].Rows != 3 || len(b.Tables[0].Columns) != 4 || len(b.Rows) != 2 {
		t.Errorf("%+v", b)
	}
}

// TestMixedZones have to be decided; each decision is offered, and works as it is offered.
func TestMixedZones(t *testing.T) {
	x := apart(t)
	file := tempFile(t, "calls.csv", []byte("When,N\n2026-01-05T10:00:00+01:00,1\n2026-01-06T10:00:00+02:00,2\n2026-01-07T10:00:00Z,3\n"))
	var refused agreed
	x.want(cli.ExitData, "send", file, "--practice", "--json")
	x.document(&refused)
	flags := refused.flagsOf("zones")
	if refused.Code != "zones-mixed" || !slices.Equal(flags, []string{"--zone utc", "--zone written"}) {
		t.Fatalf("%+v", refused)
	}
	x.want(cli.ExitData, "send", file, "--practice")
	x.says("--zone utc or --zone written")
	want := map[string]string{"--zone utc": "2026-01-05T09:00:00", "--zone written": "2026-01-05T10:00:00+01:00", "--type When=String": "2026-01-05T10:00:00+01:00", "--type When=DateTime": "2026-01-05T09:00:00"}
	for flag, value := range want {
		dataset := "Calls " + strings.Fields(flag)[1]
		x.want(cli.ExitDone, append([]string{"send", file, "--practice", "--dataset", dataset, "--table", "Calls"}, strings.Fields(flag)...)...)
		if rows := x.stored(dataset, "Calls"); fmt.Sprint(rows[0]["When"]) != value {
			t.Errorf("%s: %v is stored", flag, rows[0]["When"])
		}
	}
	for _, zone := range []string{"utc", "written"} { // a mapping file says it, too
		kind := map[string]string{"utc": "DateTime", "written": "String"}[zone]
		path := tempFile(t, "calls.yaml", []byte("version: 1\ntables:\n  - table: Calls\n    columns:\n      - {column: When, type: "+kind+", zone: "+zone+"}\n      - {column: N, type: Int64}\n"))
		x.want(cli.ExitDone, "send", file, "--practice", "--dataset", "Mapped "+zone, "--mapping", path)
	}
	one := tempFile(t, "one.csv", []byte("When,N\n2026-01-05T10:00:00+01:00,1\n2026-01-06T10:00:00+01:00,2\n"))
	x.want(cli.ExitDone, "send", one, "--practice") // one zone is no problem
}

// TestLogs have the time on each line if asked for, and --quiet says only how it ended.
func TestLogs(t *testing.T) {
	x := apart(t)
	file := tempFile(t, "orders.csv", []byte(january))
	x.want(cli.ExitDone, "send", file, "--practice", "--log-times")
	for line := range strings.Lines(strings.TrimSpace(x.stderr)) {
		if strings.TrimSpace(line) != "" && (len(line) < 20 || line[4] != '-' || line[10] != 'T') {
			t.Errorf("no time begins %q", line)
		}
	}
	x.want(cli.ExitDone, "send", file, "--practice", "--quiet", "--again")
	if x.stderr != "" || strings.Count(x.stdout, "\n") != 1 || !strings.HasPrefix(x.stdout, "Done: 3 rows") {
		t.Errorf("%q %q", x.stdout, x.stderr)
	}
	x.want(cli.ExitNothing, "send", file, "--practice", "--quiet")
	x.says("--again")
	x.want(cli.ExitDone, "send", file, "--practice", "--quiet", "--again", "--json")
	if !json.Valid([]byte(x.stdout)) || x.stderr != "" {
		t.Errorf("%q", x.stderr)
	}
}

// TestTheNoticeIsSaidOnce of a dataset, not of each of its tables.
func TestTheNoticeIsSaidOnce(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "send", twoSheets(t, false), "--practice", "--dataset", "Both", "--create", "--into", "Orders=Lines", "--into", "Depots=Places", "--dry-run")
	if n := strings.Count(x.stderr, "31 October 2027"); n != 1 {
		t.Errorf("the end of push datasets is said %d times:\n%s", n, x.stderr)
	}
}
