package command

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/workbook"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// TestEightWeeks sends January as the window does, and leaves one command line alone for
// eight weeks: a renamed column, a new one, a week that was sent before, an empty file
// and an expired secret. Each week ends as it should, and says why.
func TestEightWeeks(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	secret := x.env[cli.SecretVariable]
	week := func(n int, header string, more ...string) string {
		var b strings.Builder
		b.WriteString(header + "\n")
		for i := range 3 {
			fmt.Fprintf(&b, "%d,West,%d,2026-02-%02d", 1000*n+i, i+1, n)
			for range more {
				fmt.Fprintf(&b, ",note %d", i)
			}
			b.WriteString("\n")
		}
		return b.String()
	}
	const before, after = "Order ID,Region,Amount,Day", "Order No,Region,Amount,Day"

	// January, by hand.
	a, err := app.Open(app.Options{Home: x.home, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := a.Connections.Find("Local")
	if err != nil {
		t.Fatal(err)
	}
	r, err := job.OpenWorkbook(t.Context(), tempFile(t, "orders-00.csv", []byte(week(0, before))), workbook.Options{}, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = r.Full(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	place, err := a.Locate(t.Context(), job.Destination{Connection: app.For(conn), Workspace: practice.Workspace, Dataset: "Sales", Table: "Orders", Create: true})
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.Check(t.Context(), job.Draft{}.From(r).To(place, "").Map(job.Propose(r, place)), nil)
	if err != nil || d.Blocked() != nil {
		t.Fatal(err, d.Blocked())
	}
	if receipt, err := a.Send(t.Context(), d, job.Control{}, nil); err != nil || receipt.RowsConfirmed != 3 || receipt.Contract == nil {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if err := r.Book.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}

	rows := 3
	send := func(name, text string, code int, reason string, more ...string) (out agreed) {
		t.Helper()
		path := name
		if text != "" {
			path = tempFile(t, name, []byte(text))
		}
		x.want(code, append([]string{"send", path, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Sales", "--table", "Orders", "--create", "--json"}, more...)...)
		x.document(&out)
		if out.Reason != reason {
			t.Errorf("%s: the reason is %q, want %q", name, out.Reason, reason)
		}
		if code == cli.ExitDone {
			rows += 3
		}
		if n := len(rowsOf(t, s, "Sales", "Orders")); n != rows {
			t.Errorf("%s: %d rows are in the table, want %d", name, n, rows)
		}
		return out
	}

	send("orders-01.csv", week(1, before), cli.ExitDone, cli.ReasonDone)

	// The second week has a column renamed. It is joined once, and remembered.
	second := week(2, after)
	out := send("orders-02.csv", second, cli.ExitContract, cli.ReasonContract)
	if got := out.flagsOf(job.RemarkRenamed); !slices.Equal(got, []string{`--map "Order No=Order ID"`}) {
		t.Errorf("%q", got)
	}
	send("orders-02.csv", second, cli.ExitDone, cli.ReasonDone, "--map", "Order No=Order ID")

	third := tempFile(t, "orders-03.csv", []byte(week(3, after)))
	if out = send(third, "", cli.ExitDone, cli.ReasonDone); out.Contract.Matched[0].By != mapping.Before {
		t.Errorf("%+v", out.Contract)
	}
	send(third, "", cli.ExitNothing, cli.ReasonNothing) // the fourth: the same file is still there
	send("orders-05.csv", after+"\n", cli.ExitData, cli.ReasonData)

	// The sixth week has a new column, which the table gets.
	sixth := week(6, after+",Note", "note")
	out = send("orders-06.csv", sixth, cli.ExitContract, cli.ReasonContract)
	if !slices.Equal(out.Contract.New, []string{"Note"}) {
		t.Errorf("%+v", out.Contract)
	}
	out = send("orders-06.csv", sixth, cli.ExitDone, cli.ReasonDone, "--on-drift", "add")
	if !slices.Equal(out.Contract.Added, []string{"Note"}) {
		t.Errorf("%+v", out.Contract)
	}
	if last := rowsOf(t, s, "Sales", "Orders")[rows-1]; last["Note"] != "note 2" || last["Order ID"] != 6002.0 {
		t.Errorf("%v", last)
	}

	x.env[cli.SecretVariable] = "an expired secret"
	send("orders-07.csv", week(7, after+",Note", "note"), cli.ExitConnection, cli.ReasonConnection)
	x.env[cli.SecretVariable] = secret
	out = send("orders-08.csv", week(8, after+",Note", "note"), cli.ExitDone, cli.ReasonDone)
	if c := out.Contract; len(c.Matched) != 5 || len(c.New)+len(c.Missing)+len(c.Added) > 0 {
		t.Errorf("%+v", c)
	}
}

// TestOneListOfRemarks compares what is remarked of a file in every command: what inspect
// says, a dry run and a send say too, and the receipt keeps it.
func TestOneListOfRemarks(t *testing.T) {
	for name, text := range map[string]string{
		"clean.csv":   "A,B\nx,1\ny,2\n",
		"total.csv":   "Item,Amount\na,1\nb,2\nc,3\nTotal,6\n",
		"offers.csv":  "A,Paid,N\n1,yes,1\n2,no,2\n3,yes,3\n4,no,n/a\n5,yes,5\n6,no,6\n7,no,7\n8,no,8\n9,no,9\n10,no,10\n11,no,11\n",
		"twice.csv":   "A,A,\nx,1,z\ny,2,z\n",
		"empty.csv":   "A,B\nx,\ny,\n",
		"date.csv":    "A,Day\nx,2026-01-05\ny,soon\n",
		"book.xlsx":   "",
		"merged.xlsx": "",
	} {
		t.Run(name, func(t *testing.T) {
			x := newTerminal(t)
			path := ""
			switch name {
			case "book.xlsx":
				path = twoSheets(t, false)
			case "merged.xlsx":
				path = mergedHeader(t)
			default:
				path = tempFile(t, name, []byte(text))
			}
			sorted := func(a agreed) []string {
				codes := a.codes()
				slices.Sort(codes)
				return codes
			}
			var inspected agreed
			x.want(cli.ExitDone, "inspect", path, "--json")
			x.document(&inspected)
			dry, sent := x.ask(cli.ExitDone, path, "--dry-run"), x.ask(cli.ExitDone, path)
			var shown agreed
			x.want(cli.ExitDone, "runs", "show", sent.RunID, "--json")
			x.document(&shown)
			if a, b, c := sorted(dry), sorted(sent), sorted(shown); !slices.Equal(a, b) || !slices.Equal(b, c) {
				t.Errorf("a dry run says %v, a send %v, the receipt %v", a, b, c)
			}
			for _, code := range inspected.codes() {
				if !slices.Contains(dry.codes(), code) {
					t.Errorf("only inspect says %q", code)
				}
			}
			if len(inspected.codes()) == 0 {
				t.Error("nothing is remarked")
			}
			x.want(cli.ExitNothing, "send", path, "--practice")
			for _, r := range sent.Remarks {
				if !strings.Contains(x.stderr, r.Sentence) {
					t.Errorf("without --json nothing says %q", r.Sentence)
				}
			}
		})
	}
}

// TestNamesThatPowerBIMishandles are remarked before anything is created.
func TestNamesThatPowerBIMishandles(t *testing.T) {
	x := apart(t)
	path := tempFile(t, "days.csv", []byte("Day,N\n2026-01-05,1\n"))
	a := x.ask(cli.ExitDone, path, "--table", "Date", "--dry-run")
	if !slices.Contains(a.codes(), job.RemarkName) {
		t.Errorf("%v", a.codes())
	}
	x.want(cli.ExitDone, "send", path, "--practice", "--table", "Date", "--dry-run")
	x.says("known to cause an error in Power BI")
}
