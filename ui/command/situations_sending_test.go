package command

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/failure"
	"pushdesk/ui/command/cli"
)

// local returns a send through the connection Local.
func local(path, dataset string, more ...string) []string {
	return append([]string{"send", path, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", dataset, "--table", "T"}, more...)
}

// endedRun is what a send, a resumption or runs show says in JSON of how it ended.
type endedRun struct {
	agreed
	Resumable     bool
	Kind          string
	Sentence      string
	Remedy        string
	ExitCode      int
	RowsRead      int64
	RowsTotal     int64
	RowsNotRead   int64
	RowsRejected  int64
	RowsUnknown   int64
	RowsNotSent   int64
	RowsConfirmed int64
	Undone        string
	Plan          *struct {
		Blockers []struct{ Kind, Sentence, Remedy string }
		Choices  []struct{ Kind, Sentence string }
	}
	Error *cli.Problem
}

// ran runs a command with --json and returns how it ended.
func (x *terminal) ran(code int, args ...string) (r endedRun) {
	x.t.Helper()
	x.want(code, append(args, "--json")...)
	x.document(&r)
	if r.RunID != "" && r.RowsRead != r.RowsSent+r.RowsRejected+r.RowsUnknown+r.RowsNotSent {
		x.t.Errorf("the sums do not add up:\n%s", x.stdout)
	}
	return r
}

// TestWaitsByTheServicesClock is S4: a Retry-After that is a date is measured against the
// service's own Date, which is an hour ahead or behind. Its siblings are a date that is over
// and a date in the message.
func TestWaitsByTheServicesClock(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, off := range map[string]time.Duration{"ahead": time.Hour, "behind": -time.Hour, "the same": 0} {
		t.Run(name, func(t *testing.T) {
			x := newTerminal(t)
			s, _ := x.service(practice.AppPractice)
			b := s.Faults().Behavior()
			b.DateOffMS = off.Milliseconds()
			if err := s.Faults().SetBehavior(b); err != nil {
				t.Fatal(err)
			}
			until := time.Now().Add(off + time.Second)
			id := s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: 1, Status: 429, Header: map[string]string{"Retry-After": until.UTC().Format(http.TimeFormat)}})
			began := time.Now()
			r := x.ran(cli.ExitDone, local(tempFile(t, "rows.csv", []byte("A,B\nx,1\n")), "Off", "--create")...)
			if took := time.Since(began); r.Status != "done" || took > 20*time.Second || s.Faults().Struck(id) != 1 {
				t.Errorf("%s after %v", r.Status, took)
			}
		})
	}
}

// TestRunAgainIsCheckedFirst is S6: a bad value in the last row is found before the first
// batch, the plan is shown, and somebody is asked.
func TestRunAgainIsCheckedFirst(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	path := tempFile(t, "rows.csv", []byte("A,B\nx,1\ny,2\n"))
	x.ran(cli.ExitDone, local(path, "Again", "--create")...)
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("A,B\nx,1\ny,2\nz,many\n")
	before := posts(s)
	x.want(cli.ExitData, "runs", "again", "last", "--yes")
	x.says("B4", "many")
	write("A,B\nx,1\ny,2\nz,3\n")
	x.want(cli.ExitDone, "runs", "again", "last", "--dry-run")
	x.says("Plan: 3 rows in 1 request")
	x.want(cli.ExitNothing, "runs", "again", "last")
	x.says("give --yes to add them once more, or --only-new")
	if strings.Contains(x.stderr, "--again") {
		t.Errorf("it has no such flag: %s", x.stderr)
	}
	x.lines = []string{"n"}
	x.run("runs", "again", "last")
	x.lines = nil
	if posts(s) != before || len(rowsOf(t, s, "Again", "T")) != 2 {
		t.Errorf("%d requests more, %d rows", posts(s)-before, len(rowsOf(t, s, "Again", "T")))
	}
	if r := x.ran(cli.ExitDone, "runs", "again", "last", "--yes"); r.RowsSent != 3 {
		t.Errorf("%+v", r)
	}
}

// A run is not repeated with a file whose columns have moved or were renamed: that ends as a
// send does whose columns no longer fit.
func TestRunAgainAfterTheColumnsChanged(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	path := tempFile(t, "rows.csv", []byte("A,B\nx,1\n"))
	x.ran(cli.ExitDone, local(path, "Again", "--create")...)
	before := posts(s)
	for text, says := range map[string]string{"B,A\n1,x\n": "has moved", "A,Amount\nx,1\n": "\"B\" is missing now"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, dry := range [][]string{nil, {"--dry-run"}} {
			x.want(cli.ExitContract, append([]string{"runs", "again", "last", "--yes"}, dry...)...)
			x.says("The columns of the file have changed", says, "--map FILE=TABLE")
		}
		x.want(cli.ExitContract, "runs", "again", "last", "--yes", "--json")
		var failed struct {
			Reason string
			Error  struct{ Kind, Code string }
		}
		if x.document(&failed); failed.Reason != cli.ReasonContract || failed.Error.Kind != string(failure.Contract) || failed.Error.Code != "columns-moved" {
			t.Errorf("%+v", failed)
		}
	}
	if posts(s) != before {
		t.Errorf("%d requests more", posts(s)-before)
	}
}

// TestAStoppedRunAccountsForTheFile is S7 and S11: --one-hour stops also where the service
// says that the hour is used up, and the receipt accounts for every row of the file.
func TestAStoppedRunAccountsForTheFile(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, Times: -1, Status: 429, RetryAfter: 3000})
	path := csv(t, 150_000)
	began := time.Now()
	r := x.ran(cli.ExitStopped, local(path, "Hour", "--create", "--one-hour")...)
	if r.Code != "hour-used" || !r.Resumable || r.RowsTotal != 150_000 || r.RowsSent == 0 || r.RowsRead+r.RowsNotRead != 150_000 || time.Since(began) > 5*time.Minute {
		t.Errorf("%s: total %d, read %d, not read %d, sent %d, not sent %d", r.Code, r.RowsTotal, r.RowsRead, r.RowsNotRead, r.RowsSent, r.RowsNotSent)
	}
	x.want(cli.ExitDone, "runs", "show", "last")
	x.says("runs resume", "150,000 rows, not all of them read")
	if shown := x.ran(cli.ExitDone, "runs", "show", "last"); shown.RowsRead+shown.RowsNotRead != 150_000 || shown.RowsNotSent != r.RowsNotSent {
		t.Errorf("the receipt: read %d, not read %d, not sent %d", shown.RowsRead, shown.RowsNotRead, shown.RowsNotSent)
	}
}

// TestABrokenUndo is S8: what the table holds, what is missing, the run and the command that
// goes on; and what cannot be undone is said before.
func TestABrokenUndo(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	one, two := tempFile(t, "one.csv", []byte("A,B\nx,1\ny,2\n")), tempFile(t, "two.csv", []byte("A,B\nz,3\n"))
	x.ran(cli.ExitDone, local(one, "Undo", "--create")...)
	last := x.ran(cli.ExitDone, local(two, "Undo")...)
	x.want(cli.ExitDone, "runs", "undo", last.RunID, "--dry-run")
	x.says("This cannot be undone", "2 rows that were there before")
	id := s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: -1, Status: 403, Body: `{"error":{"code":"Forbidden"}}`})
	if code := x.run("runs", "undo", last.RunID, "--yes"); code == cli.ExitDone {
		t.Error("it is done")
	}
	x.says("holds", "2 rows", last.RunID, "pushdesk runs undo "+last.RunID)
	s.Faults().Remove(id)
	if rows := rowsOf(t, s, "Undo", "T"); len(rows) != 0 {
		t.Errorf("%v", rows)
	}
	resume := ""
	for _, line := range strings.Split(x.stdout+x.stderr, "\n") {
		if at := strings.Index(line, "pushdesk runs resume "); at >= 0 {
			resume, _, _ = strings.Cut(line[at+len("pushdesk runs resume "):], " ")
		}
	}
	if resume != "" {
		x.want(cli.ExitDone, "runs", "resume", resume)
	} else {
		x.want(cli.ExitDone, "runs", "undo", last.RunID, "--yes")
	}
	if rows := rowsOf(t, s, "Undo", "T"); len(rows) != 2 {
		t.Errorf("%v", rows)
	}

	// Rows of others are deleted for good, which is said before a replacement.
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: 1, Others: 4})
	x.ran(cli.ExitDone, local(tempFile(t, "three.csv", []byte("A,B\nw,5\n")), "Undo")...)
	x.want(cli.ExitDone, local(two, "Undo", "--mode", "replace", "--again")...)
	x.says("They cannot be restored afterwards: this computer has not sent all of them.")
	x.want(cli.ExitUsage, "runs", "undo", "last", "--yes")
	x.says("cannot be undone")
}

// TestABrokenReplace is S8 for a replacement: deleted or not, what the table holds, how many
// rows are missing, and the commands that send the rest or go back.
func TestABrokenReplace(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	x.ran(cli.ExitDone, local(tempFile(t, "one.csv", []byte("A,B\nx,1\ny,2\n")), "Replaced", "--create")...)
	many := tempFile(t, "many.csv", []byte("A,B\n"+strings.Repeat("z,3\n", 25_000)))
	id := s.Faults().Add(faults.Fault{Operation: faults.OpDeleteRows, Times: -1, Status: 403})
	r := x.ran(cli.ExitConnection, local(many, "Replaced", "--mode", "replace")...)
	x.want(cli.ExitDone, "runs", "show", r.RunID)
	x.says("none were deleted")
	s.Faults().Remove(id)
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, Times: -1, Role: practice.RoleViewer})
	x.want(cli.ExitStopped, local(many, "Replaced", "--mode", "replace")...)
	x.says("The earlier rows were deleted. It holds ", " rows of this run; ", " rows are missing", // whichever batch came first
		"To send the rest: pushdesk runs resume ", "To go back to the rows that were there before: pushdesk runs undo ")
	s.Faults().Clear()
	if err := s.SetRole(practice.Workspace, practice.AppPractice, practice.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "runs", "undo", "last", "--yes")
	if rows := rowsOf(t, s, "Replaced", "T"); len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
}

// TestReplaceThatTheHourDoesNotCover is S9: a dry run and a run refuse it in the same words
// and with the same exit code, nothing is deleted, and --in-parts is the way out.
func TestReplaceThatTheHourDoesNotCover(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	x.ran(cli.ExitDone, local(tempFile(t, "few.csv", []byte("A\n1\n2\n")), "Full", "--create")...)
	many := tempFile(t, "many.csv", []byte("A\n"+strings.Repeat("7\n", 1_000_001)))
	replace := local(many, "Full", "--mode", "replace")
	dry := x.ran(cli.ExitData, append(replace[:len(replace):len(replace)], "--dry-run")...)
	x.want(cli.ExitData, append(replace[:len(replace):len(replace)], "--dry-run")...)
	x.says("partly filled", "--in-parts")
	run := x.ran(cli.ExitData, replace...)
	if dry.Error == nil || run.Error == nil || dry.Error.Code != "limits-replace" || *dry.Error != *run.Error || dry.Reason != run.Reason {
		t.Errorf("%+v\n%+v", dry.Error, run.Error)
	}
	if dry.Plan == nil || len(dry.Plan.Blockers) != 1 || dry.Plan.Blockers[0].Sentence != dry.Error.Sentence ||
		!slices.ContainsFunc(dry.Plan.Choices, func(c struct{ Kind, Sentence string }) bool { return c.Kind == "inParts" }) {
		t.Errorf("%+v", dry.Plan)
	}
	if rows := rowsOf(t, s, "Full", "T"); len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
	if dry := x.ran(cli.ExitDone, append(replace[:len(replace):len(replace)], "--in-parts", "--dry-run")...); dry.Status != "checked" || len(dry.Plan.Blockers) != 0 {
		t.Errorf("%+v", dry)
	}
	// The same of several tables, and of a run that is done again.
	x.want(cli.ExitData, "send", many, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Full", "--into", "many=T", "--mode", "replace", "--dry-run")
	x.says("partly filled", "--in-parts")
}

// TestARunThatCannotSucceed is S14: a Viewer's run and a refused sign-in end with the
// connection's exit code, and nothing is offered to resume.
func TestARunThatCannotSucceed(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	path := tempFile(t, "rows.csv", []byte("A,B\nx,1\n"))
	x.ran(cli.ExitDone, local(path, "There", "--create")...)
	x.passes(10 * time.Minute) // a dataset that is new is waited for
	next := tempFile(t, "next.csv", []byte("A,B\ny,2\n"))
	fails := func(name string, line ...string) {
		t.Helper()
		r := x.ran(cli.ExitConnection, line...)
		if r.Resumable || r.Reason != "connection" || strings.Contains(x.stdout+x.stderr, "runs resume") {
			t.Errorf("%s: %+v", name, r)
		}
		x.want(cli.ExitConnection, line...)
		if strings.Contains(x.stdout+x.stderr, "runs resume") {
			t.Errorf("%s:\n%s%s", name, x.stdout, x.stderr)
		}
	}
	v, ok := s.Credential(practice.AppViewer)
	if !ok {
		t.Fatal("no viewer")
	}
	x.env[cli.SecretVariable] = v.ClientSecret
	x.add(s, "Viewer", v.TenantID, v.ClientID)
	as := func(connection string, line []string) []string {
		line = slices.Clone(line)
		line[slices.Index(line, "Local")] = connection
		return line
	}
	fails("a viewer", as("Viewer", local(next, "There"))...)
	fails("a viewer creates", as("Viewer", local(next, "New", "--create"))...)
	fails("a viewer replaces", as("Viewer", local(next, "There", "--mode", "replace"))...)
	k, _ := s.Credential(practice.AppPractice)
	x.env[cli.SecretVariable] = k.ClientSecret + "x"
	fails("a wrong secret", local(next, "There")...)
	e, _ := s.Credential(practice.AppExpired)
	x.env[cli.SecretVariable] = e.ClientSecret
	x.add(s, "Expired", e.TenantID, e.ClientID)
	fails("an expired secret", as("Expired", local(next, "There"))...)
	if rows := rowsOf(t, s, "There", "T"); len(rows) != 1 {
		t.Errorf("%v", rows)
	}
}

// TestEveryRunSaysThatTheSecretExpires is S15: within 30, 14 and 3 days and afterwards, in
// text, in JSON and in the receipt; of a send, a dry run, several tables, a run that is done
// again, resumed, and of what an undo sends again.
func TestEveryRunSaysThatTheSecretExpires(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	both := twoSheets(t, false)
	expires := func(days int) {
		t.Helper()
		x.want(cli.ExitDone, "connection", "edit", "Local", "--expires", time.Now().AddDate(0, 0, days).Format(time.DateOnly))
	}
	path := tempFile(t, "rows.csv", []byte("A,B\nx,1\n"))
	soon := func(r endedRun) string {
		for _, m := range r.Remarks {
			if m.Code == job.RemarkSecret {
				return m.Sentence
			}
		}
		return ""
	}
	for days, want := range map[int]string{45: "", 29: "expires in 29 days", 13: "expires in 13 days", 2: "expires in 2 days", 0: "expires today", -3: "expired on"} {
		expires(days)
		dry := x.ran(cli.ExitDone, local(path, fmt.Sprint("In ", days), "--create", "--dry-run")...)
		run := x.ran(cli.ExitDone, local(path, fmt.Sprint("In ", days), "--create")...)
		kept := x.ran(cli.ExitDone, "runs", "show", "last")
		for _, r := range []endedRun{dry, run, kept} {
			if got := soon(r); want == "" && got != "" || !strings.Contains(got, want) {
				t.Errorf("in %d days: %q", days, got)
			}
		}
		x.want(cli.ExitDone, "runs", "show", "last")
		if want != "" {
			x.says(want)
		}
	}
	expires(45)
	first := x.ran(cli.ExitDone, local(path, "Kinds", "--create")...)
	stays := tempFile(t, "many.csv", []byte("A,B\n"+strings.Repeat("y,2\n", 25_000)))
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, Times: -1, Role: practice.RoleViewer})
	stopped := x.ran(cli.ExitStopped, local(stays, "Kinds")...)
	s.Faults().Clear()
	if err := s.SetRole(practice.Workspace, practice.AppPractice, practice.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	if soon(first)+soon(stopped) != "" {
		t.Errorf("%q %q", soon(first), soon(stopped))
	}
	expires(5)
	x.want(cli.ExitDone, "send", both, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Set", "--into", "Orders=O", "--into", "Depots=D", "--create", "--dry-run", "--json")
	x.says("expires in 5 days")
	if got := soon(x.ran(cli.ExitDone, "runs", "again", first.RunID, "--yes", "--dry-run")); !strings.Contains(got, "in 5 days") {
		t.Errorf("again: %q", got)
	}
	if got := soon(x.ran(cli.ExitDone, "runs", "resume", stopped.RunID)); !strings.Contains(got, "in 5 days") {
		t.Errorf("resume: %q", got)
	}
	last := x.ran(cli.ExitDone, local(tempFile(t, "next.csv", []byte("A,B\nz,3\n")), "Kinds")...)
	x.want(cli.ExitDone, "runs", "undo", last.RunID, "--yes", "--json")
	var undone struct{ SentAgain []endedRun }
	if x.document(&undone); len(undone.SentAgain) != 2 || !strings.Contains(soon(undone.SentAgain[0]), "in 5 days") {
		t.Errorf("undo: %+v", undone)
	}
}

// TestUndoneRunsAreShownAsUndone is S18, in every list of the terminal.
func TestUndoneRunsAreShownAsUndone(t *testing.T) {
	x := apart(t)
	x.service(practice.AppPractice)
	path := tempFile(t, "rows.csv", []byte("A,B\nx,1\n"))
	r := x.ran(cli.ExitDone, local(path, "Undone", "--create")...)
	x.want(cli.ExitDone, "runs", "undo", r.RunID, "--yes")
	x.want(cli.ExitDone, "runs", "list")
	x.says("undone")
	if strings.Contains(x.stdout, "  done") {
		t.Errorf("it is listed as done:\n%s", x.stdout)
	}
	x.want(cli.ExitDone, "runs", "list", "--json")
	var list struct{ Runs []endedRun }
	if x.document(&list); len(list.Runs) != 1 || list.Runs[0].Status != "undone" || list.Runs[0].Undone == "" {
		t.Errorf("%+v", list.Runs)
	}
	if shown := x.ran(cli.ExitDone, "runs", "show", r.RunID); shown.Status != "undone" {
		t.Errorf("%+v", shown)
	}
	x.want(cli.ExitDone, "runs", "show", r.RunID)
	x.says("Undone")
	x.want(cli.ExitDone, "runs", "export")
	x.says("undone")
	// Its rows are not in the table, so that they are no repetition.
	if again := x.ran(cli.ExitDone, local(path, "Undone")...); again.RowsSent != 1 {
		t.Errorf("%+v", again)
	}
}

// TestAFullTable is S10: nothing is sent into a table that has no room, and what is offered
// instead is not to wait, since no waiting brings room.
func TestAFullTable(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	x.ran(cli.ExitDone, local(tempFile(t, "one.csv", []byte("A,B\nx,1\n")), "Full", "--create")...)
	before := posts(s)
	for rows, fits := range map[int]bool{5_000_000: false, 4_999_999: true} {
		id := s.Faults().Add(faults.Fault{Operation: faults.OpQuery, Times: -1, Status: 200, Body: fmt.Sprintf(`{"results":[{"tables":[{"rows":[{"[n]":%d}]}]}]}`, rows)})
		next := local(tempFile(t, "two.csv", []byte("A,B\ny,2\nz,3\n")), "Full")
		dry := x.ran(cli.ExitData, append(next[:len(next):len(next)], "--dry-run")...)
		run := x.ran(cli.ExitData, next...)
		s.Faults().Remove(id)
		if dry.Error == nil || run.Error == nil || *dry.Error != *run.Error || dry.Plan == nil {
			t.Fatalf("%+v\n%+v", dry, run)
		}
		kinds := map[string]bool{}
		for _, c := range dry.Plan.Choices {
			kinds[c.Kind] = true
		}
		if kinds["wait"] || kinds["oneHour"] || !kinds["replace"] || kinds["fits"] != fits {
			t.Errorf("with %d rows: %v", rows, dry.Plan.Choices)
		}
	}
	if posts(s) != before {
		t.Error("something was sent")
	}
}

// TestTheHistoryIsReadWhileARunGoesOn is S16: a list and a receipt wait for no run, and what
// a run does is seen in them.
func TestTheHistoryIsReadWhileARunGoesOn(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	held := make(chan struct{})
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: -1, Hold: held})
	path := tempFile(t, "rows.csv", []byte("A,B\nx,1\n"))
	other := *x // a terminal beside it
	ended := make(chan int)
	go func() {
		y := other
		ended <- y.run(local(path, "Held", "--create")...)
	}()
	for deadline := time.Now().Add(time.Minute); posts(s) == 0 && len(s.Requests()) < 1_000_000 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		x.want(cli.ExitDone, "runs", "list", "--json")
		if strings.Contains(x.stdout, `"running"`) {
			break
		}
	}
	x.want(cli.ExitDone, "runs", "list")
	x.says("running")
	x.want(cli.ExitDone, "runs", "show", "last")
	x.says("Running: no rows sent")
	close(held)
	if code := <-ended; code != cli.ExitDone {
		t.Errorf("exit code %d", code)
	}
	x.want(cli.ExitDone, "runs", "show", "last")
	x.says("Done: 1 row sent")
}

// TestTheNextCommandWaitsForANewDataset is a sibling of S2: a dataset that another command
// created a moment ago may seem not to be there, too; one that was there for long is gone.
func TestTheNextCommandWaitsForANewDataset(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	next := tempFile(t, "next.csv", []byte("A,B\ny,2\n"))
	gone := faults.Fault{Operation: faults.OpRows, Times: 1, Status: 404, Body: `{"error":{"code":"PowerBIEntityNotFound"}}`}
	x.ran(cli.ExitDone, local(tempFile(t, "first.csv", []byte("A,B\nx,1\n")), "New", "--create")...)
	s.Faults().Add(gone)
	if r := x.ran(cli.ExitDone, local(next, "New", "--create")...); r.RowsSent != 1 {
		t.Errorf("%+v", r)
	}
	s.Faults().Clear()
	_, err := clientOf(t, s).CreateDataset(t.Context(), mustWorkspace(t, s), powerbi.DatasetSchema{Name: "Old",
		Tables: []powerbi.Table{{Name: "T", Columns: []powerbi.Column{{Name: "A", DataType: powerbi.String}, {Name: "B", DataType: powerbi.Int64}}}}}, powerbi.RetentionNone)
	if err != nil {
		t.Fatal(err)
	}
	s.Faults().Add(gone)
	if code := x.run(local(next, "Old", "--accept-guesses")...); code == cli.ExitDone {
		t.Error("a dataset that nobody here created is waited for")
	}
}

// mustWorkspace is the ID of the practice workspace.
func mustWorkspace(t *testing.T, s *practice.Service) string {
	t.Helper()
	id, err := s.WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
