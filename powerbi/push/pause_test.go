package push

import (
	"context"
	"sync"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// calling does something when so many requests have begun.
type calling struct {
	Service
	after int
	call  func()
	mu    sync.Mutex
}

func (a *calling) AddRows(ctx context.Context, w, d, t string, body []byte) (powerbi.Answer, error) {
	a.mu.Lock()
	if a.after--; a.after == 0 {
		a.call()
	}
	a.mu.Unlock()
	return a.Service.AddRows(ctx, w, d, t, body)
}

// TestPause: a run that is held sends nothing and deletes nothing until it is let
// go, and can be cancelled meanwhile.
func TestPause(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		mode   plan.Mode
		from   int // rows that were sent when it is held
		cancel bool
	}{{"at the start", plan.ModeAppend, 0, false}, {"before the delete", plan.ModeReplace, 0, false}, {"half way", plan.ModeAppend, 300, false}, {"and cancelled", plan.ModeAppend, 300, true}} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{})
			if _, err := b.send(context.Background(), rowsFrom(1_000_000, 7), Options{}, nil); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			pause := new(Pause)
			pause.Set(c.from == 0)
			if c.from > 0 {
				b.api = &calling{Service: b.api, after: c.from / 100, call: func() { pause.Set(true) }}
			}
			paused, deleted := 0, int64(-1)
			r, err := b.send(ctx, rows(1000), Options{Origin: history.Origin{Mode: c.mode}, Pause: pause}, func(p Progress) {
				if p.State != StatePaused {
					return
				}
				if paused++; paused == 1 {
					deleted, _ = b.service.CountRows(b.target.WorkspaceID, b.target.DatasetID, "Stock")
					deleted -= p.RowsSent
				}
				if paused == 4 {
					if c.cancel {
						cancel()
					} else {
						pause.Set(false)
					}
				}
			})
			if paused < 4 || deleted != 7 {
				t.Errorf("paused %d times, %d of 7 rows were there", paused, deleted)
			}
			if c.cancel {
				if r.Status != history.StatusStopped || r.RowsSent < 300 || r.RowsSent > 900 {
					t.Errorf("%+v, %v", r, err)
				}
				return
			}
			if err != nil || r.RowsConfirmed != 1000 {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}
