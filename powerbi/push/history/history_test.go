package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

var noon = time.Date(2026, 7, 28, 12, 0, 0, 0, time.UTC)

func openIn(t testing.TB, dir string) *History {
	t.Helper()
	h, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func open(t testing.TB) *History { return openIn(t, filepath.Join(t.TempDir(), "runs")) }

// started begins a run that sends into a table.
func started(t testing.TB, h *History, at time.Time) *Journal {
	t.Helper()
	j, err := h.Begin()
	if err != nil {
		t.Fatal(err)
	}
	about := About{RunID: j.ID(), Target: Table{DatasetID: "d", Table: "Stock", Retention: powerbi.RetentionNone},
		Mapping: mapping.Mapping{Table: "Stock"}, Origin: Origin{FileHash: "h"}, TotalRows: 100}
	if err := j.Start(context.Background(), about, at, nil); err != nil {
		t.Fatal(err)
	}
	return j
}

// sent has a run send some batches of ten rows each.
func sent(t testing.TB, j *Journal, batches int, at time.Time) {
	t.Helper()
	for i := range batches {
		post := Entry{Kind: Posted, Batch: i + 1, Rows: 10, Spans: []Span{{10 * i, 10*i + 9}}, First: 10*i + 2, Last: 10*i + 11, Try: 1}
		id, ok, err := j.Reserve(context.Background(), at, post, func(plan.Usage) bool { return true })
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := j.End(context.Background(), id, Answer{Counts: true, Accepted: 10}, Entry{Kind: Accepted, Batch: i + 1}, at); err != nil {
			t.Fatal(err)
		}
	}
}

// rejected is the receipt of a run with as many problems as a receipt keeps.
func rejected(j *Journal, status Status, at time.Time) Receipt {
	r := Receipt{RunID: j.ID(), Status: status, Started: at, Ended: at.Add(time.Minute), RowsRead: 1020, RowsSent: 20, RowsRejected: 1000, Problems: []mapping.Problem{}}
	for i := range mapping.MaxProblems {
		r.Problems = append(r.Problems, mapping.Problem{Row: i + 2, Column: "Value", Address: "C12", Rule: "The number is outside the range of Int64",
			Advice: "Choose Double for the column, or correct the value.", Value: "secret-value", Severity: mapping.SeverityError})
	}
	return r
}

// TestSetAside: a file that is no database is kept under another name and said, and the
// program continues.
func TestSetAside(t *testing.T) {
	h := open(t)
	j := started(t, h, noon)
	sent(t, j, 5, noon)
	if err := errors.Join(j.Close(), h.Close()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(h.dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	broken := append([]byte(nil), whole...)
	for i := 100; i < len(broken); i++ {
		broken[i] ^= 0x5a
	}
	for name, content := range map[string][]byte{"text": []byte(strings.Repeat("not a database ", 100)), "flipped": broken, "cut": whole[:3000]} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, databaseFile), content, 0o600); err != nil {
				t.Fatal(err)
			}
			r := openIn(t, dir)
			if len(r.Notices()) != 1 || !strings.Contains(r.Notices()[0], "set aside") {
				t.Errorf("notices %q", r.Notices())
			}
			aside, _ := filepath.Glob(filepath.Join(dir, databaseFile+".broken-*"))
			if len(aside) == 0 {
				t.Fatal("nothing was set aside")
			}
			if kept, err := os.ReadFile(aside[0]); err != nil || string(kept) != string(content) {
				t.Errorf("the old file was changed: %v", err)
			}
			if list, err := r.List(context.Background()); err != nil || len(list) != 0 {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
}

func TestNewerVersion(t *testing.T) {
	h := open(t)
	if _, err := h.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(h.dir); !errors.Is(err, ErrNewer) {
		t.Errorf("%v", err)
	}
}

// size returns the bytes of the history once everything is in its file.
func size(t testing.TB, h *History) int64 {
	t.Helper()
	if err := h.shrink(context.Background()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(h.db.path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestFinishedRunsAreSmall: of a run that is done the journal's entries go, and its
// receipt is kept once.
func TestFinishedRunsAreSmall(t *testing.T) {
	h := open(t)
	before := size(t, h)
	const n = 4
	for i := range n {
		j := started(t, h, noon.Add(time.Duration(i)*time.Minute))
		sent(t, j, 20, noon)
		if err := j.Finish(context.Background(), rejected(j, StatusDone, noon)); err != nil {
			t.Fatal(err)
		}
		got, err := h.Get(context.Background(), j.ID())
		if err != nil || got.Status != StatusPartial || len(got.Problems) != 1000 || got.Problems[999].Value != "secret-value" || got.RowsSent != 20 {
			t.Fatalf("%d problems, %v", len(got.Problems), err)
		}
	}
	if each := (size(t, h) - before) / n; each > 40_000 {
		t.Errorf("%d bytes a run", each)
	}
	var entries int
	if err := h.db.QueryRow("SELECT count(*) FROM entries").Scan(&entries); err != nil || entries != 0 {
		t.Errorf("%d entries of finished runs, %v", entries, err)
	}
	list, err := h.List(context.Background())
	if err != nil || len(list) != n || len(list[0].Problems) != 0 || list[0].RowsRejected != 1000 {
		t.Errorf("%d runs, %v", len(list), err)
	}
}

// TestUnfinishedRunsKeepTheirJournal: what is needed to take a run up again stays.
func TestUnfinishedRunsKeepTheirJournal(t *testing.T) {
	h := open(t)
	j := started(t, h, noon)
	sent(t, j, 2, noon)
	if err := j.Finish(context.Background(), rejected(j, StatusStopped, noon)); err != nil {
		t.Fatal(err)
	}
	again, err := h.Resume(context.Background(), j.ID(), "h")
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if p := again.Replay(); p.RowsSent() != 20 || !p.Skips(19) || p.Skips(20) || p.RowsRead() != 1020 {
		t.Errorf("%d rows sent, %d read", p.RowsSent(), p.RowsRead())
	}
}

// TestRefusedValuesGo: with the run go the values that the service refused, also from
// the bytes of the file.
func TestRefusedValuesGo(t *testing.T) {
	h := open(t)
	j := started(t, h, noon)
	p := rejected(j, StatusDone, noon).Problems[0]
	if err := j.Add(context.Background(), Entry{Kind: Rejected, Rows: 1, Spans: []Span{{7, 7}}, Problem: &p}, noon); err != nil {
		t.Fatal(err)
	}
	if err := j.Finish(context.Background(), Receipt{RunID: j.ID(), Status: StatusDone, Started: noon, Ended: noon}); err != nil {
		t.Fatal(err)
	}
	if refused, err := h.Refused(context.Background(), j.ID()); err != nil || refused[7].Value != "secret-value" {
		t.Errorf("%+v, %v", refused, err)
	}
	if err := h.Delete(context.Background(), j.ID()); err != nil {
		t.Fatal(err)
	}
	size(t, h)
	if whole, err := os.ReadFile(h.db.path); err != nil || strings.Contains(string(whole), "secret-value") {
		t.Errorf("a refused value is still in the file: %v", err)
	}
	var none *NoRunError
	if _, err := h.Get(context.Background(), j.ID()); !errors.As(err, &none) {
		t.Errorf("the run is still there: %v", err)
	}
}

// TestSweep deletes old runs, but none that a process is at.
func TestSweep(t *testing.T) {
	ctx := context.Background()
	h := open(t)
	old, live, young := started(t, h, noon.Add(-2*KeepYear)), started(t, h, noon.Add(-2*KeepYear)), started(t, h, noon)
	if err := errors.Join(old.Close(), young.Close()); err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	if n, err := h.Sweep(ctx, 0, noon); n != 0 || err != nil {
		t.Errorf("kept for ever, and %d deleted, %v", n, err)
	}
	if n, err := h.Sweep(ctx, KeepYear, noon); n != 1 || err != nil {
		t.Errorf("%d deleted, %v", n, err)
	}
	list, err := h.List(ctx)
	if err != nil || len(list) != 2 || list[0].RunID != young.ID() || list[1].RunID != live.ID() {
		t.Errorf("%+v, %v", list, err)
	}
	if files, _ := filepath.Glob(filepath.Join(h.dir, "*"+lockExt)); len(files) != 2 {
		t.Errorf("locks %v", files)
	}
}

// TestLocksGoBeforeTheyAreFree: a lock file that is removed when a run ends never lets
// two have the run.
func TestLocksGoBeforeTheyAreFree(t *testing.T) {
	h := open(t)
	j, err := h.Begin()
	if err != nil {
		t.Fatal(err)
	}
	id := j.ID()
	holders := make(chan int, 100)
	done := make(chan bool)
	for range 4 {
		go func() {
			defer func() { done <- true }()
			for range 200 {
				j, err := h.journal(id)
				if err != nil {
					continue
				}
				holders <- 1
				if n := len(holders); n > 1 {
					t.Errorf("%d have the run", n)
				}
				<-holders
				j.Close()
			}
		}()
	}
	j.Close()
	for range 4 {
		<-done
	}
}

// TestSQLEndsWithItsContext: a caller that has gone does not wait for another process
// that writes.
func TestSQLEndsWithItsContext(t *testing.T) {
	h := open(t)
	other := openIn(t, h.dir)
	tx, err := other.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := h.Quota(ctx, "d", "Stock", noon); err == nil {
		t.Error("it got a lock that another has")
	}
	if took := time.Since(began); took > busyWait/4 {
		t.Errorf("it waited %v", took)
	}
}

// TestOthersSeeWhatARunWaitsFor: another program tells how long a run under way has to
// wait, by the same limits.
func TestOthersSeeWhatARunWaitsFor(t *testing.T) {
	ctx := context.Background()
	h := open(t)
	now := time.Now()
	j := started(t, h, now.Add(-time.Minute))
	defer j.Close()
	other := openIn(t, h.dir)
	r, err := other.Get(ctx, j.ID())
	if err != nil || r.Status != StatusRunning || r.Waiting != nil || r.DurationMs < time.Minute.Milliseconds() {
		t.Errorf("%+v, %v", r, err)
	}
	until := now.Add(3392 * time.Second)
	if err := j.Hold(ctx, now, until, plan.WaitThrottle); err != nil {
		t.Fatal(err)
	}
	list, err := other.List(ctx)
	if err != nil || len(list) != 1 || list[0].Waiting == nil || !list[0].Waiting.Until.Equal(until) || list[0].Waiting.Why != plan.WaitThrottle {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestClockPutBack: what was noted by a clock that was days ahead counts from the moment
// it is seen, and only as long as it would have.
func TestClockPutBack(t *testing.T) {
	ctx := context.Background()
	h := open(t)
	ahead := noon.AddDate(0, 0, 6)
	j := started(t, h, ahead)
	defer j.Close()
	id, ok, err := j.Reserve(ctx, ahead, Entry{Kind: Posted, Batch: 1, Rows: 10_000}, func(plan.Usage) bool { return true })
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := j.End(ctx, id, Answer{Counts: true, Accepted: 10_000}, Entry{Kind: Accepted, Batch: 1}, ahead); err != nil {
		t.Fatal(err)
	}
	if err := j.Hold(ctx, ahead, ahead.Add(40*time.Minute), plan.WaitThrottle); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Duration
		rows int64
		held time.Duration
	}{{0, 10_000, 40 * time.Minute}, {30 * time.Minute, 10_000, 10 * time.Minute}, {41 * time.Minute, 10_000, 0}, {61 * time.Minute, 0, 0}} {
		now := noon.Add(c.at)
		q, err := h.Quota(ctx, "d", "Stock", now)
		if err != nil || q.RowsLastHour != c.rows || (c.held > 0) != q.HeldUntil.After(now) || c.held > 0 && q.HeldUntil.Sub(now) != c.held {
			t.Errorf("after %v: %+v, %v", c.at, q, err)
		}
	}
	// A shorter hold does not end a longer one, and a new one counts.
	for _, c := range [][2]time.Duration{{2 * time.Hour, 2 * time.Hour}, {time.Hour, 2 * time.Hour}, {3 * time.Hour, 3 * time.Hour}} {
		if err := j.Hold(ctx, noon, noon.Add(c[0]), plan.WaitThrottle); err != nil {
			t.Fatal(err)
		}
		if q, err := h.Quota(ctx, "d", "Stock", noon); err != nil || q.HeldUntil.Sub(noon) != c[1] {
			t.Errorf("%+v, %v", q, err)
		}
	}
}
