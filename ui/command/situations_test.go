package command

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/command/cli"
)

// situation is a file and a command line as they come up in the field, and what has to come
// of them.
type situation struct {
	name, file, text string
	flags            []string
	code             int
	remarks          []string          // codes that are among those said
	types            map[string]string // of columns that are sent
	rows             int64             // that are sent, or would be
	words            []string          // that the remarks and the error say
}

func (s situation) run(t *testing.T) {
	t.Helper()
	x := newTerminal(t)
	path := tempFile(t, s.file, []byte(s.text))
	a := x.ask(s.code, append([]string{path}, s.flags...)...)
	for _, code := range s.remarks {
		if !slices.Contains(a.codes(), code) {
			t.Errorf("%q is not among the remarks: %v", code, a.codes())
		}
	}
	for _, c := range a.Columns {
		if want, ok := s.types[c.Name]; ok && c.Type != want {
			t.Errorf("%s is sent as %s, want %s", c.Name, c.Type, want)
		}
	}
	if s.code == cli.ExitDone && a.RowsSent != s.rows {
		t.Errorf("%d rows are sent, want %d", a.RowsSent, s.rows)
	}
	x.says(s.words...)
	if s.code != cli.ExitDone {
		return
	}
	// The receipt says the same, and so does a run without --json.
	x.want(cli.ExitDone, "runs", "show", "last", "--json")
	var kept agreed
	x.document(&kept)
	if got, want := kept.codes(), a.codes(); !slices.Equal(got, want) {
		t.Errorf("the receipt says %v, want %v", got, want)
	}
	x.want(cli.ExitNothing, append([]string{"send", path, "--practice"}, s.flags...)...)
	for _, r := range a.Remarks {
		if !strings.Contains(x.stderr, r.Sentence) {
			t.Errorf("in words nothing says %q", r.Sentence)
		}
	}
}

// TestReadingInTheField is R1 to R9 and R11 of the situations: how values are read, and that it is said.
func TestReadingInTheField(t *testing.T) {
	var readings strings.Builder
	readings.WriteString("id,reading\n")
	for i := range 3000 {
		fmt.Fprintf(&readings, "%d,%d.5\n", i, i)
	}
	readings.WriteString("3001,n/a\n3002,Inf\n")
	words := "id,aktiv,menge\n"
	for i := range 20 {
		words += fmt.Sprintf("%d,%s,%d\n", i, []string{"ja", "nein"}[i%2], i)
	}
	words += "21,ja,fehlt\n"
	sales := "Region,Amount\nWest,10\nEast,20\nNorth,30\n"
	zones := "id,when\n1,2026-01-05T10:00:00+02:00\n2,2026-01-06T11:00:00+02:00\n"
	ambiguous := "id;day;amt\n1;03/04/2026;1.234\n2;05/06/2026;2.345\n"
	for _, s := range []situation{
		{name: "R1 exponents are numbers", file: "r.csv", text: "id,v,code\n1,1.5E-05,12E3\n2,2.50e+03,1E10\n3,7,45D2\n4,-3.1e2,99E1\n", rows: 4, types: map[string]string{"v": "Double", "code": "String"}, remarks: []string{infer.NoteReading}},
		{name: "R2 two words among numbers", file: "r.csv", text: readings.String(), rows: 3002, types: map[string]string{"reading": "String"}, words: []string{"B3002", "B3003", `--type \"reading=Double\" --bad-rows blank`}},
		{name: "R2 sent as blanks", file: "r.csv", text: readings.String(), flags: []string{"--type", "reading=Double", "--bad-rows", "blank"}, rows: 3002, types: map[string]string{"reading": "Double"}},
		{name: "R3 a total", file: "t.csv", text: sales + "Total,60\n", rows: 3, remarks: []string{"total-left-out"}, words: []string{"--keep-totals"}},
		{name: "R3 a total is kept", file: "t.csv", text: sales + "Total,60\n", flags: []string{"--keep-totals"}, rows: 4},
		{name: "R4 a total that is none", file: "t.csv", text: sales + "Total,61\n", rows: 4, words: []string{"not the sum", "--leave-totals"}},
		{name: "R4 is left out", file: "t.csv", text: sales + "Total,61\n", flags: []string{"--leave-totals"}, rows: 3},
		{name: "R4 a footnote", file: "t.csv", text: sales + "Source: the ledger,\n", rows: 3, words: []string{"looks like a note"}},
		{name: "R5 a zone", file: "z.csv", text: zones, rows: 2, types: map[string]string{"when": "DateTime"}, words: []string{"+02:00", "sent as written", "--zone utc"}},
		{name: "R5 in UTC", file: "z.csv", text: zones, flags: []string{"--zone", "utc"}, rows: 2, words: []string{"converted to UTC"}},
		{name: "R6 ambiguous", file: "a.csv", text: ambiguous, code: cli.ExitData, remarks: []string{infer.NoteAmbiguous}, words: []string{"--date-order", "--decimal-mark"}},
		{name: "R6 decided, a comma", file: "a.csv", text: ambiguous, flags: []string{"--date-order", "dmy", "--decimal-mark", ","}, rows: 2, types: map[string]string{"amt": "Int64", "day": "DateTime"}},
		{name: "R6 decided, a dot", file: "a.csv", text: ambiguous, flags: []string{"--date-order", "mdy", "--decimal-mark", "."}, rows: 2, types: map[string]string{"amt": "Double", "day": "DateTime"}},
		{name: "R7 what is offered", file: "o.csv", text: words, rows: 21, types: map[string]string{"aktiv": "String", "menge": "String"}, words: []string{`--type \"aktiv=Boolean\"`, `--type \"menge=Int64\" --bad-rows blank`}},
		{name: "R11 settings of another format", file: "o.json", text: `[{"a":1}]`, flags: []string{"--delimiter", ";"}, code: cli.ExitUsage, words: []string{"--delimiter has no effect here"}},
	} {
		t.Run(s.name, s.run)
	}
}

// TestNoOfferAgainstTheTable: the type of a column that the table has cannot be chosen.
func TestNoOfferAgainstTheTable(t *testing.T) {
	x := apart(t)
	path := tempFile(t, "offers.csv", []byte("id,menge\n1,5\n2,fehlt\n3,7\n4,8\n"))
	said := func() (all string) {
		x.run("send", path, "--practice", "--dataset", "D", "--dry-run", "--json")
		var a agreed
		x.document(&a)
		for _, r := range a.Remarks {
			all += r.Sentence + " " + fmt.Sprint(r.Flags) + "\n"
		}
		return all
	}
	if got := said(); !strings.Contains(got, `--type`) {
		t.Fatal(got)
	}
	x.want(cli.ExitDone, "send", path, "--practice", "--dataset", "D")
	if got := said(); strings.Contains(got, `--type`) || !strings.Contains(got, "could be sent as") {
		t.Error(got)
	}
}

// TestOffersWork types every flag that the remarks of a file offer (R7): each sends.
func TestOffersWork(t *testing.T) {
	yes := []string{"ja", "nein"}
	text := "id,aktiv,menge,when,note\n"
	for i := range 20 {
		text += fmt.Sprintf("%d,%s,%d,2026-01-05T10:%02d:00+02:00,n%d\n", i, yes[i%2], i, i, i)
	}
	text += "21,ja,fehlt,2026-01-05T10:00:00+02:00,x\n"
	for name, text := range map[string]string{
		"types": text, "total": "Region,Amount\nWest,10\nEast,20\nTotal,30\n", "none": "Region,Amount\nWest,10\nEast,20\nTotal,31\n",
		"dates": "id;day;amt\n1;03/04/2026;1.234\n2;05/06/2026;2.345\n", "zones": "id,when\n1,2026-01-05T10:00:00+02:00\n2,2026-01-06T11:00:00Z\n",
	} {
		t.Run(name, func(t *testing.T) {
			x := newTerminal(t)
			path := tempFile(t, "offers.csv", []byte(text))
			x.run("send", path, "--practice", "--dry-run", "--json")
			var a agreed
			x.document(&a)
			tried := 0
			for _, r := range a.Remarks {
				for _, offer := range r.Flags {
					line := append([]string{"send", path, "--practice", "--dataset", "Offer " + strconv.Itoa(tried)}, typed(t, offer)...)
					if name == "dates" { // both have to be decided
						line = append(line, map[bool][]string{true: {"--decimal-mark", ","}, false: {"--date-order", "dmy"}}[strings.Contains(offer, "date-order")]...)
					}
					x.want(cli.ExitDone, line...)
					tried++
				}
			}
			if tried == 0 {
				t.Error("nothing is offered")
			}
		})
	}
}

// typed splits what a remark offers as a shell does.
func typed(t *testing.T, line string) (words []string) {
	t.Helper()
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimSpace(rest) {
		word, more, _ := strings.Cut(rest, " ")
		if strings.HasPrefix(rest, `"`) {
			var quoted bool
			if word, more, quoted = strings.Cut(rest[1:], `"`); !quoted {
				t.Fatalf("%q cannot be typed", line)
			}
		}
		words, rest = append(words, word), more
	}
	return words
}

// TestTypesHaveManyNames is R8: what inspect, messages and the window call a type is typed.
func TestTypesHaveManyNames(t *testing.T) {
	x := apart(t)
	path := tempFile(t, "n.csv", []byte("v\n1\n0\n"))
	for want, names := range map[string][]string{"String": {"text", "String", "Text (String)"}, "Int64": {"whole number", "Int64", "Whole number (Int64)"},
		"Double": {"decimal number", "double"}, "Boolean": {"true/false", "Boolean"}} {
		for _, name := range names {
			if a := x.ask(cli.ExitDone, path, "--dry-run", "--type", "v="+name); a.Columns[0].Type != want {
				t.Errorf("%q is %s, want %s", name, a.Columns[0].Type, want)
			}
		}
	}
	for _, name := range []string{"date/time", "DateTime", "date and time"} {
		x.want(cli.ExitData, "send", path, "--practice", "--dry-run", "--type", "v="+name)
	}
	x.want(cli.ExitUsage, "send", path, "--practice", "--dry-run", "--type", "v=money")
	x.says("Whole number (Int64)", "Date and time (DateTime)")
}

// TestDecisionsAboutWhatWasRenamed are said, and neither applied nor lost in silence: when
// the column of the table has another name, when the file's has, and when the dataset is a
// new one of the same name.
func TestDecisionsAboutWhatWasRenamed(t *testing.T) {
	x := apart(t)
	x.service(practice.AppPractice)
	at := []string{"--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Sales"}
	send := func(code int, text string, more ...string) (a agreed) {
		t.Helper()
		path := tempFile(t, "orders-2026-02.csv", []byte(text))
		x.want(code, append(append([]string{"send", path, "--table", "Orders", "--json"}, at...), more...)...)
		x.document(&a)
		return a
	}
	said := func(a agreed) (all string) {
		for _, r := range a.Remarks {
			if r.Code == job.RemarkFormer {
				all += r.Column + ": " + r.Sentence + "\n"
			}
		}
		return all
	}
	const renamed = "Order No,Region,Amount\n"
	send(cli.ExitDone, "Order ID,Region,Amount\n1,West,2\n", "--create")
	send(cli.ExitDone, renamed+"2,West,3\n", "--map", "Order No=Order ID")
	if a := send(cli.ExitDone, renamed+"3,West,4\n"); said(a) != "" || !slices.Contains(a.codes(), job.RemarkDecided) {
		t.Errorf("%q, %v", said(a), a.codes())
	}
	if got := said(send(cli.ExitContract, "Order Key,Region,Amount\n4,West,4\n")); !strings.Contains(got, "Order ID: On") || !strings.Contains(got, "“Order No” of the file fills it, which the file no longer has. That is not applied.") {
		t.Errorf("a column of the file is gone: %q", got)
	}
	x.want(cli.ExitDone, append([]string{"table", "alter", "--rename", "Order ID=Number", "--confirm", "Sales"}, at...)...)
	a := send(cli.ExitContract, renamed+"5,West,4\n")
	if got := said(a); !strings.Contains(got, "Order No: On") || !strings.Contains(got, "it fills the column “Order ID”, which the table no longer has. That is not applied.") {
		t.Errorf("a column of the table has another name: %q", got)
	}
	// Decided again, the old decision is gone.
	send(cli.ExitDone, renamed+"6,West,4\n", "--map", "Order No=Number")
	if a := send(cli.ExitDone, renamed+"7,West,4\n"); said(a) != "" {
		t.Errorf("%q", said(a))
	}
	if a := x.ask(cli.ExitDone, tempFile(t, "orders-2026-03.csv", []byte("Order ID,Region\n8,West\n"))); said(a) != "" {
		t.Errorf("of another dataset: %q", said(a))
	}
}

// TestSendingInTheField is S1, S2, S3 and S5 of the situations.
func TestSendingInTheField(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	to := []string{"--connection", "Local", "--workspace", practice.Workspace, "--table", "T", "--create", "--json"}
	send := func(t *testing.T, code int, dataset string, more ...string) (a agreed) {
		t.Helper()
		x.t = t
		path := tempFile(t, "rows.csv", []byte("A,B\nx,1\ny,2\nz,3\n"))
		x.want(code, append(append([]string{"send", path, "--dataset", dataset}, to...), more...)...)
		x.document(&a)
		return a
	}
	for _, f := range []struct {
		name  string
		fault faults.Fault
		code  int
		words []string
	}{
		{"S2 not there yet", faults.Fault{Operation: faults.OpRows, Times: 2, Status: 404, Body: `{"error":{"code":"PowerBIEntityNotFound"}}`}, cli.ExitDone, nil},
		{"S2 a table that is not there yet", faults.Fault{Operation: faults.OpRows, Times: 1, Status: 404, Body: `{"error":{"code":"ItemNotFound","message":"Table '<pi>T</pi>' not found in dataset 'x'."}}`}, cli.ExitDone, nil},
		{"S2 not there yet to count", faults.Fault{Operation: faults.OpQuery, Times: 1, Status: 404, Body: `{"error":{"code":"PowerBIEntityNotFound"}}`}, cli.ExitDone, nil},
		{"S3 x-ms-retry-after-ms", faults.Fault{Operation: faults.OpRows, Times: 1, Status: 429, Header: map[string]string{"x-ms-retry-after-ms": "250"}}, cli.ExitDone, nil},
		{"S5 queries refused for row-level security", faults.Fault{Operation: faults.OpQuery, Times: -1, Status: 401, Body: `{"error":{"code":"PowerBINotAuthorizedException"}}`}, cli.ExitDone, []string{"could not"}},
		{"S3 retry-after-ms", faults.Fault{Operation: faults.OpRows, Times: 1, Status: 429, Header: map[string]string{"retry-after-ms": "250"}}, cli.ExitDone, nil},
		{"S5 no queries", faults.Fault{Operation: faults.OpQuery, Times: -1, Status: 401}, cli.ExitDone, []string{"could not"}},
	} {
		t.Run(f.name, func(t *testing.T) {
			defer s.Faults().Clear()
			s.Faults().Add(f.fault)
			if a := send(t, f.code, f.name); a.Status != "done" || a.RowsSent != 3 || len(rowsOf(t, s, f.name, "T")) != 3 {
				t.Errorf("%+v", a)
			}
			x.says(f.words...)
		})
	}
	t.Run("S1 refused rows", func(t *testing.T) {
		s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: -1, Status: 400, Body: `{"error":{"code":"InvalidRequest"}}`})
		defer s.Faults().Clear()
		if a := send(t, cli.ExitData, "Refused"); a.Status != "failed" || a.Code != "row-refused" || a.RowsSent != 0 {
			t.Errorf("%+v", a)
		}
		x.says("runs rejects")
	})
}

// TestCommandsWithoutADocument refuse --json (L3), and an addition that stores no secret
// fails (C6).
func TestCommandsWithoutADocument(t *testing.T) {
	x := apart(t)
	for _, line := range [][]string{{"completion", "bash"}, {"help", "send"}, {"vault"}, {"runs"}} {
		x.want(cli.ExitUsage, append(line, "--json")...)
		x.says("--json has no effect here")
	}
	x.want(cli.ExitConnection, "connection", "add", "--name", "Bare", "--tenant", "contoso.onmicrosoft.com", "--client", "11111111-2222-4333-8444-555555555555")
	x.says("was added without a secret", "--secret-stdin", cli.SecretVariable)
	x.want(cli.ExitDone, "connection", "show", "Bare")
}

// TestFirstWords is W10 and W11 as far as the terminal says them: what the program does, and
// that screen readers cannot read its window.
func TestFirstWords(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "--help")
	does, practise := strings.Index(x.stdout, "sends the rows of a workbook into a push"), strings.Index(x.stdout, "--practice")
	if does < 0 || practise < does {
		t.Errorf("what the program does is not said first:\n%s", x.stdout)
	}
	x.says("Screen readers cannot read the window")
}

// TestOneListOfRemarksForAllTestdata compares what is remarked of each file of the
// repository: a dry run, a send and its receipt say the same, and inspect nothing more.
func TestOneListOfRemarksForAllTestdata(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "storage", "workbook", "testdata", "programs", "*.[xocs]*"))
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		files = files[:min(4, len(files))]
	}
	x := apart(t)
	read := 0
	for i, path := range files {
		answer := func(args ...string) (a agreed, code int) {
			t.Helper()
			code = x.run(append(args, "--json")...)
			x.document(&a)
			slices.SortStableFunc(a.Remarks, func(a, b cli.Remark) int { return strings.Compare(a.Code+a.Column, b.Code+b.Column) })
			return a, code
		}
		inspected, failed := answer("inspect", path)
		to := []string{"send", path, "--practice", "--dataset", fmt.Sprintf("File %d", i), "--table", "T", "--bad-rows", "blank"}
		dry, code := answer(append(slices.Clone(to), "--dry-run")...)
		sent, _ := answer(to...)
		if failed != cli.ExitDone {
			if code == cli.ExitDone {
				t.Errorf("%s is sent, and inspect ends with %d", path, failed)
			}
			continue
		}
		if !slices.Equal(dry.codes(), sent.codes()) {
			t.Errorf("%s: a dry run says %v, a send %v", path, dry.codes(), sent.codes())
		}
		if sent.RunID != "" {
			read++
			if kept, _ := answer("runs", "show", sent.RunID); !slices.Equal(kept.codes(), sent.codes()) {
				t.Errorf("%s: the receipt says %v, a send %v", path, kept.codes(), sent.codes())
			}
		}
		for _, code := range inspected.codes() {
			if !slices.Contains(dry.codes(), code) {
				t.Errorf("%s: only inspect says %q", path, code)
			}
		}
	}
	if read < len(files)/2 {
		t.Errorf("%d of %d files were sent", read, len(files))
	}
}

// TestDecisionsAboutWhatIsGone are said and not applied: of a table that has another name
// now, of one that was made anew, and of a dataset that was made anew under its name. One
// that is still there beside its namesake is none of these.
func TestDecisionsAboutWhatIsGone(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	api := clientOf(t, s)
	workspace, err := s.WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	send := func(code int, dataset, table, text string, more ...string) (a agreed) {
		t.Helper()
		path := tempFile(t, "orders-2026-02.csv", []byte(text))
		x.want(code, append([]string{"send", path, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", dataset, "--table", table, "--json"}, more...)...)
		x.document(&a)
		return a
	}
	said := func(a agreed) (all string) {
		for _, r := range a.Remarks {
			if r.Code == job.RemarkFormer {
				all += r.Sentence + "\n"
			}
		}
		return all
	}
	dataset := func(name string) string {
		t.Helper()
		list, err := api.Datasets(t.Context(), workspace)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			if d.Name == name {
				return d.ID
			}
		}
		t.Fatalf("no dataset %q", name)
		return ""
	}
	const first, renamed = "Order ID,Region,Amount\n1,West,2\n", "Order No,Region,Amount,Note\n2,West,3,x\n"
	decide := func(name string) {
		t.Helper()
		send(cli.ExitDone, name, "Orders", first, "--create")
		if a := send(cli.ExitDone, name, "Orders", renamed, "--map", "Order No=Order ID", "--leave-out", "Note"); said(a) != "" {
			t.Errorf("%s", said(a))
		}
	}

	decide("Renamed")
	if err := s.RenameTable(dataset("Renamed"), "Orders", "Sales"); err != nil {
		t.Fatal(err)
	}
	a := send(cli.ExitContract, "Renamed", "Sales", renamed)
	for _, want := range []string{"the table “Orders”, which is no longer there", "Order No fills Order ID", "Note is left out", "That is not applied."} {
		if !strings.Contains(said(a), want) {
			t.Errorf("a table with another name: %q lacks %q", said(a), want)
		}
	}

	decide("Anew")
	if err := api.DeleteDataset(t.Context(), workspace, dataset("Anew")); err != nil {
		t.Fatal(err)
	}
	if a := send(cli.ExitDone, "Anew", "Orders", renamed, "--create", "--dry-run"); !strings.Contains(said(a), "a dataset “Anew”, which is no longer there") {
		t.Errorf("a dataset that is to be made anew: %q", said(a))
	}
	send(cli.ExitDone, "Anew", "Orders", first, "--create")
	a = send(cli.ExitContract, "Anew", "Orders", renamed)
	for _, want := range []string{"a dataset “Anew”, which is no longer there", "Order No fills Order ID", "That is not applied."} {
		if !strings.Contains(said(a), want) {
			t.Errorf("a dataset made anew: %q lacks %q", said(a), want)
		}
	}
	// Decided once more, it is remembered of the new one, and the old one is not said again.
	send(cli.ExitDone, "Anew", "Orders", renamed, "--map", "Order No=Order ID", "--leave-out", "Note", "--again")
	if a := send(cli.ExitDone, "Anew", "Orders", strings.Replace(renamed, "2,West", "3,West", 1)); said(a) != "" || !slices.Contains(a.codes(), job.RemarkDecided) {
		t.Errorf("%q, %v", said(a), a.codes())
	}

	decide("Stays")
	if err := s.RenameTable(dataset("Stays"), "Orders", "Orders 2025"); err != nil {
		t.Fatal(err)
	}
	if a := send(cli.ExitDone, "Other", "Orders", first, "--create"); said(a) != "" {
		t.Errorf("of another dataset: %q", said(a))
	}
}
