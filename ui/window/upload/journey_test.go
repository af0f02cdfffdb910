package upload

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage"
	"pushdesk/storage/workbook"
	"pushdesk/ui/command"
	"pushdesk/ui/command/cli"
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

// TestTheWindowRemarksWhatTheCommandsDo compares the codes of what is remarked of files of
// many programs: in inspect, a dry run, a send, its receipt and the steps of the window.
func TestTheWindowRemarksWhatTheCommandsDo(t *testing.T) {
	list, err := filepath.Glob("../../../storage/workbook/testdata/programs/*.*")
	if err != nil || len(list) < 20 {
		t.Fatalf("%d files, %v", len(list), err)
	}
	h, _ := uploading(t)
	t.Setenv(storage.HomeVariable, h.desk.Home)
	for i, path := range list {
		if strings.HasSuffix(path, ".md") || testing.Short() && i%6 != 0 {
			continue
		}
		name := filepath.Base(path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		path = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = r.Paged(t.Context(), h.desk.Home, nil); err != nil { // as the step Source does
			t.Fatal(err)
		}
		type answer struct {
			RunID   string
			Remarks []cli.Remark
		}
		codes := func(a answer) (list []string) {
			for _, r := range a.Remarks {
				list = append(list, r.Code+" "+r.Column)
			}
			slices.Sort(list)
			return list
		}
		var window answer
		window.Remarks = cli.Remarks(r.Remarks())
		var inspected, dry, sent, kept answer
		to := []string{path, "--practice", "--dataset", name, "--bad-rows", "blank", "--json"}
		h.commandLine(cli.ExitDone, &inspected, "inspect", path, "--json")
		h.commandLine(cli.ExitDone, &dry, append([]string{"send", "--dry-run"}, to...)...)
		if a, b := codes(inspected), codes(window); !slices.Equal(a, b) {
			t.Errorf("%s: inspect says %v, the window %v", name, a, b)
		}
		conn, err := h.desk.PracticeConnection(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		dest := job.PracticeDestination(job.Connection{ID: conn.ID, Name: conn.Name, Service: "practice"}, r)
		dest.Dataset = name
		place, err := h.desk.Locate(t.Context(), dest)
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.desk.Check(t.Context(), job.Draft{}.From(r).To(place, "").Map(job.Propose(r, place)).Bad(mapping.PolicyBlank), nil)
		if err != nil {
			t.Fatal(err)
		}
		window.Remarks = cli.Remarks(d.Remarks())
		if a, b := codes(dry), codes(window); !slices.Equal(a, b) {
			t.Errorf("%s: a dry run says %v, the window %v", name, a, b)
		}
		h.commandLine(cli.ExitDone, &sent, append([]string{"send"}, to...)...)
		h.commandLine(cli.ExitDone, &kept, "runs", "show", sent.RunID, "--json")
		if a, b, c := codes(dry), codes(sent), codes(kept); !slices.Equal(a, b) || !slices.Equal(b, c) {
			t.Errorf("%s: a dry run says %v, a send %v, the receipt %v", name, a, b, c)
		}
		if err := r.Book.Close(); err != nil {
			t.Error(err)
		}
	}
}
