package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// tableAnswer is what the tests read of table show and table alter.
type tableAnswer struct {
	Reason        string
	Changed       bool
	DryRun        bool
	Confirm       string
	Source        string
	MeasuresKnown bool
	Rows          int64
	RowsAfter     int64
	Table, After  powerbi.Table
	Diff          struct {
		Added   []powerbi.Column
		Renamed []string
		Broken  []struct{ Measure string }
	}
	Rebuild struct {
		Runs      []string
		RowsAgain int64
	}
	Receipts []struct {
		RunID    string
		RowsSent int64
	}
	Reports []powerbi.Report
	Notes   []string
	Error   struct{ Code, Sentence, Remedy, Details string }
}

func (x *terminal) table(code int, args ...string) (a tableAnswer) {
	x.t.Helper()
	x.want(code, append(append([]string{"table"}, args...), "--json")...)
	x.document(&a)
	return a
}

// TestTableAlter goes the way of a table: shown, changed, shown again; what loses something
// needs the dataset's name, and nobody is asked without a terminal.
func TestTableAlter(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	file := tempFile(t, "stock.csv", []byte("Depot,Units,Price\nGent,1,2.5\nMons,2,3.5\n"))
	at := []string{"--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Old"}
	on := func(more ...string) []string { return append(append([]string{"alter"}, at...), more...) }
	x.want(cli.ExitDone, append([]string{"send", file, "--table", "T", "--create"}, at...)...)

	is := x.table(cli.ExitDone, append([]string{"show"}, at...)...)
	if is.Source != "computer" || !is.MeasuresKnown || len(is.Table.Columns) != 3 || is.Rows != 2 || len(is.Notes) == 0 {
		t.Errorf("%+v", is)
	}
	x.want(cli.ExitDone, append([]string{"table", "show"}, at...)...)
	x.says("Depot", "Int64", "The table holds 2 rows")

	// What loses nothing is done at once; a dry run only says it.
	more := []string{"--add", "Note=Text", "--measure", "Total=SUM(T[Price])", "--measure", "Twice=2 * [Total]", "--format", "Total=#,0.00;(#,0.00)", "--category", "Depot=city", "--hide", "Units"}
	if a := x.table(cli.ExitDone, on(append(more, "--dry-run")...)...); a.Reason != cli.ReasonChecked || !a.DryRun || a.Changed || len(a.Diff.Added) != 1 || len(a.After.Columns) != 4 {
		t.Errorf("%+v", a)
	}
	if def, _, err := s.Definition(practice.Workspace, "Old", "T"); err != nil || len(def.Columns) != 3 {
		t.Errorf("a dry run changed the table: %+v, %v", def, err)
	}
	if a := x.table(cli.ExitDone, on(more...)...); !a.Changed || a.RowsAfter != 2 {
		t.Errorf("%+v", a)
	}
	def, _, err := s.Definition(practice.Workspace, "Old", "T")
	if err != nil || len(def.Measures) != 2 || def.Measures[0].FormatString != "#,0.00;(#,0.00)" || def.Columns[0].DataCategory != "City" || !def.Columns[1].IsHidden || def.Columns[3].Name != "Note" {
		t.Errorf("%+v, %v", def, err)
	}
	// A second program is told what this one keeps.
	kept := tempFile(t, "kept.json", nil)
	x.want(cli.ExitDone, append([]string{"table", "show", "--json"}, at...)...)
	if err := os.WriteFile(kept, []byte(x.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(x.home, "tables.json")); err != nil {
		t.Fatal(err)
	}
	if a := x.table(cli.ExitContract, on("--hide", "Depot")...); a.Error.Code != "alter-guessed" {
		t.Errorf("%+v", a)
	}
	if a := x.table(cli.ExitDone, on("--hide", "Depot", "--definition", kept)...); !a.Changed || a.Source != "file" || len(a.After.Measures) != 2 {
		t.Errorf("%+v", a)
	}

	// What loses something needs the name.
	if a := x.table(cli.ExitUsage, on("--rename", "Price=Net")...); a.Reason != cli.ReasonUnanswered || a.Confirm != "Old" || len(a.Diff.Renamed) != 1 || a.Changed {
		t.Errorf("%+v", a)
	}
	x.says("--confirm")
	x.table(cli.ExitUsage, on("--rename", "Price=Net", "--confirm", "New")...)
	x.lines = []string{"old"}
	x.want(cli.ExitUsage, append([]string{"table"}, on("--remove", "Price")...)...)
	x.says(`Type "Old" to continue`, "The measure T[Total] will fail", "The measure T[Twice] will fail")
	x.lines = []string{"Old"}
	x.want(cli.ExitDone, append([]string{"table"}, on("--rename", "Price=Net")...)...)
	x.says("Price becomes Net", "expression SUM(T[Price]) becomes SUM(T[Net])", "Changed")
	x.lines = nil
	if rows, err := s.Rows(practice.Workspace, "Old", "T"); err != nil || !strings.Contains(string(rows[0]), `"Net":null`) {
		t.Errorf("%s, %v", rows, err)
	}
}

// TestTableRebuild renames a column of a table that two files filled, and gets the rows
// back; a file that has changed since keeps everything as it is.
func TestTableRebuild(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	one := tempFile(t, "january.csv", []byte("Depot,Units,Price\nGent,1,2.5\nMons,2,3.5\n"))
	two := tempFile(t, "february.csv", []byte("Depot,Units,Price\nLuik,3,4.5\n"))
	at := []string{"--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Old"}
	on := func(more ...string) []string { return append(append([]string{"alter"}, at...), more...) }
	x.want(cli.ExitDone, append([]string{"send", one, "--table", "T", "--create", "--leave-out", "Units"}, at...)...)
	x.want(cli.ExitDone, append([]string{"send", two, "--leave-out", "Units"}, at...)...)

	data, err := os.ReadFile(two)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(two, append(data, "Doel,4,5.5\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if a := x.table(cli.ExitUsage, on("--rename", "Price=Net", "--rebuild", "--confirm", "Old")...); a.Error.Code != "no-rebuild" || !strings.Contains(a.Error.Sentence, "february.csv") || strings.Contains(a.Error.Sentence, "january.csv") {
		t.Errorf("%+v", a)
	}
	if err := os.WriteFile(two, data, 0o600); err != nil {
		t.Fatal(err)
	}
	// A type that the rows do not fit is found before anything is deleted.
	if a := x.table(cli.ExitUsage, on("--type", "Depot=Int64", "--rebuild", "--confirm", "Old")...); a.Error.Code != "no-rebuild" || !strings.Contains(a.Error.Sentence, "2 runs cannot be repeated") {
		t.Errorf("%+v", a)
	}
	plan := x.table(cli.ExitDone, on("--rename", "Price=Net", "--add", "Units=Int64", "--rebuild", "--dry-run")...)
	if len(plan.Rebuild.Runs) != 2 || plan.Rebuild.RowsAgain != 3 || plan.Confirm != "Old" {
		t.Errorf("%+v", plan)
	}
	if n, _ := s.CountRows(practice.Workspace, "Old", "T"); n != 3 {
		t.Errorf("%d rows after a dry run", n)
	}
	done := x.table(cli.ExitDone, on("--rename", "Price=Net", "--add", "Units=Int64", "--rebuild", "--confirm", "Old")...)
	if !done.Changed || done.RowsAfter != 3 || len(done.Receipts) != 2 {
		t.Errorf("%+v", done)
	}
	rows, err := s.Rows(practice.Workspace, "Old", "T")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, string(r))
	}
	want := `{"Depot":"Gent","Net":2.5,"Units":1} {"Depot":"Mons","Net":3.5,"Units":2} {"Depot":"Luik","Net":4.5,"Units":3}`
	if strings.Join(got, " ") != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	// What was rebuilt can be rebuilt again.
	if a := x.table(cli.ExitDone, on("--remove", "Units", "--rebuild", "--confirm", "Old")...); a.RowsAfter != 3 || len(a.Receipts) != 2 {
		t.Errorf("%+v", a)
	}
	// A rebuild that stops part-way is resumed.
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, Times: -1, Status: 403})
	stopped := x.table(cli.ExitStopped, on("--rename", "Net=Gross", "--rebuild", "--confirm", "Old")...)
	if stopped.Error.Code != "rebuild-unfinished" || stopped.Reason != cli.ReasonStopped || !stopped.Changed || len(stopped.Receipts) != 2 {
		t.Errorf("%+v", stopped)
	}
	s.Faults().Clear()
	x.want(cli.ExitDone, "runs", "resume", stopped.Receipts[1].RunID)
	if rows, err := s.Rows(practice.Workspace, "Old", "T"); err != nil || len(rows) != 3 || string(rows[2]) != `{"Depot":"Luik","Gross":4.5}` {
		t.Errorf("%s, %v", rows, err)
	}
	// One that stops before its second run is continued by one command: the first run is
	// resumed, the second sent, and nothing is deleted or sent twice.
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: -1, Status: 403})
	stopped = x.table(cli.ExitStopped, on("--rename", "Gross=Sum", "--rebuild", "--confirm", "Old")...)
	if stopped.Error.Code != "rebuild-unfinished" || len(stopped.Receipts) != 1 || !strings.Contains(stopped.Error.Sentence, "It holds no rows now. 3 of 3 rows are missing. The run "+stopped.Receipts[0].RunID+" was interrupted.") ||
		!strings.Contains(stopped.Error.Remedy, "pushdesk table alter") || !strings.Contains(stopped.Error.Details, "february.csv") {
		t.Errorf("%+v", stopped)
	}
	if a := x.table(cli.ExitStopped, on("--rebuild")...); a.Error.Code != "rebuild-unfinished" || a.Receipts[0].RunID != stopped.Receipts[0].RunID {
		t.Errorf("still refused: %+v", a)
	}
	s.Faults().Clear()
	if a := x.table(cli.ExitDone, append([]string{"show"}, at...)...); !strings.Contains(strings.Join(a.Notes, " "), "was interrupted: 0 of 3 rows were sent again") {
		t.Errorf("%q", a.Notes)
	}
	if a := x.table(cli.ExitUsage, on("--hide", "Depot", "--rebuild", "--confirm", "Old")...); a.Error.Code != "rebuild-open" {
		t.Errorf("another rebuild: %+v", a)
	}
	if a := x.table(cli.ExitDone, on("--hide", "Depot", "--dry-run")...); a.Confirm != "Old" {
		t.Errorf("a change that gives the rebuild up asks nothing: %+v", a)
	}
	if a := x.table(cli.ExitDone, on("--rebuild", "--dry-run")...); a.Rebuild.RowsAgain != 3 || len(a.Rebuild.Runs) != 1 || a.Confirm != "" {
		t.Errorf("%+v", a)
	}
	if a := x.table(cli.ExitDone, on("--rebuild")...); a.RowsAfter != 3 || len(a.Receipts) != 2 {
		t.Errorf("%+v", a)
	}
	if rows, err := s.Rows(practice.Workspace, "Old", "T"); err != nil || len(rows) != 3 || string(rows[0]) != `{"Depot":"Gent","Sum":2.5}` || string(rows[2]) != `{"Depot":"Luik","Sum":4.5}` {
		t.Errorf("%s, %v", rows, err)
	}
	if a := x.table(cli.ExitUsage, on("--rebuild")...); a.Error.Code != "rebuild-none" {
		t.Errorf("%+v", a)
	}
	// Rows of others in between keep it from being continued, and that is said.
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: -1, Status: 403})
	x.table(cli.ExitStopped, on("--rename", "Sum=Net", "--rebuild", "--confirm", "Old")...)
	s.Faults().Clear()
	other := tempFile(t, "march.csv", []byte("Depot,Net\nGeel,9.5\n"))
	x.want(cli.ExitDone, append([]string{"send", other}, at...)...)
	if a := x.table(cli.ExitUsage, on("--rebuild")...); a.Error.Code != "rebuild-changed" || !strings.Contains(a.Error.Sentence, "was changed since") {
		t.Errorf("%+v", a)
	}
	// Numbers that become texts are sent as they are written.
	priced := tempFile(t, "priced.csv", []byte("Depot,Price\nGent,2.50\n"))
	fresh := []string{"--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Priced"}
	x.want(cli.ExitDone, append([]string{"send", priced, "--table", "T", "--create"}, fresh...)...)
	x.want(cli.ExitDone, append([]string{"table", "alter", "--type", "Price=Text", "--rebuild", "--confirm", "Priced"}, fresh...)...)
	if rows, err := s.Rows(practice.Workspace, "Priced", "T"); err != nil || string(rows[0]) != `{"Depot":"Gent","Price":"2.50"}` {
		t.Errorf("%s, %v", rows, err)
	}
	// An undo does not send rows of other columns.
	x.want(cli.ExitUsage, "runs", "undo", done.Receipts[1].RunID, "--yes")
	if a := x.table(cli.ExitUsage, "alter", "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Nowhere", "--hide", "Depot"); a.Error.Code != "no-dataset" {
		t.Errorf("%+v", a)
	}
}

// TestTableErrors is what a command line about a table may have wrong.
func TestTableErrors(t *testing.T) {
	x := apart(t)
	x.service(practice.AppPractice)
	file := tempFile(t, "stock.csv", []byte("Depot,Units\nGent,1\n"))
	at := []string{"--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Old"}
	x.want(cli.ExitDone, append([]string{"send", file, "--table", "T", "--create"}, at...)...)
	other, err := json.Marshal(powerbi.Table{Name: "Other", Columns: []powerbi.Column{{Name: "A", DataType: powerbi.String}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		say  string
		line []string
	}{
		{cli.ExitUsage, "Say what to change", nil},
		{cli.ExitUsage, "NAME=VALUE", []string{"--add", "Note"}},
		{cli.ExitUsage, "the name is missing", []string{"--add", "=Text"}},
		{cli.ExitUsage, "Did you mean “Units”", []string{"--hide", "Unit"}},
		{cli.ExitUsage, "The types are", []string{"--add", "Note=Money"}},
		{cli.ExitUsage, "has the type Whole number (Int64) already", []string{"--type", "Units=Int64"}},
		{cli.ExitUsage, "is shown already", []string{"--show", "Units"}},
		{cli.ExitUsage, "Choose one of: Address", []string{"--category", "Depot=Moon"}},
		{cli.ExitUsage, "nothing is lost", []string{"--hide", "Units", "--confirm", "Old"}},
		{cli.ExitUsage, "--confirm", []string{"--remove", "Units", "--confirm", "Old", "--dry-run"}},
		{cli.ExitUsage, "exclude one another", []string{"--hide", "Units", "--practice"}},
		{cli.ExitMissing, "cannot be opened", []string{"--hide", "Units", "--definition", "not there.json"}},
		{cli.ExitUsage, "no such JSON", []string{"--hide", "Units", "--definition", file}},
		{cli.ExitUsage, "it is about the table “Other”", []string{"--hide", "Units", "--definition", tempFile(t, "other.json", other)}},
		{cli.ExitUsage, "There is no table", []string{"--hide", "Units", "--table", "Nowhere"}},
	} {
		x.want(c.code, append(append([]string{"table", "alter"}, at...), c.line...)...)
		x.says(c.say)
	}
	x.want(cli.ExitUsage, "table", "show")
	x.says("--dataset")
	// A production connection asks also where nothing is lost.
	x.want(cli.ExitDone, "connection", "edit", "Local", "--environment", "production")
	x.want(cli.ExitUsage, append([]string{"table", "alter", "--hide", "Units"}, at...)...)
	x.says("production connection", "--yes")
	x.want(cli.ExitDone, append([]string{"table", "alter", "--hide", "Units", "--yes"}, at...)...)
}

// tableFlags has the flags of the commands about tables, for the table of all flags.
func (w *flagWorld) tableFlags() map[string][]flagCase {
	line := append([]string{"table", "alter", "--hide", "Depot"}, "--connection", "Local", "--dataset", "Old")
	show := []string{"table", "show", "--connection", "Local", "--dataset", "Old"}
	one := func(line []string, want string, words ...string) flagCase {
		return flagCase{line: line, flag: words, want: want}
	}
	try := append(line[:len(line):len(line)], "--dry-run")
	nothing := append([]string{"table", "alter", "--dry-run"}, "--connection", "Local", "--dataset", "Old")
	measured := append(nothing[:len(nothing):len(nothing)], "--measure", "Total=1")
	hidden := append(nothing[:len(nothing):len(nothing)], "--rename", "Depot=Place")
	t := map[string][]flagCase{
		"table alter add":       {one(try, changes, "--add", "Note=Text"), one(try, refused, "--add", "Note")},
		"table alter rename":    {one(try, changes, "--rename", "Units=Count"), one(try, refused, "--rename", "Units")},
		"table alter type":      {one(try, changes, "--type", "Units=Text"), one(try, refused, "--type", "Units")},
		"table alter remove":    {one(try, changes, "--remove", "Units"), one(nothing, changes, "--remove", "Nowhere")},
		"table alter format":    {one(try, changes, "--format", "Units=0.0"), one(try, refused, "--format", "Units")},
		"table alter category":  {one(try, changes, "--category", "Depot=City"), one(try, refused, "--category", "Depot")},
		"table alter summarize": {one(try, changes, "--summarize", "Units=sum"), one(try, refused, "--summarize", "Units")},
		"table alter sort-by":   {one(try, changes, "--sort-by", "Depot=Units"), one(try, refused, "--sort-by", "Depot")},
		"table alter hide":      {one(try, changes, "--hide", "Units"), one(try, refused, "--hide", "")},
		"table alter show":      {one(hidden, changes, "--show", "Units"), one(try, refused, "--show", "")},
		"table alter measure":   {one(try, changes, "--measure", "Total=1"), one(try, refused, "--measure", "Total")},
		"table alter describe":  {one(measured, changes, "--describe", "Total=all"), one(measured, refused, "--describe", "Total")},
		"table alter dry-run":   {{line: append(line[:len(line):len(line)], "--json"), flag: []string{"--dry-run"}, want: changes, stay: true}},
		"table alter rebuild":   {one(try, changes, "--rebuild")},
		"table alter confirm":   {one(line, refused, "--confirm", "Old"), one(try, refused, "--confirm", "Old")},
		"table alter yes":       {one(try, answersIt, "--yes")},

		"practice alter-empties": {one([]string{"practice"}, answersIt, "--alter-empties", "--windows", "odd")},
	}
	for _, command := range []struct {
		name string
		line []string
	}{{"table show", show}, {"table alter", try}} {
		l, bare := command.line, []string{}
		for i := 0; i < len(l); i++ {
			if l[i] == "--connection" {
				i++
				continue
			}
			bare = append(bare, l[i])
		}
		t[command.name+" connection"] = []flagCase{one(bare, changes, "--connection", "Local")}
		t[command.name+" practice"] = []flagCase{one(bare, changes, "--practice"), one(l, changes, "--practice")}
		t[command.name+" workspace"] = []flagCase{one(l, changes, "--workspace", "Nowhere")}
		t[command.name+" dataset"] = []flagCase{one(l, changes, "--dataset", "Nowhere")}
		t[command.name+" table"] = []flagCase{one(l, changes, "--table", "Nowhere")}
		t[command.name+" definition"] = []flagCase{one(l, changes, "--definition", w.text)}
	}
	return t
}

// TestAnUploadStripsNothingInSilence: where it is not known which measures a table has, an
// upload that changes its columns says so and needs the dataset's name; where it is known,
// they stay.
func TestAnUploadStripsNothingInSilence(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	at := []string{"--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Old"}
	line := func(words ...string) []string { return append(words, at...) }
	file := tempFile(t, "stock.csv", []byte("Depot,Units\nGent,1\n"))
	more := tempFile(t, "more.csv", []byte("Depot,Units,Note\nMons,2,x\n"))
	x.want(cli.ExitDone, line("send", file, "--table", "T", "--create")...)
	x.want(cli.ExitDone, line("table", "alter", "--measure", "Total=SUM(T[Units])", "--format", "Units=0.0")...)
	kept := func(measures, columns int) {
		t.Helper()
		def, _, err := s.Definition(practice.Workspace, "Old", "T")
		if err != nil || len(def.Measures) != measures || len(def.Columns) != columns {
			t.Errorf("%+v, %v", def, err)
		}
	}
	x.want(cli.ExitDone, line("send", more, "--on-drift", "add")...)
	kept(1, 3)
	fewer := tempFile(t, "fewer.csv", []byte("Depot,Note\nLuik,y\n"))
	x.want(cli.ExitUsage, line("send", fewer, "--overwrite-schema")...)
	x.says("The measure T[Total] will fail", `--yes-replace "Old"`)
	x.want(cli.ExitDone, line("send", fewer, "--overwrite-schema", "--yes-replace", "Old")...)
	kept(1, 2) // it fails now, as was said, and is there

	// Another computer knows the names of the columns only.
	if err := os.Remove(filepath.Join(x.home, "tables.json")); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "mapping", "init", fewer)
	mapped := tempFile(t, "t.yaml", []byte(strings.Replace(x.stdout, "table: fewer", "table: T", 1)))
	other := tempFile(t, "other.csv", []byte("Depot,Note,Units\nDoel,z,7\n"))
	x.want(cli.ExitUsage, line("send", other, "--mapping", mapped, "--on-drift", "add")...)
	x.says("Those that are not listed here are lost", "--yes-replace")
	kept(1, 2)
}
