package push

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/words"
	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
)

func TestSend(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	src := rows(1234)
	src.Bad = map[int]cell.Cell{7: num(0.5), 700: textCell("abc"), 900: {Kind: cell.Error, Text: "#N/A"}}
	var last Progress
	r, err := b.send(context.Background(), src, Options{Origin: history.Origin{Policy: mapping.PolicySkip, File: "stock.xlsx", Sheet: "Stock"}, TotalRows: 1234}, func(p Progress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != history.StatusPartial || r.RowsRead != 1234 || r.RowsSent != 1232 || r.RowsRejected != 2 || r.RowsConfirmed != 1232 || r.ConfirmedBy != "row count" {
		t.Errorf("%+v", r)
	}
	if r.Batches != 13 || r.Requests != 13 || r.Retries != 0 || len(r.Problems) != 3 || r.Problems[0].Address != "A9" {
		t.Errorf("%d batches, %d requests, %d retries, problems %+v", r.Batches, r.Requests, r.Retries, r.Problems)
	}
	if r.Workspace != practice.Workspace || r.Dataset != "Depot stock" || r.Table != "Stock" || r.File != "stock.xlsx" || r.RunID == "" {
		t.Errorf("%+v", r)
	}
	if last.RowsRead != 1234 || last.RowsSent != 1232 || last.RowsRejected != 2 || last.Batches != 13 {
		t.Errorf("last progress %+v", last)
	}
	got := b.stored()
	nulls := 0
	for _, id := range got {
		if id == -1 {
			nulls++
		}
	}
	if len(got) != 1232 || nulls != 1 {
		t.Errorf("%d rows stored, %d without an ID", len(got), nulls)
	}
}

func TestReceiptJSON(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	r, err := b.send(context.Background(), rows(5), Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	json.Unmarshal(out, &got)
	for _, key := range []string{"runId", "status", "rowsRead", "rowsSent", "rowsConfirmed", "rowsRejected", "rowsUnknown", "rowsNotSent",
		"batches", "requests", "retries", "durationMs", "workspace", "dataset", "table", "problems"} {
		if v, ok := got[key]; !ok || v == nil {
			t.Errorf("%s is missing in %s", key, out)
		}
	}
}

func TestSendNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	if _, err := b.send(context.Background(), rows(10), Options{}, nil); err != nil {
		t.Fatal(err)
	}
	// A source without rows must not empty the table.
	r, err := b.send(context.Background(), rows(0), Options{Origin: history.Origin{Mode: plan.ModeReplace}}, nil)
	if err != nil || r.Status != history.StatusDone || r.RowsRead != 0 || r.Deleted {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(everyRow, 10)
}

func TestReplace(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	if _, err := b.send(context.Background(), rows(250), Options{}, nil); err != nil {
		t.Fatal(err)
	}
	// Trouble before the delete and a lost answer to it are waited out.
	b.service.Faults().Add(faults.Fault{Operation: faults.OpDeleteRows, Status: 429, RetryAfter: 40})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpDeleteRows, After: 1, CutAfter: true})
	r, err := b.send(context.Background(), rows(120), Options{Origin: history.Origin{Mode: plan.ModeReplace}}, nil)
	if err != nil || r.Status != history.StatusDone || !r.Deleted || r.RowsConfirmed != 120 || *r.RowsBefore != 250 || *r.RowsAfter != 120 {
		t.Errorf("%+v, %v", r, err)
	}
	if r.DurationMs < 40_000 {
		t.Errorf("Retry-After was not obeyed: %d ms", r.DurationMs)
	}
	b.holds(everyRow, 120)
}

func TestReplaceRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	if _, err := b.send(context.Background(), rows(50), Options{}, nil); err != nil {
		t.Fatal(err)
	}
	b.service.Faults().Add(faults.Fault{Operation: faults.OpDeleteRows, Status: 401, ErrorInfo: "GroupNotAccessible", Times: -1})
	r, err := b.send(context.Background(), rows(120), Options{Origin: history.Origin{Mode: plan.ModeReplace}}, nil)
	if err == nil || r.Status != history.StatusFailed || r.Deleted || r.RowsSent != 0 || r.Requests != 0 || r.FirstUnsentRow != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(everyRow, 50)
}

func TestStopAtTheFirstProblem(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	src := rows(1000)
	src.Bad = map[int]cell.Cell{555: num(0.5)}
	r, err := b.send(context.Background(), src, Options{}, nil)
	var row *RowError
	if !errors.As(err, &row) || row.Problem.Address != "A557" || r.Status != history.StatusFailed || r.RowsSent != 500 || r.RowsNotSent != 56 || r.FirstUnsentRow != 502 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(func(id int) bool { return id < 500 }, 1000)
}

func TestDamagedSource(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	src := rows(1000)
	src.Fails = 450
	r, err := b.send(context.Background(), src, Options{}, nil)
	if !errors.Is(err, src.Broken) || r.Status != history.StatusFailed || r.RowsSent != 400 || r.RowsNotSent != 50 || r.FirstUnsentRow != 402 || r.RowsConfirmed != 400 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(func(id int) bool { return id < 400 }, 1000)
}

func TestCountingNotAllowed(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.SetExecuteQueriesAllowed(false)
	r, err := b.send(context.Background(), rows(250), Options{}, nil)
	if err != nil || r.Status != history.StatusDone || r.RowsSent != 250 || r.RowsConfirmed != 0 || r.ConfirmedBy != "" || r.Unconfirmed == nil {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestFIFOProvesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionFIFO, practice.Options{})
	b.api = fuller{b.api, powerbi.MaxRowsFIFO - 550}
	r, err := b.send(context.Background(), rows(1000), Options{}, nil)
	if err != nil || r.Status != history.StatusDone || r.RowsSent != 1000 || r.RowsConfirmed != 0 || r.ConfirmedBy != "" || !strings.Contains(words.Unconfirmed(r), "proves nothing") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestOtherWriters(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	src := rows(300)
	src.At = func(i int) {
		if i == 250 {
			b.client.AddRows(context.Background(), b.target.WorkspaceID, b.target.DatasetID, "Stock",
				[]byte(`{"rows":[{"ID":9999,"Depot":"","Value":0,"CountedOn":null}]}`))
		}
	}
	// The count before the run must come before that.
	r, err := b.send(context.Background(), src, Options{Pace: plan.Pace{BatchRows: 10}}, nil)
	if err != nil || r.Status != history.StatusDone || r.RowsSent != 300 || r.RowsConfirmed != 0 || r.Unconfirmed == nil {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestPlanIsKept compares the time that a plan predicts with what the run takes
// on a driven clock, against a service that enforces the limits.
func TestPlanIsKept(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	for name, c := range map[string]struct {
		rows, batch int
		limits      traffic.Limits
		pace        plan.Pace
		before      int
	}{
		"minute":         {3100, 10, traffic.Limits{}, plan.Pace{}, 0},
		"rows an hour":   {3500, 50, traffic.Limits{RowsPerHour: 1000}, plan.Pace{RowsPerHour: 1000}, 0},
		"slow mode":      {3000, 10, traffic.Limits{SlowFrom: 500}, plan.Pace{SlowFrom: 500}, 0},
		"slow, existing": {1300, 10, traffic.Limits{SlowFrom: 500}, plan.Pace{SlowFrom: 500}, 600},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{Limits: c.limits}})
			if c.before > 0 {
				if _, err := b.send(context.Background(), rows(c.before), Options{Pace: plan.Pace{BatchRows: 10_000}}, nil); err != nil {
					t.Fatal(err)
				}
				b.clock.mu.Lock()
				b.clock.now = b.clock.now.Add(time.Hour)
				b.clock.mu.Unlock()
			}
			c.pace.BatchRows = c.batch
			plan := plan.Make(plan.Input{Rows: int64(c.rows), Batches: c.rows / c.batch, ExistingRows: int64(c.before), Now: b.clock.Now(), Pace: c.pace})
			r, err := b.send(context.Background(), rows(c.rows), Options{Pace: c.pace}, nil)
			if err != nil || r.RowsConfirmed != int64(c.rows) {
				t.Fatalf("%+v, %v", r, err)
			}
			took := time.Duration(r.DurationMs) * time.Millisecond
			if diff := took - plan.LeastTime; diff < -plan.LeastTime/20 || diff > plan.LeastTime/20 {
				t.Errorf("planned %v, took %v", plan.LeastTime, took)
			}
			if _, throttled := b.posts(429); throttled > 0 || r.Retries > 0 {
				t.Errorf("%d requests were refused for coming too early", throttled)
			}
		})
	}
}

// TestTheCallersListsAreLeft: what sends, or makes a dataset, writes into no list it was given.
func TestTheCallersListsAreLeft(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	given := func() (m mapping.Mapping, o history.Origin, columns []powerbi.Column) {
		m = mapping.Mapping{Table: "Stock", Fields: append(make([]mapping.Field, 0, 50), stockMapping.Fields...)}
		o = history.Origin{Policy: mapping.PolicySkip, FileHash: "h", Remarks: append(make([]remark.Remark, 0, 9), remark.New(remark.Guess, "one", "One.").On("B7", "B9")),
			Contract: &mapping.Contract{Matched: []mapping.Joined{}, New: append(make([]string, 0, 9), "Extra")}}
		columns = append(make([]powerbi.Column, 0, 9), powerbi.Column{Name: "A", DataType: powerbi.Int64}, powerbi.Column{Name: "B", DataType: powerbi.String})
		return m, o, columns
	}
	m, o, columns := given()
	src := rows(500)
	src.Bad = map[int]cell.Cell{7: num(0.5), 300: num(0.5)}
	r, err := Send(context.Background(), NewTarget(b.api, b.target), m, src, Options{Origin: o, Clock: b.clock, Journal: begin(t, openRuns(t)), Pace: plan.Pace{BatchRows: 100}}, nil)
	if err != nil || r.RowsRejected != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	tables := append(make([]powerbi.Table, 0, 4), powerbi.Table{Name: "T", Columns: columns})
	if _, err := b.client.CreateDataset(context.Background(), b.target.WorkspaceID, powerbi.DatasetSchema{Name: "Own", Tables: tables}, powerbi.RetentionNone); err != nil {
		t.Fatal(err)
	}
	mm, oo, cc := given()
	if !reflect.DeepEqual(m, mm) || !reflect.DeepEqual(o, oo) || !reflect.DeepEqual(columns, cc) || len(tables) != 1 {
		t.Errorf("%+v\n%+v\n%+v", m, o, columns)
	}
	// Nor behind the end of one, where room was left.
	if f := m.Fields[:cap(m.Fields)]; !reflect.DeepEqual(f[len(m.Fields):], make([]mapping.Field, cap(m.Fields)-len(m.Fields))) {
		t.Errorf("%+v", f)
	}
	if c := columns[:cap(columns)]; !reflect.DeepEqual(c[2:], make([]powerbi.Column, cap(columns)-2)) {
		t.Errorf("%+v", c)
	}
	if n := o.Remarks[:cap(o.Remarks)]; !reflect.DeepEqual(n[1:], make([]remark.Remark, cap(n)-1)) {
		t.Errorf("%+v", n)
	}
}
