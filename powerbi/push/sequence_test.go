package push

import (
	"context"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
)

// blind is a service that cannot be asked for row counts, so that only sequence
// numbers can tell what was stored.
type blind struct{ busyAPI }

func (blind) CountRows(context.Context, string, string, string) (int64, error) {
	return 0, &powerbi.APIError{Status: 401}
}

// TestSequenceNumbers: where the service honours them, lost answers are settled
// without a row count; where it does not, they are left alone.
func TestSequenceNumbers(t *testing.T) {
	lost := []practice.Fault{{Operation: onRows, After: 2, CutAfter: true}, {Operation: onRows, After: 5, CutBefore: true}, {Operation: onRows, After: 8, Status: 500}}
	for name, c := range map[string]struct {
		honoured bool
		status   Status
	}{"honoured": {true, StatusDone}, "unknown to the service": {false, StatusUnknown}} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{SequenceNumbers: c.honoured})
			b.api = blind{busyAPI{b.client, b.clock}}
			for _, f := range lost {
				b.service.Faults().Add(f)
			}
			for from := 0; from < 4000; from += 2000 { // the second run begins above the first one's numbers
				r, err := b.send(context.Background(), rowsFrom(from, 2000), Options{}, nil)
				if r.Status != c.status {
					t.Fatalf("%+v, %v", r, err)
				}
				if !c.honoured {
					return
				}
			}
			b.holds(everyRow, 4000)
		})
	}
}

// TestSequenceNumbersOfOthers: a batch that another sender's number overtook is in
// doubt although the service called it accepted.
func TestSequenceNumbersOfOthers(t *testing.T) {
	b := newBench(t, powerbi.RetentionNone, practice.Options{SequenceNumbers: true})
	src := rows(1000)
	src.At = func(i int) {
		if i == 650 { // some batches are out already
			last, _, err := b.client.LastSequenceNumber(context.Background(), b.target.WorkspaceID, b.target.DatasetID, "Stock")
			if err != nil {
				t.Error(err)
			}
			if _, err := b.client.AddNumberedRows(context.Background(), b.target.WorkspaceID, b.target.DatasetID, "Stock",
				[]byte(`{"rows":[{"ID":5000,"Depot":"","Value":0,"CountedOn":null}]}`), last+100_000); err != nil {
				t.Error(err)
			}
		}
	}
	r, err := b.send(context.Background(), src, Options{}, nil)
	// The count then shows a row of somebody else, which leaves it in doubt: never
	// a row that is taken for sent and is missing.
	if r.Status != StatusUnknown || r.RowsUnknown != 100 {
		t.Errorf("%+v, %v", r, err)
	}
	there := map[int]bool{}
	for _, id := range b.stored() {
		there[id] = true
	}
	for id := range int(r.RowsSent) {
		if !there[id] {
			t.Fatalf("row %d is missing", id)
		}
	}
}

// TestSequenceNumbersAfterACrash: a run that died with a batch on its way knows
// what became of it by its number.
func TestSequenceNumbersAfterACrash(t *testing.T) {
	for _, stored := range []bool{true, false} {
		b := newBench(t, powerbi.RetentionNone, practice.Options{SequenceNumbers: true})
		api := blind{busyAPI{b.client, b.clock}}
		runs := openRuns(t)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		next := runs
		m := &mortal{API: api, at: 4, after: stored}
		m.onDead = func() { next = afterlife(t, runs); cancel() }
		o := Options{Clock: b.clock, Pace: Pace{BatchRows: 100}, FileHash: "h", Journal: begin(t, runs)}
		r, _ := Send(ctx, m, b.target, stockMapping, rows(1000), o, nil)
		j, err := next.Resume(r.RunID, "h")
		if err != nil {
			t.Fatal(err)
		}
		b.api = api
		if r, err = b.send(context.Background(), rows(1000), j.Options(), nil); err != nil || r.Status != StatusDone {
			t.Errorf("stored %v: %+v, %v", stored, r, err)
		}
		b.holds(everyRow, 1000)
	}
}
