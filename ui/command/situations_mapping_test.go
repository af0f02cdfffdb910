package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pushdesk/powerbi/practice"
	"pushdesk/storage/remark"
	"pushdesk/ui/command/cli"
)

// TestNoTypeIsChangedByAGuess is situation M5, with M4: where the columns of a table are given
// those of a file, one that exists keeps its type as long as the values fit it; a person
// chooses another.
func TestNoTypeIsChangedByAGuess(t *testing.T) {
	x := apart(t)
	to := []string{"--dataset", "Codes", "--table", "T"}
	x.ask(cli.ExitDone, append([]string{tempFile(t, "a.csv", []byte("Code,Price,Flag,Since\n007,1.5,yes,2026-01-05\n008,2.5,no,2026-01-06\n")), "--type", "Flag=Boolean"}, to...)...)
	next := tempFile(t, "b.csv", []byte("Code,Price,Flag,Since\n17,3,yes,\n18,4,no,\n"))
	for _, c := range []struct {
		flags []string
		want  string // names and types
		code  int
	}{
		{want: "Code String Price Double Flag String Since DateTime"}, // its words are no true and false on their own
		{flags: []string{"--type", "Code=Int64"}, want: "Code Int64 Price Double Flag String Since DateTime"},
		{flags: []string{"--leave-out", "Code", "--map", "Price=Code"}, want: "Code String Flag String Since DateTime"},
		{flags: []string{"--map", "Code=Key", "--type", "Key=Int64", "--type", "Price=Decimal"}, want: "Key Int64 Price Decimal Flag String Since DateTime"},
	} {
		a := x.ask(cli.ExitDone, append(append([]string{next, "--overwrite-schema", "--dry-run"}, c.flags...), to...)...)
		var got []string
		for _, column := range a.Columns {
			got = append(got, column.Name, column.Type)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: %v, want %s", c.flags, got, c.want)
		}
	}
}

// TestATableThatAnotherChanged are situations M8 and M12: this computer knows a column that
// somebody has taken from the table. Power BI refuses every row; the column is named, not the
// first value, resuming is not advised, and the next file is told what the table has now.
func TestATableThatAnotherChanged(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	at := []string{"--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Sales", "--table", "Orders"}
	x.want(cli.ExitDone, append([]string{"send", tempFile(t, "orders-1.csv", []byte(january)), "--create"}, at...)...)
	known, err := os.ReadFile(filepath.Join(x.home, "tables.json"))
	if err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, append([]string{"table", "alter", "--remove", "Region", "--confirm", "Sales"}, at...)...)
	if err := os.WriteFile(filepath.Join(x.home, "tables.json"), known, 0o600); err != nil { // as if another computer had done so
		t.Fatal(err)
	}
	next := tempFile(t, "orders-2.csv", []byte(strings.ReplaceAll(january, "100", "200")))
	for _, policy := range []string{"stop", "skip"} {
		if err := os.WriteFile(filepath.Join(x.home, "tables.json"), known, 0o600); err != nil {
			t.Fatal(err)
		}
		x.want(cli.ExitContract, append([]string{"send", next, "--bad-rows", policy, "--json"}, at...)...)
		var a agreed
		if x.document(&a); a.Code != "column-unknown" || a.Reason != cli.ReasonContract || a.RowsSent != 0 {
			t.Errorf("%s: %+v", policy, a)
		}
		x.says("has no column “Region”")
		x.want(cli.ExitDone, "runs", "show", a.RunID)
		if strings.Contains(x.stdout, "West") || strings.Contains(x.stdout, "resume") {
			t.Errorf("%s", x.stdout)
		}
	}
	x.want(cli.ExitContract, append([]string{"send", next}, at...)...)
	x.says("1 column of the file goes nowhere: Region")
	x.want(cli.ExitDone, append([]string{"send", next, "--leave-out", "Region"}, at...)...)
	if rows := rowsOf(t, s, "Sales", "Orders"); len(rows) != 6 || rows[5]["Order ID"] != 2003.0 {
		t.Errorf("%v", rows)
	}
}

// TestFlagsReachEveryTable is situation M9: a flag about all columns has an effect on one of
// the tables, or is refused; conditions, ranges and the like are refused.
func TestFlagsReachEveryTable(t *testing.T) {
	x := apart(t)
	args := []string{"send", twoSheets(t, false), "--practice", "--dataset", "Both", "--create", "--into", "Orders=Lines", "--into", "Depots=Places", "--dry-run"}
	for _, flags := range [][]string{{"--zone", "utc"}, {"--zone", "written"}, {"--date-order", "dmy"}, {"--decimal-mark", ","}, {"--constant", "Nowhere=1"}, {"--map", "Nowhere=X"}, {"--type", "Nowhere=Int64"},
		{"--leave-out", "Nowhere"}, {"--key", "Nowhere"}, {"--where", "Units>1"}, {"--skip", "1"}, {"--limit", "1"}, {"--range", "A1:B2"}, {"--sheet", "Orders"}, {"--table", "T"}, {"--overwrite-schema"}, {"--keep-totals"}, {"--skip-hidden"}} {
		x.want(cli.ExitUsage, append(slices.Clone(args), flags...)...)
		x.says(flags[0])
	}
	for _, flags := range [][]string{{"--one-hour"}, {"--keep-going"}, {"--map", "Units=Pieces"}, {"--leave-out", "Region"}, {"--header-rows", "1"}} {
		x.want(cli.ExitDone, append(slices.Clone(args), flags...)...)
	}
}

// TestFlagsThatContradict each other are refused: one of them would have no effect. Names with
// signs that mean something on a command line are joined as it is offered (situation M1).
func TestFlagsThatContradict(t *testing.T) {
	x := apart(t)
	to := x.stock("Sales")
	february := tempFile(t, "orders-2026-02.csv", []byte("Order No,Region,Amount,Day\n2001,West,5,2026-02-03\n"))
	joined := []string{"send", february, "--practice", "--dry-run", "--map", "Order No=Order ID"}
	for _, flags := range [][]string{{"--leave-out", "Order No"}, {"--map", "Region=order id"}, {"--constant", "Order ID=5"}, {"--constant", "Region=a", "--constant", "Region=b"}, {"--type", "Amount=Int64", "--type", "amount=Int64"}} {
		x.want(cli.ExitUsage, slices.Concat(joined, flags, to)...)
		x.says(flags[0])
	}
	x.want(cli.ExitDone, append(joined, to...)...)

	odd := []string{"--dataset", "Odd", "--table", "T"}
	x.ask(cli.ExitDone, append([]string{tempFile(t, "odd-1.csv", []byte("A=B,Cost $US,He said \"x\",it's\n1,2,3,4\n"))}, odd...)...)
	next := tempFile(t, "odd-2.csv", []byte("A=C,Cost $EU,He says \"x\",its\n2,3,4,5\n"))
	a := x.ask(cli.ExitContract, append([]string{next}, odd...)...)
	var flags []string
	for _, r := range a.Remarks {
		if r.Code == "column-renamed" {
			flags = append(flags, "--map", r.Options[0].Value)
		}
	}
	if len(flags) != 6 { // the fourth is the same but for its mark
		t.Fatalf("%q", flags)
	}
	x.ask(cli.ExitDone, slices.Concat([]string{next}, flags, odd)...)
	if row := x.stored("Odd", "T")[1]; row["A=B"] != 2.0 || row["Cost $US"] != 3.0 || row[`He said "x"`] != 4.0 || row["it's"] != 5.0 {
		t.Errorf("%v", row)
	}
	for value, want := range map[string]string{"Cost $EU=Cost $US": `--map 'Cost $EU=Cost $US'`, "its=it's": `--map "its=it's"`, `He says "x"=y`: `--map 'He says "x"=y'`, "a=b": `--map "a=b"`} {
		if got := cli.Flag(remark.Option{Setting: remark.MapColumn, Value: value}); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestARewrittenFileIsKnown is situation M10: rows are recognised in whatever a program makes
// of the file, and the overlap of a file that has grown is said.
func TestARewrittenFileIsKnown(t *testing.T) {
	x := apart(t)
	to := x.stock("Sales")
	lines := strings.Split(strings.TrimSpace(january), "\n")
	var reordered, fewer, backwards, quoted []string
	for _, line := range lines {
		c := strings.Split(line, ",")
		reordered, fewer = append(reordered, strings.Join([]string{c[3], c[1], c[0], c[2]}, ",")), append(fewer, strings.Join([]string{c[0], c[2], c[3]}, ","))
		quoted = append(quoted, `"`+strings.Join(c, `","`)+`"`)
	}
	backwards = append(append(backwards, lines[0]), lines[3], lines[2], lines[1])
	utf := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(january)) {
		utf = append(utf, byte(unit), byte(unit>>8))
	}
	text := func(list []string) string { return strings.Join(list, "\n") + "\n" }
	for name, content := range map[string]string{
		"mark.csv": "\ufeff" + january, "utf-16.csv": string(utf), "lines of windows.csv": strings.ReplaceAll(january, "\n", "\r\n"), "quoted.csv": text(quoted), "semicolons.txt": strings.ReplaceAll(january, ",", ";"),
		"tabs.tsv": strings.ReplaceAll(january, ",", "\t"), "other order.csv": text(reordered), "capitals.csv": strings.Replace(january, "Order ID,Region", "ORDER ID,REGION", 1), "blank lines.csv": january + "\n\n",
		"decimals.csv": strings.NewReplacer(",12,", ",12.0,", ",7,", ",7.00,").Replace(january), "dates.csv": strings.NewReplacer("2026-01-05", "05.01.2026", "2026-01-06", "06.01.2026", "2026-01-07", "07.01.2026").Replace(january),
		"without a column.csv": text(fewer), "with a column.csv": strings.NewReplacer("Day\n", "Day,Note\n", "05\n", "05,a\n", "06\n", "06,b\n", "07\n", "07,c\n").Replace(january), "title.csv": "Orders of January\n\n" + january,
		"backwards.csv": text(backwards), "grown.csv": january + "1004,East,9,2026-01-08\n",
		"rows.json": `[{"Order ID":1001,"Region":"West","Amount":12,"Day":"2026-01-05"},{"Order ID":1002,"Region":"East","Amount":7,"Day":"2026-01-06"},{"Order ID":1003,"Region":"West","Amount":30,"Day":"2026-01-07"}]`,
	} {
		a := x.ask(cli.ExitNothing, append([]string{tempFile(t, name, []byte(content)), "--on-drift", "warn"}, to...)...)
		if a.Reason != cli.ReasonNothing {
			t.Errorf("%s: %+v", name, a)
		}
	}
	x.ask(cli.ExitDone, append([]string{tempFile(t, "grown.csv", []byte(january+"1004,East,9,2026-01-08\n")), "--only-new"}, to...)...)
	if rows := x.stored("Sales", "Orders"); len(rows) != 4 || fmt.Sprint(rows[3]["Order ID"]) != "1004" {
		t.Errorf("%v", rows)
	}
}
