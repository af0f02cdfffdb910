package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/remark"
	"pushdesk/ui/command/cli"
)

// agreed is what a send --json says of the columns.
type agreed struct {
	Status   string           `json:"status"`
	RunID    string           `json:"runId"`
	Reason   string           `json:"reason"`
	Code     string           `json:"code"`
	RowsSent int64            `json:"rowsSent"`
	Contract mapping.Contract `json:"contract"`
	Columns  []sentColumn     `json:"columns"`
	Remarks  []cli.Remark     `json:"remarks"`
}

func (a agreed) codes() (codes []string) {
	for _, r := range a.Remarks {
		codes = append(codes, r.Code)
	}
	return codes
}

// flagsOf are what to type that remarks with a code offer.
func (a agreed) flagsOf(code string) (flags []string) {
	for _, r := range a.Remarks {
		if r.Code == code {
			flags = append(flags, r.Flags...)
		}
	}
	return flags
}

// ask runs a send with --json and returns its answer.
func (x *terminal) ask(code int, args ...string) (a agreed) {
	x.t.Helper()
	x.want(code, append([]string{"send", "--practice", "--json"}, args...)...)
	x.document(&a)
	return a
}

const january = "Order ID,Region,Amount,Day\n1001,West,12,2026-01-05\n1002,East,7,2026-01-06\n1003,West,30,2026-01-07\n"

// stock sends January into a new dataset and returns the flags that send another file there.
func (x *terminal) stock(dataset string) []string {
	x.t.Helper()
	to := []string{"--dataset", dataset, "--table", "Orders"}
	x.ask(cli.ExitDone, append([]string{tempFile(x.t, "orders-2026-01.csv", []byte(january))}, to...)...)
	return to
}

// TestDriftMatrix sends a February that differs from January in one way, under each
// choice: what is said and what is stored are as they should be.
func TestDriftMatrix(t *testing.T) {
	type row = map[string]any
	west := func(more row) row {
		r := row{"Order ID": 2001.0, "Region": "West", "Amount": 5.0}
		for k, v := range more {
			r[k] = v
		}
		return r
	}
	kinds := []struct {
		name, file                     string
		matched, fresh, missing, guess []string // guess: the likely renames, as they are typed
		retyped                        []string
		codes                          map[string]int // exit codes that are not those of what is new or missing
		want                           row            // what is stored of the first row where rows are sent
		added                          row            // and in addition under add
	}{
		{name: "renamed", file: "Order No,Region,Amount,Day\n2001,West,5,2026-02-03\n", matched: []string{"Region", "Amount", "Day"}, fresh: []string{"Order No"}, missing: []string{"Order ID"},
			guess: []string{`--map "Order No=Order ID"`}, want: west(row{"Order ID": nil})},
		{name: "added", file: "Order ID,Region,Amount,Day,Note\n2001,West,5,2026-02-03,late\n", matched: []string{"Order ID", "Region", "Amount", "Day"}, fresh: []string{"Note"}, want: west(nil), added: row{"Note": "late"}},
		{name: "removed", file: "Order ID,Amount,Day\n2001,5,2026-02-03\n", matched: []string{"Order ID", "Amount", "Day"}, missing: []string{"Region"}, want: west(row{"Region": nil})},
		{name: "reordered", file: "Day,Amount,Region,Order ID\n2026-02-03,5,West,2001\n", matched: []string{"Order ID", "Region", "Amount", "Day"}, want: west(nil)},
		{name: "retyped", file: "Order ID,Region,Amount,Day\n2001,West,five,2026-02-03\n", matched: []string{"Order ID", "Region", "Amount", "Day"}, retyped: []string{"Amount"},
			codes: map[string]int{"stop": cli.ExitContract, "add": cli.ExitContract, "warn": cli.ExitData, "ignore": cli.ExitData}},
		{name: "case", file: "ORDER ID,region,amount,DAY\n2001,West,5,2026-02-03\n", matched: []string{"Order ID", "Region", "Amount", "Day"}, want: west(nil)},
		{name: "accents", file: "Order ID,Région,Amount,Day\n2001,West,5,2026-02-03\n", matched: []string{"Order ID", "Region", "Amount", "Day"}, want: west(nil)},
		{name: "duplicate name", file: "Order ID,Region,Amount,Amount,Day\n2001,West,5,9,2026-02-03\n", matched: []string{"Order ID", "Region", "Amount", "Day"}, fresh: []string{"Amount (2)"}, want: west(nil), added: row{"Amount (2)": 9.0}},
		{name: "blank column", file: "Order ID,Region,Amount,Day,Empty\n2001,West,5,2026-02-03,\n", matched: []string{"Order ID", "Region", "Amount", "Day"}, fresh: []string{"Empty"}, want: west(nil), added: row{"Empty": nil}},
		{name: "merged header", file: mergedHeader(t), matched: []string{"Order ID", "Amount", "Day"}, fresh: []string{"Order – Region"}, missing: []string{"Region"},
			guess: []string{`--map "Order – Region=Region"`}, want: west(row{"Region": nil})},
		{name: "wider", file: "Order ID,Region,Amount,Day,A,B,C\n2001,West,5,2026-02-03,1,x,2.5\n", matched: []string{"Order ID", "Region", "Amount", "Day"}, fresh: []string{"A", "B", "C"}, want: west(nil), added: row{"A": 1.0, "B": "x", "C": 2.5}},
		{name: "narrower", file: "Order ID,Amount\n2001,5\n", matched: []string{"Order ID", "Amount"}, missing: []string{"Region", "Day"}, want: west(row{"Region": nil})},
	}
	for _, k := range kinds {
		for _, policy := range mapping.DriftChoices {
			on := string(policy.OnDrift)
			if testing.Short() && policy.OnDrift != mapping.DriftStop && policy.OnDrift != mapping.DriftAdd {
				continue
			}
			t.Run(k.name+" "+on, func(t *testing.T) {
				x := apart(t)
				to := x.stock("Sales")
				code := cli.ExitDone
				switch policy.OnDrift {
				case mapping.DriftStop:
					if len(k.fresh)+len(k.missing) > 0 {
						code = cli.ExitContract
					}
				case mapping.DriftAdd:
					if len(k.missing) > 0 {
						code = cli.ExitContract
					}
				}
				if given, ok := k.codes[on]; ok {
					code = given
				}
				a := x.ask(code, append([]string{february(t, k.file), "--on-drift", on}, to...)...)
				c := a.Contract
				extends := policy.OnDrift == mapping.DriftAdd && len(k.fresh) > 0
				var matched []string
				for _, j := range c.Matched {
					if !slices.Contains(c.Added, j.To) {
						matched = append(matched, j.To)
					}
				}
				fresh := c.New
				if extends {
					fresh = c.Added
				}
				if !slices.Equal(matched, k.matched) || !slices.Equal(fresh, nonNil(k.fresh)) || !slices.Equal(c.Missing, nonNil(k.missing)) || string(c.OnDrift) != on {
					t.Errorf("%+v", c)
				}
				var retyped []string
				for _, r := range c.Retyped {
					retyped = append(retyped, r.Column)
				}
				if !slices.Equal(retyped, k.retyped) {
					t.Errorf("retyped: %v", retyped)
				}
				if got := a.flagsOf(job.RemarkRenamed); !extends && !slices.Equal(got, k.guess) {
					t.Errorf("offered: %q, want %q", got, k.guess)
				}
				if code == cli.ExitContract && (a.Code != "contract-broken" || a.Reason != cli.ReasonContract || !c.Broken) {
					t.Errorf("%+v", a)
				}
				rows := x.stored("Sales", "Orders")
				if code != cli.ExitDone {
					if len(rows) != 3 {
						t.Errorf("%d rows are stored", len(rows))
					}
					return
				}
				want := row{}
				for _, from := range []row{k.want, k.added} {
					for name, value := range from {
						want[name] = value
					}
					if !extends {
						break
					}
				}
				for name, value := range want {
					if got, ok := rows[3][name]; !ok || got != value {
						t.Errorf("%s is stored as %v (%v), want %v", name, got, ok, value)
					}
				}
				if len(rows) < 4 || len(rows[0]) != 4 && !extends {
					t.Errorf("%v", rows)
				}
				// The receipt keeps what was said.
				x.want(cli.ExitDone, "runs", "show", a.RunID, "--json")
				var receipt agreed
				x.document(&receipt)
				if kept, said := asJSON(t, receipt.Contract), asJSON(t, c); kept != said {
					t.Errorf("the receipt says %s, want %s", kept, said)
				}
			})
		}
	}
}

// february writes a text file; a path is that of a workbook.
func february(t *testing.T, text string) string {
	if strings.HasSuffix(text, ".xlsx") {
		return text
	}
	return tempFile(t, "orders-2026-02.csv", []byte(text))
}

// mergedHeader is a workbook in which a heading stands above two columns.
func mergedHeader(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Sheet1"
	for cell, line := range map[string][]any{"A1": {"Order", nil, "Amount", "Day"}, "A2": {"ID", "Region"}, "A3": {2001, "West", 5, "2026-02-03"}, "A4": {2002, "East", 6, "2026-02-04"}} {
		if err := f.SetSheetRow(sheet, cell, &line); err != nil {
			t.Fatal(err)
		}
	}
	for _, area := range [][2]string{{"A1", "B1"}, {"C1", "C2"}, {"D1", "D2"}} {
		if err := f.MergeCell(sheet, area[0], area[1]); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "orders-2026-02.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestARenamedColumn is joined once by hand, and from then on as was decided.
func TestARenamedColumn(t *testing.T) {
	x := apart(t)
	to := x.stock("Sales")
	february := strings.Replace(january, "Order ID", "Order No", 1)
	path := func(month int) string {
		return tempFile(t, fmt.Sprintf("orders-2026-%02d.csv", month), []byte(strings.ReplaceAll(february, "2026-01", fmt.Sprintf("2026-%02d", month))))
	}
	x.want(cli.ExitContract, append([]string{"send", path(2), "--practice", "--mode", "replace"}, to...)...)
	x.says(`--map "Order No=Order ID"`, "gets nothing from the file: Order ID", "goes nowhere: Order No", "(similar)")
	a := x.ask(cli.ExitContract, append([]string{path(2), "--dry-run"}, to...)...)
	if got := a.flagsOf(job.RemarkRenamed); !slices.Equal(got, []string{`--map "Order No=Order ID"`}) {
		t.Errorf("%q", got)
	}
	x.ask(cli.ExitDone, append([]string{path(2), "--map", "Order No=Order ID"}, to...)...)
	a = x.ask(cli.ExitDone, append([]string{path(3)}, to...)...)
	if a.Contract.Matched[0].By != mapping.Before || a.Contract.Decided.IsZero() || !slices.Contains(a.codes(), job.RemarkDecided) {
		t.Errorf("%+v", a.Contract)
	}
	if rows := x.stored("Sales", "Orders"); len(rows) != 9 || rows[8]["Order ID"] != 1003.0 {
		t.Errorf("%v", rows)
	}
	// What is said now wins.
	a = x.ask(cli.ExitDone, append([]string{path(4), "--leave-out", "Order No", "--dry-run"}, to...)...)
	if !slices.Equal(a.Contract.Blank, []string{"Order ID"}) || !slices.Equal(a.Contract.LeftOut, []string{"Order No"}) {
		t.Errorf("%+v", a.Contract)
	}
}

// TestAColumnThatIsLeftOut is left out of the next file, too, and of files for a table
// that never had it.
func TestAColumnThatIsLeftOut(t *testing.T) {
	x := apart(t)
	to := []string{"--dataset", "Sales", "--table", "Orders"}
	file := func(month string) string {
		return tempFile(t, "orders-"+month+".csv", []byte("Order ID,Region Code\n"+month+",W\n"))
	}
	x.ask(cli.ExitDone, append([]string{file("1"), "--leave-out", "Region Code"}, to...)...)
	x.ask(cli.ExitDone, append([]string{file("2"), "--leave-out", "Region Code"}, to...)...)
	a := x.ask(cli.ExitDone, append([]string{file("3")}, to...)...)
	if !slices.Equal(a.Contract.LeftOut, []string{"Region Code"}) || !slices.Contains(a.codes(), job.RemarkDecided) {
		t.Errorf("%+v %v", a.Contract, a.codes())
	}
	x.want(cli.ExitUsage, append([]string{"send", file("4"), "--practice", "--leave-out", "Region"}, to...)...)
	x.says(`the file has no column "Region"`)
}

// TestStrict stops at what is guessed, and goes on once it is decided.
func TestStrict(t *testing.T) {
	x := apart(t)
	path := tempFile(t, "orders.csv", []byte("Order,Paid\n1,yes\n2,no\n3,yes\n4,no\n"))
	a := x.ask(cli.ExitData, path, "--strict")
	var guesses []string
	for _, r := range a.Remarks {
		if r.Kind == remark.Guess {
			guesses = append(guesses, r.Code)
		}
	}
	if a.Code != "guessed" || len(guesses) == 0 {
		t.Errorf("%+v", a)
	}
	x.ask(cli.ExitDone, path)
}

// TestGuessedColumns are refused where nobody can look at them.
func TestGuessedColumns(t *testing.T) {
	x := apart(t)
	to := x.stock("Sales")
	if err := os.Remove(filepath.Join(x.home, "tables.json")); err != nil {
		t.Fatal(err)
	}
	february := tempFile(t, "orders-2026-02.csv", []byte(strings.ReplaceAll(january, "2026-01", "2026-02")))
	a := x.ask(cli.ExitContract, append([]string{february}, to...)...)
	if a.Code != "columns-guessed" || a.Contract.Known != mapping.KnownRows || !slices.Contains(a.flagsOf(job.RemarkGuessed), "--accept-guesses") {
		t.Errorf("%+v", a)
	}
	x.ask(cli.ExitContract, append([]string{tempFile(t, "o.csv", []byte(strings.Replace(january, "Day", "Day,Note", 1))), "--on-drift", "add", "--accept-guesses"}, to...)...)
	x.ask(cli.ExitDone, append([]string{february, "--accept-guesses"}, to...)...)
}

// TestFlagsForSeveralTables apply to the tables that have the column, and to one at least.
func TestFlagsForSeveralTables(t *testing.T) {
	x := apart(t)
	path := twoSheets(t, false)
	args := []string{"send", path, "--practice", "--dataset", "Both", "--create", "--into", "Orders=Lines", "--into", "Depots=Places", "--json", "--dry-run"}
	x.want(cli.ExitDone, append(args, "--map", "Units=Pieces", "--leave-out", "Region", "--type", "Pieces=Double")...)
	var set struct {
		Tables []tableSent `json:"tables"`
	}
	x.document(&set)
	if len(set.Tables) != 2 || len(set.Tables[0].Columns) != 2 || set.Tables[0].Columns[1] != (sentColumn{"Pieces", "Double", "Units", "B"}) ||
		len(set.Tables[1].Columns) != 1 || !slices.Equal(set.Tables[1].Contract.LeftOut, []string{"Region"}) {
		t.Errorf("%+v", set)
	}
	x.want(cli.ExitUsage, append(args, "--leave-out", "Nowhere")...)
	x.says("none of the tables has that column")
}
