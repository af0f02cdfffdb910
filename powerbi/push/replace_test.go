package push

import (
	"context"
	"errors"
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
	"pushdesk/storage/cell"
)

// TestReplaceIsRehearsed: nothing is deleted before everything was read and
// checked, and before the limits cover it.
func TestReplaceIsRehearsed(t *testing.T) {
	t.Parallel()
	small := traffic.Limits{RowsPerHour: 1000}
	for name, c := range map[string]struct {
		second  func() (mapping.Source, error)
		rows    int
		inParts bool
		status  history.Status
	}{
		"a bad row at the end": {func() (mapping.Source, error) {
			src := rows(900)
			src.Bad = map[int]cell.Cell{899: num(0.5)}
			return src, nil
		}, 900, false, history.StatusFailed},
		"a damaged file": {func() (mapping.Source, error) {
			src := rows(900)
			src.Fails = 800
			return src, nil
		}, 900, false, history.StatusFailed},
		"a file that is gone":  {func() (mapping.Source, error) { return nil, errors.New("gone") }, 900, false, history.StatusFailed},
		"above the hour":       {func() (mapping.Source, error) { return rows(1500), nil }, 1500, false, history.StatusFailed},
		"used up":              {func() (mapping.Source, error) { return rows(980), nil }, 980, false, history.StatusFailed},
		"in parts":             {func() (mapping.Source, error) { return rows(1500), nil }, 1500, true, history.StatusDone},
		"covered":              {func() (mapping.Source, error) { return rows(900), nil }, 900, false, history.StatusDone},
		"without a rehearsal":  {nil, 900, false, history.StatusDone},
		"nothing to send":      {func() (mapping.Source, error) { return rows(0), nil }, 0, false, history.StatusDone},
		"covered, and checked": {func() (mapping.Source, error) { return rows(10), nil }, 10, false, history.StatusDone},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{Limits: small}})
			runs := openRuns(t)
			pace := plan.Pace{RowsPerHour: 1000}
			if _, err := b.send(context.Background(), rowsFrom(5000, 50), Options{Journal: begin(t, runs), Pace: pace, Origin: history.Origin{FileHash: "before"}}, nil); err != nil {
				t.Fatal(err)
			}
			r, err := b.send(context.Background(), rows(c.rows), Options{Origin: history.Origin{Mode: plan.ModeReplace, FileHash: "h"}, Journal: begin(t, runs), Pace: pace, Reread: c.second, InParts: c.inParts}, nil)
			if r.Status != c.status || (err == nil) != (c.status == history.StatusDone) {
				t.Fatalf("%+v, %v", r, err)
			}
			if c.status == history.StatusDone {
				if c.rows > 0 {
					b.holds(everyRow, c.rows)
				}
				return
			}
			if r.Deleted || r.Requests > 0 || r.RowsSent > 0 || len(b.stored()) != 50 {
				t.Errorf("the table holds %d rows: %+v", len(b.stored()), r)
			}
			var quota *QuotaError
			if errors.As(err, &quota) {
				if !strings.Contains(quota.Note.Sentence, "partly filled for") || (c.rows > 1000) == strings.Contains(quota.Note.Remedy, "Start after") {
					t.Errorf("%+v", quota)
				}
			} else if c.rows > 950 {
				t.Error(err)
			}
		})
	}
}

// TestPartOfAFile: the rows in the middle, and a run that was broken off goes on
// with the same ones.
func TestPartOfAFile(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{Limits: traffic.Limits{RowsPerHour: 300}}})
	runs := openRuns(t)
	o := Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h", Skip: 100, Limit: 500}, OneHour: true, Pace: plan.Pace{RowsPerHour: 300}}
	r, err := b.send(context.Background(), rows(2000), o, nil)
	var hour *HourError
	if !errors.As(err, &hour) || r.Status != history.StatusStopped || r.RowsSent != 300 || !r.Resumable || hour.At.Sub(noon) != time.Hour {
		t.Fatalf("%+v, %v", r, err)
	}
	j, err := runs.Resume(context.Background(), r.RunID, "h")
	if err != nil {
		t.Fatal(err)
	}
	o = OptionsOf(j)
	o.Pace.RowsPerHour = 300
	r, err = b.send(context.Background(), rows(2000), o, nil)
	if err != nil || r.RowsSent != 500 || r.RowsConfirmed != 500 || r.Skip != 100 || b.clock.Now().Sub(noon) < time.Hour {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(func(id int) bool { return id >= 100 && id < 600 }, 2000)
}

// TestSameRunIsRecognised: the same content, range, mapping and target.
func TestSameRunIsRecognised(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	r, err := b.send(context.Background(), rows(300), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h", Sheet: "Orders"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	other := stockMapping
	other.Fields = other.Fields[:3]
	elsewhere := b.target
	elsewhere.Table = "Depots"
	for name, c := range map[string]struct {
		t     history.Table
		m     mapping.Mapping
		hash  string
		sheet string
		found int
	}{
		"the same":         {b.target, stockMapping, "h", "Orders", 1},
		"another content":  {b.target, stockMapping, "i", "Orders", 0},
		"no hash":          {b.target, stockMapping, "", "Orders", 0},
		"another sheet":    {b.target, stockMapping, "h", "Depots", 0},
		"another mapping":  {b.target, other, "h", "Orders", 0},
		"another table":    {elsewhere, stockMapping, "h", "Orders", 0},
		"renamed, same ID": {history.Table{WorkspaceID: b.target.WorkspaceID, DatasetID: b.target.DatasetID, DatasetName: "x", Table: "Stock"}, stockMapping, "h", "Orders", 1},
	} {
		list, err := runs.Same(context.Background(), c.t, c.m, c.hash, c.sheet, "")
		if err != nil || len(list) != c.found || c.found == 1 && list[0].RunID != r.RunID {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
}

// TestPlanKnowsTheLedger: what was sent before counts, and other ways are offered.
func TestPlanKnowsTheLedger(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{DiscardRows: true})
	runs := openRuns(t)
	if _, err := b.send(context.Background(), rows(600_000), Options{Journal: begin(t, runs), Origin: history.Origin{FileHash: "h"}, Pace: plan.Pace{BatchRows: 10_000}}, nil); err != nil {
		t.Fatal(err)
	}
	b.clock.advance(20 * time.Minute)
	q, err := runs.Quota(context.Background(), b.target.DatasetID, b.target.Table, b.clock.Now())
	if err != nil || q.RowsLastHour != 600_000 || q.RequestsLastHour != 61 || q.Pending != 0 || q.TableRows == nil || *q.TableRows != 600_000 {
		t.Fatalf("%+v, %v", q, err)
	}
	p := plan.Make(plan.Input{Rows: 700_000, ExistingRows: 600_000, Now: b.clock.Now(), Quota: &q})
	if p.LeastTime < 39*time.Minute || p.LeastTime > 41*time.Minute || kinds(p.Warnings) != "slow wait used" {
		t.Errorf("%v, %s", p.LeastTime, kinds(p.Warnings))
	}
	got := map[string]plan.Choice{}
	for _, c := range p.Choices {
		got[c.Kind] = c
	}
	if got[plan.ChoiceWait].Rows != 700_000 || got[plan.ChoiceWait].LeastTime != p.LeastTime || got[plan.ChoiceOneHour].Rows < 399_000 || got[plan.ChoiceOneHour].Rows > 400_000 || got[plan.ChoiceOneHour].LeastTime != 0 || got[plan.ChoiceDataset].Sentence == "" {
		t.Errorf("%+v", p.Choices)
	}
	if p = plan.Make(plan.Input{Rows: 700_000, ExistingRows: 600_000, Now: b.clock.Now(), Quota: &q, OneHour: true}); p.Rows < 399_000 || p.LeastTime != 0 || kinds(p.Warnings) != "slow part" {
		t.Errorf("%d rows, %v, %s", p.Rows, p.LeastTime, kinds(p.Warnings))
	}
	p = plan.Make(plan.Input{Rows: 250_000, ExistingRows: 0, Create: true, Retention: powerbi.RetentionFIFO, Now: noon})
	if len(p.Choices) != 3 || p.Choices[0].Kind != plan.ChoiceNewest || p.Choices[0].Skip != 50_000 || p.Choices[0].Rows != 200_000 || p.Choices[1].Retention != powerbi.RetentionNone || p.Choices[2].Kind != plan.ChoiceFilter {
		t.Errorf("%+v", p.Choices)
	}
	p = plan.Make(plan.Input{Rows: 60_000, ExistingRows: 4_990_000, Now: noon})
	if len(p.Choices) != 4 || p.Choices[0].Kind != plan.ChoiceFits || p.Choices[0].Limit != 10_000 || p.Choices[1].Kind != plan.ChoiceReplace {
		t.Errorf("%+v", p.Choices)
	}
}
