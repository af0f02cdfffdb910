package upload

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/command"
	"pushdesk/ui/command/cli"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// commandLine runs a command on the home of the window and decodes its answer.
func (h *house) commandLine(code int, into any, args ...string) {
	h.Helper()
	var out, errs bytes.Buffer
	got := command.Main(context.Background(), args, cli.World{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }, Version: "test"})
	if got != code {
		h.Fatalf("pushdesk %s: exit code %d, want %d\n%s\n%s", strings.Join(args, " "), got, code, &out, &errs)
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		h.Fatal(err)
	}
}

// TestJanuaryByWindowFebruaryByCommand sends January's file in the window and February's,
// with a renamed, a new and a missing column, by command: both say the same contract.
func TestJanuaryByWindowFebruaryByCommand(t *testing.T) {
	h, p := uploading(t)
	t.Setenv(storage.HomeVariable, h.desk.Home)
	h.send(p, written(t, "orders.csv", "Order ID,Region,Amount,Day\nA1,West,12,2026-01-05\nA2,East,7,2026-01-06\n"), "Send 2 rows")
	if r, err := h.desk.Runs.Get(t.Context(), h.receipt().RunID); err != nil || r.Contract == nil || len(r.Contract.Matched) != 4 {
		t.Errorf("%+v, %v", r.Contract, err)
	}
	february := written(t, "orders.csv", "Order No,Amount,Day,Channel\nA3,5,2026-02-03,web\nA4,6,2026-02-04,shop\n")
	var said struct {
		Reason   string
		Contract mapping.Contract
		RowsSent int64
		Remarks  []cli.Remark
	}
	send := []string{"send", february, "--practice", "--json"}
	h.commandLine(cli.ExitContract, &said, send...)
	c := said.Contract
	if said.Reason != cli.ReasonContract || !slices.Equal(c.New, []string{"Order No", "Channel"}) || !slices.Equal(c.Missing, []string{"Order ID", "Region"}) || len(c.Renamed) != 1 || c.Renamed[0].To != "Order ID" {
		t.Fatalf("%+v", c)
	}
	// The window says the same of the same file.
	p.Dropped([]string{february})
	h.sees("2 rows, 4 columns")
	h.next(p)
	h.next(p)
	h.until(func() bool { return len(p.now.draft.Mapping.Fields) == 4 })
	if got := p.now.draft.Contract(); fmt.Sprint(got) != fmt.Sprint(c) {
		t.Errorf("the window says %+v\nthe command %+v", got, c)
	}
	h.sees("Decide about the columns that do not match")
	h.commandLine(cli.ExitDone, &said, append(send, "--map", "Order No=Order ID", "--constant", "Region=", "--on-drift", "add")...)
	if said.RowsSent != 2 || !slices.Equal(said.Contract.Added, []string{"Channel"}) || !slices.Equal(said.Contract.Blank, []string{"Region"}) {
		t.Errorf("%+v", said.Contract)
	}
	rows := h.rows("orders", "orders")
	if last := rows[len(rows)-1]; len(rows) != 4 || !strings.Contains(last, `"A4"`) || !strings.Contains(last, `"shop"`) || !strings.Contains(last, `"Region":null`) && strings.Contains(last, `"Region"`) {
		t.Errorf("%v", rows)
	}
	// March in the window, as was decided.
	p.Dropped([]string{written(t, "orders.csv", "Order No,Amount,Day,Channel\nA5,5,2026-03-03,web\n")})
	h.sees("1 row, 4 columns")
	h.next(p)
	h.next(p)
	h.next(p)
	h.sees("1 row in 1 request")
	if c := p.now.draft.Contract(); c.Broken || c.Decided.IsZero() {
		t.Errorf("%+v", c)
	}
}

// remarked is what the tests read of a command's answer.
type remarked struct {
	RunID   string
	Remarks []cli.Remark
}

// codes are the codes of remarks with their columns.
func (a remarked) codes() (list []string) {
	for _, r := range a.Remarks {
		list = append(list, r.Code+" "+r.Column)
	}
	slices.Sort(list)
	return list
}

// shown are the codes of the remarks whose lines the window shows; a line that is none of
// them stands there as it is.
func (a remarked) shown(lines []string) (list []string) {
	for _, line := range lines {
		code := "unknown line: " + line
		for _, r := range a.Remarks {
			if line == r.Sentence && r.Column == "" || line == r.Column+": "+r.Sentence {
				code = r.Code + " " + r.Column
			}
		}
		list = append(list, code)
	}
	slices.Sort(list)
	return list
}

// ask runs a command on the home of the window, and returns its exit code.
func (h *house) ask(args ...string) (a remarked, code int) {
	h.Helper()
	var out, errs bytes.Buffer
	code = command.Main(context.Background(), append(args, "--json"), cli.World{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }, Version: "test"})
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		h.Fatalf("pushdesk %s: %v\n%s\n%s", strings.Join(args, " "), err, &out, &errs)
	}
	return a, code
}

// remarkedFiles are the files of this repository that a person may open, and those of a
// folder that is named in the environment: there they can be any.
func remarkedFiles(t *testing.T) (list []string) {
	t.Helper()
	for _, pattern := range []string{"../../../storage/workbook/testdata/programs/*.*", "../../../assets/*.xlsx", filepath.Join(os.Getenv("PUSHDESK_TEST_FILES"), "*.*")} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(pattern, "*") {
			list = append(list, found...)
		}
	}
	list = slices.DeleteFunc(list, func(path string) bool { return strings.HasSuffix(path, ".md") })
	if len(list) < 20 {
		t.Fatalf("%d files", len(list))
	}
	made := map[string]string{
		"total.csv":  "Item,Amount\na,1\nb,2\nc,3\nTotal,6\n",
		"offers.csv": "A,Paid,N\n1,yes,1\n2,no,2\n3,yes,3\n4,no,n/a\n5,yes,5\n6,no,6\n7,no,7\n8,no,8\n9,no,9\n10,no,10\n11,no,11\n",
		"twice.csv":  "A,A,\nx,1,z\ny,2,z\n", "blank.csv": "A,B\nx,\ny,\n", "Date.csv": "A,Day\nx,2026-01-05\ny,soon\n",
		"zones.csv": "A,At\nx,2026-01-05T10:00:00+02:00\ny,2026-01-06T10:00:00+02:00\n", "mixed.csv": "A,At\nx,2026-01-05T10:00:00+02:00\ny,2026-01-06T10:00:00Z\n",
		"unclear.csv": "A;Day;N\nx;03/04/2026;1.234\ny;05/06/2026;2.345\n", "empty.csv": "", "names.csv": "A,B\n",
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		list = append(list, written(t, name, made[name]))
	}
	return list
}

// TestTheWindowRemarksWhatTheCommandsDo opens files in the window and compares the codes of
// what it shows with those of the commands: the step Source with inspect, the step Check with
// a dry run, and its receipt with what is kept of the run. (That a send by command says the
// same, and keeps it, is TestOneListOfRemarksForAllTestdata in ui/command.) Files that need a
// decision first are compared up to there.
func TestTheWindowRemarksWhatTheCommandsDo(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	h, p := uploading(t)
	t.Setenv(storage.HomeVariable, h.desk.Home)
	if _, err := h.desk.Practice(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.faults().SetBehavior(faults.Behavior{Limits: traffic.Limits{Queries: 1_000_000}}); err != nil { // so many runs are counted in a minute
		t.Fatal(err)
	}
	sent := 0
	for i, original := range remarkedFiles(t) {
		if testing.Short() && i%6 != 0 {
			continue
		}
		name := fmt.Sprintf("%02d %s", i, filepath.Base(original)) // each goes into a dataset of its own
		text, err := os.ReadFile(original)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		inspected, read := h.ask("inspect", path)
		dry, checked := h.ask("send", path, "--practice", "--bad-rows", "blank", "--dry-run")

		p.Dropped([]string{path})
		if read != cli.ExitDone {
			h.until(func() bool { return p.notice.Visible() })
			continue
		}
		h.until(func() bool {
			r := p.now.draft.Reading
			return r.Book != nil && r.Book.Path() == path && !r.Profile.Provisional && !p.source.reads.Busy() && !p.source.full.Busy()
		})
		window := slices.DeleteFunc(inspected.shown(paragraphs(p.source.remarks.Content)), func(code string) bool { return code == infer.NoteHeaderGuess+" " })
		want := slices.DeleteFunc(inspected.codes(), func(code string) bool { return code == infer.NoteHeaderGuess+" " }) // the field of the names says it
		if !slices.Equal(window, want) {
			t.Errorf("%s: the step Source shows %v, inspect says %v", name, window, want)
		}
		if p.source.blocked() != "" {
			continue
		}
		for p.current < stepCheck && p.steps[p.current].blocked() == "" {
			was := p.current
			h.next(p)
			h.until(func() bool {
				return p.current > was && !p.destination.lists.Busy() && (p.current != stepCheck || p.now.draft.Checked != nil)
			})
		}
		if p.current < stepCheck {
			t.Errorf("%s: the step %d is not left: %s", name, p.current, p.steps[p.current].blocked())
			continue
		}
		var lines []string
		for _, row := range windowtest.All[*widget.CheckRow](h.canvas) {
			if strings.HasSuffix(row.Result().Title, "remark") || strings.HasSuffix(row.Result().Title, "remarks") {
				lines = strings.Split(row.Result().Evidence, "\n")
			}
		}
		if a, b := dry.shown(lines), dry.codes(); !slices.Equal(a, b) {
			t.Errorf("%s: the step Check shows %v, a dry run says %v", name, a, b)
		}
		if checked != cli.ExitDone {
			continue
		}
		if p.check.blocked() != "" {
			p.check.policy.OnChanged(slices.IndexFunc(mapping.Policies, func(p mapping.PolicyChoice) bool { return p.Policy == mapping.PolicyBlank }))
		}
		h.next(p)
		p.send.begin.Tapped(nil)
		h.sees("Upload another file")
		kept, _ := h.ask("runs", "show", "last")
		if a, b := kept.codes(), dry.codes(); !slices.Equal(a, b) {
			t.Errorf("%s: the receipt of the window's run says %v, a dry run %v", name, a, b)
		}
		if len(lines) > 0 {
			h.sees(strings.Join(lines, "\n")) // the receipt shows the same lines
		}
		sent++
	}
	if !testing.Short() && sent < 20 {
		t.Errorf("%d files were sent", sent)
	}
}

// paragraphs are the texts that stand in an object, piece by piece.
func paragraphs(root fyne.CanvasObject) (list []string) {
	windowtest.Walk(root, func(o fyne.CanvasObject) bool {
		if p, ok := o.(*widget.Paragraph); ok {
			list = append(list, p.Text())
		}
		return true
	})
	return list
}
