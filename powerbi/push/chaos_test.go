package push

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

// How many seeds TestStorm takes, make storm takes 1,000, and from which on.
var (
	storms = flag.Int("storms", 60, "seeds of TestStorm")
	first  = flag.Uint64("storm", 0, "the first of them")
)

// class is a kind of trouble.
type class string

const (
	classFaults   class = "kills and faults"
	classProcess  class = "real processes killed"
	classLate     class = "stored up to 300 s late"
	classCounts   class = "counts up to 300 s late"
	classClock    class = "clocks that jump"
	classEqual    class = "others add as many rows"
	classNoQuery  class = "no queries"
	classComputer class = "two computers"
)

// classes take turns, seed by seed.
var classes = []class{classFaults, classLate, classFaults, classCounts, classFaults, classClock, classFaults, classEqual, classFaults, classNoQuery, classFaults, classComputer}

// provable are the classes in which the table can prove what became of every batch in
// time, so that nothing may be lost or doubled, said or not.
var provable = []class{classFaults, classProcess, classClock, classNoQuery}

// tally is what became of one seed, or of all of a class.
type tally struct {
	Seeds, Done, Unproven, Unknown, Sessions     int
	Killed, Processes, DiskFull, Others, Answers int
	CutBefore, CutAfter, Busy, Throttled, Token  int
	Rows, Stored, Lost, Doubled, Said, Named     int
	Claimed                                      int // rows of which more was claimed than was known
	UnknownBatches, UnknownRows                  int
}

func (t *tally) add(o tally) {
	to, from := reflect.ValueOf(t).Elem(), reflect.ValueOf(o)
	for i := range to.NumField() {
		to.Field(i).SetInt(to.Field(i).Int() + from.Field(i).Int())
	}
}

// storm is what became of all seeds.
type storm map[class]*tally

func (s storm) all() (t tally) {
	for _, one := range s {
		t.add(*one)
	}
	return t
}

func (s storm) String() string {
	var b strings.Builder
	t := s.all()
	line := func(name string, n int) { fmt.Fprintf(&b, "  %-52s %9d\n", name, n) }
	fmt.Fprintf(&b, "\n%d seeds, each a run through random trouble until it is finished or unknown:\n", t.Seeds)
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
	line("batches that a person answered for", t.Answers)
	line("unknown batches at the end, all listed", t.UnknownBatches)
	line("rows in them", t.UnknownRows)
	fmt.Fprintf(&b, "\n  %-24s %5s %5s %8s %7s %9s %9s %5s %7s %6s %6s %s\n", "class", "runs", "done", "unproven", "unknown", "rows", "stored", "lost", "doubled", "said", "named", "claimed more than was known")
	for _, c := range append(slices.Sorted(maps.Keys(s)), "all") {
		one := &t
		if c != "all" {
			one = s[c]
		}
		fmt.Fprintf(&b, "  %-24s %5d %5d %8d %7d %9d %9d %5d %7d %6d %6d %d\n", c, one.Seeds, one.Done, one.Unproven, one.Unknown, one.Rows, one.Stored, one.Lost, one.Doubled, one.Said, one.Named, one.Claimed)
	}
	fmt.Fprintln(&b, "\n  said: rows lost or doubled that the receipt lists as not proven; named: of them, called doubled")
	return b.String()
}

// TestStorm sends through random kills and faults from a seed and compares the
// account with what the service holds in the end: nowhere is more claimed than was known,
// and where the table can prove it no row is lost and none doubled.
func TestStorm(t *testing.T) {
	t.Parallel()
	count := *storms
	if testing.Short() {
		count = min(count, 6)
	}
	var mu sync.Mutex
	all := storm{}
	seeds := make(chan uint64)
	var workers sync.WaitGroup
	for range 6 {
		workers.Go(func() {
			for seed := range seeds {
				c, one := sendThroughChaos(t, seed)
				mu.Lock()
				if all[c] == nil {
					all[c] = &tally{}
				}
				all[c].add(one)
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
	sum := all.all()
	if sum.Claimed > 0 {
		t.Errorf("of %d rows more was claimed than was known", sum.Claimed)
	}
	for _, c := range provable {
		if one := all[c]; one != nil && one.Lost+one.Doubled > 0 {
			t.Errorf("%s: %d rows lost, %d doubled", c, one.Lost, one.Doubled)
		}
	}
	if sum.Done+sum.Unproven+sum.Unknown != sum.Seeds || sum.Unknown > sum.Seeds/2 {
		t.Errorf("%d done, %d unproven and %d unknown of %d", sum.Done, sum.Unproven, sum.Unknown, sum.Seeds)
	}
	if count >= 120 && (min(sum.Done, sum.Killed, sum.DiskFull, sum.CutBefore, sum.CutAfter, sum.Busy, sum.Throttled, sum.Token, sum.Others, sum.Processes, sum.Answers) == 0 || len(all) != 8) {
		t.Error("some kind of trouble never came")
	}
}

// chaos is what a seed makes of the service and of the sender.
type chaos struct {
	class  class
	rnd    *rand.Rand
	rows   int
	mode   plan.Mode
	pace   plan.Pace
	others bool
	tally  tally
}

func newChaos(seed uint64) *chaos {
	rnd := rand.New(rand.NewPCG(seed, 1))
	c := &chaos{class: classes[seed%uint64(len(classes))], rnd: rnd, rows: 1500 + rnd.IntN(3000), mode: plan.ModeAppend, pace: plan.Pace{BatchRows: 40 + rnd.IntN(160), Pending: 1 + rnd.IntN(5)}}
	if rnd.IntN(4) == 0 && c.class != classComputer {
		c.mode = plan.ModeReplace
	}
	if rnd.IntN(3) > 0 { // batches that a row count tells apart, as real ones are
		c.rows, c.pace.BatchRows = 8000+rnd.IntN(8000), 1000
	}
	if c.class == classFaults && seed%20 == 2 {
		c.class, c.rows, c.pace.BatchRows, c.mode = classProcess, 60_000, 1000, plan.ModeAppend
	}
	c.others = c.class == classFaults && rnd.IntN(6) == 0
	c.tally = tally{Seeds: 1, Rows: c.rows}
	return c
}

// options are those of the service.
func (c *chaos) options() practice.Options {
	o := practice.Options{LogSize: 100_000, Behavior: faults.Behavior{Windows: []traffic.Windows{traffic.Rolling, traffic.Fixed, traffic.First}[c.rnd.IntN(3)]}}
	switch {
	case c.class == classCounts:
		o.Behavior.CountDelayMS = 1000 * (20 + c.rnd.Int64N(280))
	case c.class == classNoQuery:
		o.Behavior.NoQueries = true
	case c.rnd.IntN(3) == 0:
		o.Behavior.CountDelayMS = 1000 * int64(c.rnd.IntN(12))
	}
	return o
}

// trouble asks the service for faults.
func (c *chaos) trouble(b *bench, seed uint64) {
	kinds := []faults.Fault{{CutBefore: true}, {CutBefore: true, LaterMS: 1 + c.rnd.Int64N(85_000)}, {CutAfter: true}, {CutAfter: true}, {Status: 503}, {Status: 500}, {Status: 502, RetryAfter: 7},
		{Status: 429, RetryAfter: 20}, {Status: 429}, {RevokeTokens: true}, {Status: 403, ErrorInfo: "TokenExpired"}, {Delay: time.Millisecond}}
	switch c.class {
	case classLate:
		for range 4 {
			kinds = append(kinds, faults.Fault{CutBefore: true, LaterMS: 90_000 + c.rnd.Int64N(210_000)})
		}
	case classEqual:
		c.tally.Others++
		kinds = append(kinds, faults.Fault{CutBefore: true, OthersAsMany: true}, faults.Fault{CutBefore: true, OthersAsMany: true}, faults.Fault{CutAfter: true, Others: c.pace.BatchRows})
		if c.rnd.IntN(2) == 0 {
			b.api = noFinding{b.api}
		}
	}
	b.service.Faults().Add(faults.Fault{Operation: onRows, Times: 4 + c.rnd.IntN(12), Seed: seed, OneIn: 3 + c.rnd.IntN(6), Among: kinds})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpQuery, Times: 3, Seed: seed + 1, OneIn: 4, Among: []faults.Fault{{Status: 503}, {CutAfter: true}, {Status: 429, RetryAfter: 5}}})
	if c.others {
		c.tally.Others++
		b.service.Faults().Add(faults.Fault{Operation: faults.OpQuery, After: 1, Times: 1 + c.rnd.IntN(3), Others: 1 + c.rnd.IntN(50)})
	}
}

// noFinding is a service that counts rows and cannot be asked for them.
type noFinding struct{ Service }

// skewed is the clock of a computer that somebody sets, and sets again later.
type skewed struct {
	*driven
	first, later, at time.Duration
}

func (s skewed) Now() time.Time {
	if s.Steady().At > s.at {
		return s.driven.Now().Add(s.later)
	}
	return s.driven.Now().Add(s.first)
}

// clock is that of one session.
func (c *chaos) clock(b *bench) clock.Clock {
	if c.class != classClock {
		return b.clock
	}
	jump := func() time.Duration {
		return time.Duration(c.rnd.IntN(3)-1) * []time.Duration{300 * time.Second, 2 * time.Hour}[c.rnd.IntN(2)]
	}
	return skewed{b.clock, jump(), jump(), b.clock.Steady().At + time.Duration(c.rnd.IntN(200))*time.Second}
}

// sendThroughChaos takes one seed to its end.
func sendThroughChaos(t *testing.T, seed uint64) (class, tally) {
	c := newChaos(seed)
	b := newBench(t, powerbi.RetentionNone, c.options())
	defer b.service.Close()
	if c.mode == plan.ModeReplace {
		if _, err := b.send(context.Background(), rowsFrom(1_000_000, 50), Options{}, nil); err != nil {
			t.Errorf("seed %d: %v", seed, err)
			return c.class, c.tally
		}
	}
	c.trouble(b, seed)
	var elsewhere sync.WaitGroup
	if c.class == classComputer { // with a history of its own
		c.tally.Others++
		o := Options{Journal: begin(t, openRuns(t)), Origin: history.Origin{FileHash: "other"}, Clock: b.clock, Pace: c.pace}
		elsewhere.Go(func() {
			_, _ = Send(context.Background(), NewTarget(b.api, b.target), stockMapping, rowsFrom(2_000_000, c.rows), o, nil)
		})
	}
	last := c.lives(t, b, seed)
	elsewhere.Wait()
	b.clock.advance(time.Hour) // for what is stored late
	if _, err := b.client.Tables(context.Background(), b.target.WorkspaceID, b.target.DatasetID); err != nil {
		b.signer.Renew(context.Background(), "")
		if _, err := b.client.Tables(context.Background(), b.target.WorkspaceID, b.target.DatasetID); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
	c.judge(t, b, last, seed)
	return c.class, c.tally
}

// lives takes a run through its sessions.
func (c *chaos) lives(t *testing.T, b *bench, seed uint64) (last history.Receipt) {
	runs := openRuns(t)
	defer func() { runs.Close() }()
	id := ""
	if c.class == classProcess {
		id = c.kill(t, b, runs)
	}
	for life := range 20 {
		var o Options
		if id == "" {
			o = Options{Origin: history.Origin{Mode: c.mode, FileHash: "h"}, TotalRows: int64(c.rows), Journal: begin(t, runs)}
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
				return last
			}
			o = OptionsOf(j)
		}
		o.Clock, o.Pace = c.clock(b), c.pace
		c.tally.Sessions++
		var died bool
		last, runs, died = c.live(t, b, runs, o, life)
		if died {
			continue
		}
		if last.Status.Finished() {
			break
		}
		if last.Status == history.StatusUnknown && (c.class != classNoQuery || !c.answer(t, b, runs, last)) {
			break
		}
	}
	return last
}

// answer answers for each unknown batch as somebody does who looks into the table.
func (c *chaos) answer(t *testing.T, b *bench, runs *history.History, r history.Receipt) bool {
	b.clock.advance(5 * time.Minute)
	b.client.Tables(context.Background(), b.target.WorkspaceID, b.target.DatasetID) // what is late comes in
	there := b.stored()
	for _, u := range r.UnknownBatches {
		stored := slices.Contains(there, u.FirstRow-2)
		if err := runs.Answer(context.Background(), r.RunID, u.Batch, stored, b.clock.Now()); err != nil {
			t.Error(err)
			return false
		}
		c.tally.Answers++
	}
	return true
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
	var service Service = m
	if _, blind := b.api.(noFinding); blind {
		service = noFinding{m}
	}
	r, err := Send(ctx, NewTarget(service, b.target), stockMapping, src, o, nil)
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
	unknown, doubted := map[int]bool{}, map[int]bool{}
	for _, d := range r.UnknownBatches {
		c.tally.UnknownBatches++
		c.tally.UnknownRows += d.Rows
		for row := d.FirstRow; row <= d.LastRow; row++ {
			unknown[row-2] = true
		}
	}
	for _, d := range r.Doubts {
		for _, s := range d.Spans {
			for id := s[0]; id <= s[1]; id++ {
				doubted[id] = true
				if d.Doubled && there[id] > 1 {
					c.tally.Named++
				} else if d.Doubled {
					c.tally.Claimed++
				}
			}
		}
	}
	switch {
	case r.Status == history.StatusUnproven:
		c.tally.Unproven++
	case r.Status == history.StatusDone:
		c.tally.Done++
	case r.Status == history.StatusUnknown:
		c.tally.Unknown++
	default:
		t.Errorf("seed %d ended as %s: %s", seed, r.Status, r.Reason)
		return
	}
	sure, once := 0, 0
	for id := range c.rows {
		n := there[id]
		if unknown[id] {
			continue
		}
		odd := n > 1 || n == 0 && r.Status.Finished()
		switch {
		case odd && doubted[id]:
			c.tally.Said++
		case odd:
			c.tally.Claimed++
		}
		if n > 1 {
			c.tally.Doubled++
		} else if n == 0 && r.Status.Finished() {
			c.tally.Lost++
		}
		if n > 0 && !doubted[id] {
			sure++
		}
		if n == 1 && !doubted[id] {
			once++
		}
	}
	// Rows that count as sent are there, and those that are there count as sent.
	if least := int(r.RowsSent - r.RowsUnproven); sure < least {
		c.tally.Claimed += least - sure
	} else if sure > int(r.RowsSent) {
		c.tally.Claimed += sure - int(r.RowsSent)
	}
	c.tally.Claimed += max(int(r.RowsConfirmed)-once, 0)
	if c.tally.Claimed > 0 || slices.Contains(provable, c.class) && c.tally.Lost+c.tally.Doubled > 0 {
		t.Errorf("seed %d (%s): %d claimed, %d lost, %d doubled: %s, sent %d, confirmed %d, unproven %d, unknown %d; others %v, mode %s, %d rows, %+v, doubts %+v",
			seed, c.class, c.tally.Claimed, c.tally.Lost, c.tally.Doubled, r.Status, r.RowsSent, r.RowsConfirmed, r.RowsUnproven, r.RowsUnknown, c.others, c.mode, c.rows, c.pace, r.Doubts)
	}
}
