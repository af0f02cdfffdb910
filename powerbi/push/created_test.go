package push

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
)

const notThere = `{"error":{"code":"ItemNotFound","message":"Dataset is not found"}}`

// TestANewDatasetIsWaitedFor: a dataset that was created for the run may seem not to be
// there for a while; any other that is not there ends the run at once.
func TestANewDatasetIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		created bool
		times   int
		status  history.Status
		unseen  bool
		least   time.Duration
	}{
		"some seconds":  {true, 4, history.StatusDone, false, 7 * time.Second},
		"for ever":      {true, -1, history.StatusFailed, true, bearNew},
		"not ours":      {false, 1, history.StatusFailed, false, 0},
		"at once there": {true, 0, history.StatusDone, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{})
			if c.times != 0 {
				b.service.Faults().Add(faults.Fault{Operation: onRows, Times: c.times, Status: 404, Body: notThere})
			}
			start := b.clock.Now()
			r, err := b.send(context.Background(), rows(250), Options{Created: c.created, Pace: plan.Pace{Pending: 1}}, nil)
			var unseen *UnseenError
			if r.Status != c.status || errors.As(err, &unseen) != c.unseen || r.Resumable {
				t.Errorf("%+v, %v", r, err)
			}
			if took := b.clock.Now().Sub(start); took < c.least || took > c.least+5*time.Minute {
				t.Errorf("it took %v", took)
			}
			if c.status == history.StatusDone {
				b.holds(everyRow, 250)
			}
		})
	}
}

// TestTwoRunsCreateOneDataset: runs on this computer that create a dataset of the same
// name at the same time make one.
func TestTwoRunsCreateOneDataset(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	known := b.known()
	target := history.Table{WorkspaceID: b.target.WorkspaceID, DatasetName: "Shared", Table: "Stock", Create: true}
	var all [3]schema.Prepared
	var errs [3]error
	var group sync.WaitGroup
	for i := range all {
		group.Go(func() {
			all[i], errs[i] = schema.Prepare(context.Background(), b.client, target, stockMapping, schema.PrepareOptions{Known: known, APIURL: "https://example.test"})
		})
	}
	group.Wait()
	made := 0
	for i := range all {
		if errs[i] != nil || all[i].Target.DatasetID != all[0].Target.DatasetID {
			t.Errorf("%+v, %v", all[i], errs[i])
		}
		if all[i].Created {
			made++
		}
	}
	if n := b.named("Shared"); n != 1 || made != 1 {
		t.Errorf("there are %d datasets, and %d runs have created one", n, made)
	}
}
