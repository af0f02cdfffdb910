package push

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

// How many seeds TestStorm takes, make storm takes 1,000, and from which on.
var (
	storms = flag.Int("storms", 60, "seeds of TestStorm")
	first  = flag.Uint64("storm", 0, "the first of them")
)

// tally is what became of one seed, or of all.
type tally struct {
	Seeds, Done, Unknown, Sessions                int
	Killed, Processes, DiskFull, Others           int
	CutBefore, CutAfter, Busy, Throttled, Token   int
	Rows, Stored, Lost, Doubled, Unlisted         int
	UnknownBatches, UnknownRows, UnknownNotStored int
}

func (t *tally) add(o tally) {
	t.Seeds += o.Seeds
	t.Done += o.Done
	t.Unknown += o.Unknown
	t.Sessions += o.Sessions
	t.Killed += o.Killed
	t.Processes += o.Processes
	t.DiskFull += o.DiskFull
	t.Others += o.Others
	t.CutBefore += o.CutBefore
	t.CutAfter += o.CutAfter
	t.Busy += o.Busy
	t.Throttled += o.Throttled
	t.Token += o.Token
	t.Rows += o.Rows
	t.Stored += o.Stored
	t.Lost += o.Lost
	t.Doubled += o.Doubled
	t.Unlisted += o.Unlisted
	t.UnknownBatches += o.UnknownBatches
	t.UnknownRows += o.UnknownRows
	t.UnknownNotStored += o.UnknownNotStored
}

func (t tally) String() string {
	var b strings.Builder
	line := func(name string, n int) { fmt.Fprintf(&b, "  %-52s %9d\n", name, n) }
	fmt.Fprintf(&b, "\n%d seeds, each a run through random trouble until it is done or unknown:\n", t.Seeds)
	line("sessions (the first, and each resumption)", t.Sessions)
	line("killed in the middle", t.Killed)
	line("  of them real processes, by SIGKILL", t.Processes)
	line("disk full while the journal was written", t.DiskFull)
	line("connections cut before storing", t.CutBefore)
	line("batches stored whose answers were lost", t.CutAfter)
	line("5xx", t.Busy)
	line("429", t.Throttled)
	line("tokens lost", t.Token)
	line("others wrote into the table", t.Others)
	fmt.Fprintln(&b, "What came of it:")
	line("runs done, with every row confirmed or counted", t.Done)
	line("runs unknown, with every unknown batch listed", t.Unknown)
	line("rows to send", t.Rows)
	line("rows stored", t.Stored)
	line("rows lost", t.Lost)
	line("rows doubled", t.Doubled)
	line("unknown rows that were not listed", t.Unlisted)
	line("unknown batches", t.UnknownBatches)
	line("rows in them", t.UnknownRows)
	line("  of them not stored", t.UnknownNotStored)
	return b.String()
}

// TestStorm sends through random kills and faults from a seed and compares the
// account with what the service holds: no row lost, none doubled, and every batch
// unknown listed.
func TestStorm(t *testing.T) {
	t.Parallel()
	count := *storms
	if testing.Short() {
		count = min(count, 5)
	}
	var mu sync.Mutex
	var all tally
	seeds := make(chan uint64)
	var workers sync.WaitGroup
	for range 6 {
		workers.Go(func() {
			for seed := range seeds {
				one := sendThroughChaos(t, seed)
				mu.Lock()
				all.add(one)
				mu.Unlock()
			}
		})
	}
	for seed := range uint64(count) {
		seeds <- *first + seed
	}
	close(seeds)
	workers.Wait()
	t.Log(all)
	if all.Lost+all.Doubled+all.Unlisted > 0 {
		t.Error("rows were lost, doubled, or unknown without being listed")
	}
	if all.Done+all.Unknown != all.Seeds || all.Done < all.Seeds/2 {
		t.Errorf("%d done and %d unknown of %d", all.Done, all.Unknown, all.Seeds)
	}
	if count >= 60 && min(all.Killed, all.DiskFull, all.CutBefore, all.CutAfter, all.Busy, all.Throttled, all.Token, all.Others, all.Processes) == 0 {
		t.Error("some kind of trouble never came")
	}
}

// chaos is what a seed makes of the service and of the sender.
type chaos struct {
	rnd       *rand.Rand
	rows      int
	mode      plan.Mode
	pace      plan.Pace
	processes bool
	others    bool
	tally     tally
}

func newChaos(seed uint64) *chaos {
	rnd := rand.New(rand.NewPCG(seed, 1))
	c := &chaos{rnd: rnd, rows: 1500 + rnd.IntN(3000), mode: plan.ModeAppend, pace: plan.Pace{BatchRows: 40 + rnd.IntN(160), Pending: 1 + rnd.IntN(5)}}
	if rnd.IntN(4) == 0 {
		c.mode = plan.ModeReplace
	}
	if rnd.IntN(3) > 0 { // batches that a row count tells apart, as real ones are
		c.rows, c.pace.BatchRows = 8000+rnd.IntN(8000), 1000
	}
	if c.processes = seed%20 == 7; c.processes {
		c.rows, c.pace.BatchRows, c.mode = 60_000, 1000, plan.ModeAppend
	}
	c.others = !c.processes && rnd.IntN(6) == 0
	c.tally = tally{Seeds: 1, Rows: c.rows}
	return c
}

// options are those of the service.
func (c *chaos) options() practice.Options {
	o := practice.Options{LogSize: 100_000, Behavior: faults.Behavior{Windows: []traffic.Windows{traffic.Rolling, traffic.Fixed, traffic.First}[c.rnd.IntN(3)]}}
	if c.rnd.IntN(3) == 0 {
		o.Behavior.CountDelayMS = 1000 * int64(c.rnd.IntN(12))
	}
	return o
}

// trouble asks the service for faults.
func (c *chaos) trouble(b *bench, seed uint64) {
	kinds := []faults.Fault{{CutBefore: true}, {CutBefore: true, LaterMS: 1 + c.rnd.Int64N(85_000)}, {CutAfter: true}, {CutAfter: true}, {Status: 503}, {Status: 500}, {Status: 502, RetryAfter: 7},
		{Status: 429, RetryAfter: 20}, {Status: 429}, {RevokeTokens: true}, {Status: 403, ErrorInfo: "TokenExpired"}, {Delay: time.Millisecond}}
	b.service.Faults().Add(faults.Fault{Operation: onRows, Times: 4 + c.rnd.IntN(12), Seed: seed, OneIn: 3 + c.rnd.IntN(6), Among: kinds})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpQuery, Times: 3, Seed: seed + 1, OneIn: 4, Among: []faults.Fault{{Status: 503}, {CutAfter: true}, {Status: 429, RetryAfter: 5}}})
	if c.others {
		c.tally.Others++
		b.service.Faults().Add(faults.Fault{Operation: faults.OpQuery, After: 1, Times: 1 + c.rnd.IntN(3), Others: 1 + c.rnd.IntN(50)})
	}
}

// sendThroughChaos takes one seed to its end.
func sendThroughChaos(t *testing.T, seed uint64) tally {
	c := newChaos(seed)
	b := newBench(t, powerbi.RetentionNone, c.options())
	defer b.service.Close()
	if c.mode == plan.ModeReplace {
		if _, err := b.send(context.Background(), rowsFrom(1_000_000, 50), Options{}, nil); err != nil {
			t.Errorf("seed %d: %v", seed, err)
			return c.tally
		}
	}
	c.trouble(b, seed)
	runs := openRuns(t)
	defer func() { runs.Close() }()
	id := ""
	if c.processes {
		id = c.kill(t, b, runs)
	}
	var last history.Receipt
	for life := range 12 {
		var o Options
		if id == "" {
			o = Options{Mode: c.mode, FileHash: "h", TotalRows: int64(c.rows), Journal: begin(t, runs)}
			id = o.Journal.ID()
		} else {
			j, err := runs.Resume(context.Background(), id, "h")
			var done *history.DoneError
			if errors.As(err, &done) { // the kill came after the last word
				last, _ = runs.Get(context.Background(), id)
				break
			}
			if err != nil {
				t.Errorf("seed %d: %v", seed, err)
				return c.tally
			}
			o = OptionsOf(j)
		}
		o.Clock, o.Pace = b.clock, c.pace
		c.tally.Sessions++
		var died bool
		last, runs, died = c.live(t, b, runs, o, life)
		if !died && (last.Status.Finished() || last.Status == history.StatusUnknown) {
			break
		}
	}
	c.judge(t, b, last, seed)
	return c.tally
}

// live is one session, which a kill or a full disk may end.
func (c *chaos) live(t *testing.T, b *bench, runs *history.History, o Options, life int) (history.Receipt, *history.History, bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	next := runs
	m := &mortal{Service: b.api}
	src := rows(c.rows)
	switch what := c.rnd.IntN(10); {
	case life >= 8:
	case what < 4:
		m.at, m.after = 1+c.rnd.IntN(12), c.rnd.IntN(2) == 0
		m.onDead = func() { next = afterlife(t, runs); cancel() }
	case what < 6:
		row := c.rnd.IntN(c.rows)
		src.At = func(i int) {
			if i == row {
				c.tally.DiskFull++
				fillDisk(runs)
			}
		}
	}
	o.Reread = func() (mapping.Source, error) { return rows(c.rows), nil }
	r, err := Send(ctx, NewTarget(m, b.target), stockMapping, src, o, nil)
	if r.RunID != "" {
		b.adds(r)
	}
	if _, unfull := runs.DB().Exec("PRAGMA max_page_count = 1000000"); unfull != nil && err == nil {
		t.Error(unfull)
	}
	if m.dead {
		c.tally.Killed++
		runs.Close()
		return r, next, true
	}
	return r, runs, false
}

// fillDisk leaves the history no room.
func fillDisk(runs *history.History) {
	if _, err := runs.DB().Exec("PRAGMA max_page_count = 1"); err != nil {
		return
	}
	for range 2000 {
		if _, err := runs.DB().Exec("INSERT INTO holds VALUES (hex(randomblob(8)), 0, 0, '')"); err != nil {
			return
		}
	}
}

// kill runs the sender in processes of their own and kills them.
func (c *chaos) kill(t *testing.T, b *bench, runs *history.History) string {
	b.service.Faults().Add(faults.Fault{Operation: onRows, Times: -1, Delay: 40 * time.Millisecond})
	defer b.hasten()()
	e := errand{b.service.APIURL(), b.service.CAFile(), b.service.LoginURL(), b.signer.scope, b.signer.app, b.target, runs.Dir(), "", c.rows}
	for range 2 {
		arguments, _ := json.Marshal(e)
		child := exec.Command(os.Args[0], "-test.run=^TestChild$")
		child.Env = append(os.Environ(), childEnv+"="+string(arguments))
		out, err := child.StdoutPipe()
		if err != nil {
			t.Error(err)
			return ""
		}
		if err := child.Start(); err != nil {
			t.Error(err)
			return ""
		}
		after := 1 + c.rnd.IntN(4)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var posts int
			if _, err := fmt.Sscanf(lines.Text(), "posts %d", &posts); err == nil && posts >= after {
				child.Process.Kill()
			}
		}
		child.Wait()
		b.drain()
		c.tally.Sessions++
		list, err := runs.List(context.Background())
		if err != nil || len(list) != 1 {
			t.Errorf("%d runs, %v", len(list), err)
			return ""
		}
		if list[0].Status.Finished() || list[0].Status == history.StatusUnknown {
			break
		}
		c.tally.Killed++
		c.tally.Processes++
		e.Resume = list[0].RunID
	}
	list, err := runs.List(context.Background())
	if err != nil || len(list) == 0 {
		t.Error(err)
		return ""
	}
	c.mode = list[0].Mode
	return list[0].RunID
}

// judge compares the account with what the service holds.
func (c *chaos) judge(t *testing.T, b *bench, r history.Receipt, seed uint64) {
	for _, q := range b.service.Requests() {
		switch {
		case q.Operation != onRows:
		case q.Status == 0 && q.Rows > 0:
			c.tally.CutAfter++
		case q.Status == 0:
			c.tally.CutBefore++
		case q.Status >= 500:
			c.tally.Busy++
		case q.Status == 429:
			c.tally.Throttled++
		case q.Status == 403:
			c.tally.Token++
		}
	}
	there := map[int]int{}
	for _, id := range b.stored() {
		if id >= 0 && id < c.rows { // not those of others, and not those from before a replacement
			there[id]++
		}
	}
	c.tally.Stored += len(there)
	unknown := map[int]bool{}
	for _, d := range r.UnknownBatches {
		c.tally.UnknownBatches++
		c.tally.UnknownRows += d.Rows
		for row := d.FirstRow; row <= d.LastRow; row++ {
			unknown[row-2] = true
			if there[row-2] == 0 {
				c.tally.UnknownNotStored++
			}
		}
	}
	switch r.Status {
	case history.StatusDone:
		c.tally.Done++
	case history.StatusUnknown:
		c.tally.Unknown++
	default:
		t.Errorf("seed %d ended as %s: %s", seed, r.Status, r.Reason)
		return
	}
	sure := 0
	for id := range c.rows {
		n := there[id]
		if n > 1 {
			c.tally.Doubled++
		}
		if n > 0 && !unknown[id] {
			sure++
		}
		if n == 0 && r.Status == history.StatusDone {
			c.tally.Lost++
		}
	}
	switch sent := int(r.RowsSent); {
	case sure < sent: // rows that count as sent are not there
		c.tally.Lost += sent - sure
	case sure > sent: // rows are there that neither count as sent nor are listed as unknown
		c.tally.Unlisted += sure - sent
	}
	if c.tally.Lost+c.tally.Doubled+c.tally.Unlisted > 0 {
		t.Errorf("seed %d: %d lost, %d doubled, %d unlisted: %s, sent %d, unknown %d; others %v, mode %s, %d rows, %+v",
			seed, c.tally.Lost, c.tally.Doubled, c.tally.Unlisted, r.Status, r.RowsSent, r.RowsUnknown, c.others, c.mode, c.rows, c.pace)
	}
}
