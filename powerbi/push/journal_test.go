package push

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mappingtest"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/cell"
)

func openRuns(t testing.TB) *history.History {
	t.Helper()
	return openRunsIn(t, filepath.Join(t.TempDir(), "runs"))
}

func openRunsIn(t testing.TB, dir string) *history.History {
	t.Helper()
	r, err := history.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// locksIn checks that no lock of a run was left behind.
func locksIn(t testing.TB, r *history.History) {
	t.Helper()
	if files, _ := filepath.Glob(filepath.Join(r.Dir(), "*.lock")); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}

func begin(t testing.TB, r *history.History) *history.Journal {
	t.Helper()
	j, err := r.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// mortal is a service whose caller dies at one of its POSTs of rows: from then on
// nothing reaches the service any more.
type mortal struct {
	Service
	at     int  // the POST at which it dies
	after  bool // once the service has it
	onDead func()

	mu    sync.Mutex
	posts int
	dead  bool
}

func (m *mortal) AddRows(ctx context.Context, w, d, t string, body []byte) (powerbi.Answer, error) {
	return m.add(func() (powerbi.Answer, error) { return m.Service.AddRows(ctx, w, d, t, body) })
}

func (m *mortal) FindRows(ctx context.Context, w, d, t string, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	return m.Service.(finder).FindRows(ctx, w, d, t, wanted, most)
}

func (m *mortal) add(send func() (powerbi.Answer, error)) (powerbi.Answer, error) {
	m.mu.Lock()
	m.posts++
	dies := m.posts == m.at
	dead := m.dead
	m.mu.Unlock()
	gone := &powerbi.TransportError{Operation: powerbi.OpAddRows, Sent: true, Err: context.Canceled}
	if dead || dies && !m.after {
		m.die(dies)
		return powerbi.Answer{}, gone
	}
	a, err := send()
	if dies {
		m.die(true)
		return powerbi.Answer{}, gone
	}
	return a, err
}

func (m *mortal) die(dies bool) {
	if !dies {
		return
	}
	m.mu.Lock()
	m.dead = true
	m.mu.Unlock()
	m.onDead()
}

// afterlife copies the history as it is at this moment.
func afterlife(t testing.TB, from *history.History) *history.History {
	dir := filepath.Join(t.TempDir(), "runs")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := from.DB().Exec("VACUUM INTO ?", filepath.Join(dir, "history.db")); err != nil {
		t.Error(err)
	}
	return openRunsIn(t, dir)
}

// TestKills lets a run die several times at random and resumes it each time.
func TestKills(t *testing.T) {
	t.Parallel()
	seeds := uint64(6)
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		rnd := rand.New(rand.NewPCG(seed, 3))
		b := newBench(t, powerbi.RetentionNone, practice.Options{})
		n := 9000 + rnd.IntN(3000)
		mode := plan.ModeAppend
		if seed%3 == 0 {
			mode = plan.ModeReplace
			if _, err := b.send(context.Background(), rows(50), Options{}, nil); err != nil {
				t.Fatal(err)
			}
		}
		source := func() *mappingtest.Rows {
			src := rows(n)
			src.Bad = map[int]cell.Cell{100: num(0.5), n - 1: textCell("x")}
			return src
		}
		runs := openRuns(t)
		o := Options{Clock: b.clock, Origin: history.Origin{Mode: mode, Policy: mapping.PolicySkip, FileHash: "h"}, Pace: plan.Pace{BatchRows: 1000}, TotalRows: int64(n)}
		o.Journal, o.Reread = begin(t, runs), func() (mapping.Source, error) { return source(), nil }
		id, reread := o.Journal.ID(), o.Reread
		for life := range 4 {
			ctx, cancel := context.WithCancel(context.Background())
			next := runs
			m := &mortal{Service: b.api, at: 1 + rnd.IntN(5), after: rnd.IntN(2) == 0}
			m.onDead = func() { next = afterlife(t, runs); cancel() }
			if life == 3 {
				m.at = 0
			}
			r, err := Send(ctx, NewTarget(m, b.target), stockMapping, source(), o, nil)
			b.adds(r)
			cancel()
			if m.at == 0 || !m.dead {
				if err != nil || !r.Status.Finished() || r.RowsSent != int64(n-2) || r.RowsConfirmed+r.RowsUnproven != int64(n-2) || r.RowsRejected != 2 || len(r.Problems) != 2 || r.RowsRead != int64(n) {
					t.Errorf("seed %d, life %d: %+v, %v", seed, life, r, err)
				}
				break
			}
			runs = next
			list, err := runs.List(context.Background())
			if err != nil || len(list) != 1 || list[0].RunID != id || !list[0].Resumable || list[0].Status != history.StatusStopped {
				t.Fatalf("seed %d, life %d: %+v, %v", seed, life, list, err)
			}
			b.adds(list[0])
			j, err := runs.Resume(context.Background(), id, "h")
			if err != nil {
				t.Fatalf("seed %d, life %d: %v", seed, life, err)
			}
			pace := o.Pace
			if o = OptionsOf(j); o.Mode != mode || j.About().Target != b.target {
				t.Fatalf("%+v", o)
			}
			o.Clock, o.Pace, o.Reread = b.clock, pace, reread
		}
		b.holds(func(id int) bool { return id != 100 && id != n-1 }, n)
	}
}

// TestResumeAfterCancel cancels a run and resumes it; the receipt is of both.
func TestResumeAfterCancel(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	j := begin(t, runs)
	ctx, cancel := context.WithCancel(context.Background())
	src := badRowsAt(5000, 20, 4000)
	b.service.Faults().Add(faults.Fault{Operation: onRows, After: 6, Status: 429, RetryAfter: 3000})
	first, err := Send(ctx, NewTarget(b.api, b.target), looseMapping(), src, Options{Clock: clock.System{}, Journal: j, Origin: history.Origin{FileHash: "h", Policy: mapping.PolicySkip}, Pace: plan.Pace{BatchRows: 500, Pending: 1}}, func(p Progress) {
		if p.State == StateWaiting && p.WaitReason == plan.WaitThrottle {
			cancel()
		}
	})
	b.adds(first)
	if err == nil || first.Status != history.StatusStopped || !first.Resumable || first.RowsRejected != 0 || first.RowsSent == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	if got, err := runs.Get(context.Background(), first.RunID); err != nil || got.RowsSent != first.RowsSent || got.Status != history.StatusStopped {
		t.Errorf("%+v, %v", got, err)
	}
	var changed *history.ChangedError
	if _, err := runs.Resume(context.Background(), first.RunID, "other"); !errors.As(err, &changed) {
		t.Errorf("another file: %v", err)
	}
	j, err = runs.Resume(context.Background(), first.RunID, "h")
	if err != nil {
		t.Fatal(err)
	}
	o := OptionsOf(j)
	o.Clock, o.Pace = b.clock, plan.Pace{BatchRows: 500}
	r, err := Send(context.Background(), NewTarget(b.api, j.About().Target), j.About().Mapping, badRowsAt(5000, 20, 4000), o, nil)
	b.adds(r)
	if err != nil || r.RunID != first.RunID || r.Status != history.StatusPartial || r.RowsSent != 4998 || r.RowsConfirmed != 4998 || r.RowsRejected != 2 || r.Requests <= first.Requests || !r.Started.Equal(first.Started) {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(func(id int) bool { return id != 20 && id != 4000 }, 5000)
	var done *history.DoneError
	if _, err := runs.Resume(context.Background(), first.RunID, "h"); !errors.As(err, &done) {
		t.Errorf("resumed a run that is done: %v", err)
	}
}

// TestResumeUnknown: when the count cannot tell, the run stays unknown until a
// person decides.
func TestResumeUnknown(t *testing.T) {
	t.Parallel()
	for _, decided := range []OnUnknown{UnknownStored, UnknownResend} {
		b := newBench(t, powerbi.RetentionNone, practice.Options{})
		b.service.SetExecuteQueriesAllowed(false)
		fault := faults.Fault{Operation: onRows, After: 2, CutAfter: decided == UnknownStored, CutBefore: decided == UnknownResend}
		b.service.Faults().Add(fault)
		runs := openRuns(t)
		r, err := b.send(context.Background(), rows(1000), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, Pace: plan.Pace{Pending: 1}}, nil)
		if r.Status != history.StatusUnknown || r.RowsUnknown != 100 || !r.Resumable {
			t.Fatalf("%+v, %v", r, err)
		}
		for _, decision := range []OnUnknown{UnknownKeep, decided} {
			j, err := runs.Resume(context.Background(), r.RunID, "h")
			if err != nil {
				t.Fatal(err)
			}
			o := OptionsOf(j)
			o.Unknown = decision
			r, err = b.send(context.Background(), rows(1000), o, nil)
			if decision == UnknownKeep && (r.Status != history.StatusUnknown || r.RowsUnknown != 100 || r.RowsSent != 200 || len(r.UnknownBatches) != 1) ||
				decision != UnknownKeep && (err != nil || r.Status != history.StatusUnproven || r.RowsSent != 1000 || r.RowsUnproven != 100) {
				t.Errorf("%s %q: %+v, %v", decided, decision, r, err)
			}
		}
		b.holds(everyRow, 1000)
	}
}

// TestOneProcessARun: a run that is going on is not resumed by another.
func TestOneProcessARun(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	j := begin(t, runs)
	other := openRunsIn(t, runs.Dir())
	seen := false
	_, err := b.send(context.Background(), rows(1000), Options{Journal: j, Origin: history.Origin{FileHash: "h"}}, func(Progress) {
		if seen {
			return
		}
		seen = true
		var busy *history.BusyError
		if _, err := other.Resume(context.Background(), j.ID(), "h"); !errors.As(err, &busy) {
			t.Errorf("resumed a live run: %v", err)
		}
		if list, err := other.List(context.Background()); err != nil || len(list) != 1 || list[0].Status != history.StatusRunning || list[0].Resumable {
			t.Errorf("%+v, %v", list, err)
		}
	})
	if err != nil || !seen {
		t.Fatal(err)
	}
	if r, err := other.Get(context.Background(), j.ID()); err != nil || r.Status != history.StatusDone {
		t.Errorf("%+v, %v", r, err)
	}
	if err := other.Delete(context.Background(), j.ID()); err != nil {
		t.Error(err)
	}
	if list, err := runs.List(context.Background()); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	locksIn(t, runs)
}

// looking is a service that says when rows are looked for, which is done last.
type looking struct {
	Service
	find func()
}

func (l *looking) FindRows(ctx context.Context, w, d, t string, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	l.find()
	return l.Service.(finder).FindRows(ctx, w, d, t, wanted, most)
}

// TestDamagedJournals: an entry that cannot be read makes a run one that failed,
// and never a wrong account.
func TestDamagedJournals(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	done := runs
	b.api = &looking{Service: b.api, find: func() { runs = afterlife(t, done) }} // before the entries go
	r, err := b.send(context.Background(), rows(1000), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := runs.DB().Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(runs.Dir(), "history.db"))
	if err != nil || !strings.Contains(string(whole), "Depot") {
		t.Fatalf("the names of the columns are not in the history: %v", err)
	}
	if strings.Contains(string(whole), "Brugge") {
		t.Error("a value is in the history")
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(filepath.Join(done.Dir(), "history.db") + end); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", end, info.Mode(), err)
		}
	}
	var entries int
	if err := runs.DB().QueryRow("SELECT count(*) FROM entries").Scan(&entries); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < entries; n++ { // ended anywhere: never a wrong sum, never a panic
		cut := afterlife(t, runs)
		if _, err := cut.DB().Exec("UPDATE runs SET receipt = NULL; DELETE FROM entries WHERE seq > ?", n); err != nil {
			t.Fatal(err)
		}
		got, err := cut.Get(context.Background(), r.RunID)
		if err != nil {
			t.Fatalf("ended after entry %d: %v", n, err)
		}
		b.adds(got)
		if got.RowsSent+got.RowsUnknown > 1000 {
			t.Fatalf("ended after entry %d: %+v", n, got)
		}
	}
	for _, damage := range []string{"UPDATE runs SET receipt = '{'", "UPDATE runs SET receipt = NULL; UPDATE entries SET data = '{nonsense' WHERE seq = 4"} {
		if _, err := runs.DB().Exec(damage); err != nil {
			t.Fatal(err)
		}
		if _, err := runs.Resume(context.Background(), r.RunID, "h"); !errors.Is(err, history.ErrNotKept) {
			t.Errorf("%s: %v", damage, err)
		}
	}
	if _, err := runs.Resume(context.Background(), r.RunID, "h"); !errors.Is(err, history.ErrNotKept) {
		t.Errorf("a damaged entry: %v", err)
	}
	if list, err := runs.List(context.Background()); err != nil || len(list) != 1 || list[0].Status != history.StatusFailed || list[0].Reason == "" {
		t.Errorf("%+v, %v", list, err)
	}
	for _, id := range []string{"", "../x", "00000000-0000-0000-0000-000000000000"} {
		if _, err := runs.Get(context.Background(), id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if err := runs.Delete(context.Background(), r.RunID); err != nil {
		t.Error(err)
	}
}

// TestJournalDiskFull: a batch that cannot be written down is not sent.
func TestJournalDiskFull(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	src := rows(3000)
	src.At = func(i int) {
		if i == 550 { // no page more
			if _, err := runs.DB().Exec("PRAGMA max_page_count = 1"); err != nil {
				t.Error(err)
			}
			for range 1000 { // and none that is free
				if _, err := runs.DB().Exec("INSERT INTO holds VALUES (hex(randomblob(8)), 0, 0, '')"); err != nil {
					return
				}
			}
		}
	}
	r, err := b.send(context.Background(), src, Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, Pace: plan.Pace{Pending: 1}}, nil)
	if !errors.Is(err, history.ErrFull) || r.Status != history.StatusStopped || r.RowsSent == 0 || r.RowsSent > 2000 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(func(id int) bool { return id < int(r.RowsSent) }, 3000)
	// There is room again, and the run goes on.
	if _, err := runs.DB().Exec("PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	j, err := runs.Resume(context.Background(), r.RunID, "h")
	if err != nil {
		t.Fatal(err)
	}
	o := OptionsOf(j)
	if r, err = b.send(context.Background(), rows(3000), o, nil); err != nil || r.Status != history.StatusDone || r.RowsConfirmed != 3000 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(everyRow, 3000)
}

func TestJournalUnused(t *testing.T) {
	t.Parallel()
	runs := openRuns(t)
	j := begin(t, runs)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if list, err := runs.List(context.Background()); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	locksIn(t, runs)
}

// TestRecipe: what a run needs to be taken up again is kept before its first row
// leaves, also when the run then dies.
func TestRecipe(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	j := begin(t, runs)
	j.SetRecipe(json.RawMessage(`{"sheet":"Stock"}`))
	b.api = &staged{Service: b.api, after: func(int32) {}, before: func(n int32) {
		if got, err := runs.Recipe(ctx, j.ID()); n == 1 && (err != nil || string(got) != `{"sheet":"Stock"}`) {
			t.Errorf("before the first row: %q, %v", got, err)
		}
	}}
	if _, err := b.send(ctx, rows(10), Options{Journal: j, Origin: history.Origin{FileHash: "h"}}, nil); err != nil {
		t.Fatal(err)
	}
	var none *history.NoRunError
	if _, err := runs.Recipe(ctx, "x"); !errors.As(err, &none) {
		t.Errorf("no such run: %v", err)
	}
}
