package push

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"pushdesk/powerbi"
)

// A push table knows no deletion of single rows, so that rows can be taken back
// only by deleting all of them. That is safe when it is known what the table holds:
// nothing but what runs of this computer have sent since it was empty.

// Standing gives the runs whose rows a table holds as far as this computer knows,
// oldest first, once a run and those after it are left out. list holds all runs;
// why says what stands against knowing it.
func Standing(list []Receipt, without Receipt) (chain []Receipt, why string) {
	var sum int64
	for i := len(list) - 1; i >= 0; i-- { // the oldest first
		r := list[i]
		if r.DatasetID != without.DatasetID || r.Table != without.Table || r.RunID == without.RunID || r.Started.After(without.Started) || !r.Undone.IsZero() {
			continue
		}
		if r.Deleted || r.RowsBefore != nil && *r.RowsBefore == 0 {
			chain, sum, why = nil, 0, ""
		} else if why == "" && (r.RowsBefore == nil || *r.RowsBefore != sum) {
			why = fmt.Sprintf("The table held rows that this computer has not sent when the run of %s began.", r.Started.Local().Format("2 January 15:04"))
		}
		if r.RowsUnknown > 0 && why == "" {
			why = fmt.Sprintf("It is not certain which rows the run of %s has left in the table.", r.Started.Local().Format("2 January 15:04"))
		}
		if r.RowsSent > 0 {
			chain, sum = append(chain, r), sum+r.RowsSent
		}
	}
	switch before := without.RowsBefore; {
	case why != "":
	case before == nil && !without.Deleted:
		why = "How many rows the table held before the run is not known."
	case before != nil && *before != sum:
		why = fmt.Sprintf("The table held %s before the run, and this computer knows of %s.", count(*before, "row"), thousands(sum))
	}
	return chain, why
}

// NotOursError says that a table holds other rows than it should.
type NotOursError struct {
	Table     string
	Rows      int64
	Low, High int64
}

func (e *NotOursError) Error() string {
	return fmt.Sprintf("the table %q holds %d rows, not %d to %d", e.Table, e.Rows, e.Low, e.High)
}
func (e *NotOursError) Sentence() string {
	want := thousands(e.Low)
	if e.High > e.Low {
		want += " to " + thousands(e.High)
	}
	return fmt.Sprintf("Nothing was deleted: the table “%s” holds %s, and %s were expected, so that others have changed it.", e.Table, count(e.Rows, "row"), want)
}
func (e *NotOursError) Remedy() string {
	return "Find out in Power BI who writes into the table. Power BI can only delete all of its rows."
}
func (e *NotOursError) Who() string     { return "you" }
func (e *NotOursError) Details() string { return e.Error() }

// TakeBack deletes all rows of the table of a run and notes the run as undone. It
// does so only when the table holds between low and high rows, asked while no other
// run of this computer sends.
func (r *Runs) TakeBack(ctx context.Context, api API, id string, low, high int64, clock Clock) error {
	if clock == nil {
		clock = systemClock{}
	}
	meta, past, err := r.read(id)
	if err != nil {
		return err
	}
	lock, err := r.lock(id)
	if err != nil {
		return err
	}
	j := &Journal{id: id, runs: r, lock: lock, begun: true, session: "undo " + id, done: past.ended != nil && past.ended.Status == StatusDone}
	defer j.Close()
	t := meta.Target
	l := &ledger{runs: r, dataset: datasetKey(t.DatasetID), table: t.Table, session: j.session, run: id}
	defer l.speak()
	for began := clock.Now(); ; {
		ok, err := l.silence(clock.Now())
		if err != nil {
			return err
		}
		if ok {
			break
		}
		if clock.Now().Sub(began) > silenceLimit {
			return errNoSilence
		}
		if err := waitFor(ctx, clock, lookAgain); err != nil {
			return err
		}
	}
	n, err := api.CountRows(ctx, t.WorkspaceID, t.DatasetID, t.Table)
	if err != nil {
		return err
	}
	if (n < low || n > high) && !(n == 0 && past.deleting) { // it is tried again after a crash
		return &NotOursError{t.Table, n, low, high}
	}
	if err := j.write(entry{Type: entryDelete}, clock.Now()); err != nil {
		return err
	}
	if err := emptyTable(ctx, api, t, clock); err != nil {
		return err
	}
	receipt := past.receipt(meta)
	receipt.Undone, receipt.Resumable = clock.Now(), false
	data, err := json.Marshal(receipt)
	if err != nil {
		return fmt.Errorf("write the receipt: %w", err)
	}
	j.done = true
	return errors.Join(r.db.change(func(tx *sql.Tx) error {
		if _, err := tx.Exec("UPDATE runs SET receipt = ? WHERE id = ?", string(data), id); err != nil {
			return err
		}
		return j.add(tx, entry{Type: entryUndone, Receipt: &receipt}, clock.Now())
	}), l.sized(0, clock.Now()))
}

// emptyTable deletes all rows. Doing it again does no harm, so that trouble which
// passes is borne for a while.
func emptyTable(ctx context.Context, api API, t Target, clock Clock) error {
	began := clock.Now()
	for wait := time.Second; ; wait = min(2*wait, longestWait) {
		err := api.DeleteRows(context.WithoutCancel(ctx), t.WorkspaceID, t.DatasetID, t.Table)
		if err == nil || !passing(err) && powerbi.OutcomeOf(err) != powerbi.Unknown || clock.Now().Sub(began) >= bearOutage {
			return err
		}
		if e := apiError(err); e != nil {
			wait = max(wait, e.RetryAfter)
		}
		if waitFor(ctx, clock, wait) != nil {
			return err
		}
	}
}
