package push

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mappingtest"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
)

// looseMapping takes IDs as Double, so that the service, whose column is Int64,
// meets fractions that the check let through.
func looseMapping() mapping.Mapping {
	m := mapping.Mapping{Table: "Stock", Fields: slices.Clone(stockMapping.Fields)}
	m.Fields[0].Target.DataType = powerbi.Double
	return m
}

func badRowsAt(n int, at ...int) *mappingtest.Rows {
	src := rows(n)
	src.Bad = map[int]cell.Cell{}
	for _, i := range at {
		src.Bad[i] = num(float64(i) + 0.5)
	}
	return src
}

func TestFindBadRows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n, batch int
		bad      []int
		atMost   int // requests
	}{
		"one in 10,000":  {10_000, 10_000, []int{6789}, 17},
		"the first":      {10_000, 10_000, []int{0}, 17},
		"the last":       {10_000, 10_000, []int{9999}, 17},
		"three":          {10_000, 10_000, []int{17, 5000, 5001}, 49},
		"one row":        {1, 10, []int{0}, 1},
		"the only one":   {21, 10, []int{20}, 4},
		"among the good": {1000, 100, []int{250, 777}, 30},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{})
			r, err := Send(context.Background(), NewTarget(b.api, b.target), looseMapping(), badRowsAt(c.n, c.bad...),
				Options{Clock: b.clock, Origin: history.Origin{Policy: mapping.PolicySkip}, Pace: plan.Pace{BatchRows: c.batch}}, nil)
			b.adds(r)
			status := history.StatusPartial
			if len(c.bad) == c.n { // not a single row was accepted
				status = history.StatusFailed
			}
			if (err != nil) != (status == history.StatusFailed) || r.Status != status || r.Resumable || r.RowsRefused != r.RowsRejected || r.RowsRejected != int64(len(c.bad)) || r.RowsConfirmed != int64(c.n-len(c.bad)) || r.Requests > c.atMost {
				t.Errorf("%d requests, %+v, %v", r.Requests, r, err)
			}
			if len(r.Problems) != len(c.bad) {
				t.Fatalf("%+v", r.Problems)
			}
			for i, p := range r.Problems {
				if p.Row != c.bad[i]+2 || p.Column != "ID" || p.Address != "A"+strconv.Itoa(p.Row) || p.Value != fmt.Sprintf("%d.5", c.bad[i]) || !strings.Contains(p.Advice, "not written as a whole number") {
					t.Errorf("%+v", p)
				}
			}
			b.holds(func(id int) bool { return !slices.Contains(c.bad, id) }, c.n)
		})
	}
}

// TestAllRowsBad: the run stops instead of spending a request on every row.
func TestAllRowsBad(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	var all []int
	for i := range 1000 {
		all = append(all, i)
	}
	r, err := Send(context.Background(), NewTarget(b.api, b.target), looseMapping(), badRowsAt(1000, all...), Options{Clock: b.clock, Origin: history.Origin{Policy: mapping.PolicySkip}}, nil)
	b.adds(r)
	var many *ManyRefusedError
	if !errors.As(err, &many) || r.Status != history.StatusFailed || r.RowsSent != 0 || r.Requests > testsPerBatch+1 || r.RowsRejected == 0 || r.FirstUnsentRow == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(func(int) bool { return false }, 1000)
}

// TestBadRowsAndFaults finds bad rows while answers are lost and requests refused.
func TestBadRowsAndFaults(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		b := newBench(t, powerbi.RetentionNone, practice.Options{})
		for range 8 {
			b.service.Faults().Add([]faults.Fault{{Operation: onRows, CutBefore: true}, {Operation: onRows, CutAfter: true},
				{Operation: onRows, Status: 503}, {Operation: onRows, Status: 429, RetryAfter: 9}}[rnd.IntN(4)])
		}
		bad := []int{rnd.IntN(500), 500 + rnd.IntN(500)}
		r, err := Send(context.Background(), NewTarget(b.api, b.target), looseMapping(), badRowsAt(1000, bad...), Options{Clock: b.clock, Origin: history.Origin{Policy: mapping.PolicySkip}, Pace: plan.Pace{BatchRows: 200, Pending: 1}}, nil)
		b.adds(r)
		if err != nil || r.RowsConfirmed+r.RowsUnproven != 998 || r.RowsRejected != 2 {
			t.Errorf("seed %d: %+v, %v", seed, r, err)
		}
		b.holds(func(id int) bool { return !slices.Contains(bad, id) }, 1000)
	}
}

// TestARefusedRowStopsTheRun: under the policy "stop" the first row that the service
// refuses ends the run, which can be resumed without it, or leaving out all such rows.
func TestARefusedRowStopsTheRun(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	j := begin(t, runs)
	o := Options{Clock: b.clock, Pace: plan.Pace{BatchRows: 100, Pending: 1}, Journal: j, Origin: history.Origin{FileHash: "h"}}
	id := j.ID()
	for _, c := range []struct {
		policy  mapping.Policy
		status  history.Status
		refused int64
	}{{mapping.PolicyStop, history.StatusFailed, 1}, {mapping.PolicyStop, history.StatusFailed, 2}, {mapping.PolicySkip, history.StatusPartial, 4}} {
		o.Policy = c.policy
		r, err := Send(context.Background(), NewTarget(b.api, b.target), looseMapping(), badRowsAt(1000, 150, 250, 500, 900), o, nil)
		b.adds(r)
		var refused *RefusedRowError
		if errors.As(err, &refused) != (c.policy == mapping.PolicyStop) || r.Status != c.status || r.RowsRefused != c.refused || r.RowsRejected != c.refused || r.Resumable != (err != nil) {
			t.Fatalf("%+v, %v", r, err)
		}
		if err == nil {
			break
		}
		if j, err = runs.Resume(context.Background(), id, "h"); err != nil {
			t.Fatal(err)
		}
		o = OptionsOf(j)
		o.Clock = b.clock
	}
	b.holds(func(id int) bool { return id != 150 && id != 250 && id != 500 && id != 900 }, 1000)
}

// fixed is a service with answers of its own.
type fixed struct {
	Service
	rows    int64
	addRows func(body []byte) error
}

func (f *fixed) CountRows(context.Context, string, string, string) (int64, error) { return f.rows, nil }
func (f *fixed) AddRows(_ context.Context, _, _, _ string, body []byte) (powerbi.Answer, error) {
	return powerbi.Answer{}, f.addRows(body)
}

// TestTableFull: a full table is not searched for bad rows.
func TestTableFull(t *testing.T) {
	t.Parallel()
	posts := 0
	api := &fixed{rows: powerbi.MaxRowsNone - 5, addRows: func([]byte) error {
		posts++
		return &powerbi.APIError{Operation: powerbi.OpAddRows, Status: 400, Code: "InvalidRequest"}
	}}
	r, err := Send(context.Background(), NewTarget(api, history.Table{}), stockMapping, rows(10), Options{Clock: &driven{now: noon}}, nil)
	if !failure.HasCode(err, "table-full") || posts != 1 || r.Status != history.StatusFailed || r.RowsNotSent != 10 {
		t.Errorf("%d posts, %+v, %v", posts, r, err)
	}
}

// TestOneRowTooLarge: a body of one row that is too large cannot be halved.
func TestOneRowTooLarge(t *testing.T) {
	t.Parallel()
	api := &fixed{addRows: func(body []byte) error {
		if strings.Contains(string(body), fmt.Sprintf(`{"ID":%d,`, 3)) {
			return &powerbi.APIError{Operation: powerbi.OpAddRows, Status: 413}
		}
		return nil
	}}
	r, err := Send(context.Background(), NewTarget(api, history.Table{}), stockMapping, rows(10), Options{Clock: &driven{now: noon}, Origin: history.Origin{Policy: mapping.PolicyBlank}}, nil)
	if err != nil || r.Status != history.StatusPartial || r.RowsSent != 9 || r.RowsRejected != 1 || r.Problems[0].Row != 5 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestColumnInError: the column is taken from the words of a refusal only where they name
// one.
func TestColumnInError(t *testing.T) {
	t.Parallel()
	m := mapping.Mapping{Fields: []mapping.Field{}}
	for i, name := range []string{"ID", "Units", "Units sold", "Value", "Price (€)", "Day"} {
		m.Fields = append(m.Fields, mapping.Field{From: i, Use: true, Target: powerbi.Column{Name: name, DataType: powerbi.String}})
	}
	for said, want := range map[string]string{
		`The value for column 'Units' is not a number.`:                                "Units",
		`The value for column 'Units sold' is not a number.`:                           "Units sold",
		`Cannot convert value of Units sold to the type Int64.`:                        "Units sold",
		`Stock[Price (€)] is out of range`:                                             "Price (€)",
		`row 0, column "ID": not a whole number`:                                       "ID",
		`Invalid value. Value must be set for Day`:                                     "",
		`The columns 'Units' and 'Day' do not exist.`:                                  "",
		`Bad request. An unexpected error has occurred in Daylight, IDs and Unitsize.`: "",
		``: "",
	} {
		got := ""
		if f := columnInError(m, &powerbi.APIError{Operation: powerbi.OpAddRows, Status: 400, Message: said}); f != nil {
			got = f.Target.Name
		}
		if got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
	targeted := &powerbi.APIError{Status: 400, Message: "Bad request.", Causes: []powerbi.ErrorDetail{{Code: "InvalidRows", Target: "rows[3].Day"}}}
	if f := columnInError(m, targeted); f == nil || f.Target.Name != "Day" {
		t.Errorf("%+v", f)
	}
	if got := aboutOneRow(&powerbi.APIError{Message: `row 0, column "ID": 5.5 is not whole`}); got != `column "ID": 5.5 is not whole` {
		t.Error(got)
	}
}

// TestPartlyStored: a service that keeps a part of what it refuses is found out before
// any row is sent twice, by this session and by the next.
func TestPartlyStored(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{PartlyStored: true}})
	runs := openRuns(t)
	o := Options{Clock: b.clock, Pace: plan.Pace{BatchRows: 100, Pending: 1}, Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}}
	id := o.Journal.ID()
	r, err := Send(context.Background(), NewTarget(b.api, b.target), looseMapping(), badRowsAt(1000, 250), o, nil)
	b.adds(r)
	var unknown *UnknownError
	if !errors.As(err, &unknown) || r.Status != history.StatusUnknown || r.RowsSent != 200 || r.RowsUnknown != 100 || len(r.UnknownBatches) != 1 || r.UnknownBatches[0].FirstRow != 202 || !strings.Contains(r.Reason, "a part of the batch") {
		t.Fatalf("%+v, %v", r, err)
	}
	b.holds(func(id int) bool { return id < 250 }, 1000)

	j, err := runs.Resume(context.Background(), id, "h")
	if err != nil {
		t.Fatal(err)
	}
	o = OptionsOf(j)
	o.Clock = b.clock
	r, err = Send(context.Background(), NewTarget(b.api, j.About().Target), j.About().Mapping, badRowsAt(1000, 250), o, nil)
	if !errors.As(err, &unknown) || r.RowsUnknown != 100 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(func(id int) bool { return id < 250 }, 1000)
}

// TestPartlyStoredOrOthers: rows of others are not taken for rows of a refused batch.
func TestPartlyStoredOrOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpQuery, After: 1, Others: 7})
	r, err := Send(context.Background(), NewTarget(b.api, b.target), looseMapping(), badRowsAt(1000, 250), Options{Clock: b.clock, Origin: history.Origin{Policy: mapping.PolicySkip}, Pace: plan.Pace{BatchRows: 100}}, nil)
	if err != nil || r.RowsSent != 999 || r.RowsRejected != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAColumnThatTheTableLacks: the service refuses every row for a column that the table does
// not have. The column is named, not a value, whatever the refusal says, and nothing advises
// to resume (situations M8 and M12).
func TestAColumnThatTheTableLacks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before int    // rows that the table holds
		says   string // in place of the service's words
		named  bool
	}{
		"told by a row":       {before: 1, says: "Bad request.", named: true},
		"told by the words":   {named: true},
		"told by nothing":     {says: "Bad request."},
		"a value, says a row": {before: 1, says: `The value for column 'Units' is not a number.`, named: true},
	} {
		for _, policy := range []mapping.Policy{mapping.PolicyStop, mapping.PolicySkip} {
			t.Run(name+" "+string(policy), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, powerbi.RetentionNone, practice.Options{})
				if c.before > 0 {
					if r, err := b.send(context.Background(), rows(c.before), Options{}, nil); err != nil || r.RowsSent != int64(c.before) {
						t.Fatal(r, err)
					}
				}
				if c.says != "" {
					b.service.Faults().Add(faults.Fault{Operation: faults.OpRows, Times: -1, Status: 400, Body: fmt.Sprintf(`{"error":{"code":"InvalidRequest","message":%q}}`, c.says)})
				}
				m := mapping.Mapping{Table: "Stock", Fields: slices.Clone(stockMapping.Fields)}
				m.Fields = append(m.Fields, mapping.Field{From: 0, Header: "Colour", Use: true, Target: powerbi.Column{Name: "Colour", DataType: powerbi.String}})
				r, err := Send(context.Background(), NewTarget(b.api, b.target), m, rows(20), Options{Clock: b.clock, Origin: history.Origin{Policy: policy}}, nil)
				b.adds(r)
				var unknown *schema.UnknownColumnError
				if errors.As(err, &unknown) != c.named || r.Status != history.StatusFailed || r.RowsSent != 0 || r.Resumable {
					t.Fatalf("%+v, %v", r, err)
				}
				if c.named && (unknown.Column != "Colour" || r.RowsRejected != 0 || r.Code != "column-unknown" || strings.Contains(strings.ToLower(r.Remedy), "resum") || !strings.Contains(r.Reason, "“Colour”")) {
					t.Errorf("%+v", r)
				}
			})
		}
	}
}
