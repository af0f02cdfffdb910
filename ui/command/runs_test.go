package command

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
	"pushdesk/ui/command/cli"
)

// csv writes a text file of numbered rows.
func csv(t *testing.T, rows int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("Item,Amount\n")
	for i := range rows {
		b.WriteString("Thing " + humanize.Number(i) + ";")
		b.WriteByte('\n')
	}
	return tempFile(t, "things.csv", []byte(strings.ReplaceAll(strings.ReplaceAll(b.String(), ",", ""), "ItemAmount", "Item;Amount")))
}

func toLocal(path string, more ...string) []string {
	return append([]string{"send", path, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "Things", "--table", "Things", "--create", "--json"}, more...)
}

func TestCancelledRunIsResumed(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	path := csv(t, 95_000)

	// From the third on, batches wait at the service until somebody has pressed Ctrl+C.
	held := make(chan struct{})
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 2, Times: -1, Hold: held})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(held)
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if posts(s) >= 2 {
				break
			}
		}
		cancel()
	}()
	if code := x.runUntil(ctx, toLocal(path)...); code != cli.ExitStopped {
		t.Fatalf("exit code %d, want %d\n%s\n%s", code, cli.ExitStopped, x.stdout, x.stderr)
	}
	first := x.account()
	if first.Status != string(history.StatusStopped) || !first.Resumable || first.RowsSent == 0 || first.RowsSent == 95_000 {
		t.Errorf("%+v", first)
	}
	s.Faults().Clear()

	x.want(cli.ExitDone, "runs", "list")
	x.says(first.RunID, "stopped", "things.csv")
	x.want(cli.ExitDone, "runs", "show", first.RunID)
	x.says("pushdesk runs resume " + first.RunID)

	x.want(cli.ExitDone, "runs", "resume", first.RunID, "--json")
	if a := x.account(); a.Status != "done" || a.RowsSent != 95_000 || a.RowsConfirmed != 95_000 || a.RunID != first.RunID {
		t.Errorf("%+v", a)
	}
	if rows := rowsOf(t, s, "Things", "Things"); len(rows) != 95_000 || rows[0]["Item"] == rows[1]["Item"] {
		t.Errorf("%d rows are stored, want 95,000", len(rows))
	}
	x.want(cli.ExitUsage, "runs", "resume", first.RunID)
	x.says("nothing is left to send")
}

// TestARunOfARenamedTableIsResumed: the table has another name when the run goes on.
func TestARunOfARenamedTableIsResumed(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 5, Times: -1, Role: practice.RoleViewer})
	x.want(cli.ExitStopped, toLocal(csv(t, 55_000))...)
	first := x.account()
	s.Faults().Clear()
	if err := s.SetRole(practice.Workspace, practice.AppPractice, practice.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	if err := s.RenameTable(first.DatasetID, "Things", "Objects"); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitStopped, "runs", "resume", first.RunID)
	x.says("renamed")
	x.want(cli.ExitUsage, "runs", "resume", first.RunID, "--table", "Nothing")
	x.want(cli.ExitDone, "runs", "resume", first.RunID, "--table", "Objects", "--json")
	if a := x.account(); a.Status != "done" || a.RowsSent != 55_000 || a.RowsConfirmed != 55_000 || first.RowsSent == 0 {
		t.Errorf("%+v", a)
	}
	if rows := rowsOf(t, s, "Things", "Objects"); len(rows) != 55_000 {
		t.Errorf("%d rows are stored, want 55,000", len(rows))
	}
}

func posts(s *practice.Service) (n int) {
	for _, r := range s.Requests() {
		if r.Operation == faults.OpRows {
			n++
		}
	}
	return n
}

func TestAChangedFileIsNotResumed(t *testing.T) {
	x := apart(t)
	s, k := x.service(practice.AppPractice)
	path := csv(t, 75_000)
	// The sixth request goes out when one of the first five was answered.
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 5, Times: -1, Role: practice.RoleViewer})
	x.want(cli.ExitStopped, toLocal(path)...)
	a := x.account()
	if !a.Resumable || a.RowsSent == 0 || a.RowsNotSent == 0 || a.Reason == "" {
		t.Errorf("%+v", a)
	}
	s.Faults().Clear()
	if err := s.SetRole(practice.Workspace, k.ClientID, practice.RoleAdmin); err != nil {
		t.Fatal(err)
	}

	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole, "one more;1\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitData, "runs", "resume", a.RunID)
	x.says("changed")

	moved := tempFile(t, "moved.csv", whole)
	x.want(cli.ExitDone, "runs", "resume", a.RunID, "--file", moved)
	if n := len(rowsOf(t, s, "Things", "Things")); n != 75_000 {
		t.Errorf("%d rows are stored, want 75,000", n)
	}
}

// TestTroubleOnTheWay has the kinds of trouble that need no long waits; powerbi/push
// tests all of them on a driven clock.
func TestTroubleOnTheWay(t *testing.T) {
	for name, fault := range map[string]faults.Fault{
		"cut after":     {CutAfter: true},
		"throttled":     {Status: 429, RetryAfter: 1},
		"token revoked": {RevokeTokens: true},
	} {
		t.Run(name, func(t *testing.T) {
			x := newTerminal(t)
			s, _ := x.service(practice.AppPractice)
			fault.Operation, fault.After, fault.Times = faults.OpRows, 1, 1
			id := s.Faults().Add(fault)
			x.want(cli.ExitDone, toLocal(csv(t, 12_000))...)
			if s.Faults().Struck(id) == 0 {
				t.Error("the fault never struck")
			}
			if a := x.account(); a.Status != "done" || a.RowsSent != 12_000 || a.RowsConfirmed != 12_000 {
				t.Errorf("%+v", a)
			}
			if n := len(rowsOf(t, s, "Things", "Things")); n != 12_000 {
				t.Errorf("%d rows are stored, want 12,000", n)
			}
		})
	}
}

// TestAgainAsItWasDecided: a run that was sent although columns did not match is done again so,
// and says nothing of values that are not sent.
func TestAgainAsItWasDecided(t *testing.T) {
	x := newTerminal(t)
	to := []string{"--practice", "--dataset", "D", "--table", "T"}
	x.want(cli.ExitDone, append([]string{"send", tempFile(t, "a.csv", []byte("Id,N\n1,2\n3,4\n"))}, to...)...)
	x.want(cli.ExitDone, append([]string{"send", tempFile(t, "b.csv", []byte("Id,N,Paid\n5,6,yes\n7,8,no\n")), "--on-drift", "warn"}, to...)...)
	if strings.Contains(x.stdout, "Column \"Paid\": The column is sent") {
		t.Error(x.stdout)
	}
	x.want(cli.ExitDone, "runs", "again", "last", "--yes")
	x.says("New in the file: Paid")
}
