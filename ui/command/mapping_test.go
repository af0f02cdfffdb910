package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/command/cli"
)

// TestAMappingFile is written, edited, and sent with: into a new table, which has its
// columns from then on, and into the same table without the computer's memory of it.
func TestAMappingFile(t *testing.T) {
	x := apart(t)
	orders := tempFile(t, "orders-2026-01.csv", []byte("Order No,Land,Amount,Paid,Comment\n1, be ,\"1,5\",ja,x\n2,NL,\"2,25\",nee,y\n3,,n/a,ja,z\n"))
	x.want(cli.ExitDone, "mapping", "init", orders, "--delimiter", ",")
	text := x.stdout
	x.says("- column: Order No", `# Column B.`, "from: Land")
	for from, to := range map[string]string{
		"table: orders-2026-01":                   "table: Orders",
		"- column: Order No\n        type: Int64": "- column: Order ID\n        type: String",
		"- column: Land\n        type: String":    "- column: Country\n        type: String\n        trim: true\n        case: upper\n        replace: [{find: be, with: Belgium}]\n        default: unknown",
		"- column: Paid\n        type: String":    "- column: Paid\n        type: Boolean\n        true-words: [ja]\n        false-words: [nee]",
	} {
		if !strings.Contains(text, from) {
			t.Fatalf("no %q in\n%s", from, text)
		}
		text = strings.Replace(text, from, to, 1)
	}
	amount := strings.Index(text, "- column: Amount")
	text = text[:amount] + "- column: Amount\n        type: Decimal\n        from: Amount\n        decimal-mark: \",\"\n        round: 1\n        blank-words: [n/a]\n      " + text[strings.Index(text, "- column: Paid"):]
	text = text[:strings.Index(text, "- column: Comment")] + "- {column: Source, type: String, constant: web}\n    leave-out: [Comment]\n"
	file := filepath.Join(t.TempDir(), "orders.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	to := []string{"--dataset", "Mapped", "--mapping", file}
	dry := x.ask(cli.ExitDone, append([]string{orders, "--dry-run"}, to...)...)
	a := x.ask(cli.ExitDone, append([]string{orders}, to...)...)
	if a.Contract.Known != mapping.KnownMapping || !slices.Equal(a.Contract.Constant, []string{"Source"}) || !slices.Equal(a.Contract.LeftOut, []string{"Comment"}) || len(dry.Columns) != 5 {
		t.Errorf("%+v\n%s", a, text)
	}
	for i, want := range []map[string]any{
		{"Order ID": "1", "Country": "BELGIUM", "Amount": 1.5, "Paid": true, "Source": "web"},
		{"Order ID": "2", "Country": "NL", "Amount": 2.3, "Paid": false, "Source": "web"},
		{"Order ID": "3", "Country": "unknown", "Amount": nil, "Paid": true, "Source": "web"},
	} {
		got := x.stored("Mapped", "Orders")[i]
		for name, value := range want {
			if got[name] != value {
				t.Errorf("row %d: %s is %v, want %v", i, name, got[name], value)
			}
		}
	}
	// The next file has a column renamed: what the mapping names is missing.
	next := tempFile(t, "orders-2026-02.csv", []byte("Order Number,Land,Amount,Paid,Comment\n4,NL,\"3,5\",ja,x\n"))
	a = x.ask(cli.ExitContract, append([]string{next}, to...)...)
	if !slices.Equal(a.Contract.Missing, []string{"Order ID"}) || !slices.Equal(a.Contract.New, []string{"Order Number"}) {
		t.Errorf("%+v", a.Contract)
	}
	// What the command line says wins.
	x.ask(cli.ExitDone, append([]string{next, "--map", "Order Number=Order ID", "--constant", "Source=shop"}, to...)...)
	if got := x.stored("Mapped", "Orders")[3]; got["Order ID"] != "4" || got["Source"] != "shop" {
		t.Errorf("%v", got)
	}
	// On another computer the mapping says the columns.
	if err := os.Remove(filepath.Join(x.home, "tables.json")); err != nil {
		t.Fatal(err)
	}
	march := tempFile(t, "orders-2026-03.csv", []byte("Order No,Land,Amount,Paid,Comment\n5,NL,\"3,5\",ja,x\n"))
	if a = x.ask(cli.ExitDone, append([]string{march}, to...)...); a.Contract.Known != mapping.KnownMapping {
		t.Errorf("%+v", a.Contract)
	}
	x.want(cli.ExitMissing, "send", march, "--practice", "--mapping", file+".none")
	x.want(cli.ExitUsage, "send", march, "--practice", "--mapping", march)
	x.want(cli.ExitUsage, "send", march, "--practice", "--dataset", "Mapped", "--table", "Other", "--mapping", file)
}

// TestAMappingFileForSeveralTables has a block for each.
func TestAMappingFileForSeveralTables(t *testing.T) {
	x := apart(t)
	path := twoSheets(t, false)
	x.want(cli.ExitDone, "mapping", "init", path, "--all")
	file := tempFile(t, "both.yaml", []byte(strings.Replace(x.stdout, "- column: Region", "- column: Part of the country", 1)))
	x.want(cli.ExitDone, "send", path, "--practice", "--dataset", "Both", "--create", "--mapping", file)
	if got := x.stored("Both", "Depots")[0]; got["Part of the country"] != "East" || len(x.stored("Both", "Orders")) != 2 {
		t.Errorf("%v", got)
	}
}

// TestManyProblemsHideNoOther lists every kind of problem once.
func TestManyProblemsHideNoOther(t *testing.T) {
	x := apart(t)
	var b strings.Builder
	b.WriteString("Units,Day\n")
	for range 3000 {
		b.WriteString("many,2026-01-05\n")
	}
	b.WriteString("3,soon\n4,later\n")
	path := tempFile(t, "many.csv", []byte(b.String()))
	x.want(cli.ExitData, "send", path, "--practice", "--type", "Units=Int64", "--type", "Day=DateTime")
	x.says("3,000", "A2, A3, A4, A5, A6 and 2,995 more", "B3002 and B3003")
}
